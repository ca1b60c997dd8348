"""The lines of an answer, by endpoint: /api/chat, /api/generate and the OpenAI-shaped one.

Key order as recorded (chat-stream-length, chat-once, openai-chat-stream).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from tests.doubles.ollama.wire import NDJSON_TYPE, encode, now

Kind = Literal["content", "thinking"]


@dataclass
class Ending:
    """How a generation ended. `done_reason` None: the stream just stops, with no done line."""

    done_reason: str | None
    content: str = ""
    thinking: str = ""
    metrics: dict[str, int] = field(default_factory=dict)


class Shape(Protocol):
    """Turns pieces and the ending into bytes of a stream, or the whole into one object."""

    content_type: str

    def piece(self, kind: Kind, text: str) -> bytes: ...
    def last(self, ending: Ending) -> bytes: ...
    def whole(self, ending: Ending) -> dict[str, Any]: ...
    def error(self, text: str) -> bytes: ...


@dataclass
class ChatShape:
    model: str
    content_type: str = NDJSON_TYPE

    def _head(self, content: str, thinking: str, done: bool) -> dict[str, Any]:
        message = {"role": "assistant", "content": content}
        if thinking:
            message["thinking"] = thinking
        return {"model": self.model, "created_at": now(), "message": message, "done": done}

    def piece(self, kind: Kind, text: str) -> bytes:
        content, thinking = (text, "") if kind == "content" else ("", text)
        return encode(self._head(content, thinking, done=False)) + b"\n"

    def last(self, ending: Ending) -> bytes:
        return encode(self.whole(Ending(ending.done_reason, metrics=ending.metrics))) + b"\n"

    def whole(self, ending: Ending) -> dict[str, Any]:
        done = ending.done_reason is not None
        told = self._head(ending.content, ending.thinking, done)
        return told | ({"done_reason": ending.done_reason, **ending.metrics} if done else {})

    def error(self, text: str) -> bytes:
        return encode({"error": text}) + b"\n"


@dataclass
class GenerateShape:
    """/api/generate (research §1.3): `response` instead of `message`, `context` at the end."""

    model: str
    prompt_tokens: int = 0
    content_type: str = NDJSON_TYPE

    def _head(self, content: str, thinking: str, done: bool) -> dict[str, Any]:
        told: dict[str, Any] = {"model": self.model, "created_at": now(), "response": content}
        if thinking:
            told["thinking"] = thinking
        return told | {"done": done}

    def piece(self, kind: Kind, text: str) -> bytes:
        content, thinking = (text, "") if kind == "content" else ("", text)
        return encode(self._head(content, thinking, done=False)) + b"\n"

    def last(self, ending: Ending) -> bytes:
        return encode(self.whole(Ending(ending.done_reason, metrics=ending.metrics))) + b"\n"

    def whole(self, ending: Ending) -> dict[str, Any]:
        told = self._head(ending.content, ending.thinking, ending.done_reason is not None)
        if ending.done_reason is None:
            return told
        told["done_reason"] = ending.done_reason
        if ending.metrics:
            tokens = ending.metrics["prompt_eval_count"] + ending.metrics.get("eval_count", 0)
            told["context"] = list(range(tokens))
        return told | ending.metrics

    def error(self, text: str) -> bytes:
        return encode({"error": text}) + b"\n"


@dataclass
class OpenAIShape:
    """/v1/chat/completions: server-sent events, `data: [DONE]` at the end."""

    model: str
    with_usage: bool = False
    content_type: str = "text/event-stream"
    _head: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._head = {
            "id": "chatcmpl-651",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": self.model,
            "system_fingerprint": "fp_ollama",
        }

    def _event(self, value: dict[str, Any]) -> bytes:
        return b"data: " + encode(value) + b"\n\n"

    def piece(self, kind: Kind, text: str) -> bytes:
        delta = {"role": "assistant", "content": text}
        if kind == "thinking":
            delta = {"role": "assistant", "content": "", "reasoning": text}
        return self._chunk(delta, None)

    def _chunk(self, delta: dict[str, str], reason: str | None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return self._event(self._head | {"choices": [choice]})

    def last(self, ending: Ending) -> bytes:
        text = self._chunk({"role": "assistant", "content": ""}, ending.done_reason)
        if self.with_usage:
            text += self._event(self._head | {"choices": [], "usage": _usage(ending)})
        return text + b"data: [DONE]\n\n"

    def whole(self, ending: Ending) -> dict[str, Any]:
        message = {"role": "assistant", "content": ending.content}
        if ending.thinking:
            message["reasoning"] = ending.thinking
        choice = {"index": 0, "message": message, "finish_reason": ending.done_reason}
        told = self._head | {"object": "chat.completion", "choices": [choice]}
        return told | {"usage": _usage(ending)}

    def error(self, text: str) -> bytes:
        return self._event(openai_error(text))


def _usage(ending: Ending) -> dict[str, int]:
    prompt = ending.metrics.get("prompt_eval_count", 0)
    answer = ending.metrics.get("eval_count", 0)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
    }


def openai_error(text: str) -> dict[str, Any]:
    """Recording openai-chat-missing-model."""
    return {"error": {"message": text, "type": "api_error", "param": None, "code": None}}
