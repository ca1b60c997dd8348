"""Processes that are killed and started again: server, workers, the model's double, a person who
asks. They are the product's own commands; nothing in them knows that it is tried."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).resolve().parent.parent
MODEL = "gemma3:4b"
"""Of a family that the app counts as the double does: the way of counting settles at once, so that
a meeting is cut into the same parts in each run."""
ENGINE = f"ollama:{MODEL}"
START = 90.0
"""Seconds within which a process is up, however busy the machine."""


class Stuck(Exception):
    """Something that had to happen did not."""


def wait_for(is_so: Callable[[], bool], *, seconds: float, what: str, every: float = 0.05) -> float:
    """Wait until something is so; returns the seconds that it took. Stuck names `what` did not."""
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() - begun > seconds:
            raise Stuck(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(every)
    return time.monotonic() - begun


def is_gone(process: psutil.Process) -> bool:
    """Whether a process has ended; one that nobody waited for yet has."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@dataclass
class Kept:
    """A command that is started again under the same name. `log` takes all that it prints."""

    command: list[str]
    variables: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it; the one before must have ended."""
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MINUTES_", "STREAMLIT_")) and name != "OLLAMA_HOST"
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.command],
                cwd=ROOT,
                env={**ours, "CUDA_VISIBLE_DEVICES": "", "HF_HUB_OFFLINE": "1", **self.variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def is_up(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """Send it a signal, if it runs."""
        if self.process is not None and self.is_up:
            self.process.send_signal(number)

    def told(self) -> str:
        """The last of what it printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-1500:]

    def kill(self) -> None:
        """End it as a power cut would, and wait for that."""
        self.signal(signal.SIGKILL)
        self.wait(10)

    def wait(self, seconds: float) -> float:
        """Wait for its end; returns the seconds that it took."""
        begun = time.monotonic()
        if self.process is not None:
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired as late:
                raise Stuck(f"{self.command[0]} did not end within {seconds:.0f} s") from late
        return time.monotonic() - begun


def answers(url: str) -> bool:
    """Whether something answers there."""
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def double(port: int, log: Path, calls: Path, *, piece: float) -> Kept:
    """The Ollama double: every call takes some tenths of a second, and `piece` seconds for each
    token; it is noted in `calls`."""
    command = ["tests.doubles.ollama", "--port", str(port), "--log", str(calls)]
    pace = ["--delay-first", "0.25", "--delay-piece", str(piece)]
    return Kept([*command, *pace, "--install", f"{MODEL}=gemma3"], {}, log)
