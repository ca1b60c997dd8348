"""Whether memory depends on a recording's length: the worker's peak for a long one ÷ ten minutes,
each in a fresh process. `python -m bench.memory 240` takes a recording of four hours."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.figures import Figure, as_table, load
from bench.fixtures import MODEL, make_sound
from bench.processes import MIB
from bench.working import worker_on

GOAL = 1.10
_SHORT = 10
_LONG = 40
_QUICK = 20
"""Minutes."""
_RUNS = 3
"""Of the short one: what a heap of few windows happens to hold differs by a tenth."""


def measure(folder: Path, *, quick: bool, long: int = _LONG) -> list[Figure]:
    """The ratio, then both peaks."""
    minutes = _QUICK if quick else long
    short = [_peak(folder, _SHORT, number) for number in range(1 if quick else _RUNS)]
    peak = _peak(folder, minutes, _RUNS)
    return [
        Figure(f"peak memory, {minutes} min ÷ {_SHORT} min", peak / median(short), "×", GOAL),
        Figure(f"  {_SHORT} min", median(short) / MIB, "MB", None, tuple(x / MIB for x in short)),
        Figure(f"  {minutes} min", peak / MIB, "MB"),
    ]


def _peak(folder: Path, minutes: int, number: int) -> int:
    sound = folder / f"{number}.opus"
    make_sound(sound, seconds=60.0 * minutes, number=number)
    try:
        with worker_on(folder / f"data-{number}") as worker:
            return worker.transcribe(sound, language="ko", model=str(MODEL)).peak
    finally:
        sound.unlink()


if __name__ == "__main__":
    print(f"load average {load()}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="minutes-bench-") as place:
        print(as_table(measure(Path(place), quick=False, long=int(sys.argv[1]))))
    print(f"load average {load()}", file=sys.stderr)
