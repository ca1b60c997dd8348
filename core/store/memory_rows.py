"""The rows of what is remembered of a person: styles, terms, facts, and what was learned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.store.columns import json_column, json_or_none, moment
from core.store.types import new_id


class NamedStyle(SQLModel, table=True):
    """One of a person's styles; its texts are versions (Style). One of them is the default."""

    __tablename__ = "named_style"
    id: str = Field(default_factory=new_id, primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    name: str
    is_default: bool = False
    created_at: datetime = moment()
    deleted_at: datetime | None = moment(nullable=True)


class Style(SQLModel, table=True):
    """A version of a person's `[user defined system prompt]`. The newest of a named style is in
    force. `version` counts all versions of all styles of the person, so that it alone says which
    text minutes were written under."""

    __table_args__ = (UniqueConstraint("user_id", "version"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    named_style_id: str = Field(foreign_key="named_style.id", index=True)
    version: int
    text: str
    created_at: datetime = moment()


class MemoryEntry(SQLModel, table=True):
    """One thing that is remembered, or proposed to be."""

    __tablename__ = "memory_entry"
    __table_args__ = (UniqueConstraint("user_id", "kind", "fingerprint"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    kind: str
    """glossary, fact or preference."""
    status: str
    """proposed, active, archived or refused."""
    text: str
    """The term as it is written, or one sentence."""
    heard: list[str] = json_column(list)
    """How a term is misheard."""
    note: str | None = None
    """What a term means, in a few words."""
    source: dict[str, Any] = json_column(dict)
    """Where it came from: {"way": "hand" | "transcript" | "minutes" | "chat" | "import", …ids}."""
    fingerprint: str
    """What makes two entries the same one (domain.memory.fingerprint)."""
    replaces: str | None = None
    """The entry that this one, if accepted, puts out of force."""
    created_at: datetime = moment()
    updated_at: datetime = moment()
    decided_at: datetime | None = moment(nullable=True)
    """When the person accepted or refused it."""
    used_at: datetime | None = moment(nullable=True)
    """When a model was last given it."""


class Lesson(SQLModel, table=True):
    """Something a person did that there may be something to learn from, and what came of it."""

    id: str = Field(default_factory=new_id, primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    meeting_id: str | None = Field(default=None, foreign_key="meeting.id", index=True)
    way: str
    """transcript, minutes or chat."""
    key: str
    """What it was about: asked twice, it is one lesson."""
    material: dict[str, Any] = json_column(dict)
    """Before and after, or what was said."""
    state: str = Field(default="queued", index=True)
    """queued, running, finished, failed, dismissed (failed, and the person has seen it)."""
    proposed: int = 0
    error: dict[str, Any] | None = json_or_none()
    created_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
