"""The comparison as a table for a person, and as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.engines.factory import EXTRACTIVE
from evaluation.baselines import DRAWS
from evaluation.comparison import BASELINES, RANDOM, TEXTRANK, TEXTRANK_OF_LONG, Comparison
from evaluation.rouge import MEASURES
from evaluation.statistics import RESAMPLES, Estimate

_CELL = 22


def as_table(comparison: Comparison, *, data: Path) -> str:
    """What was measured, on what, the figures, and how far they may be believed."""
    engine = comparison.engine
    systems = (engine, *BASELINES)
    differences = [f"{engine} − {other}" for other in BASELINES]
    width = max(len(name) for name in (*systems, *differences))
    lines = [
        f"ROUGE F1, 0 to 100, of summaries of whole meetings: {len(comparison.meetings)} meetings "
        f"of QMSum ({data}),",
        "each against the one summary that a person wrote. All systems were given the length of "
        f"{engine}'s own summary",
        "and took whole sentences up to it.",
        "",
        _row("", [*MEASURES.values(), "words"], width),
    ]
    for system in systems:
        cells = [_cell(comparison.of(system, measure)) for measure in MEASURES]
        lines.append(_row(system, [*cells, f"{comparison.words(system):.0f}"], width))
    lines.append("")
    for other, name in zip(BASELINES, differences, strict=True):
        cells = [_cell(comparison.difference(other, one), sign="+") for one in MEASURES]
        lines.append(_row(name, cells, width))
    return "\n".join([*lines, "", *_notes(comparison)])


def as_json(comparison: Comparison, *, data: Path) -> dict[str, Any]:
    """Everything in the table, and each meeting's scores (0 to 1)."""
    systems = (comparison.engine, *BASELINES)
    return {
        "data": str(data),
        "engine": comparison.engine,
        "development_figure": _is_development(comparison),
        "systems": {
            system: {one: asdict(comparison.of(system, one)) for one in MEASURES}
            for system in systems
        },
        "differences": {
            other: {one: asdict(comparison.difference(other, one)) for one in MEASURES}
            for other in BASELINES
        },
        "meetings": [asdict(one) for one in comparison.meetings],
    }


def _notes(comparison: Comparison) -> list[str]:
    notes = [
        f"[low, high] is the 95 % bootstrap interval over meetings ({RESAMPLES:,} resamples); a "
        "difference is paired by meeting,",
        f"and one whose interval holds 0 may be chance. {TEXTRANK} is the package as published; "
        f"{TEXTRANK_OF_LONG}",
        f'is the same without the short sentences of talk ("Yeah."); {RANDOM} is the mean of '
        f"{DRAWS} draws.",
    ]
    if _is_development(comparison):
        notes += [
            "Development figure: the weights of the extractive engine were chosen on QMSum's "
            "validation meetings, which these are.",
            "Expect less on meetings that it has not seen. The other systems were fitted to none.",
        ]
    return notes


def _is_development(comparison: Comparison) -> bool:
    return comparison.engine == EXTRACTIVE


def _row(name: str, cells: Iterable[str], width: int) -> str:
    return f"{name:<{width}}  {''.join(f'{cell:<{_CELL}}' for cell in cells)}".rstrip()


def _cell(one: Estimate, *, sign: str = "") -> str:
    return f"{one.mean:{sign}.1f} [{one.low:{sign}.1f}, {one.high:{sign}.1f}]"
