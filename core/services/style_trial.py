"""Trying a style on minutes that are there: the summary is written anew from their items, as the
next minutes would be, and nothing of it is kept. No part of the meeting is read again.

It goes on in this server process whatever page is open, one a person at a time, and ends with the
process.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from core.domain.minutes import Minutes
from core.engines.base import (
    CheckCancelled,
    Extractor,
    LanguageModel,
    ModelAnswer,
    ModelRequest,
    engine_name,
)
from core.engines.factory import AUTO, Engines
from core.errors import EngineFailed, EngineUnavailable, InvalidInput, NotFound
from core.services.aside import aside
from core.services.calls import ModelCalls
from core.services.meetings import Meetings
from core.services.minutes import MinutesService
from core.services.minutes_plan import material_of
from core.services.model_tasks import ModelTask, ModelTasks, new_key
from core.services.model_writer import ModelWriter
from core.services.people import People
from core.services.remembering import Remembering, words_of
from core.services.style_size import StyleSize, size_of
from core.services.styles import checked_text
from core.services.writers import Voice
from core.store import style_trials
from core.store.database import Database
from core.store.readings import StoredReadings
from core.store.tables import Meeting

WAITING, LOADING, WRITING = "waiting", "loading", "writing"
LIVE = (WAITING, LOADING, WRITING)
_OFFERED = 50
"""Meetings to choose from."""


@dataclass(frozen=True, slots=True)
class StyleTrial(ModelTask):
    """A try that runs or has ended; `model` is the id of whose it is. `text` is the style.

    `place` counts the calls that are before it, `written` the characters that have come. `before`
    are the minutes as they are, `after` the same with the summary and system prompt of the try;
    they have a version number like `before` and are nowhere else.
    """

    text: str = ""
    title: str = ""
    place: int = 0
    written: int = 0
    before: Minutes | None = None
    after: Minutes | None = None
    engine: str = ""


@dataclass(frozen=True)
class StyleTrials:
    """The last try of each person since this server process began."""

    database: Database
    meetings: Meetings
    minutes: MinutesService
    people: People
    engines: Engines
    calls: ModelCalls
    remembering: Remembering
    _tasks: ModelTasks[StyleTrial] = field(init=False)

    def __post_init__(self) -> None:
        """The tasks run on the loop of the calls."""
        object.__setattr__(self, "_tasks", ModelTasks[StyleTrial](self.calls.loop))

    def of(self, user_id: str) -> StyleTrial | None:
        """A person's last try; one on a meeting that they may no longer read is forgotten."""
        trial = self._tasks.of(user_id)
        if trial and trial.before:
            try:
                self.meetings.get(user_id, trial.before.meeting_id)
            except NotFound:
                self.forget(user_id)
                return None
        return trial

    def meetings_to_try(self, user_id: str) -> list[Meeting]:
        """The meetings whose minutes a style can be tried on, the last written first."""
        with self.database.reading() as session:
            return style_trials.meetings_with_minutes(session, user_id=user_id, limit=_OFFERED)

    def size(self, user_id: str, *, text: str) -> StyleSize | None:
        """How much of the window of the person's model a style takes; None where no model writes.
        It asks which models there are, and no model itself. EngineUnavailable, ConfigError."""
        engine, _ = self.engines.resolve(self.people.choice(user_id, name="llm") or AUTO)
        model = self.engines.writer(engine)
        return None if isinstance(model, Extractor) else size_of(text, model)

    def start(self, user_id: str, *, text: str, meeting_id: str | None = None) -> StyleTrial:
        """Begin a try of `text` on the newest minutes of a meeting, else of the one that has been
        written last. The same try, while it runs, is left alone.

        InvalidInput("style_too_long", "trial_style_empty", "trial_without_minutes",
        "trial_running") for another that runs, NotFound for a meeting that is not theirs. What
        else goes wrong is the try's error.
        """
        style = checked_text(text)
        if not style:
            raise InvalidInput("trial_style_empty")
        meeting = self._chosen(user_id, meeting_id)
        before = self.minutes.newest(user_id, meeting.id)
        if before is None:
            raise InvalidInput("trial_without_minutes")
        wanted = StyleTrial(
            key=new_key(),
            model=user_id,
            state=WAITING,
            text=style,
            title=meeting.title,
            before=before,
        )
        begun = self._tasks.start(user_id, begin=lambda _: wanted, work=self._run)
        other = begun.before is None or begun.before.minutes_id != before.minutes_id
        if begun.key != wanted.key and (begun.text != style or other):
            raise InvalidInput("trial_running")
        return begun

    def cancel(self, user_id: str) -> None:
        """Stop a person's try at once; the model is free."""
        self._tasks.cancel(user_id)

    def forget(self, user_id: str) -> None:
        """Take an ended try out of view."""
        self._tasks.forget(user_id)

    def _chosen(self, user_id: str, meeting_id: str | None) -> Meeting:
        if meeting_id is not None:
            return self.meetings.get(user_id, meeting_id)
        found = self.meetings_to_try(user_id)
        if not found:
            raise InvalidInput("trial_without_minutes")
        return found[0]

    async def _run(self, begun: StyleTrial) -> None:
        after, engine = await aside(lambda check: self._written(begun, check))
        self._tasks.set(begun, after=after, engine=engine)

    def _written(self, begun: StyleTrial, check: CheckCancelled) -> tuple[Minutes, str]:
        """The minutes with another summary, and by which engine."""
        user_id, before = begun.model, begun.before
        assert before is not None, "start"
        if before.stale:
            raise InvalidInput("trial_stale", title=begun.title)
        engine, _ = self.engines.resolve(self.people.choice(user_id, name="llm") or AUTO)
        model = self.engines.writer(engine)
        if isinstance(model, Extractor):
            raise EngineUnavailable("trial_without_model")
        meeting = self.meetings.get(user_id, before.meeting_id)
        transcript = self.meetings.transcript(user_id, meeting.id)
        calls = self._calls(begun)
        calls.prepare(model, check=check)  # its context window says how much memory has room
        words = words_of(transcript, meeting.title)
        remembered = self.remembering.of(user_id, model=model, words=words)
        writer = ModelWriter(
            model=model,
            calls=calls,
            readings=StoredReadings(database=self.database, meeting_id=meeting.id),
            extractor=self.engines.extractor(),
        )
        summary = writer.summarise(
            material_of(meeting, transcript, language=before.language),
            before.draft.items,
            voice=Voice(begun.text, before.template, remembered),
            check=check,
        )
        if not summary.text:
            raise InvalidInput("trial_nothing_verified", title=begun.title)
        draft = replace(
            before.draft,
            summary=summary.text,
            system=summary.system,
            notices=summary.notices,
            engine=engine,
        )
        return replace(before, draft=draft), engine

    def _calls(self, begun: StyleTrial) -> ModelCalls:
        """Calls that say on the try how they stand."""
        written = 0

        def tell_place(place: int, state: str) -> None:
            self._tasks.set(begun, place=place, state=WAITING if place else state)

        def tell_piece(length: int) -> None:
            nonlocal written
            written += length
            self._tasks.set(begun, written=written)

        return _Awaited(self.calls.gate, self.calls.loop, tell_place, tell_piece)


@dataclass(frozen=True)
class _Awaited(ModelCalls):
    """Calls that somebody at a page waits for: they take a chat's place in the queue."""

    tell_place: Callable[[int, str], None]
    tell_piece: Callable[[int], None]

    def complete(
        self,
        model: LanguageModel,
        request: ModelRequest,
        *,
        check: CheckCancelled,
        heard: Callable[[int], None] | None = None,
    ) -> ModelAnswer:
        """A whole answer; `heard` is not asked for here."""
        del heard
        return self.loop.run(self._whole(model, request), check=check)

    def prepare(self, model: LanguageModel, *, check: CheckCancelled) -> None:
        """Load the model."""

        def tell(place: int) -> None:
            self.tell_place(place, LOADING)

        self.loop.run(self.ready(model, on_position=tell), check=check)

    async def _whole(self, model: LanguageModel, request: ModelRequest) -> ModelAnswer:
        def tell(place: int) -> None:
            self.tell_place(place, WRITING)

        async with aclosing(self.stream(model, request, on_position=tell)) as pieces:
            async for piece in pieces:
                if isinstance(piece, ModelAnswer):
                    return piece
                self.tell_piece(len(piece))
        raise EngineFailed("answer_unfinished", model=engine_name(model.name))
