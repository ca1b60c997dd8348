"""What was measured: a figure, its goal, the table that is printed and the file that is kept."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

OUT = Path(__file__).parent / "out"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `goal` is the most it should be; `each` holds the single runs."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    each: tuple[float, ...] = ()

    @property
    def verdict(self) -> str:
        """Whether the goal is met; "" without one."""
        if self.goal is None:
            return ""
        return "met" if self.value <= self.goal else "MISSED"


def load() -> list[float]:
    """The load averages of 1, 5 and 15 minutes; empty where the system knows none."""
    return [round(one, 2) for one in os.getloadavg()] if hasattr(os, "getloadavg") else []


def as_table(figures: list[Figure]) -> str:
    """A line a figure."""
    rows = [("what", "value", "unit", "goal", "each run")]
    for one in figures:
        each = " ".join(f"{value:.4g}" for value in one.each)
        rows.append((one.name, f"{one.value:,.2f}", one.unit, _goal(one), each))
    name, value, unit, goal = (max(len(row[column]) for row in rows) for column in range(4))
    lines = (
        f"{row[0]:<{name}}  {row[1]:>{value}} {row[2]:<{unit}}  {row[3]:<{goal}}  {row[4]}"
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def keep(figures: list[Figure], *, quick: bool, loads: dict[str, list[list[float]]]) -> Path:
    """Write the figures to bench/out/<date>.json; returns where."""
    OUT.mkdir(exist_ok=True)
    moment = datetime.now(UTC)
    path = OUT / f"{moment:%Y-%m-%dT%H%M%S}.json"
    kept = {
        "date": moment.isoformat(timespec="seconds"),
        "machine": {
            "system": platform.platform(),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        },
        "quick": quick,
        "load_before_and_after": loads,
        "figures": [{**asdict(one), "verdict": one.verdict} for one in figures],
    }
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _goal(figure: Figure) -> str:
    return "" if figure.goal is None else f"≤ {figure.goal:g} {figure.verdict}"
