"""Questions about what running transcriptions have heard so far, window by window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from core.store.tables import HeardWindow, Meeting


def ensure_window(
    session: Session,
    *,
    meeting_id: str,
    job_id: str,
    ordinal: int,
    span: tuple[float, float],
    segments: Sequence[dict[str, Any]],
    tries: int = 0,
) -> None:
    """Make this the job's window of that number, and the last one: a job that goes on from there
    once more has not heard what comes after."""
    session.exec(
        delete(HeardWindow).where(
            col(HeardWindow.job_id) == job_id, col(HeardWindow.ordinal) >= ordinal
        )
    )
    session.add(
        HeardWindow(
            job_id=job_id,
            ordinal=ordinal,
            meeting_id=meeting_id,
            start=span[0],
            end=span[1],
            lines=len(segments),
            segments=list(segments),
            tries=tries,
        )
    )


def begin_window(
    session: Session, *, meeting_id: str, job_id: str, ordinal: int, start: float
) -> int:
    """Note that a process begins to hear this window; returns how many began before it and did not
    end it: each of them died."""
    row = session.get(HeardWindow, (job_id, ordinal))
    if row is not None and row.tries:
        row.tries += 1
        return row.tries - 1
    ensure_window(
        session,
        meeting_id=meeting_id,
        job_id=job_id,
        ordinal=ordinal,
        span=(start, start),
        segments=(),
        tries=1,
    )
    return 0


def forget_tries(session: Session, *, job_id: str) -> None:
    """Nobody died: the job failed or was cancelled, and may begin as often as it likes."""
    session.exec(
        delete(HeardWindow).where(col(HeardWindow.job_id) == job_id, col(HeardWindow.tries) > 0)
    )


def delete_windows(session: Session, *, meeting_id: str) -> None:
    """Forget what the meeting's transcriptions heard so far. The caller has checked whose it is."""
    session.exec(delete(HeardWindow).where(col(HeardWindow.meeting_id) == meeting_id))


def heard_until(session: Session, *, user_id: str, job_id: str) -> float | None:
    """The second of the recording up to which a job of this person has heard, None before that."""
    query = (
        select(HeardWindow.end)
        .join(Meeting, col(Meeting.id) == HeardWindow.meeting_id)
        .where(HeardWindow.job_id == job_id, Meeting.user_id == user_id, HeardWindow.tries == 0)
        .order_by(col(HeardWindow.ordinal).desc())
        .limit(1)
    )
    return session.exec(query).first()


def last_segments(
    session: Session, *, user_id: str, job_id: str, count: int
) -> list[dict[str, Any]]:
    """The last `count` segments that a job of this person has heard, in the recording's order."""
    query = (
        select(HeardWindow.ordinal, HeardWindow.lines)
        .join(Meeting, col(Meeting.id) == HeardWindow.meeting_id)
        .where(HeardWindow.job_id == job_id, Meeting.user_id == user_id, col(HeardWindow.lines) > 0)
        .order_by(col(HeardWindow.ordinal).desc())
        .limit(count)
    )
    wanted: list[int] = []
    lines = 0
    for ordinal, there in session.exec(query):
        if lines >= count:
            break
        wanted.append(ordinal)
        lines += there
    if not wanted:
        return []
    rows = session.exec(
        select(HeardWindow.segments)
        .where(HeardWindow.job_id == job_id, col(HeardWindow.ordinal).in_(wanted))
        .order_by(col(HeardWindow.ordinal))
    )
    return [segment for segments in rows for segment in segments][-count:]
