"""Columns that many rows have: moments and JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from core.store.types import UtcDateTime, now


def moment(*, nullable: bool = False, index: bool = False) -> Any:
    """A time in UTC; of a row's making, unless it may be missing."""
    if nullable:
        return Field(default=None, sa_type=UtcDateTime, nullable=True, index=index)
    return Field(default_factory=now, sa_type=UtcDateTime, nullable=False, index=index)


def json_column(default: Any) -> Any:
    """Plain JSON that is always there; `default` makes the first."""
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


def json_or_none() -> Any:
    """Plain JSON, or nothing."""
    return Field(default=None, sa_column=Column(JSON, nullable=True))
