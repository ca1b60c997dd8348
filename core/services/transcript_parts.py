"""A transcript in parts that fit a model's context window, and one question put about each: what
reading for minutes and correcting have in common.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from core.domain.reading import transcript_line
from core.domain.transcript import Utterance
from core.engines.base import CheckCancelled, LanguageModel, Message, ModelAnswer, ModelRequest
from core.errors import EngineFailed
from core.prompts import neutral, render
from core.services.calls import ModelCalls
from core.services.model_requests import BAD_ANSWER

DEEPEST_SPLIT = 3
"""How often a part may be halved because its answer was no good."""
SMALL = 200
"""Tokens of lines so few that a bad answer is not for their length: halved once at most."""

T = TypeVar("T")


def line_cost(model: LanguageModel, utterance: Utterance) -> int:
    """Estimated tokens of an utterance's line with its end."""
    empty = model.count((Message("user", ""),))
    line = neutral(transcript_line(utterance)) + "\n"
    return model.count((Message("user", line),)) - empty + 1


def cut(
    utterances: Sequence[Utterance],
    *,
    cost: Callable[[Utterance], int],
    budget: int,
    begins_with: Callable[[int], int] = lambda _: 0,
) -> list[tuple[int, int]]:
    """As few parts, (first, last) utterance numbers, as cost no more than `budget` each, cut
    between utterances. `begins_with` tells what a later part costs before its own first line."""
    parts: list[tuple[int, int]] = []
    first, last, used = 0, 0, 0
    for utterance in utterances:
        more = cost(utterance)
        if first and used + more > budget:
            parts.append((first, last))
            first, used = 0, begins_with(utterance.number)
        first = first or utterance.number
        last = utterance.number
        used += more
    return [*parts, (first, last)] if first else parts


def with_terms(rules: str, terms: Sequence[str]) -> str:
    """The rules of a system message, and the person's names and terms below them."""
    if not terms:
        return rules
    return f"{rules}\n\n{render('map_terms', terms=neutral(chr(10).join(terms)))}"


def key_of(purpose: str, model: LanguageModel, *asked: object) -> str:
    """What a question is remembered under: all that could change its answer."""
    text = json.dumps([purpose, model.name, *asked], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def key_of_request(purpose: str, model: LanguageModel, request: ModelRequest) -> str:
    """The same for a whole request."""
    messages = [[message.role, message.content] for message in request.messages]
    return key_of(purpose, model, messages, request.schema)


def parsed_answer(
    calls: ModelCalls,
    model: LanguageModel,
    request: ModelRequest,
    *,
    parse: Callable[[str], T],
    check: CheckCancelled,
    heard: Callable[[int], None] | None = None,
) -> tuple[T, ModelAnswer] | None:
    """What a model answers, as `parse` reads it (ValueError: it cannot), with the answer itself.
    None where this one answer is no good; what says more of the engine than that is raised."""
    try:
        answer = calls.complete(model, request, check=check, heard=heard)
        return parse(answer.text), answer
    except EngineFailed as error:
        if error.code not in BAD_ANSWER:
            raise
    except (ValueError, RecursionError):
        pass
    return None
