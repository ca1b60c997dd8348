"""A PostgreSQL server of its own, from Debian's package, and houses on it: each has a database."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.processes import free_port
from soak.house import House


class Cluster:
    """`with Cluster() as cluster:` runs a server on a free port; its data is gone afterwards."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="minutes-postgres-"))
        self._programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self._as_owner: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            shutil.chown(self._folder, "postgres")
            self._as_owner = ["runuser", "-u", "postgres", "--"]

    def __enter__(self) -> Self:
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-A", "trust", "-U", "minutes", "-E", "UTF8")
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def database(self, name: str) -> str:
        """A new database's address."""
        at = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "minutes"]
        self._run("createdb", *at, name)
        return f"postgresql+psycopg://minutes@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_owner, str(self._programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def house_on(
    cluster: Cluster, *, machines: int = 2, piece: float = 0.004
) -> Callable[[Path], House]:
    """Makes houses whose databases are there, with so many machines that work."""
    numbers = count(1)

    def made(folder: Path) -> House:
        name = f"house_{next(numbers)}"
        return House(folder, cluster.database(name), machines, piece)

    return made
