"""A file becomes a meeting with work under way: the one way in for uploads, pastes and samples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.domain.templates import Template
from core.engines.factory import AUTO
from core.services.jobs import Jobs
from core.services.people import People
from core.services.recordings import About, Recordings
from core.services.templates import Templates
from core.services.wanted import MEETINGS_OWN, WritingWanted

SPOKEN = ("ko", "en")
"""Languages that can be named outright; otherwise the sound tells."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of a file. `job_id` is None where nothing was left to do."""

    meeting_id: str
    job_id: str | None
    new: bool


@dataclass(frozen=True)
class Intake:
    """Keeps files and asks for what follows."""

    recordings: Recordings
    jobs: Jobs
    people: People
    templates: Templates

    def take_in(
        self,
        user_id: str,
        *,
        source: Path,
        name: str,
        about: About,
        language: str | None,
        ours: bool = False,
    ) -> TakenIn:
        """Keep a file and have it transcribed and its minutes written. Raises InvalidInput.

        The same file again is the same meeting: without a language of its own it changes nothing.
        `ours`: as Recordings.keep has it.
        """
        meeting, new = self.recordings.keep(
            user_id, source=source, name=name, about=about, ours=ours
        )
        spoken = language if language in SPOKEN else None
        if meeting.transcript_job and spoken is None:
            return TakenIn(meeting.id, None, new)
        job = self.jobs.transcribe(
            meeting,
            language=spoken,
            whisper_model=self.people.choice(user_id, name="whisper_model"),
            then=self.wanted(user_id),
        )
        return TakenIn(meeting.id, job.id, new)

    def wanted(
        self,
        user_id: str,
        *,
        llm: str | None = None,
        template: Template | None = None,
        language: str | None = None,
    ) -> WritingWanted:
        """How this person wants minutes written now: engine, style version, kind of minutes and
        language (MEETINGS_OWN, "ko" or "en"), each as they chose it unless given here."""
        style = self.people.style(user_id)
        language = language or self.people.choice(user_id, name="minutes_language")
        return WritingWanted(
            llm=llm or self.people.choice(user_id, name="llm") or AUTO,
            style_version=style.version if style else None,
            template=template or self.templates.default(user_id, language=language or "en"),
            language=None if language == MEETINGS_OWN else language,
            correct=self.people.choice(user_id, name="correct") is not None,
        )
