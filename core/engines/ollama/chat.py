"""A model of an Ollama server behind the LanguageModel Protocol, through LangChain's ChatOllama.

One `num_ctx` for every call; counted before, checked after; an answer is one only if the server
said `done` with `done_reason` "stop"; thinking off; nothing is retried that may have been heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import httpx

from core.engines.base import Message, ModelAnswer, ModelRequest, TokenRatios
from core.engines.ollama.catalogue import Catalogue, Installed
from core.engines.ollama.failures import PromptTooLong, ServerBusy, failure, ollama_failures
from core.engines.ollama.tokens import SAFETY, estimate_messages, looks_cut
from core.engines.ollama.transport import TIMEOUT, StrictTransport
from core.errors import EngineFailed, EngineUnavailable

_KEEP_ALIVE = "30m"
_RETRY_AFTER = (0.5, 2.0, 5.0)
"""Seconds before the second, third and fourth try of a call that was not heard."""
_SAMPLE_FROM = 200
"""Prompts of fewer tokens say nothing about the estimate."""
_SAMPLE_WITHIN = 0.3
"""Counts further from the raw estimate than this are no calibration but something else."""


class OllamaModel:
    """One installed model. Use it on one event loop only."""

    def __init__(
        self,
        *,
        url: str,
        installed: Installed,
        num_ctx: int,
        ratios: TokenRatios,
        retry_after: Sequence[float] = _RETRY_AFTER,
    ) -> None:
        self.name = f"ollama:{installed.name}"
        self.num_ctx = num_ctx
        self.context_window = num_ctx
        self._url = url
        self._model = installed.name
        self._family = installed.family
        self._ratios = ratios
        self._retry_after = tuple(retry_after)
        self._chat: Any = None
        self._ready = False

    def count(self, messages: Sequence[Message]) -> int:
        """Estimated prompt tokens, calibrated by what this model's server counted before."""
        ratio, _ = self._ratios.ratio(self.name)
        return round(estimate_messages(messages, family=self._family) * ratio)

    def fits(self, request: ModelRequest) -> bool:
        """Whether the prompt with its margin and the whole answer fit the context window."""
        return self.count(request.messages) * SAFETY + request.max_tokens <= self.context_window

    async def prepare(self) -> None:
        """Load the model as every call will use it, and learn the context it really got."""
        if self._ready:
            return
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
                _raise_for(answer, model=self._model)
        loaded = await asyncio.to_thread(Catalogue(self._url).loaded)
        given = next((entry for entry in loaded if entry.name == self._model), None)
        if given and 0 < given.context_length < self.num_ctx:
            self.context_window = given.context_length
        self._ready = True

    async def stream(self, request: ModelRequest) -> AsyncGenerator[str | ModelAnswer, None]:
        """See LanguageModel.stream."""
        await self.prepare()
        if not self.fits(request):
            raise PromptTooLong(self._model)
        for wait in (*self._retry_after, None):
            heard = False
            try:
                async with aclosing(self._once(request)) as pieces:
                    async for piece in pieces:
                        heard = True
                        yield piece
                return
            except (ServerBusy, EngineUnavailable, EngineFailed) as error:
                if heard or wait is None or not _may_be_repeated(error):
                    raise
            await asyncio.sleep(wait)

    async def _once(self, request: ModelRequest) -> AsyncGenerator[str | ModelAnswer, None]:
        pieces: list[str] = []
        end: Mapping[str, Any] = {}
        with ollama_failures(model=self._model, url=self._url):
            stream = self._chat_client().astream(
                [(message.role, message.content) for message in request.messages],
                **self._parameters(request),
            )
            try:
                async for chunk in stream:
                    end = chunk.response_metadata or end
                    if chunk.content:
                        pieces.append(str(chunk.content))
                        yield pieces[-1]
            except PromptTooLong as error:
                self._learn(request, error.counted)
                raise
            finally:
                # Closing the stream closes the request, and only that frees the server.
                await stream.aclose()
        yield self._checked(request, "".join(pieces), end)

    def _checked(self, request: ModelRequest, text: str, end: Mapping[str, Any]) -> ModelAnswer:
        if not end.get("done"):
            raise EngineFailed("answer_unfinished", model=self._model)
        counted = end.get("prompt_eval_count")
        if isinstance(counted, int):
            self._refuse_cut_prompt(request, counted)
            self._learn(request, counted)
        if end.get("done_reason") == "length":
            raise EngineFailed("answer_cut", model=self._model, tokens=request.max_tokens)
        if end.get("done_reason") != "stop":
            raise EngineFailed("answer_unfinished", model=self._model)
        if not text.strip():
            raise EngineFailed("answer_empty", model=self._model)
        return ModelAnswer(text=text, prompt_tokens=counted, answer_tokens=end.get("eval_count"))

    def _refuse_cut_prompt(self, request: ModelRequest, counted: int) -> None:
        _, samples = self._ratios.ratio(self.name)
        if looks_cut(
            counted=counted,
            estimated=self.count(request.messages),
            num_ctx=self.context_window,
            samples=samples,
        ):
            raise EngineFailed("prompt_cut", model=self._model, counted=counted)

    def _learn(self, request: ModelRequest, counted: int | None) -> None:
        raw = estimate_messages(request.messages, family=self._family)
        if counted and counted >= _SAMPLE_FROM and abs(counted / raw - 1) <= _SAMPLE_WITHIN:
            self._ratios.observe(self.name, counted / raw)

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
        if self._chat is None:
            from langchain_ollama import ChatOllama  # two seconds and 60 MB: on first use

            self._chat = ChatOllama(
                model=self._model,
                base_url=self._url,
                num_ctx=self.num_ctx,
                reasoning=False,
                keep_alive=_KEEP_ALIVE,
                async_client_kwargs={"transport": StrictTransport(), "timeout": TIMEOUT},
            )
        return self._chat


def _may_be_repeated(error: Exception) -> bool:
    """Only what the server did not hear or refused for lack of room is asked again."""
    if isinstance(error, ServerBusy):
        return True
    return isinstance(error, EngineFailed) and error.code == "ollama_broke_off"


def _raise_for(answer: httpx.Response, *, model: str) -> None:
    try:
        text = str(answer.json().get("error", answer.text))
    except ValueError:
        text = answer.text
    raise failure(answer.status_code, text, model=model)
