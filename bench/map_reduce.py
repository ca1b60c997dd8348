"""Minutes by a language model, written by the worker from the plan to the commit, on a server of
fixed speed: how much longer they take than the calls themselves must. The critical path is what
the server's own log of calls allows at best: all parts read on its slots, each slot taking the
next one as it becomes free, and then what is written from them, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heapreplace
from pathlib import Path
from statistics import median

from bench.figures import Figure
from bench.fixtures import make_transcript
from bench.ollama import ENGINE, Call, Double, ollama_double
from bench.working import Worker, take, worker_on

GOAL = 1.05
SLOTS = (1, 4)
PROMPT_SPEED, ANSWER_SPEED = 2000, 100
"""Tokens a second, about those of a 7 B model on a card for games."""
NUM_CTX = 4096
_UTTERANCES = 600
_QUICK = 250
_RUNS = 3


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """A ratio for each number of slots, and what it is made of."""
    figures: list[Figure] = []
    for slots in SLOTS:
        figures += _measure(folder, slots=slots, quick=quick)
    return figures


def critical_path(calls: Sequence[Call], *, slots: int) -> float:
    """Seconds that a job with these calls must take on so many slots."""
    free_at = [0.0] * slots
    heapify(free_at)
    for call in calls:
        if call.reads:
            heapreplace(free_at, free_at[0] + call.seconds)
    return max(free_at) + sum(call.seconds for call in calls if not call.reads)


def _measure(folder: Path, *, slots: int, quick: bool) -> list[Figure]:
    speed = ("--speed", str(PROMPT_SPEED), str(ANSWER_SPEED), "--slots", str(slots))
    # Brief: a part whose answer is cut is read again in halves, which wait for the first try.
    with ollama_double(*speed, "--answer", "brief", log=folder / f"calls-{slots}.jsonl") as double:
        variables = {
            "MINUTES_OLLAMA_URL": double.url,
            "MINUTES_LLM_PARALLEL": str(slots),
            "MINUTES_NUM_CTX": str(NUM_CTX),
        }
        with worker_on(folder / f"data-{slots}", **variables) as worker:
            _write(worker, double, folder, utterances=20, seed=0)
            utterances = _QUICK if quick else _UTTERANCES
            runs = [
                _write(worker, double, folder, utterances=utterances, seed=seed)
                for seed in range(1, 2 if quick else 1 + _RUNS)
            ]
    ratios = tuple(seconds / critical_path(calls, slots=slots) for seconds, calls in runs)
    walls = tuple(seconds for seconds, _ in runs)
    over = tuple(seconds - critical_path(calls, slots=slots) for seconds, calls in runs)
    counts = tuple(float(len(calls)) for _, calls in runs)
    name = f"minutes by a model, {slots} slot{'s' if slots > 1 else ''}"
    return [
        Figure(f"{name} ÷ critical path", median(ratios), "×", GOAL, ratios),
        Figure("  from the plan to the commit", median(walls), "s", None, walls),
        Figure("  more than the critical path", median(over), "s", None, over),
        Figure("  calls", median(counts), "", None, counts),
    ]


def _write(
    worker: Worker, double: Double, folder: Path, *, utterances: int, seed: int
) -> tuple[float, list[Call]]:
    """Seconds that the job took, and the calls that it made."""
    source = folder / f"meeting-{utterances}-{seed}.txt"
    make_transcript(source, utterances=utterances, seed=seed)
    worker.transcribe(source, language=None, model=None)
    before = len(double.calls())
    done = worker.write(take(worker.app, source), llm=ENGINE)
    return done.seconds, double.calls()[before:]
