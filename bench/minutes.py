"""Minutes by the built-in engine, written by the worker from the plan to the commit. A quarter of
the utterances is written beside the whole: work that reads each once takes four times as long."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from bench.figures import Figure
from bench.fixtures import make_transcript
from bench.processes import MIB
from bench.working import Done, Worker, take, worker_on

UTTERANCES = 4000
_RUNS = 3


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Seconds and peak memory, the Korean analyser's child included; it is warm."""
    seeds = range(1, 2 if quick else 1 + _RUNS)
    with worker_on(folder / "data") as worker:
        _write(worker, folder, utterances=50, seed=0)
        small = [_write(worker, folder, utterances=UTTERANCES // 4, seed=n) for n in seeds]
        whole = [_write(worker, folder, utterances=UTTERANCES, seed=n) for n in seeds]
    growth = tuple(a.cpu / b.cpu for a, b in zip(whole, small, strict=True))
    cpu = tuple(one.cpu for one in whole)
    seconds = tuple(one.seconds for one in whole)
    peaks = tuple(one.peak / MIB for one in whole)
    return [
        Figure(f"minutes of {UTTERANCES} utterances", median(seconds), "s", None, seconds),
        Figure("  processor's seconds", median(cpu), "s", None, cpu),
        Figure(f"  ÷ those of {UTTERANCES // 4}", median(growth), "×", None, growth),
        Figure("  peak memory of the worker", median(peaks), "MB", None, peaks),
    ]


def _write(worker: Worker, folder: Path, *, utterances: int, seed: int) -> Done:
    source = folder / f"meeting-{utterances}-{seed}.txt"
    make_transcript(source, utterances=utterances, seed=seed)
    worker.transcribe(source, language=None, model=None)
    return worker.write(take(worker.app, source))
