"""Whether a person may do something with a meeting, and the sentence where they may not."""

from __future__ import annotations

from sqlmodel import Session

from core.errors import InvalidInput, MinutesError, NotFound
from core.store import meetings
from core.store.shares import May
from core.store.tables import Meeting


def permitted(session: Session, *, user_id: str, meeting_id: str, may: May) -> Meeting:
    """A meeting with which this person may do so much. NotFound where they may not even read it,
    as if it were not there; InvalidInput("meeting_read_only") or ("meeting_of_another") where they
    may read it and not more."""
    found = meetings.meeting(session, user_id=user_id, meeting_id=meeting_id, may=may)
    if found is None:
        raise refusal(session, user_id=user_id, meeting_id=meeting_id, may=may)
    return found


def refusal(session: Session, *, user_id: str, meeting_id: str, may: May) -> MinutesError:
    """Why this person may not do so much with a meeting."""
    if may != "read":
        readable = meetings.meeting(session, user_id=user_id, meeting_id=meeting_id)
        if readable is not None:
            code = "meeting_read_only" if may == "edit" else "meeting_of_another"
            return InvalidInput(code, title=readable.title)
    return NotFound("meeting_missing", meeting=meeting_id[:40])
