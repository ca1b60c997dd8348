"""A person's memory as a model is given it: how much of the context window it may take, and the
terms that a reading is given.

What has room must not change while the estimate of tokens learns: a prompt stays the same from turn
to turn, and a reading is remembered under its prompt. So the model's count of one fixed text says,
in coarse steps, what a byte costs, and that price holds for all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain import memory_relevance
from core.domain.memory import Kind, Remembered, Status, Term
from core.domain.transcript import Transcript
from core.engines.base import LanguageModel, Message
from core.prompts import render
from core.services.memory import Memory

MEMORY_SHARE = 8
"""Memory takes at most one part in so many of the context window, and so do the terms of one part
that is read or corrected."""
_MOST_TERMS = 500
"""Terms of one meeting that a job carries: a part is given only those that occur in it."""
_STEP = 1.25
_SAMPLE = """Kubernetes (misheard as 쿠버네스, 큐버)
데이터독 (misheard as 데이터 도그, data dog): where the services are watched
김 팀장은 영업을 맡는다 (2026-11-22)
I want dates as 11월 22일 (2026-11-22)
"""

Count = Callable[[str], int]


@dataclass(frozen=True)
class Remembering:
    """Chooses."""

    memory: Memory

    def of(self, user_id: str, *, model: LanguageModel, words: str) -> Remembered:
        """What a person's memory holds that matters where these words were said."""
        return self.memory.for_meeting(
            user_id,
            words=words,
            budget=model.context_window // MEMORY_SHARE,
            count=steady_count(model),
        )

    def used(self, user_id: str, told: Mapping[str, Any]) -> None:
        """Note that a model was just given the entries of what it was told (Told as JSON)."""
        self.memory.note_used(user_id, [one["entry_id"] for one in told.get("entries", ())])

    def terms(self, user_id: str, *, words: str) -> tuple[Term, ...]:
        """A person's terms that matter where these words were said, the most relevant first."""
        glossary = self.memory.entries(user_id, kind=Kind.GLOSSARY, status=Status.ACTIVE)
        relevant = memory_relevance.relevant_terms(glossary, words)[:_MOST_TERMS]
        return tuple(memory_relevance.term_of(entry) for entry in relevant)


def words_of(transcript: Transcript, title: str) -> str:
    """All the words of a meeting."""
    names = {one.speaker for one in transcript.utterances if one.speaker}
    return "\n".join([title, *sorted(names), *(one.text for one in transcript.utterances)])


def terms_for(terms: Sequence[Term], text: str, *, model: LanguageModel) -> tuple[str, ...]:
    """The lines of those terms that matter to a stretch of a meeting, as many as have room."""
    if not terms:
        return ()
    count, room = steady_count(model), model.context_window // MEMORY_SHARE
    kept = memory_relevance.for_text(terms, text, budget=room, count=count)
    return tuple(term.line() for term in kept)


def room_with_terms(model: LanguageModel) -> int:
    """Tokens that a part's terms may take, with the words around them."""
    around = steady_count(model)(render("map_terms", terms=""))
    return model.context_window // MEMORY_SHARE + around


def steady_count(model: LanguageModel) -> Count:
    """About the tokens of a text, rather more: the same until the estimate has changed by much."""
    sample = model.count((Message("user", _SAMPLE),)) - model.count((Message("user", ""),))
    price = max(sample, 1) / len(_SAMPLE.encode())
    steady = _STEP ** math.ceil(math.log(price, _STEP))
    return lambda text: math.ceil(len(text.encode()) * steady)
