"""How the tests of the Ollama double ask it: rule-keeping requests, a transcript, a schema."""

from __future__ import annotations

import json
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]

from tests.doubles.ollama import OllamaDouble

GOOD = {"stream": False, "think": False, "truncate": False, "shift": False}
KOREAN = "[{n}] 김민수: 예산 항목을 먼저 논의하고 마케팅 팀의 발표를 듣겠습니다."
TRANSCRIPT = """[1] Kim: We decided to ship the report on Friday.
[2] Lee: I will send the numbers by Monday.
[3] 박지훈: 예산은 30 퍼센트 늘리기로 합의했습니다.
[4] 이영희: 제가 6월 30일까지 견적을 받아 보겠습니다.
[5] Kim: Who books the room?"""
ITEM = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "quote": {"type": "string"},
        "utterances": {"type": "array", "items": {"type": "integer"}, "maxItems": 3},
    },
    "required": ["text", "quote", "utterances"],
}
ACTION = {
    "type": "object",
    "properties": {
        "task": {"type": "string"},
        "owner": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "due_text": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "utterances": {"type": "array", "items": {"type": "integer"}},
    },
    "required": ["task", "owner", "due_text", "utterances"],
}
SCHEMA = {
    "type": "object",
    "$defs": {"Item": ITEM},
    "properties": {
        name: {"type": "array", "items": {"$ref": "#/$defs/Item"}}
        for name in ("topics", "decisions", "questions", "facts")
    }
    | {"actions": {"type": "array", "items": ACTION}},
    "required": ["topics", "decisions", "actions", "questions", "facts"],
}


def ask(
    double: OllamaDouble, *contents: str, options: dict[str, Any] | None = None, **extra: Any
) -> httpx.Response:
    """A rule-keeping request; the contents are user and assistant turns in turn."""
    roles = ("user", "assistant")
    messages = [{"role": roles[i % 2], "content": text} for i, text in enumerate(contents)]
    body = {
        "model": "tiny-qwen3",
        "messages": [{"role": "system", "content": "RULES"}, *messages],
        "options": {"num_ctx": 2048, "num_predict": 200} | (options or {}),
        **GOOD,
        **extra,
    }
    return httpx.post(f"{double.url}/api/chat", json=body)


def said(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text
    content: str = response.json()["message"]["content"]
    return content


def minutes(double: OllamaDouble, text: str = TRANSCRIPT) -> dict[str, Any]:
    answer = ask(double, text, format=SCHEMA, options={"num_predict": 3000, "num_ctx": 16384})
    found: dict[str, Any] = json.loads(said(answer))
    jsonschema.validate(found, SCHEMA)
    return found
