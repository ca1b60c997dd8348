"""Whether memory depends on a recording's length: the worker's peak for a long one ÷ ten minutes,
each in a fresh process. `python -m bench.memory 240` takes a recording of four hours."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.figures import Figure, as_table, load
from bench.fixtures import MODEL, make_sound
from bench.processes import MIB
from bench.working import worker_on

GOAL = 1.10
_SHORT = 10
_LONG = 40
_QUICK = 20
"""Minutes."""


def measure(folder: Path, *, quick: bool, long: int = _LONG) -> list[Figure]:
    """The ratio, then both peaks."""
    lengths = (_SHORT, _QUICK if quick else long)
    peaks = [_peak(folder, minutes) for minutes in lengths]
    return [
        Figure(f"peak memory, {lengths[1]} min ÷ {_SHORT} min", peaks[1] / peaks[0], "×", GOAL),
        *(
            Figure(f"  {minutes} min", peak / MIB, "MB")
            for minutes, peak in zip(lengths, peaks, strict=True)
        ),
    ]


def _peak(folder: Path, minutes: int) -> int:
    sound = folder / f"{minutes}.opus"
    make_sound(sound, seconds=60.0 * minutes, number=minutes)
    try:
        with worker_on(folder / f"data-{minutes}") as worker:
            return worker.transcribe(sound, language="ko", model=str(MODEL)).peak
    finally:
        sound.unlink()


if __name__ == "__main__":
    print(f"load average {load()}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="minutes-bench-") as place:
        print(as_table(measure(Path(place), quick=False, long=int(sys.argv[1]))))
    print(f"load average {load()}", file=sys.stderr)
