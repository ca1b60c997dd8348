"""The person: gives files, waits, presses Retry where work failed, asks for minutes once more, and
asks questions. All through the services that the pages call."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from core.errors import MinutesError
from core.services.jobs import ENDED, error_of
from core.services.recordings import About
from core.services.wanted import WritingWanted
from core.store.tables import Meeting, Turn
from soak.house import House
from soak.inputs import WHISPER, Input, copy_of
from soak.processes import ENGINE

_QUESTIONS = (
    "무엇을 결정했나요?",
    "누가 무엇을 언제까지 하기로 했나요?",
    "What was decided about the release?",
    "Who takes care of the budget?",
)
_LOOK_EVERY = 0.5
MOST_RETRIES = 40
"""Of one job: one that fails so often never ends."""


@dataclass
class Given:
    """A copy of an input, and the meeting that it became."""

    source: Input
    meeting: Meeting
    written: int = 1
    """How many times minutes were asked for."""
    done: bool = False


@dataclass
class Person:
    """Gives copies of `inputs`. `retried` counts the codes of what had failed."""

    house: House
    inputs: list[Input]
    draw: random.Random
    given: list[Given] = field(default_factory=list)
    retried: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    _retries: Counter[str] = field(default_factory=Counter)
    _looked: float = 0.0
    _numbers: Iterator[int] = field(default_factory=count)

    def give(self, source: Input) -> Given:
        """Give the next copy of a file, and have minutes of it."""
        app, user = self.house.app, self.house.app.people.local_person()
        folder = self.house.folder / "given"
        folder.mkdir(exist_ok=True)
        copy = copy_of(source, next(self._numbers), folder)
        about = About(
            title=source.name,
            held_at=datetime(2026, 11, 23, 1, tzinfo=UTC),
            time_zone="Asia/Seoul",
        )
        meeting, new = app.recordings.keep(user.id, source=copy, name=source.path.name, about=about)
        assert new, f"{copy} was given before"
        wanted = WritingWanted(llm=ENGINE, style_version=None, correct=source.correct)
        app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER, then=wanted)
        self.given.append(Given(source, meeting))
        return self.given[-1]

    def give_for(self, stage: str) -> None:
        """Have some job of a stage, unless one waits or runs."""
        if any(job.stage == stage for job in self._live()):
            return
        fit = [
            one
            for one in self.inputs
            if (stage == "transcribe" and one.is_sound)
            or (stage == "correct" and one.correct and not one.is_sound)
            or (stage == "minutes" and not one.correct and not one.is_sound)
        ]
        self.give(self.draw.choice(fit or self.inputs))

    def look(self) -> bool:
        """Look at what was given, twice a second at most: press Retry, ask for what is still
        wanted. Tells whether all of it is done."""
        if time.monotonic() - self._looked > _LOOK_EVERY:
            self._looked = time.monotonic()
            for given in self.given:
                given.done = given.done or self._is_done(given)
        return all(given.done for given in self.given)

    def _is_done(self, given: Given) -> bool:
        app, meeting = self.house.app, given.meeting
        jobs = app.jobs.of_meeting(meeting.user_id, meeting.id)
        for job in jobs:
            if job.state in ("failed", "cancelled"):
                self._retry(job.user_id, job.id, (job.error or {}).get("code", job.state))
        return all(job.state == "finished" for job in jobs) and self._written(given)

    def ask(self) -> None:
        """Put a question about a meeting that has a transcript, in a process of its own."""
        fit = [one for one in self.given if self._has_transcript(one)]
        if fit:
            meeting = self.draw.choice(fit[-12:]).meeting
            self.house.ask(meeting.id, self.draw.choice(_QUESTIONS))
            self.asked += 1

    def turns(self) -> list[Turn]:
        """Every question that was put, with what became of it."""
        app = self.house.app
        return [
            turn
            for one in self.given
            for thread in app.chat.threads(one.meeting.user_id, one.meeting.id)
            for turn in app.chat.turns(one.meeting.user_id, thread.id)
        ]

    def _written(self, given: Given) -> bool:
        app, meeting = self.house.app, given.meeting
        versions = app.minutes.versions(meeting.user_id, meeting.id)
        if len(versions) < given.written:
            return False
        if given.written == given.source.versions:
            return True
        given.written += 1
        meeting = app.meetings.get(meeting.user_id, meeting.id)
        app.jobs.write(meeting, wanted=WritingWanted(llm=ENGINE, style_version=None))
        return False

    def _retry(self, user_id: str, job_id: str, code: str) -> None:
        self.retried[code] += 1
        self._retries[job_id] += 1
        if self._retries[job_id] > MOST_RETRIES:
            job = self.house.app.jobs.get(user_id, job_id)
            raise AssertionError(f"{job.stage} {job_id} fails for ever: {error_of(job.error)}")
        try:
            self.house.app.jobs.retry(user_id, job_id)
        except MinutesError as error:  # said to the person, who looks again
            self.retried[f"refused: {error.code}"] += 1

    def _has_transcript(self, given: Given) -> bool:
        app, meeting = self.house.app, given.meeting
        return app.meetings.get(meeting.user_id, meeting.id).transcript_job is not None

    def _live(self) -> list:  # type: ignore[type-arg]
        user = self.house.app.people.local_person()
        return [job for job in self.house.app.jobs.live(user.id) if job.state not in ENDED]
