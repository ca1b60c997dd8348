"""faster-whisper by itself, in a process of its own, for comparison: one file after another, named
on standard input; a JSON line out for each. Run as `python -m bench.direct MODEL LANGUAGE`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.processes import ROOT, Usage, end, environment

BATCH = 4
BEAM = 5
"""As core/engines/whisper_model.py has them on a processor."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one file took, and how many words came out of it."""

    seconds: float
    peak: int
    cpu: float
    words: int


@dataclass(frozen=True)
class Direct:
    """The child."""

    child: subprocess.Popen[bytes]
    process: psutil.Process

    def transcribe(self, source: Path) -> Heard:
        """From the path to the last segment."""
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        with Usage(self.process) as used:
            self.child.stdin.write(f"{source}\n".encode())
            self.child.stdin.flush()
            seconds, words = json.loads(self.child.stdout.readline())
        return Heard(seconds, used.bytes, used.cpu, words)


@contextmanager
def direct(model: Path, *, language: str) -> Iterator[Direct]:
    """The child, as long as the block lasts."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.direct", str(model), language],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield Direct(child, psutil.Process(child.pid))
    finally:
        end(child)


def serve(model_folder: str, language: str) -> None:
    """The child's own loop."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    affinity = getattr(psutil.Process(), "cpu_affinity", None)  # macOS has none
    threads = min(len(affinity()) if affinity else psutil.cpu_count() or 4, 8)
    model = WhisperModel(model_folder, device="cpu", compute_type="int8", cpu_threads=threads)
    pipeline = BatchedInferencePipeline(model)
    for line in sys.stdin:
        begun = time.perf_counter()
        segments, _ = pipeline.transcribe(
            line.strip(),
            language=language,
            batch_size=BATCH,
            beam_size=BEAM,
            vad_filter=True,
            without_timestamps=False,
        )
        words = sum(len(segment.text.split()) for segment in segments)
        print(json.dumps([time.perf_counter() - begun, words]), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
