"""One transaction in which a person changes a transcript."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from core.errors import InvalidInput
from core.services.permission import refusal
from core.store import job_records
from core.store import text_changes as rows
from core.store.database import Database
from core.store.tables import Meeting


@contextmanager
def changing(
    database: Database, user_id: str, meeting_id: str
) -> Iterator[tuple[Session, Meeting]]:
    """A meeting that this person may change, whose transcript is not just being made anew
    (InvalidInput): its utterances would have other numbers. Two changes take turns."""
    with database.writing() as session:
        meeting = rows.lock_meeting(session, user_id=user_id, meeting_id=meeting_id)
        if meeting is None:
            raise refusal(session, user_id=user_id, meeting_id=meeting_id, may="edit")
        jobs = job_records.jobs_over(session, meeting_id=meeting_id)
        if any(job.stage == "transcribe" and job.state in job_records.LIVE for job in jobs):
            raise InvalidInput("transcribing_anew", title=meeting.title)
        yield session, meeting
