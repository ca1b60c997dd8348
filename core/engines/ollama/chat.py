"""A model of an Ollama server behind the LanguageModel Protocol, through LangChain's ChatOllama.

One `num_ctx` for all calls; counted before, checked after; an answer is one only if the server
said `done` with `done_reason` "stop"; thinking off; nothing is retried that may have been heard.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from core.engines.base import Message, ModelAnswer, ModelRequest, TokenRatios
from core.engines.ollama.catalogue import Catalogue, Installed
from core.engines.ollama.failures import (
    PromptTooLong,
    may_be_repeated,
    ollama_failures,
    raise_for,
)
from core.engines.ollama.tokens import SAFETY, estimate_messages, looks_cut
from core.engines.ollama.transport import (
    PAUSE,
    TIMEOUT,
    StrictTransport,
    certificates,
    steady,
)
from core.errors import EngineFailed, EngineUnavailable, MinutesError

_KEEP_ALIVE = "30m"
_RETRY_AFTER = (0.5, 2.0, 5.0)
"""Seconds before the second, third and fourth try of a call that was not heard."""
_SAMPLE_FROM = 200
"""Prompts of fewer tokens say nothing about the estimate."""
_SETTLED_FROM = 10
"""Samples from which on one that agrees with the average within `_AGREES` is not written down: it
would move the estimate by less than half a percent, and a write waits for all others."""
_AGREES = 0.02
_PIECES_A_TOKEN = 2
"""A server that sends more for each token it may is one that does not end by itself."""
_PIECES_AT_THE_END = 8
"""Without text: the server's last line, and what LangChain adds to it."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Size:
    """A prompt's size: tokens as estimated, and how the model's own counts compare with that."""

    raw: float
    ratio: float
    samples: int
    window: int
    """Tokens that prompt and answer may share; another call may have taken another one since."""

    @property
    def tokens(self) -> int:
        return round(self.raw * self.ratio)


class OllamaModel:
    """One installed model. Use it on one event loop only. `window` tells the `num_ctx` that is
    chosen now; without it `num_ctx` stays."""

    def __init__(
        self,
        *,
        url: str,
        installed: Installed,
        num_ctx: int,
        ratios: TokenRatios,
        window: Callable[[], int] | None = None,
        retry_after: Sequence[float] = _RETRY_AFTER,
    ) -> None:
        self.name = f"ollama:{installed.name}"
        self.num_ctx = num_ctx
        self.context_window = num_ctx
        self._url = url
        self._model = installed.name
        self._family = installed.family
        self._ratios = ratios
        self._window = window
        self._retry_after = tuple(retry_after)
        self._chat: Any = None
        self._ready = False
        self._making = threading.Lock()

    def count(self, messages: Sequence[Message]) -> int:
        """Estimated prompt tokens, calibrated by what this model's server counted before."""
        return self._size(messages).tokens

    def fits(self, request: ModelRequest) -> bool:
        """Whether the prompt with its margin and the whole answer fit the context window."""
        return self._takes(self._size(request.messages), request)

    def _takes(self, size: _Size, request: ModelRequest) -> bool:
        return size.tokens * SAFETY + request.max_tokens <= size.window

    def _size(self, messages: Sequence[Message]) -> _Size:
        ratio, samples = self._ratios.ratio(self.name)
        raw = estimate_messages(messages, family=self._family)
        return _Size(raw, ratio, samples, self.context_window)

    async def prepare(self) -> None:
        """Load the model as every call will use it, and learn the context it really got.

        Loading is what a busy server refuses, so it is asked again like any other call.
        """
        await self._follow()
        for wait in (*self._retry_after, None):
            if self._ready:
                return
            try:
                # The client's packages come meanwhile, in a thread: other answers go on.
                await asyncio.gather(self._load(), asyncio.to_thread(self._chat_client))
                self._ready = True
            except (EngineUnavailable, EngineFailed) as error:
                if wait is None or not may_be_repeated(error):
                    raise
                await asyncio.sleep(wait)

    async def _follow(self) -> None:
        """Take the context window that is chosen now.

        Whoever calls does it here, behind the gate, and not when the work was planned: a job holds
        its model for an hour, and with the window of then it and a chat with the window of now
        would make Ollama load the model anew in turns. So a change costs one load, whatever
        process calls. Parts cut for a smaller window fit a larger one; in a smaller one they don't,
        which `fits` or this call says, and they are halved.
        """
        wanted = await asyncio.to_thread(self._window) if self._window else self.num_ctx
        if wanted != self.num_ctx:
            self.num_ctx = self.context_window = wanted
            self._ready = False

    async def _load(self) -> None:
        with ollama_failures(model=self._model, url=self._url):
            async with httpx.AsyncClient(transport=StrictTransport(), timeout=TIMEOUT) as client:
                answer = await client.post(
                    f"{self._url}/api/chat",
                    json={
                        "model": self._model,
                        "messages": [],
                        "stream": False,
                        "think": False,
                        "keep_alive": _KEEP_ALIVE,
                        "options": {"num_ctx": self.num_ctx},
                    },
                )
            if answer.status_code >= 400:
                raise_for(answer, model=self._model)
        loaded = await asyncio.to_thread(Catalogue(self._url).loaded)
        given = next((entry for entry in loaded if entry.name == self._model), None)
        if given and 0 < given.context_length < self.num_ctx:
            self.context_window = given.context_length

    async def stream(self, request: ModelRequest) -> AsyncGenerator[str | ModelAnswer, None]:
        """See LanguageModel.stream."""
        await self.prepare()
        # In a thread, as `observe` is: other answers come by this loop while the database waits.
        size = await asyncio.to_thread(self._size, request.messages)
        if not self._takes(size, request):
            raise PromptTooLong(self._model)
        for wait in (*self._retry_after, None):
            heard = False
            try:
                async with aclosing(self._once(request, size)) as pieces:
                    async for piece in pieces:
                        heard = True
                        yield piece
                return
            except PromptTooLong as error:
                await self._learn(size, error.counted)
                raise
            except (EngineUnavailable, EngineFailed) as error:
                if heard or wait is None or not may_be_repeated(error):
                    raise
            await asyncio.sleep(wait)

    async def _once(
        self, request: ModelRequest, size: _Size
    ) -> AsyncGenerator[str | ModelAnswer, None]:
        pieces: list[str] = []
        end: Mapping[str, Any] = {}
        left = request.max_tokens * _PIECES_A_TOKEN + _PIECES_AT_THE_END
        with ollama_failures(model=self._model, url=self._url):
            stream = self._chat_client().astream(
                [(message.role, message.content) for message in request.messages],
                **self._parameters(request),
            )
            try:
                async for chunk in steady(stream, pause=PAUSE):
                    end = chunk.response_metadata or end
                    left -= 1
                    if left < 0:
                        raise EngineFailed(
                            "answer_cut", model=self._model, tokens=request.max_tokens
                        )
                    if chunk.content:
                        pieces.append(str(chunk.content))
                        yield pieces[-1]
            finally:
                # Closing the stream closes the request, and only that frees the server.
                await stream.aclose()
        counted = end.get("prompt_eval_count")
        if end.get("done") and isinstance(counted, int):
            self._refuse_cut_prompt(size, counted)
            await self._learn(size, counted)
        yield self._checked(request, "".join(pieces), end)

    def _checked(self, request: ModelRequest, text: str, end: Mapping[str, Any]) -> ModelAnswer:
        if not end.get("done"):
            raise EngineFailed("answer_unfinished", model=self._model)
        if end.get("done_reason") == "length":
            raise EngineFailed("answer_cut", model=self._model, tokens=request.max_tokens)
        if end.get("done_reason") != "stop":
            raise EngineFailed("answer_unfinished", model=self._model)
        if not text.strip():
            raise EngineFailed("answer_empty", model=self._model)
        return ModelAnswer(
            text=text,
            prompt_tokens=end.get("prompt_eval_count"),
            answer_tokens=end.get("eval_count"),
        )

    def _refuse_cut_prompt(self, size: _Size, counted: int) -> None:
        if looks_cut(
            counted=counted,
            estimated=size.tokens,
            num_ctx=size.window,
            samples=size.samples,
        ):
            raise EngineFailed("prompt_cut", model=self._model, counted=counted)

    async def _learn(self, size: _Size, counted: int | None) -> None:
        if not counted or counted < _SAMPLE_FROM:
            return
        # However far off: another tokenizer is what has to be learned, and the store bounds it.
        sample = counted / size.raw
        if size.samples >= _SETTLED_FROM and abs(sample / size.ratio - 1) <= _AGREES:
            return
        try:
            await asyncio.to_thread(self._ratios.observe, self.name, sample)
        except MinutesError as error:
            log.warning("a count of %s was not kept: %s", self.name, error)

    def _parameters(self, request: ModelRequest) -> dict[str, Any]:
        parameters: dict[str, Any] = {
            # Per-call options replace all others, so all are given, the same num_ctx each time.
            "options": {
                "num_ctx": self.num_ctx,
                "num_predict": request.max_tokens,
                "temperature": request.temperature,
            },
        }
        if request.schema is not None:
            parameters["format"] = dict(request.schema)
        return parameters

    def _chat_client(self) -> Any:
        with self._making:  # asked for by the loop and by a thread that loads the class
            return self._chat_client_once()

    def _chat_client_once(self) -> Any:
        if self._chat is None:
            self._chat = _client_class()(
                model=self._model,
                base_url=self._url,
                num_ctx=self.num_ctx,
                reasoning=False,
                keep_alive=_KEEP_ALIVE,
                client_kwargs={"verify": certificates()},
                async_client_kwargs={"transport": StrictTransport(), "timeout": TIMEOUT},
            )
        return self._chat


@cache
def _client_class() -> Any:
    """LangChain's client: two seconds and 60 MB, so on first use."""
    from langchain_ollama import ChatOllama

    # What an import makes stays, and is set aside: going through it all, each full collection
    # (every few thousand tokens) stood still for an eighth of a second with all answers.
    gc.collect()
    gc.freeze()
    return ChatOllama
