"""`python -m bench [--quick] [--only NAME]`: measure, print a table, keep bench/out/<date>.json."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import (
    cold_start,
    map_reduce,
    memory,
    minutes,
    model_calls,
    serving,
    steps,
    transcription,
    uploading,
    watching,
)
from bench.figures import Figure, as_table, keep, load

MEASUREMENTS: dict[str, Callable[..., list[Figure]]] = {
    "transcription": transcription.measure,
    "memory": memory.measure,
    "steps": steps.measure,
    "cold-start": cold_start.measure,
    "serving": serving.measure,
    "uploading": uploading.measure,
    "watching": watching.measure,
    "minutes": minutes.measure,
    "map-reduce": map_reduce.measure,
    "model-calls": model_calls.measure,
}


def main() -> int:
    """Measure one after another; a measurement that breaks does not take the others with it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="5 minutes of sound, fewer runs")
    parser.add_argument("--only", choices=MEASUREMENTS, action="append", metavar="NAME")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the children are ended
    figures: list[Figure] = []
    loads: dict[str, list[list[float]]] = {}
    broken = 0
    for name in asked.only or MEASUREMENTS:
        before = load()
        print(f"{name} … (load average {before})", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="minutes-bench-") as folder:
            try:
                figures += MEASUREMENTS[name](Path(folder), quick=asked.quick)
            except Exception as error:  # the bench's edge: what else was measured is kept
                broken += 1
                logging.getLogger(__name__).exception("%s was not measured: %s", name, error)
                _show_logs(Path(folder))
        loads[name] = [before, load()]
    print(as_table(figures))
    for name, (before, after) in loads.items():
        print(f"load average, {name}: {before} before, {after} after")
    print(f"kept in {keep(figures, quick=asked.quick, loads=loads)}")
    return 1 if broken else 0


def _show_logs(folder: Path) -> None:
    """What the children said last."""
    for log in sorted(folder.glob("*.log")):
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        print(f"--- {log.name}", *tail, sep="\n", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
