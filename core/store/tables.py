"""The rows of meetings and of the work on them. Every row that belongs to a person carries or
reaches `user_id`. Others: account_rows (people and what they may do), memory_rows (what is
remembered), machine_rows (workers and models).

`table=True` classes do not validate: values are checked before a row is built.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.store.columns import json_column, json_or_none, moment
from core.store.types import FileSize, new_id


class Choice(SQLModel, table=True):
    """A setting somebody chose: `owner` is a user's id, or "machine"."""

    owner: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str


class Recording(SQLModel, table=True):
    """A file a person gave. The bytes lie under `data/recordings/` by hash, shared by count."""

    __table_args__ = (UniqueConstraint("user_id", "sha256"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    sha256: str = Field(index=True)
    name: str
    kind: str
    """audio, video or transcript."""
    size: int = Field(sa_column=Column(FileSize, nullable=False))
    duration: float | None = None
    created_at: datetime = moment()


class Meeting(SQLModel, table=True):
    """A meeting of one person, made from one recording."""

    id: str = Field(default_factory=new_id, primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    recording_id: str = Field(foreign_key="recording.id", unique=True)
    title: str
    held_at: datetime = moment()
    held_at_guessed: bool = True
    time_zone: str = "UTC"
    language: str | None = None
    """The transcript's language, None before there is one."""
    transcript_job: str | None = None
    """The job whose utterances these are."""
    cut_at: float | None = None
    """Seconds after which the recording's file breaks off before its own end, None where whole."""
    notices: list[dict[str, Any]] = json_column(list)
    """What a reader of the transcript must know of its import: {"code", "facts"} each."""
    edited_at: datetime | None = moment(nullable=True)
    """When the text of an utterance was last changed, by a person or by correction."""
    sample: bool = False
    deleted_at: datetime | None = moment(nullable=True)
    """In the bin since; it can be brought back for some weeks."""
    created_at: datetime = moment(index=True)


class UtteranceRow(SQLModel, table=True):
    """One utterance; `number` starts at 1 in its meeting. `heard_text` is what was heard or
    imported where `text` was changed since, None where it was not."""

    __tablename__ = "utterance"
    meeting_id: str = Field(foreign_key="meeting.id", primary_key=True)
    number: int = Field(primary_key=True)
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    text: str
    heard_text: str | None = None
    hidden_reason: str | None = None
    """Why it is taken for nothing that was said (domain.phantoms), None where it is believed."""
    brought_back_at: datetime | None = moment(nullable=True)
    """When a person said that it was said all the same: it is shown and read again."""


class HeardWindow(SQLModel, table=True):
    """What a transcription that is not whole yet has heard in one window of its recording. They
    are there to be shown while it runs; a transcript that is whole has none."""

    __tablename__ = "heard_window"
    job_id: str = Field(primary_key=True)
    ordinal: int = Field(primary_key=True)
    """From 0, in the order of the recording."""
    meeting_id: str = Field(foreign_key="meeting.id", index=True)
    start: float
    end: float
    """Seconds of the whole recording."""
    lines: int
    """How many segments there are."""
    segments: list[dict[str, Any]] = json_column(list)
    """{"start", "end", "text"} each."""
    tries: int = 0
    """How many processes began to hear from `start` on and have not ended the window; 0 once it is
    heard."""


class TextChange(SQLModel, table=True):
    """A change of an utterance's text: `kind` "replacement" (`before` becomes `after` inside the
    text, proposed by a model) or "text" (a person wrote all of it anew). The text in force is what
    was heard with all changes that are not undone, in order of `id`."""

    __tablename__ = "text_change"
    __table_args__ = (Index("ix_text_change_utterance", "meeting_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: str = Field(foreign_key="meeting.id")
    transcript_job: str | None = None
    """The transcription whose utterances are meant: another one has other numbers."""
    number: int
    kind: str
    before: str
    after: str
    why: str | None = None
    job_id: str | None = Field(default=None, index=True)
    """The correction job that proposed it, None for a person's."""
    created_at: datetime = moment()
    undone_at: datetime | None = moment(nullable=True)


class MinutesRow(SQLModel, table=True):
    """One version of a meeting's minutes. `system` is the prompt its prose was written under.

    `origin`: written (by an engine), completed (a range that was missing was read), edited (by a
    person) or restored (an earlier version again); all but the first are `based_on` a version.
    """

    __tablename__ = "minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    meeting_id: str = Field(foreign_key="meeting.id", index=True)
    user_id: str = Field(index=True)
    """Whose they are: in whose style they were written. With whom the meeting is shared, writes
    minutes of their own."""
    version: int
    engine: str
    language: str
    style_version: int | None = None
    summary: str
    markdown: str
    system: str | None = None
    memory: dict[str, Any] = json_column(dict)
    """Which entries of the person's memory the model was given (domain.memory.Told)."""
    notices: list[str] = json_column(list)
    coverage: dict[str, Any] = json_column(dict)
    transcript_job: str | None = None
    origin: str = "written"
    based_on: int | None = None
    template: dict[str, Any] | None = json_or_none()
    """The template as it was then (domain.templates), None before there were templates."""
    job_id: str | None = Field(default=None, unique=True)
    created_at: datetime = moment()


class ItemRow(SQLModel, table=True):
    """One item of one version of minutes, in the order of `position`."""

    __tablename__ = "item"
    minutes_id: str = Field(foreign_key="minutes.id", primary_key=True)
    position: int = Field(primary_key=True)
    kind: str
    text: str
    owner: str | None = None
    due: str | None = None
    due_text: str | None = None
    utterances: list[int] = json_column(list)
    quote: str | None = None
    start: float | None = None
    verified: bool = False
    replaces: str | None = None
    replaces_at: list[int] = json_column(list)
    edited: bool = False
    """A person wrote it: their word stands, whatever the check would say."""


class TemplateRow(SQLModel, table=True):
    """A person's own kind of minutes: which sections in which order, and what to look at."""

    __tablename__ = "template"
    id: str = Field(default_factory=new_id, primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    name: str
    content: dict[str, Any] = json_column(dict)
    created_at: datetime = moment()
    deleted_at: datetime | None = moment(nullable=True)


class Reading(SQLModel, table=True):
    """What a model answered about one part of a meeting, by a hash of all it was asked."""

    meeting_id: str = Field(foreign_key="meeting.id", primary_key=True)
    key: str = Field(primary_key=True)
    answer: dict[str, Any] = json_column(dict)
    created_at: datetime = moment()


class Thread(SQLModel, table=True):
    """A conversation about one meeting."""

    id: str = Field(default_factory=new_id, primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    meeting_id: str = Field(foreign_key="meeting.id", index=True)
    created_at: datetime = moment()


class Turn(SQLModel, table=True):
    """One question and its answer, with the exact texts the model was given.

    `state`: queued, running, finished, failed, cancelled. `beat_at` is renewed while somebody
    works on it: an old one means that its process died.
    """

    __table_args__ = (UniqueConstraint("thread_id", "number"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    thread_id: str = Field(foreign_key="thread.id", index=True)
    number: int
    question: str
    system: str | None = None
    user_message: str | None = None
    memory: dict[str, Any] = json_column(dict)
    """Which entries of the person's memory the model was given (domain.memory.Told)."""
    answer: str = ""
    citations: list[int] = json_column(list)
    notices: list[dict[str, Any]] = json_column(list)
    engine: str = ""
    state: str = Field(default="queued", index=True)
    error: dict[str, Any] | None = json_or_none()
    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    place: int | None = None
    """How many model calls are before this one while it waits."""
    transcript_job: str | None = None
    """The transcription whose utterances the citations count."""
    created_at: datetime = moment()
    beat_at: datetime = moment()
    host: str | None = None
    process: int | None = None
    """Who answers: a killed process is known at once on its own host."""


class Job(SQLModel, table=True):
    """A person's view of a durable job; its id is the workflow's id.

    `stage`: transcribe, correct or minutes. `state`: queued, running, finished, failed, cancelled.
    `progress` is 0..1; `step` a message key with `step_facts`.
    """

    id: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    meeting_id: str = Field(foreign_key="meeting.id", index=True)
    stage: str
    options: dict[str, Any] = json_column(dict)
    state: str = Field(default="queued", index=True)
    progress: float = 0.0
    step: str = "queued"
    step_facts: dict[str, Any] = json_column(dict)
    found: list[dict[str, Any]] = json_column(list)
    """What was found so far, checked: {"kind", "text", "utterances"} each."""
    tries: int = 0
    """How many processes have begun to work on it since it last got on."""
    reached: float = 0.0
    """The largest `progress` before the process that is at work on it began."""
    error: dict[str, Any] | None = json_or_none()
    created_at: datetime = moment(index=True)
    updated_at: datetime = moment()


class Upload(SQLModel, table=True):
    """A file that is arriving, or a recording that is being made in a browser. Its bytes lie under
    `data/incoming/`, and their count is how far it has come: no row is written while they come."""

    id: str = Field(default_factory=new_id, primary_key=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    kind: str
    """file or microphone."""
    name: str
    size: int | None = Field(default=None, sa_column=Column(FileSize, nullable=True))
    """Bytes of the whole file; None while nobody knows."""
    about: dict[str, Any] = json_column(dict)
    """What was said of it when it began (services.uploads.Said)."""
    tries: int = 0
    """How many processes began to keep it and were not heard of again."""
    meeting_id: str | None = None
    """The meeting that it became; `job_id` and `new` as services.intake.TakenIn has them."""
    job_id: str | None = None
    new: bool | None = None
    error: dict[str, Any] | None = json_or_none()
    """Why it could not be kept: {"kind", "code", "facts"}, and "again" where time may help."""
    created_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True, index=True)
    """When its bytes were kept, or given up and deleted; the row stays to be asked for a while."""
