"""What is being deleted for good: written down before, crossed out after, and wiped off the disk.

A deleted row's bytes stay in SQLite's files, in pages that are free and in the log of writes, until
something else is written over them. `wipe` writes the files anew. PostgreSQL keeps deleted rows
until its own vacuum, and its files are its administrator's.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.engine import make_url
from sqlmodel import Session, col, select

from core.store.job_records import LIVE, jobs_by, jobs_over, update_job
from core.store.meetings import recording_of
from core.store.tables import Choice, Meeting, MinutesRow, Upload
from core.store.types import now

_OWNER = "erasing"
_PATIENCE = 30.0
"""Seconds to wait for those who read or write."""


@dataclass(frozen=True)
class Doomed:
    """A meeting that is being deleted, and the names of all that it has outside its rows."""

    meeting_id: str
    user_id: str
    sha256: str
    jobs: tuple[str, ...]
    minutes: tuple[str, ...]
    at: str
    """When; ISO 8601."""

    def age(self) -> timedelta:
        """How long ago that was, also where the clock was set back since."""
        return abs(now() - datetime.fromisoformat(self.at))


def doom(session: Session, *, meeting: Meeting) -> Doomed:
    """Write down what is to go. Nobody begins the meeting's jobs again."""
    jobs = jobs_over(session, meeting_id=meeting.id)
    for job in jobs:
        if job.state in LIVE:
            update_job(session, job_id=job.id, state="cancelled")
    minutes = session.exec(select(MinutesRow.id).where(MinutesRow.meeting_id == meeting.id))
    doomed = Doomed(
        meeting_id=meeting.id,
        user_id=meeting.user_id,
        sha256=recording_of(session, meeting=meeting).sha256,
        jobs=tuple(job.id for job in jobs),
        minutes=tuple(minutes),
        at=now().isoformat(),
    )
    session.merge(Choice(owner=_OWNER, name=meeting.id, value=json.dumps(asdict(doomed))))
    return doomed


def doom_person(session: Session, *, user_id: str) -> Doomed:
    """Write down what a person who leaves has made of others' meetings, as of a meeting that has
    their id and no recording."""
    minutes = session.exec(select(MinutesRow.id).where(MinutesRow.user_id == user_id)).all()
    jobs = [job.id for job in jobs_by(session, user_id=user_id)]
    for one in all_doomed(session):
        if one.meeting_id == user_id:  # begun before, by a process that died
            jobs, minutes = [*one.jobs, *jobs], [*one.minutes, *minutes]
    doomed = Doomed(
        meeting_id=user_id,
        user_id=user_id,
        sha256="",
        jobs=tuple(dict.fromkeys(jobs)),
        minutes=tuple(dict.fromkeys(minutes)),
        at=now().isoformat(),
    )
    session.merge(Choice(owner=_OWNER, name=user_id, value=json.dumps(asdict(doomed))))
    return doomed


def all_doomed(session: Session) -> list[Doomed]:
    """What was written down and not crossed out."""
    rows = session.exec(select(Choice.value).where(Choice.owner == _OWNER))
    read = [json.loads(value) for value in rows]
    return [
        Doomed(**{**one, "jobs": tuple(one["jobs"]), "minutes": tuple(one["minutes"])})
        for one in read
    ]


def forget_uploads(session: Session, *, meeting_id: str) -> None:
    """The uploads that became the meeting: they hold its file's name."""
    session.exec(delete(Upload).where(col(Upload.meeting_id) == meeting_id))


def cross_out(session: Session, *, meeting_ids: Sequence[str]) -> None:
    """These are gone."""
    session.exec(
        delete(Choice).where(col(Choice.owner) == _OWNER, col(Choice.name).in_(meeting_ids))
    )


def wipe(url: str) -> bool:
    """Leave nothing in a SQLite database's files but the rows it has; tells whether that is so
    (somebody may still read what was there before). True for any other database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return True
    connection = sqlite3.connect(parsed.database, timeout=_PATIENCE, isolation_level=None)
    with closing(connection):
        connection.execute("VACUUM")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
