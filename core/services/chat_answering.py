"""Making one answer: a task of the process's one event loop, saved every half second.

A turn keeps the exact system prompt and user message it was answered with. A message that only asks
to have something remembered needs no model: it is confirmed, and proposed for consent.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from core.domain.learning_cues import Told
from core.engines.base import Extractor, LanguageModel, ModelAnswer, engine_name
from core.engines.factory import Engines
from core.errors import EngineFailed, MinutesError
from core.services.calls import ModelCalls
from core.services.chat_context import ChatContext, ChatContexts
from core.services.jobs import stored_error
from core.services.learning import Learning
from core.store import threads
from core.store.database import Database
from core.store.tables import Meeting, Turn
from core.store.types import now

_SAVE_EVERY = 0.5
_BEAT_EVERY = 2.0
ENDED = ("finished", "failed", "cancelled")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answering:
    """Answers turns."""

    database: Database
    engines: Engines
    calls: ModelCalls
    contexts: ChatContexts
    learning: Learning

    async def answer(self, user_id: str, turn: Turn, meeting: Meeting, llm: str) -> None:
        """Answer a queued turn; its row says how that ended."""
        beating = asyncio.create_task(self._keep_beating(turn.id))
        try:
            told = await asyncio.to_thread(self.learning.nothing_but, turn)
            if told:
                await self._confirm(user_id, turn, told)
            else:
                await self._try_to_answer(user_id, turn, meeting, llm)
                await asyncio.to_thread(self.learning.noticed_turn, user_id, turn)
        except asyncio.CancelledError:
            if not self.calls.loop.closing:  # else the next start says that it was interrupted
                await self._set(turn.id, unless=ENDED, state="cancelled")
            raise
        except MinutesError as error:
            await self._set(turn.id, unless=ENDED, state="failed", error=stored_error(error))
        except Exception:  # the task's edge: nobody above it would see what happened
            reference = turn.id[:8]
            log.exception("answering failed (reference %s)", reference)
            unexpected = stored_error(MinutesError("unexpected", reference=reference))
            await self._set(turn.id, unless=ENDED, state="failed", error=unexpected)
        finally:
            beating.cancel()

    async def _confirm(self, user_id: str, turn: Turn, told: Told) -> None:
        """Who only asks to have something kept is asked for their consent at once; no model has
        to answer that."""
        propose = self.learning.propose_at_once
        answer = await asyncio.to_thread(propose, user_id, turn, told)
        await self._set(turn.id, unless=ENDED, state="finished", answer=answer)

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
                unless=ENDED,
                state="finished",
                engine=engine,
                answer=quoted.text,
                citations=list(quoted.numbers),
                notices=notices,
            )
            return
        await self._set(turn.id, unless=ENDED, state="running", engine=engine)
        await self.calls.ready(made, on_position=self._tell_place(turn.id))
        context = await asyncio.to_thread(self.contexts.build, user_id, meeting, turn, model=made)
        notices += context.notices
        await self._set(
            turn.id,
            unless=ENDED,
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
                        await self._set(turn.id, unless=ENDED, answer=text, beat_at=now())
                        saved = time.monotonic()
        finally:
            # Whatever ends the stream, what has come is kept.
            await asyncio.shield(self._set(turn.id, unless=("finished",), answer=text))
        raise EngineFailed("answer_unfinished", model=engine_name(model.name))

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
            unless=ENDED,
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
            telling.append(asyncio.ensure_future(self._set(turn_id, unless=ENDED, place=place)))

        return tell

    async def _keep_beating(self, turn_id: str) -> None:
        while True:
            await asyncio.sleep(_BEAT_EVERY)
            await self._set(turn_id, unless=ENDED, beat_at=now())

    async def _set(self, turn_id: str, *, unless: tuple[str, ...], **values: Any) -> None:
        await asyncio.to_thread(self._update, turn_id, unless=unless, **values)

    def _update(self, turn_id: str, *, unless: tuple[str, ...], **values: Any) -> None:
        with self.database.writing() as session:
            threads.update_turn(session, turn_id=turn_id, unless=unless, **values)


def _notice(key: str, **facts: object) -> dict[str, Any]:
    return {"key": key, "facts": facts}
