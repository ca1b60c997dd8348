"""Houses on a PostgreSQL server: each has a database."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

from soak.house import House
from tests.postgres import Cluster


def house_on(
    cluster: Cluster, *, machines: int = 2, piece: float = 0.004
) -> Callable[[Path], House]:
    """Makes houses whose databases are there, with so many machines that work."""
    numbers = count(1)

    def made(folder: Path) -> House:
        name = f"house_{next(numbers)}"
        return House(folder, cluster.database(name), machines, piece)

    return made
