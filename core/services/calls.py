"""Calls to a language model: through the gate, on the one loop, cancelled when asked.

Both ways in hold a lease only for the one call, so that a chat waits for at most the running one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from core.engines.base import CheckCancelled, LanguageModel, ModelAnswer, ModelRequest, engine_name
from core.engines.model_loop import ModelLoop
from core.errors import EngineFailed
from core.services.gate import Gate, Priority


@dataclass(frozen=True)
class ModelCalls:
    """What services use instead of calling a model themselves."""

    gate: Gate
    loop: ModelLoop

    def complete(
        self,
        model: LanguageModel,
        request: ModelRequest,
        *,
        check: CheckCancelled,
        heard: Callable[[int], None] | None = None,
    ) -> ModelAnswer:
        """A whole answer for a job; `check` is asked several times a second and may raise.
        `heard` is told, on the loop, how many characters have come: it must not wait."""
        return self.loop.run(self._complete(model, request, heard), check=check)

    def prepare(self, model: LanguageModel, *, check: CheckCancelled) -> None:
        """Load the model, so that its real context window is known before work is planned."""
        self.loop.run(self._prepare(model), check=check)

    async def stream(
        self,
        model: LanguageModel,
        request: ModelRequest,
        *,
        on_position: Callable[[int], None] | None = None,
    ) -> AsyncGenerator[str | ModelAnswer, None]:
        """Pieces of a chat's answer, then the whole; first come the other calls before it."""
        async with (
            self.gate.lease(priority=Priority.CHAT, on_position=on_position),
            aclosing(model.stream(request)) as pieces,
        ):
            async for piece in pieces:
                yield piece

    async def learn(self, model: LanguageModel, request: ModelRequest) -> ModelAnswer:
        """A whole answer for what nobody waits for: chats and minutes go before it."""
        async with self.gate.lease(priority=Priority.LEARNING):
            await model.prepare()
            async with aclosing(model.stream(request)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, ModelAnswer):
                        return piece
        raise EngineFailed("answer_unfinished", model=engine_name(model.name))

    async def ready(
        self, model: LanguageModel, *, on_position: Callable[[int], None] | None = None
    ) -> None:
        """Load the model for a chat."""
        async with self.gate.lease(priority=Priority.CHAT, on_position=on_position):
            await model.prepare()

    async def _complete(
        self, model: LanguageModel, request: ModelRequest, heard: Callable[[int], None] | None
    ) -> ModelAnswer:
        characters = 0
        async with (
            self.gate.lease(priority=Priority.MINUTES),
            aclosing(model.stream(request)) as pieces,
        ):
            async for piece in pieces:
                if isinstance(piece, ModelAnswer):
                    return piece
                characters += len(piece)
                if heard:
                    heard(characters)
        raise EngineFailed("answer_unfinished", model=engine_name(model.name))

    async def _prepare(self, model: LanguageModel) -> None:
        async with self.gate.lease(priority=Priority.MINUTES):
            await model.prepare()
