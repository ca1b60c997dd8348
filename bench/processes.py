"""Child processes and their memory. Resident memory is summed over a process and its children, so
a page that two of them share counts twice."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
MIB = 1024**2
NOWHERE = "http://127.0.0.1:9"
"""An Ollama that is not there."""


def environment(**variables: str) -> dict[str, str]:
    """Ours without the settings of whoever runs the bench: no Ollama, no GPU, no network."""
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MINUTES_", "STREAMLIT_")) and name != "OLLAMA_HOST"
    }
    return {
        **ours,
        "MINUTES_LLM": "extractive",
        "MINUTES_OLLAMA_URL": NOWHERE,
        "CUDA_VISIBLE_DEVICES": "",
        "HF_HUB_OFFLINE": "1",
        **variables,
    }


def rss(process: psutil.Process, *, without: Callable[[psutil.Process], bool] | None = None) -> int:
    """Bytes of a process and its children; a child for which `without` holds is left out with its
    own children."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        total = process.memory_info().rss
        for child in process.children():
            if without is None or not without(child):
                total += rss(child, without=without)
    return total


def is_running_module(process: psutil.Process, module: str) -> bool:
    """Whether a process is `python -m module`."""
    with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        return module in process.cmdline()
    return False


def child_of(process: psutil.Process, module: str) -> psutil.Process | None:
    """The descendant that is `python -m module`."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in process.children(recursive=True):
            if is_running_module(child, module):
                return child
    return None


class Usage:
    """What a process used while the block ran: the most memory it and its children took at one
    time, and the processor's seconds that they took."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._before = 0.0
        self.bytes = 0
        self.cpu = 0.0

    def __enter__(self) -> Usage:
        self._before = self._used()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        with contextlib.suppress(psutil.NoSuchProcess):
            self.cpu = self._used() - self._before

    def so_far(self) -> float:
        """The processor's seconds that they have taken since the block began."""
        return self._used() - self._before

    def _used(self) -> float:
        total = 0.0
        for one in (self._process, *self._process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                times = one.cpu_times()
                total += times.user + times.system
        return total

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self.bytes = max(self.bytes, rss(self._process))


@contextmanager
def suspended(process: psutil.Process) -> Iterator[None]:
    """A process stands still while the other side of a comparison runs."""
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def end(process: subprocess.Popen[bytes]) -> None:
    """End a child, the hard way if need be."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
