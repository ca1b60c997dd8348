"""`python -m soak [--kills N] [--seed N] [--database sqlite|postgres]`: kill everything at random,
and say whether anything was lost or doubled."""

from __future__ import annotations

import argparse
import logging
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from soak.house import House
from soak.postgres import house_on
from soak.report import as_text
from soak.soaking import soak
from soak.twelve_minutes import twelve_minutes
from tests.postgres import Cluster


def main() -> int:
    """Run it; the exit status is 1 where something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="to run a failure again")
    parser.add_argument("--minutes", type=float, default=6.0, help="length of a recording")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--keep", type=Path, help="folder in which data and logs stay")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the children are ended
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    print(f"seed {seed} (SEED={seed} runs it again)", flush=True)
    with ExitStack() as stack:
        folder = asked.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="minutes-soak-"))
        )
        house: Callable[[Path], House] = House
        if asked.database == "postgres":
            house = house_on(stack.enter_context(Cluster()))
        place = folder / time.strftime("%H%M%S")
        outcome = soak(
            place,
            kills=asked.kills,
            seed=seed,
            minutes=asked.minutes,
            house=house,
            tell=lambda line: print(line, flush=True),
        )
        print(as_text(outcome), flush=True)
        for one in outcome.wrong:
            print(f"WRONG: {one}", flush=True)
        compared = twelve_minutes(place, house=house)
        print(compared)
    for one in compared.wrong:
        print(f"WRONG: {one}")
    wrong = outcome.wrong + compared.wrong
    print(f"{len(wrong)} faults" if wrong else "nothing lost, nothing twice")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
