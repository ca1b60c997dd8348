"""Transcription in the worker, beside faster-whisper by itself on the same sound: decoding, voice
detection and (ours) the commit of the last row are in both. The two take turns."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from bench.direct import direct
from bench.figures import Figure
from bench.fixtures import MODEL, make_short_sound, make_sound
from bench.processes import MIB, suspended
from bench.working import worker_on

LANGUAGE = "ko"
GOAL = 1.10
_HOUR = 3600.0
_QUICK = 300.0
_RUNS = 3


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Ratios of time and of memory; then what they are made of."""
    ours, theirs, words = [], [], []
    length = 0.0
    with worker_on(folder / "data") as worker, direct(MODEL, language=LANGUAGE) as other:
        short = folder / "short.opus"
        make_short_sound(short, number=0)
        worker.transcribe(short, language=LANGUAGE, model=str(MODEL))
        other.transcribe(short)
        for number in range(_RUNS):
            sound = folder / f"sound-{number}.opus"
            length = make_sound(sound, seconds=_QUICK if quick else _HOUR, number=number)
            with suspended(worker.process):
                heard = other.transcribe(sound)
            done = worker.transcribe(sound, language=LANGUAGE, model=str(MODEL))
            ours.append(done)
            theirs.append(heard)
            words.append(worker.words(sound) / max(1, heard.words))
            sound.unlink()
    times = tuple(a.seconds / b.seconds for a, b in zip(ours, theirs, strict=True))
    peaks = tuple(a.peak / b.peak for a, b in zip(ours, theirs, strict=True))
    processors = tuple(a.cpu / b.cpu for a, b in zip(ours, theirs, strict=True))
    return [
        Figure(f"transcription of {length / 60:.0f} min ÷ direct", median(times), "×", GOAL, times),
        _seconds("  in the worker", [one.seconds for one in ours]),
        _seconds("  faster-whisper by itself", [one.seconds for one in theirs]),
        Figure("  processor's seconds ÷ direct", median(processors), "×", None, processors),
        Figure("  words heard ÷ direct", median(words), "×", None, tuple(words)),
        Figure("  peak memory ÷ direct", median(peaks), "×", None, peaks),
        _memory("  peak memory of the worker", [one.peak for one in ours]),
        _memory("  peak memory of faster-whisper", [one.peak for one in theirs]),
    ]


def _seconds(name: str, each: list[float]) -> Figure:
    return Figure(name, median(each), "s", None, tuple(each))


def _memory(name: str, each: list[int]) -> Figure:
    return Figure(name, median(each) / MIB, "MB", None, tuple(one / MIB for one in each))
