"""Questions about a meeting, over many turns. Answers are made by tasks of the process's one event
loop and saved every half second; pages only follow the row, so a closed tab loses nothing.

A turn keeps the exact system prompt and user message it was answered with.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psutil

from core.engines.base import Extractor, LanguageModel, ModelAnswer
from core.engines.factory import Engines
from core.errors import EngineFailed, InvalidInput, MinutesError, NotFound
from core.services.calls import ModelCalls
from core.services.chat_context import ChatContext, ChatContexts
from core.services.jobs import stored_error
from core.services.learning import Learning
from core.services.meetings import Meetings
from core.store import threads
from core.store.database import Database
from core.store.tables import Meeting, Thread, Turn
from core.store.types import now

QUESTION_LIMIT = 8000
"""Characters a question may have."""
_SAVE_EVERY = 0.5
_BEAT_EVERY = 2.0
_DEAD_AFTER = timedelta(seconds=12)
_LIVE = ("queued", "running")
_ENDED = ("finished", "failed", "cancelled")

log = logging.getLogger(__name__)


@dataclass
class Chat:
    """A person's conversations."""

    database: Database
    meetings: Meetings
    engines: Engines
    calls: ModelCalls
    contexts: ChatContexts
    learning: Learning
    _tasks: dict[str, Future[None]] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def threads(self, user_id: str, meeting_id: str) -> list[Thread]:
        """A person's conversations about a meeting, newest first."""
        self.meetings.get(user_id, meeting_id)
        with self.database.reading() as session:
            return threads.threads(session, user_id=user_id, meeting_id=meeting_id)

    def turns(self, user_id: str, thread_id: str) -> list[Turn]:
        """The turns of a conversation; those whose process died are marked failed first."""
        thread = self._thread(user_id, thread_id)
        self.fail_interrupted()
        with self.database.reading() as session:
            return threads.turns(session, thread_id=thread.id)

    def turn(self, user_id: str, turn_id: str) -> Turn:
        """One turn; NotFound where it is not this person's."""
        with self.database.reading() as session:
            found = threads.turn(session, user_id=user_id, turn_id=turn_id)
        if found is None:
            raise NotFound("turn_missing", turn=turn_id[:40])
        return found

    def thread_of(self, user_id: str, turn_id: str) -> Thread:
        """The conversation that a turn belongs to; NotFound as `turn`."""
        return self._thread(user_id, self.turn(user_id, turn_id).thread_id)

    def ask(
        self,
        user_id: str,
        meeting_id: str,
        question: str,
        *,
        llm: str,
        thread_id: str | None = None,
    ) -> Turn:
        """Put a question and have it answered in the background; returns the queued turn.

        Without `thread_id` a new conversation begins. Raises NotFound, InvalidInput.
        """
        question = _checked_question(question)
        meeting = self.meetings.get(user_id, meeting_id)
        if not self.meetings.transcript(user_id, meeting_id).utterances:
            raise InvalidInput("not_transcribed", title=meeting.title)
        thread = self._thread(user_id, thread_id, meeting) if thread_id else None
        self.fail_interrupted()
        with self.database.writing() as session:
            if thread is None:
                thread = Thread(user_id=user_id, meeting_id=meeting.id)
                session.add(thread)
                session.flush()
            threads.hold(session, thread_id=thread.id)
            if any(turn.state in _LIVE for turn in threads.turns(session, thread_id=thread.id)):
                raise InvalidInput("turn_running")
            turn = Turn(
                thread_id=thread.id,
                number=threads.next_number(session, thread_id=thread.id),
                question=question,
                transcript_job=meeting.transcript_job,
                host=socket.gethostname(),
                process=os.getpid(),
            )
            session.add(turn)
        self._begin(user_id, turn, meeting, llm=llm)
        return turn

    def retry(self, user_id: str, turn_id: str, *, llm: str) -> Turn:
        """Answer a failed or stopped turn anew."""
        turn = self.turn(user_id, turn_id)
        thread = self._thread(user_id, turn.thread_id)
        meeting = self.meetings.get(user_id, thread.meeting_id)
        with self.database.writing() as session:
            changed = threads.update_turn(
                session,
                turn_id=turn.id,
                unless=(*_LIVE, "finished"),
                state="queued",
                answer="",
                citations=[],
                notices=[],
                error=None,
                transcript_job=meeting.transcript_job,
                beat_at=now(),
                host=socket.gethostname(),
                process=os.getpid(),
            )
        if not changed:
            raise InvalidInput("turn_not_failed")
        self._begin(user_id, turn, meeting, llm=llm)
        return self.turn(user_id, turn_id)

    def stop(self, user_id: str, turn_id: str) -> None:
        """Stop an answer; what has come is kept."""
        turn = self.turn(user_id, turn_id)
        self._update(turn.id, unless=_ENDED, state="cancelled")
        with self._lock:
            task = self._tasks.get(turn.id)
        if task:
            task.cancel()

    def stop_over(self, user_id: str, *, meeting_id: str | None = None) -> None:
        """Stop all answers of a person, or those over one meeting, also where they may not read it
        any more."""
        with self.database.writing() as session:
            turns = threads.live_turns(session, user_id=user_id, meeting_id=meeting_id)
            for turn in turns:
                threads.update_turn(session, turn_id=turn.id, unless=_ENDED, state="cancelled")
        with self._lock:
            tasks = [self._tasks[turn.id] for turn in turns if turn.id in self._tasks]
        for task in tasks:
            task.cancel()

    def wait(self, user_id: str, turn_id: str, *, timeout: float | None = None) -> Turn:
        """Wait until a turn that this process answers has ended."""
        with self._lock:
            task = self._tasks.get(turn_id)
        if task:
            with suppress(Exception):
                task.result(timeout=timeout)
        return self.turn(user_id, turn_id)

    def fail_interrupted(self) -> None:
        """Mark turns failed whose process has ended, which is known at once on its own host, or
        has shown no life for some seconds."""
        before, host = now() - _DEAD_AFTER, socket.gethostname()
        with self.database.reading() as session:
            makers = threads.makers(session, host=host)
            silent = threads.silent_turns(session, before=before)
        dead = [process for process in makers if not psutil.pid_exists(process)]
        if not dead and not silent:
            return
        error = stored_error(EngineFailed("turn_interrupted"))
        with self.database.writing() as session:
            threads.fail_turns_of(session, host=host, processes=dead, error=error)
            threads.fail_silent_turns(session, before=before, error=error)

    def _begin(self, user_id: str, turn: Turn, meeting: Meeting, *, llm: str) -> None:
        task = self.calls.loop.spawn(self._answer(user_id, turn, meeting, llm))
        with self._lock:
            self._tasks[turn.id] = task
        task.add_done_callback(lambda _: self._forget(turn.id))

    def _forget(self, turn_id: str) -> None:
        with self._lock:
            self._tasks.pop(turn_id, None)

    async def _answer(self, user_id: str, turn: Turn, meeting: Meeting, llm: str) -> None:
        beating = asyncio.create_task(self._keep_beating(turn.id))
        try:
            await self._try_to_answer(user_id, turn, meeting, llm)
            await asyncio.to_thread(self.learning.noticed_turn, user_id, turn)
        except asyncio.CancelledError:
            if not self.calls.loop.closing:  # else the next start says that it was interrupted
                await self._set(turn.id, unless=_ENDED, state="cancelled")
            raise
        except MinutesError as error:
            await self._set(turn.id, unless=_ENDED, state="failed", error=stored_error(error))
        except Exception:  # the task's edge: nobody above it would see what happened
            reference = turn.id[:8]
            log.exception("answering failed (reference %s)", reference)
            unexpected = stored_error(MinutesError("unexpected", reference=reference))
            await self._set(turn.id, unless=_ENDED, state="failed", error=unexpected)
        finally:
            beating.cancel()

    async def _try_to_answer(self, user_id: str, turn: Turn, meeting: Meeting, llm: str) -> None:
        engine, fallback = await asyncio.to_thread(self.engines.resolve, llm)
        made = await asyncio.to_thread(self.engines.writer, engine)
        notices: list[dict[str, Any]] = [_notice("no_model")] if fallback else []
        if isinstance(made, Extractor):
            quoted = await asyncio.to_thread(
                self.contexts.quote, meeting, turn.question, extractor=made
            )
            await self._set(
                turn.id,
                unless=_ENDED,
                state="finished",
                engine=engine,
                answer=quoted.text,
                citations=list(quoted.numbers),
                notices=notices,
            )
            return
        await self._set(turn.id, unless=_ENDED, state="running", engine=engine)
        await self.calls.ready(made, on_position=self._tell_place(turn.id))
        context = await asyncio.to_thread(self.contexts.build, user_id, meeting, turn, model=made)
        notices += context.notices
        await self._set(
            turn.id,
            unless=_ENDED,
            system=context.system,
            memory=context.memory,
            user_message=context.user_message,
            notices=notices,
        )
        answer = await self._stream(turn, made, context)
        await self._finish(turn, answer, context, notices)
        await asyncio.to_thread(self.contexts.remembering.used, user_id, context.memory)

    async def _stream(self, turn: Turn, model: LanguageModel, context: ChatContext) -> ModelAnswer:
        text = ""
        saved = time.monotonic()
        try:
            async with aclosing(
                self.calls.stream(model, context.request, on_position=self._tell_place(turn.id))
            ) as pieces:
                async for piece in pieces:
                    if isinstance(piece, ModelAnswer):
                        return piece
                    text += piece
                    if time.monotonic() - saved >= _SAVE_EVERY:
                        await self._set(turn.id, unless=_ENDED, answer=text, beat_at=now())
                        saved = time.monotonic()
        finally:
            # Whatever ends the stream, what has come is kept.
            await asyncio.shield(self._set(turn.id, unless=("finished",), answer=text))
        raise EngineFailed("answer_unfinished", model=model.name)

    async def _finish(
        self,
        turn: Turn,
        answer: ModelAnswer,
        context: ChatContext,
        notices: list[dict[str, Any]],
    ) -> None:
        checked, found = await asyncio.to_thread(context.checked, answer.text)
        await self._set(
            turn.id,
            unless=_ENDED,
            state="finished",
            answer=checked.text,
            citations=list(checked.numbers),
            notices=[*notices, *found],
            prompt_tokens=answer.prompt_tokens,
            answer_tokens=answer.answer_tokens,
        )

    def _tell_place(self, turn_id: str) -> Callable[[int], None]:
        """What keeps a turn's place in the queue before the model."""
        telling: list[asyncio.Future[None]] = []

        def tell(place: int) -> None:
            # Kept in a list, because the loop holds its tasks weakly.
            telling.append(asyncio.ensure_future(self._set(turn_id, unless=_ENDED, place=place)))

        return tell

    async def _keep_beating(self, turn_id: str) -> None:
        while True:
            await asyncio.sleep(_BEAT_EVERY)
            await self._set(turn_id, unless=_ENDED, beat_at=now())

    async def _set(self, turn_id: str, *, unless: tuple[str, ...], **values: Any) -> None:
        await asyncio.to_thread(self._update, turn_id, unless=unless, **values)

    def _update(self, turn_id: str, *, unless: tuple[str, ...], **values: Any) -> None:
        with self.database.writing() as session:
            threads.update_turn(session, turn_id=turn_id, unless=unless, **values)

    def _thread(self, user_id: str, thread_id: str, meeting: Meeting | None = None) -> Thread:
        with self.database.reading() as session:
            found = threads.thread(session, user_id=user_id, thread_id=thread_id)
        if found is None or (meeting is not None and found.meeting_id != meeting.id):
            raise NotFound("thread_missing", thread=thread_id[:40])
        return found


def _checked_question(question: str) -> str:
    cleaned = question.replace("\x00", "").strip()
    if not cleaned:
        raise InvalidInput("question_empty")
    if len(cleaned) > QUESTION_LIMIT:
        raise InvalidInput("question_too_long", length=len(cleaned), limit=QUESTION_LIMIT)
    return cleaned


def _notice(key: str, **facts: object) -> dict[str, Any]:
    return {"key": key, "facts": facts}
