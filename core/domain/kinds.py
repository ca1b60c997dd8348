"""The kinds of things that minutes hold."""

from __future__ import annotations

from enum import StrEnum


class ItemKind(StrEnum):
    """What kind of thing was said."""

    TOPIC = "topic"
    DECISION = "decision"
    ACTION = "action"
    QUESTION = "question"
    FACT = "fact"
