"""One transaction in which a person changes a transcript."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from core.errors import InvalidInput, NotFound
from core.store import job_records
from core.store import text_changes as rows
from core.store.database import Database
from core.store.tables import Meeting


@contextmanager
def changing(
    database: Database, user_id: str, meeting_id: str
) -> Iterator[tuple[Session, Meeting]]:
    """A meeting of this person, whose transcript is not just being made anew (InvalidInput): its
    utterances would have other numbers. Two changes take turns."""
    with database.writing() as session:
        meeting = rows.lock_meeting(session, user_id=user_id, meeting_id=meeting_id)
        if meeting is None:
            raise NotFound("meeting_missing", meeting=meeting_id[:40])
        jobs = job_records.jobs_of(session, user_id=user_id, meeting_id=meeting_id)
        if any(job.stage == "transcribe" and job.state in job_records.LIVE for job in jobs):
            raise InvalidInput("transcribing_anew", title=meeting.title)
        yield session, meeting
