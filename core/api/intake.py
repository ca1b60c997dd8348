"""A file becomes a meeting with work under way: the one way in for uploads, pastes and samples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.app import App
from core.services.recordings import About

SPOKEN = ("ko", "en")
"""Languages that can be named outright; otherwise the sound tells."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of a file. `job_id` is None where nothing was left to do."""

    meeting_id: str
    job_id: str | None
    new: bool


def take_in(
    app: App, user_id: str, *, source: Path, name: str, about: About, language: str | None
) -> TakenIn:
    """Keep a file and have it transcribed and its minutes written. Raises InvalidInput.

    The same file again is the same meeting: without a language of its own it changes nothing.
    """
    meeting, new = app.recordings.keep(user_id, source=source, name=name, about=about)
    spoken = language if language in SPOKEN else None
    if meeting.transcript_job and spoken is None:
        return TakenIn(meeting.id, None, new)
    job = app.jobs.transcribe(
        meeting,
        language=spoken,
        whisper_model=app.people.choice(user_id, name="whisper_model"),
        then=app.wanted(user_id),
    )
    return TakenIn(meeting.id, job.id, new)
