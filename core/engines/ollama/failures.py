"""Ollama's failures, in our words. Texts were recorded from real servers, old and new."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import ollama

from core.errors import EngineFailed, EngineUnavailable, MinutesError

_TOO_LONG = (
    "input length exceeds the context length",
    "longer than the context length",
    "exceed_context_size_error",
    "exceeds the available context size",
)
_NO_MEMORY = ("out of memory", "out-of-memory", "requires more system memory")
_REASON_LENGTH = 300


class ServerBusy(EngineUnavailable):
    """The server's queue is full; the same request may be taken later."""


class PromptTooLong(EngineFailed):
    """The server refused the prompt. `counted` is its exact size in tokens, where told."""

    def __init__(self, model: str, counted: int | None = None) -> None:
        super().__init__("prompt_too_long", model=model)
        self.counted = counted

    def __reduce__(self) -> tuple[object, ...]:
        return (PromptTooLong, (self.facts["model"], self.counted))


@contextmanager
def ollama_failures(*, model: str, url: str) -> Iterator[None]:
    """Turn what the clients raise into MinutesError; our own errors pass."""
    try:
        yield
    except ollama.ResponseError as error:
        raise failure(error.status_code, error.error, model=model) from error
    except (httpx.ConnectError, httpx.ConnectTimeout, ConnectionError) as error:
        raise EngineUnavailable("ollama_unreachable", url=url) from error
    except httpx.ReadTimeout as error:
        raise EngineFailed("ollama_silent", model=model, url=url) from error
    except (httpx.HTTPError, ollama.RequestError, json.JSONDecodeError) as error:
        raise EngineFailed("ollama_broke_off", model=model, reason=_short(str(error))) from error
    except httpx.InvalidURL as error:
        raise EngineUnavailable("ollama_unreachable", url=url) from error


def failure(status: int, text: str, *, model: str) -> MinutesError:
    """What an error answer means."""
    lowered = text.lower()
    if any(sign in lowered for sign in _TOO_LONG):
        counted = re.search(r'"n_prompt_tokens":\s*(\d+)', text)
        return PromptTooLong(model, int(counted.group(1)) if counted else None)
    if any(sign in lowered for sign in _NO_MEMORY):
        return EngineUnavailable("model_out_of_memory", model=model)
    if status == 404 and "not found" in lowered:
        return EngineUnavailable("model_missing", model=model)
    if status == 503:
        return ServerBusy("ollama_busy", model=model)
    if "does not support chat" in lowered:
        return EngineUnavailable("model_cannot_chat", model=model)
    if status in (401, 403):
        return EngineUnavailable("ollama_refused", model=model, reason=_short(text))
    return EngineFailed("ollama_failed", model=model, reason=_short(text) or f"HTTP {status}")


def _short(text: str) -> str:
    # An HTML page of a proxy is no reason that a person can read.
    plain = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    return plain[:_REASON_LENGTH]


def may_be_repeated(error: Exception) -> bool:
    """Only what the server did not hear or refused for lack of room is asked again. A server that
    said nothing for ten minutes has heard."""
    if isinstance(error, ServerBusy):
        return True
    cause = error.__cause__
    lost = isinstance(cause, httpx.TransportError | ConnectionError)
    return lost and not isinstance(cause, httpx.ReadTimeout)


def raise_for(answer: httpx.Response, *, model: str) -> None:
    """Raise what an answer that is none says."""
    try:
        text = str(answer.json().get("error", answer.text))
    except ValueError:
        text = answer.text
    raise failure(answer.status_code, text, model=model)
