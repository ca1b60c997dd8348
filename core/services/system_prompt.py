"""The one function that puts a system prompt together, for everything a person reads.

Layers, in this order: rules, the person's own style, the meeting. It is byte-identical from turn
to turn, so that the model's cache is used again; what changes goes into the last user message.
"""

from __future__ import annotations

from core.prompts import neutral, render

STYLE_LIMIT = 4000
"""Characters a style may have."""


def compose_system(*, rules: str, style: str | None, meeting: str = "") -> str:
    """One system message from its layers; a layer that is empty is left out."""
    layers = [rules, render("style", style=neutral(style)) if style else "", meeting]
    return "\n\n".join(layer for layer in layers if layer)
