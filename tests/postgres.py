"""A PostgreSQL server of a test's own, from the programs of Debian's package."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType


@dataclass
class Cluster:
    """On a free port, gone afterwards. It can be stopped and started meanwhile."""

    def __enter__(self) -> Cluster:
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self.folder = Path(tempfile.mkdtemp(prefix="minutes-postgres-"))
        self.as_owner: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            shutil.chown(self.folder, "postgres")
            self.as_owner = ["runuser", "-u", "postgres", "--"]
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            self.port = held.getsockname()[1]
        self.data = str(self.folder / "data")
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "minutes", "-E", "UTF8")
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        subprocess.run(
            [*self.as_owner, str(self.programs / "pg_ctl"), "-D", self.data, "-m", "immediate"]
            + ["stop"],
            check=False,
            capture_output=True,
            cwd="/",
        )
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", self.data, "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """End it as a restart does: every connection breaks."""
        self.run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def database(self, name: str) -> str:
        """The address of a new, empty database."""
        self.run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "minutes", name)
        return f"postgresql://minutes@127.0.0.1:{self.port}/{name}"

    def run(self, program: str, *arguments: str) -> None:
        """One of its programs."""
        command = [*self.as_owner, str(self.programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
