"""`make worker`: a worker alone, started again when it dies, for a server that starts none itself
(MINUTES_LOCAL_WORKER=0)."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType

from core.errors import MinutesError
from core.settings import read_settings
from core.worker.supervisor import UNUSABLE, supervisor_for


def main() -> int:
    """Run until told to stop, or until the worker says that it cannot work."""
    supervisor = supervisor_for(read_settings())
    told = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    supervisor.start()
    while not told.wait(0.2):
        if supervisor.gave_up.is_set():
            return UNUSABLE
    supervisor.stop()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except MinutesError as error:
        sys.stderr.write(f"{error}\n")
        os._exit(UNUSABLE)
