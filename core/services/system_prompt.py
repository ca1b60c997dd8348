"""The one function that puts a system prompt together, for everything a person reads.

Layers, in this order: rules, the person's own style, their glossary, what they asked to remember,
the meeting. It is byte-identical from turn to turn, so that the model's cache is used again; what
changes goes into the last user message. No layer outranks one above it, and each ends where its tag
ends, whatever a person wrote into it.
"""

from __future__ import annotations

from core.domain.memory import Remembered
from core.domain.memory_relevance import line_of
from core.prompts import neutral, render

STYLE_LIMIT = 4000
"""Characters a style may have."""
_NOTHING = Remembered()


def compose_system(
    *,
    rules: str,
    style: str | None,
    remembered: Remembered = _NOTHING,
    meeting: str = "",
) -> str:
    """One system message from its layers; a layer that is empty is left out."""
    layers = [
        rules,
        render("style", style=neutral(style)) if style else "",
        _glossary(remembered),
        _facts(remembered),
        meeting,
    ]
    return "\n\n".join(layer for layer in layers if layer)


def _glossary(remembered: Remembered) -> str:
    lines = "\n".join(line_of(entry) for entry in remembered.glossary)
    return render("glossary", terms=neutral(lines)) if lines else ""


def _facts(remembered: Remembered) -> str:
    kept = (*remembered.preferences, *remembered.facts)
    lines = "\n".join(f"- {line_of(entry)}" for entry in kept)
    return render("memory", entries=neutral(lines)) if lines else ""
