"""Having a model word what a person may want kept. It is given what they typed or changed, nothing
of the meeting beside it; what it answers is checked in code (domain.learning_sentences)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeVar

from core.domain.learning_sentences import (
    Worded,
    chat_schema,
    minutes_schema,
    parse_chat,
    parse_minutes,
)
from core.domain.memory import Kind
from core.domain.transcript import language_of
from core.engines.base import LanguageModel, Message, ModelRequest, engine_name
from core.errors import EngineFailed
from core.prompts import neutral, render
from core.services.calls import ModelCalls
from core.services.model_requests import BAD_ANSWER, language_name

BAD_WORDING = "learning_bad_answer"
"""The code of an answer of which nothing may be kept."""
_ANSWER = 512
"""Tokens of an answer: one sentence in JSON."""
_LONGEST = 1500
"""Characters of an edit that the model is shown, on either side."""
_NEAR = 80
"""Characters around the place that was changed."""
T = TypeVar("T")


@dataclass(frozen=True)
class Wording:
    """Asks one model. EngineFailed("learning_bad_answer") for an answer that does not hold."""

    calls: ModelCalls
    model: LanguageModel

    async def of_message(self, typed: str) -> Worded | None:
        """What a message in the chat gives to keep."""
        user = render("learn_chat_said", typed=neutral(typed))
        system = render("learn_chat", language=language_name(language_of(typed)))
        request = _request(system, user, chat_schema())
        return await self._ask(request, lambda answer: parse_chat(answer, typed=typed))

    async def of_minutes(
        self, before: str, after: str, *, language: str, names: Collection[str]
    ) -> Worded | None:
        """The preference that an edit of minutes shows."""
        old, new = _changed_part(before, after)
        user = render("learn_minutes_edit", before=neutral(old), after=neutral(new))
        system = render("learn_minutes", language=language_name(language))
        request = _request(system, user, minutes_schema())

        def parse(answer: str) -> str | None:
            return parse_minutes(answer, before=old, after=new, language=language, names=names)

        sentence = await self._ask(request, parse)
        return Worded(Kind.PREFERENCE, sentence) if sentence else None

    async def _ask(self, request: ModelRequest, parse: Callable[[str], T]) -> T:
        try:
            answer = await self.calls.learn(self.model, request)
            return parse(answer.text)
        except EngineFailed as error:
            if error.code not in BAD_ANSWER:
                raise
            raise EngineFailed(BAD_WORDING, model=engine_name(self.model.name)) from error
        except (ValueError, RecursionError) as error:
            raise EngineFailed(BAD_WORDING, model=engine_name(self.model.name)) from error


def _request(system: str, user: str, schema: dict[str, Any]) -> ModelRequest:
    return ModelRequest(
        messages=(Message("system", system), Message("user", user)),
        max_tokens=_ANSWER,
        schema=schema,
        temperature=0.0,
    )


def _changed_part(before: str, after: str) -> tuple[str, str]:
    """Both texts from shortly before the first difference to shortly behind the last."""
    if max(len(before), len(after)) <= _LONGEST:
        return before, after
    blocks = SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    changes = [change for change in blocks.get_opcodes() if change[0] != "equal"]
    if not changes:
        return before[:_LONGEST], after[:_LONGEST]
    old = "\n".join(before.split("\n")[changes[0][1] : changes[-1][2]])
    new = "\n".join(after.split("\n")[changes[0][3] : changes[-1][4]])
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    start = max(0, head - _NEAR) if max(len(old), len(new)) > _LONGEST else 0
    return old[start : start + _LONGEST], new[start : start + _LONGEST]
