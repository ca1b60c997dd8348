"""What it costs that each step of a job is kept: a transcription of many windows in the worker,
with nothing to hear, beside the same rows by themselves. A window is two steps.

Run as `python -m bench.steps` it is that worker.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from bench.figures import Figure
from bench.fixtures import make_short_sound
from bench.processes import ROOT, Usage, end, environment
from bench.working import app_on, steps_of, take, wait_for
from core.app import App
from core.services.hearing import WindowedHearing

GOAL = 5.0
_WINDOWS = 400
_QUICK = 100
_SEGMENTS = 40
"""Of a window of some minutes."""
_RUNS = 3


class Nothing:
    """Hears windows at once, and keeps them as the app does."""

    def __init__(self, hearing: WindowedHearing, windows: int) -> None:
        self._hearing = hearing
        self._windows = windows
        self.keep_window = hearing.keep_window
        self.close = hearing.close

    def open(self, *_: object, **__: object) -> dict[str, Any]:
        """What a recording would tell of itself."""
        return {"language": "ko", "duration": 120.0 * self._windows, "model": "", "stamp": []}

    def window(self, *_: object, ordinal: int, start: float, **__: object) -> dict[str, Any] | None:
        """A window of that number, full of lines."""
        if ordinal == self._windows:
            return None
        segments = [
            {"start": start + 3 * n, "end": start + 3 * n + 2.5, "text": f"{n}번째로 한 말입니다."}
            for n in range(_SEGMENTS)
        ]
        return {"start": start, "end": start + 120.0, "segments": segments}

    def ending(self, *_: object, **__: object) -> dict[str, Any]:
        """Nothing to tell."""
        return {"notices": [], "cut_at": None}

    def keep_transcript(self, *_: object, **__: object) -> int:
        """Not measured here."""
        return 0


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Milliseconds a step, over what the same rows cost without steps."""
    windows = _QUICK if quick else _WINDOWS
    over, kept, direct, busy = [], [], [], []
    with _worker(folder / "data", windows) as (app, worker):
        for number in range(_RUNS):
            sound = folder / f"sound-{number}.opus"
            make_short_sound(sound, number=number)
            with Usage(worker) as used:
                with_steps = _by_steps(app, sound)
            busy.append(1000 * used.cpu / windows / 2)
            by_itself = _by_itself(app, sound, windows)
            kept.append(1000 * with_steps / windows)
            direct.append(1000 * by_itself / windows)
            over.append((kept[-1] - direct[-1]) / 2)
    return [
        Figure("a step's overhead", sorted(over)[len(over) // 2], "ms", GOAL, tuple(over)),
        Figure("  a window in two steps", sorted(kept)[len(kept) // 2], "ms", None, tuple(kept)),
        Figure("  processor's time a step", sorted(busy)[len(busy) // 2], "ms", None, tuple(busy)),
        Figure("  its row by itself", sorted(direct)[len(direct) // 2], "ms", None, tuple(direct)),
    ]


def _by_steps(app: App, sound: Path) -> float:
    """Seconds from the first window's begin to the last one's end."""
    job = app.jobs.transcribe(take(app, sound), language="ko", whisper_model=None)
    wait_for(app, job)
    times = [one for one in steps_of(app, job) if one["function_name"] == "hear_window"]
    begun, ended = times[0]["started_at_epoch_ms"], times[-1]["completed_at_epoch_ms"]
    assert begun is not None
    assert ended is not None
    return (ended - begun) / 1000


def _by_itself(app: App, sound: Path, windows: int) -> float:
    meeting = take(app, sound)
    nothing = Nothing(app.hearing, windows)
    job: Mapping[str, Any] = {"job_id": f"direct {meeting.id}", "meeting_id": meeting.id}
    begun = time.perf_counter()
    ordinal, start = 0, 0.0
    while window := nothing.window(ordinal=ordinal, start=start):
        with app.database.writing() as session:
            nothing.keep_window(session, job, window, ordinal=ordinal)
        ordinal, start = ordinal + 1, window["end"]
    return time.perf_counter() - begun


@contextmanager
def _worker(folder: Path, windows: int) -> Iterator[tuple[App, psutil.Process]]:
    app = app_on(folder)
    with (folder.parent / f"{folder.name}.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "bench.steps", str(windows)],
            cwd=ROOT,
            env=environment(MINUTES_DATA=str(folder)),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
        try:
            yield app, psutil.Process(child.pid)
        finally:
            end(child)
            app.close()


def serve(windows: int) -> None:
    """The child: the worker of the product, which hears nothing."""
    import core.worker.__main__ as worker
    from core.worker.standing import JobsAtWork

    register = worker.register

    def registered(app: App, standing: JobsAtWork) -> None:
        nothing: Any = Nothing(app.hearing, windows)
        register(replace(app, hearing=nothing), standing)

    worker.register = registered  # type: ignore[attr-defined]
    worker.run(["--supervised"])


if __name__ == "__main__":
    serve(int(sys.argv[1]))
