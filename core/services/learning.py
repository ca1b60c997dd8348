"""Learning with consent: what a person changes or says may become a proposal, never more.

Misheard names are found by code at once. What needs a model is a lesson (services.learning_work).
Nothing here may fail what it learns from: an edit that was made stays made.
"""

from __future__ import annotations

import logging
from asyncio import to_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from core.domain.learning_cues import Cue, Told
from core.domain.learning_sentences import in_own_words
from core.domain.transcript import language_of
from core.engines.base import Extractor
from core.engines.factory import AUTO, EXTRACTIVE, Engines
from core.errors import EngineFailed, InvalidInput, MinutesError, NotFound
from core.services.calls import ModelCalls
from core.services.learning_edits import MINUTES, EditLessons
from core.services.learning_model import BAD_WORDING, Wording
from core.services.learning_proposals import Proposals
from core.services.learning_turns import TurnLessons
from core.services.learning_work import LessonWork
from core.services.memory import Memory
from core.services.people import People
from core.store import lessons as store
from core.store import meetings
from core.store.database import Database
from core.store.memory_rows import Lesson
from core.store.tables import Turn
from core.store.types import now

_SETTLED = timedelta(seconds=60)
"""Edits of one thing that follow each other so soon are one lesson: the last counts."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Learning:
    """Proposes to people what their edits and words show. `settled` is how long edits of one thing
    are waited for."""

    database: Database
    memory: Memory
    people: People
    engines: Engines
    calls: ModelCalls
    settled: timedelta = _SETTLED
    now: Callable[[], datetime] = field(default=now)
    _work: LessonWork = field(init=False)

    def __post_init__(self) -> None:
        """The work goes on on the loop of the calls."""
        work = LessonWork(
            database=self.database,
            loop=self.calls.loop,
            learn=self._learn,
            is_due=self._is_due,
            failed=self._turns.say_failed,
        )
        object.__setattr__(self, "_work", work)

    def noticed_text_change(self, user_id: str, meeting_id: str, *, number: int) -> None:
        """A person gave utterance `number` another text, or brought one back."""
        with _harmless():
            if self._may_read(user_id, meeting_id):
                self._edits.of_text(user_id, meeting_id, number=number)

    def noticed_undoing(self, user_id: str, meeting_id: str) -> None:
        """Changes of a transcript were taken back."""
        with _harmless():
            if self._may_read(user_id, meeting_id):
                self._edits.undone(user_id, meeting_id)

    def noticed_minutes_edit(
        self, user_id: str, meeting_id: str, *, before: str, after: str, what: str
    ) -> None:
        """A person changed a piece of minutes; `what` names it, the same piece by the same name."""
        with _harmless():
            if not self._may_read(user_id, meeting_id):
                return
            self._edits.of_minutes(user_id, meeting_id, before=before, after=after, what=what)
            if self._llm(user_id) == EXTRACTIVE:
                return  # nobody could word it
            self._queue_minutes(user_id, meeting_id, before=before, after=after, what=what)
            self._work.begin(user_id)

    def noticed_minutes_undone(
        self, user_id: str, meeting_id: str, *, after: str, what: str
    ) -> None:
        """A person brought back what stood in a piece of minutes before."""
        with _harmless():
            if self._may_read(user_id, meeting_id):
                self._edits.minutes_undone(user_id, meeting_id, after=after, what=what)
                self._queue_minutes(user_id, meeting_id, before=None, after=after, what=what)

    def nothing_but(self, turn: Turn) -> Told | None:
        """What a turn asks to keep, where it asks for nothing else: such a turn needs no answer."""
        return self._turns.nothing_but(turn)

    def propose_at_once(self, user_id: str, turn: Turn, told: Told) -> str:
        """Propose what such a turn asks to keep, without a model; the sentence that says so.
        NotFound("turn_missing") for a turn of somebody else."""
        return self._turns.propose_at_once(user_id, turn, told)

    def noticed_turn(self, user_id: str, turn: Turn) -> None:
        """A person's message in a chat was answered."""
        with _harmless():
            found = self._turns.told_in(user_id, turn)
            if found is None:
                return
            mine, told = found
            if mine.engine == EXTRACTIVE:
                self._turns.without_model(user_id, mine, told)
                return
            self._turns.queue(user_id, mine, told, at=self.now())
            self._work.begin(user_id)

    def lessons(self, user_id: str) -> list[Lesson]:
        """A person's lessons, newest first."""
        with self.database.reading() as session:
            return store.lessons(session, user_id=user_id)

    def retry(self, user_id: str, lesson_id: str) -> None:
        """Have a failed lesson done again. NotFound("lesson_missing"), InvalidInput
        ("lesson_not_failed")."""
        with self.database.writing() as session:
            if store.lesson(session, user_id=user_id, lesson_id=lesson_id) is None:
                raise NotFound("lesson_missing", lesson=lesson_id[:40])
            at = self.now() - self.settled  # nothing is left to wait for
            if not store.queue_again(session, lesson_id=lesson_id, at=at):
                raise InvalidInput("lesson_not_failed")
        self._work.begin(user_id)

    def dismiss(self, user_id: str, lesson_id: str) -> None:
        """Say no more of a failed lesson. Raises as `retry`; twice is once."""
        with self.database.writing() as session:
            if store.lesson(session, user_id=user_id, lesson_id=lesson_id) is None:
                raise NotFound("lesson_missing", lesson=lesson_id[:40])
            if not store.dismiss(session, lesson_id=lesson_id):
                raise InvalidInput("lesson_not_failed")

    def take_up(self) -> None:
        """Go on with lessons whose process ended, and with those that nobody works on."""
        self._work.take_up()

    def wait(self, user_id: str, *, timeout: float | None = None) -> None:
        """Wait until this process has worked off a person's lessons."""
        self._work.wait(user_id, timeout=timeout)

    @property
    def _proposals(self) -> Proposals:
        return Proposals(self.memory)

    @property
    def _edits(self) -> EditLessons:
        return EditLessons(self.database, self._proposals)

    @property
    def _turns(self) -> TurnLessons:
        return TurnLessons(self.database, self._proposals, self._edits)

    def _may_read(self, user_id: str, meeting_id: str) -> bool:
        with self.database.reading() as session:
            return bool(meetings.meeting(session, user_id=user_id, meeting_id=meeting_id))

    def _llm(self, user_id: str) -> str:
        return self.people.choice(user_id, name="llm") or AUTO

    def _is_due(self, lesson: Lesson) -> bool:
        return lesson.way != MINUTES or self.now() - lesson.created_at >= self.settled

    def _queue_minutes(
        self, user_id: str, meeting_id: str, *, before: str | None, after: str, what: str
    ) -> None:
        """A lesson, or the last word in the one that waits; without `before` only that."""
        key = f"minutes:{meeting_id}:{what}"
        with self.database.writing() as session:
            known = store.open_lesson(session, user_id=user_id, key=key)
            if known is None and before is None:
                return
            if known is None:
                known = Lesson(user_id=user_id, meeting_id=meeting_id, way=MINUTES, key=key)
            first = known.material.get("before", before)
            known.material = {"before": first, "after": after, "what": what}
            known.created_at = self.now()
            session.add(known)
            session.flush()
            if first == after:  # all of it was taken back
                session.delete(known)

    async def _learn(self, lesson: Lesson) -> int:
        """Do one lesson; how many proposals came of it."""
        material: dict[str, Any] = lesson.material
        llm = str(material.get("llm") or await to_thread(self._llm, lesson.user_id))
        engine, _ = await to_thread(self.engines.resolve, llm)
        model = await to_thread(self.engines.writer, engine)
        if isinstance(model, Extractor):
            return 0
        wording = Wording(self.calls, model)
        if lesson.way == MINUTES:
            return await self._of_minutes(lesson, wording)
        asked = material["cue"] == Cue.REMEMBER.value
        try:
            worded = await wording.of_message(material["said"])
        except EngineFailed as error:
            if not asked or error.code != BAD_WORDING:
                raise
            worded = None  # nothing of it is kept, and what was asked for needs no other wording
        if worded is None and asked:
            worded = in_own_words(material["said"])
        said = partial(self._turns.propose, lesson.user_id, material["turn"], worded, asked=asked)
        return await to_thread(said)

    async def _of_minutes(self, lesson: Lesson, wording: Wording) -> int:
        before, after = lesson.material["before"], lesson.material["after"]
        meeting_id = lesson.meeting_id or ""
        names = await to_thread(self._edits.speakers, meeting_id)
        chosen = await to_thread(partial(self.people.choice, lesson.user_id, name="language"))
        worded = await wording.of_minutes(
            before, after, language=chosen or language_of(after), names=names
        )
        if worded is None:
            return 0
        source = {"way": MINUTES, "meeting_id": meeting_id, "what": lesson.material["what"]}
        propose = partial(
            self._proposals.propose,
            lesson.user_id,
            kind=worded.kind,
            text=worded.text,
            source=source,
        )
        return int(await to_thread(propose) is not None)


@contextmanager
def _harmless() -> Iterator[None]:
    """What a person did stays done, whatever becomes of learning from it."""
    try:
        yield
    except MinutesError as error:
        log.warning("nothing was learned: %s", error)
