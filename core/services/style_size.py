"""How much of a model's context window a style takes, and whether it leaves room for a meeting.

A style stands beside the memory's share, not within it: it is told whole or not at all. Where it
leaves too little room no summary can be written under it, so that is said when it is saved.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.engines.base import LanguageModel, Message
from core.services.model_prose import FROM_ITEMS, NO_ROOM, rules_for
from core.services.model_requests import answer_tokens
from core.services.remembering import MEMORY_SHARE
from core.services.system_prompt import compose_system

STYLE_NO_ROOM = "style_no_room"
"""The notice of minutes whose style left no room for a summary."""
_MARGIN = 1.1
_LEAST_MEETING = 600
"""Tokens that some items and the words around them take: less makes no summary."""
_LARGE = 4
"""A style that takes more than one part in so many of the window is a large one."""


@dataclass(frozen=True, slots=True)
class StyleSize:
    """A style of `tokens` (about) in the `window` of a model; `room` is what it may take so that a
    summary can be written, and `characters` how long it is."""

    tokens: int
    window: int
    room: int
    characters: int
    engine: str

    @property
    def fits(self) -> bool:
        """Does it leave room for a meeting?"""
        return self.tokens <= self.room

    @property
    def is_large(self) -> bool:
        """Does it take room that a meeting would miss?"""
        return self.tokens * _LARGE > self.window

    @property
    def too_many(self) -> int:
        """By how many characters it has to be shorter to fit, about, rather more."""
        if self.fits:
            return 0
        share = (self.tokens - max(self.room, 0)) / self.tokens
        return min(self.characters, 10 * math.ceil(self.characters * share / 10))


def told_of_style(notices: Sequence[str], style: str | None, model: LanguageModel) -> list[str]:
    """Notices of a summary; where items stand in its place and the style left no room for more,
    that is the reason which is told."""
    told = list(notices)
    instead = {NO_ROOM, FROM_ITEMS} & set(told)
    if not style or not instead or size_of(style, model).fits:
        return told
    return [*(one for one in told if one not in instead), STYLE_NO_ROOM]


def size_of(style: str, model: LanguageModel) -> StyleSize:
    """The size of a style as this model counts it, without asking the model."""
    frame = compose_system(rules=rules_for("ko"), style=" ")
    framed = compose_system(rules=rules_for("ko"), style=style)
    window = model.context_window
    free = (window - answer_tokens(model)) / _MARGIN
    bare = model.count((Message("system", frame),))
    taken = bare + window // MEMORY_SHARE + _LEAST_MEETING
    return StyleSize(
        tokens=max(1, model.count((Message("system", framed),)) - bare),
        window=window,
        room=max(0, int(free) - taken),
        characters=len(style),
        engine=model.name,
    )
