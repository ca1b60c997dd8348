"""What a transcription that is not whole yet has heard, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.phantoms import judge
from core.domain.speech_evidence import Segment
from core.store import heard_windows
from core.store.database import Database

_JUDGED = 3
"""So many times the lines that are shown are looked at: some may be hidden, and a line is judged by
those near it."""


@dataclass(frozen=True, slots=True)
class HeardSoFar:
    """The last lines of a transcript that is not whole: (second of the recording, text) each.
    Everything before the second `until` was heard."""

    until: float
    lines: tuple[tuple[float, str], ...]


def heard_so_far(database: Database, user_id: str, job_id: str, *, lines: int) -> HeardSoFar | None:
    """The last lines that a person's running transcription has heard, without those that nobody
    said; None before the first window is done."""
    with database.reading() as session:
        until = heard_windows.heard_until(session, user_id=user_id, job_id=job_id)
        if until is None:
            return None
        stored = heard_windows.last_segments(
            session, user_id=user_id, job_id=job_id, count=_JUDGED * lines
        )
    segments = [Segment.from_json(one) for one in stored]
    hidden = judge(segments)
    said = [one for place, one in enumerate(segments) if place not in hidden]
    return HeardSoFar(until, tuple((one.start, one.text) for one in said[-lines:]))
