"""A file becomes a meeting with work under way: the one way in for uploads, pastes and samples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.domain.templates import Template
from core.engines.factory import AUTO
from core.services.jobs import Jobs
from core.services.people import People
from core.services.recordings import About, Recordings
from core.services.styles import Styles
from core.services.templates import Templates
from core.services.wanted import MEETINGS_OWN, NO_STYLE, WritingWanted
from core.store.tables import Meeting

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
    styles: Styles

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
        return TakenIn(meeting.id, self._begun(meeting, language), new)

    def know_again(
        self, user_id: str, meeting_id: str, *, about: About, language: str | None
    ) -> TakenIn:
        """The same for a file that need not be sent, because its meeting is here. NotFound where it
        is not this person's."""
        meeting = self.recordings.describe(user_id, meeting_id, about=about)
        return TakenIn(meeting.id, self._begun(meeting, language), new=False)

    def _begun(self, meeting: Meeting, language: str | None) -> str | None:
        """The job that transcribes a meeting, None where there is nothing to do."""
        spoken = language if language in SPOKEN else None
        if meeting.transcript_job and spoken is None:
            return None
        job = self.jobs.transcribe(
            meeting,
            language=spoken,
            whisper_model=self.people.choice(meeting.user_id, name="whisper_model"),
            then=self.wanted(meeting.user_id),
        )
        return job.id

    def wanted(
        self,
        user_id: str,
        *,
        llm: str | None = None,
        template: Template | None = None,
        language: str | None = None,
        style: str | None = None,
    ) -> WritingWanted:
        """How this person wants minutes written now: engine, style (the id of one of theirs, or
        NO_STYLE), kind of minutes and language (MEETINGS_OWN, "ko" or "en"), each as they chose it
        unless given here. NotFound for a style that is not theirs."""
        text = None if style == NO_STYLE else self.styles.in_force(user_id, style)
        language = language or self.people.choice(user_id, name="minutes_language")
        return WritingWanted(
            llm=llm or self.people.choice(user_id, name="llm") or AUTO,
            style_version=text.version if text else None,
            template=template or self.templates.default(user_id, language=language or "en"),
            language=None if language == MEETINGS_OWN else language,
            correct=self.people.choice(user_id, name="correct") is not None,
        )
