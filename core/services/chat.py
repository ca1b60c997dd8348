"""Questions about a meeting, over many turns. Answers are made by tasks of the process's one event
loop (services.chat_answering); pages only follow the row, so a closed tab loses nothing.
"""

from __future__ import annotations

import os
import socket
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psutil

from core.engines.factory import Engines
from core.errors import EngineFailed, InvalidInput, NotFound
from core.services.calls import ModelCalls
from core.services.chat_answering import ENDED, Answering
from core.services.chat_context import ChatContexts
from core.services.jobs import stored_error
from core.services.learning import Learning
from core.services.meetings import Meetings
from core.store import threads
from core.store.database import Database
from core.store.tables import Meeting, Thread, Turn
from core.store.types import now

QUESTION_LIMIT = 8000
"""Characters a question may have."""
_DEAD_AFTER = timedelta(seconds=12)
_LIVE = ("queued", "running")


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
        self._update(turn.id, unless=ENDED, state="cancelled")
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
                threads.update_turn(session, turn_id=turn.id, unless=ENDED, state="cancelled")
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
        task = self.calls.loop.spawn(self._answering.answer(user_id, turn, meeting, llm))
        with self._lock:
            self._tasks[turn.id] = task
        task.add_done_callback(lambda _: self._forget(turn.id))

    def _forget(self, turn_id: str) -> None:
        with self._lock:
            self._tasks.pop(turn_id, None)

    def _update(self, turn_id: str, *, unless: tuple[str, ...], **values: Any) -> None:
        with self.database.writing() as session:
            threads.update_turn(session, turn_id=turn_id, unless=unless, **values)

    @property
    def _answering(self) -> Answering:
        return Answering(
            database=self.database,
            engines=self.engines,
            calls=self.calls,
            contexts=self.contexts,
            learning=self.learning,
        )

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
