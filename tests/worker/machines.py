"""Machines that share a PostgreSQL server: each has a data folder and a worker of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.waiting import until


@dataclass
class Machine:
    """A data folder and a worker. What lies in `recordings` is shared by those that are given the
    same; else a machine has its own."""

    folder: Path
    variables: dict[str, str]
    recordings: Path | None = None
    module: str = "tests.worker.quick_worker"
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.recordings:
            self.recordings.mkdir(parents=True, exist_ok=True)
            (self.folder / "recordings").symlink_to(self.recordings)

    @property
    def log(self) -> str:
        """All that its worker printed."""
        file = self.folder / "worker.log"
        return file.read_text("utf-8") if file.exists() else ""

    def start(self) -> Machine:
        """Start its worker."""
        with (self.folder / "worker.log").open("ab") as printed:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module],
                env=os.environ | self.variables | {"MINUTES_DATA": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
            )
        return self

    def send(self, number: signal.Signals) -> None:
        """Send its worker a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def end(self) -> None:
        """End its worker, if it runs."""
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.process.wait(10)

    def windows(self, word: str) -> list[int]:
        """The windows that its worker began ("hearing") or ended ("heard"), in order."""
        return [int(number) for number in re.findall(rf": {word} window (\d+)", self.log)]

    def until_logged(self, text: str, *, times: int = 1, seconds: float = 60) -> None:
        """Wait until its worker has printed this so often."""
        until(lambda: self.log.count(text) >= times, seconds=seconds)
