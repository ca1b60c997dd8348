"""A worker whose heart beats fast, so that its death is noticed in seconds: run
`python -m tests.worker.quick_worker`."""

import sys

from core.worker import __main__ as worker
from core.worker import liveness, rounds

liveness.BEAT = 0.5
liveness.DEAD_AFTER = 4.0
rounds.EVERY = 0.5

if __name__ == "__main__":
    worker.run(sys.argv[1:])
