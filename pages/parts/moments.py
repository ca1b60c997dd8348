"""Times as a reader knows them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pages.parts.visitor import Visitor


def moment_words(visitor: Visitor, at: datetime) -> str:
    """Date and minute in the reader's zone: 2026-11-23 14:05."""
    return at.astimezone(ZoneInfo(visitor.time_zone)).strftime("%Y-%m-%d %H:%M")


def day_words(visitor: Visitor, at: datetime) -> str:
    """The date in the reader's zone."""
    return at.astimezone(ZoneInfo(visitor.time_zone)).strftime("%Y-%m-%d")
