"""What the double says when a test plugs in nothing: a dull, correct, deterministic model."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.ollama.reader import hangul_share, read, utterances
from tests.doubles.ollama.schema import MISSING, Maker, Schema

_CITED = re.compile(r"\[(\d+)\]")
_NUMBERED = re.compile(r"^\s*(?:\[(\d+)\]|(\d+)[.)])\s*(\S.*)$", re.MULTILINE)
_STYLE = re.compile(r"STYLE-MARK:(\S+)")
_PIECE = re.compile(r"\s*(?:[가-힣]{1,2}|[A-Za-z]{1,10}|\d{1,3}|[^\sA-Za-z가-힣\d])|\s+")
_WORD = re.compile(r"[가-힣]{2,}|[A-Za-z]{3,}")


@dataclass(frozen=True)
class ChatRequest:
    """What the model gets to see: `messages` are those left after truncation."""

    model: str
    system: str
    messages: list[dict[str, str]]
    last_user: str
    format: Schema | str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    think: bool = False


Answer = str | Iterable[str] | dict[str, Any]
Answerer = Callable[[ChatRequest], Answer]


def pieces(text: str) -> list[str]:
    """Text in pieces of about one token each; joined they are the text."""
    return _PIECE.findall(text)


def as_tokens(answer: Answer) -> Iterable[str]:
    """A str or a dict (sent as JSON) is cut in pieces; any other iterable already is tokens."""
    if isinstance(answer, str):
        return pieces(answer)
    if isinstance(answer, dict):
        return pieces(json.dumps(answer, ensure_ascii=False))
    return answer  # already tokens


def default_answer(request: ChatRequest) -> Answer:
    """JSON by the reader where a schema is asked for, else prose with citations."""
    if isinstance(request.format, dict):
        return fill(request.format, request)
    if request.format == "json":
        return {"answer": prose(request)}
    return prose(request)


def brief_answer(request: ChatRequest) -> Answer:
    """The default's, with at most two entries in each list: an answer that hits no limit."""
    answer = default_answer(request)
    if not isinstance(answer, dict):
        return answer
    return {name: told[:2] if isinstance(told, list) else told for name, told in answer.items()}


def counted_answer(request: ChatRequest) -> Answer:
    """As many tokens as the last number in the last user message says; one without a number."""
    wanted = re.findall(r"\d+", request.last_user)
    return [f"w{number} " for number in range(int(wanted[-1]) if wanted else 1)]


def fill(schema: Schema, request: ChatRequest) -> Answer:
    hints = read(request.last_user)
    told = prose(request)
    for name in ("summary", "overview", "narrative", "answer", "body"):
        hints.setdefault(name, told)
    found = hints if utterances(request.last_user) else {**hints, "text": told}
    made = Maker(schema).make(found if schema.get("properties") else MISSING)
    return made if isinstance(made, dict) else json.dumps(made, ensure_ascii=False)


def _items(request: ChatRequest) -> list[tuple[int, str]]:
    """What can be cited: lines that begin or end with `[n]`, of the last user message; where it has
    none, of the others, the system's last; where nothing has, lines numbered `1.`."""
    texts = [m["content"] for m in request.messages if m["role"] != "assistant"]
    others = [text for text in texts if text != request.last_user]
    for group in ([request.last_user], others):
        found: dict[int, str] = {}
        for text in group:
            for bracket, _, said in _NUMBERED.findall(text):
                if bracket:
                    found.setdefault(int(bracket), said)
            for line in text.splitlines():
                for number in _CITED.findall(line):
                    found.setdefault(int(number), _CITED.sub("", line).strip())
        if found:
            return list(found.items())
    numbered = [line for text in (request.last_user, *others) for line in _NUMBERED.findall(text)]
    return list({int(plain): said for _, plain, said in reversed(numbered) if plain}.items())[::-1]


def prose(request: ChatRequest) -> str:
    """Three to six sentences in the language of the last user message, each citing a number that
    is in the messages, those nearest to the question first. Without numbers: three without."""
    korean = hangul_share(request.last_user) > 0.3
    lines = [line for line in request.last_user.splitlines() if line.strip()]
    asked = set(_WORD.findall(lines[-1].lower())) if lines else set()
    items = _items(request)
    ranked = sorted(items, key=lambda item: -len(asked & set(_WORD.findall(item[1].lower()))))
    chosen = sorted(ranked[:6])
    while chosen and len(chosen) < 3:
        chosen.append(chosen[0])
    sentences = [_sentence(number, said, korean) for number, said in chosen]
    if not sentences:
        sentences = (
            ["회의 내용을 정리했습니다.", "주요 안건을 다루었습니다.", "다음 단계가 남아 있습니다."]
            if korean
            else ["The meeting was summed up.", "The main points were covered.", "Work remains."]
        )
    mark = _STYLE.search(request.system)
    return " ".join([mark[1], *sentences] if mark else sentences)


def _sentence(number: int, said: str, korean: bool) -> str:
    words = re.split(r"[.?!]\s", _CITED.sub("", said).strip())[0].split()
    snippet = " ".join(words[:12]).rstrip(" .,?!")[:100]
    if korean:
        return f"회의에서 “{snippet}”라는 내용을 다루었습니다 [{number}]."
    return f"The meeting covered “{snippet}” [{number}]."
