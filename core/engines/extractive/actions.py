"""Who takes on what: promises, assignments and requests of both languages, and their owner.

An action needs a person who will do it (the speaker, or someone named) and a verb of work; a
group's plan ("we will …", "… 논의하겠습니다") counts only when it has a term.
"""

from __future__ import annotations

import re

from core.engines.extractive import assignments_english as english
from core.engines.extractive import conduct_english as conduct
from core.engines.extractive.actions_korean import korean_task
from core.engines.extractive.cues import Cues
from core.engines.extractive.dates import due_words
from core.engines.extractive.task import Task, speaks
from core.engines.korean import has_hangul
from core.engines.words import ENGLISH_STOPWORDS

_BINDS = re.compile(r"(?i)by|until|till|before|no later|within|due")


def task_in(text: str, *, speaker: str | None, speakers: frozenset[str], asks: bool) -> Task | None:
    """The task that a plain sentence hands out; None where it hands out none."""
    due = due_words(text)
    if has_hangul(text):
        found = korean_task(text, speaker=speaker, speakers=speakers, due=due, asks=asks)
        if found is not None:
            return found
    return _english_task(text, speaker=speaker, speakers=speakers, due=due, asks=asks)


def _english_task(
    text: str, *, speaker: str | None, speakers: frozenset[str], due: str | None, asks: bool
) -> Task | None:
    binds = due is not None and _BINDS.match(due) is not None
    idle = conduct.CHAIR.search(text) or conduct.UNREAL.search(text)
    if conduct.HEARSAY.search(text) or (idle and not binds):
        return None
    requested = _english_named(english.REQUESTED, text, speakers)
    if requested is None:
        requested = _english_named(conduct.REQUESTED, text, speakers)
    if requested is not None:
        return None if english.IDLE_REQUEST.search(text) else Task(requested, due)
    if asks:
        asked = (
            due is not None and english.ASKED.search(text) and not english.IDLE_REQUEST.search(text)
        )
        return Task(None, due, requested=True) if asked else None
    if english.HYPOTHETICAL.search(text):
        return None
    return _english_promise(text, speaker=speaker, speakers=speakers, due=due)


def _english_promise(
    text: str, *, speaker: str | None, speakers: frozenset[str], due: str | None
) -> Task | None:
    if conduct.PROMISED.search(text):
        return Task(speaker, due)
    if english.PROMISED.search(text) or (due is not None and english.PROMISED_BY.search(text)):
        return None if english.IDLE_PROMISE.search(text) else Task(speaker, due)
    owner = _english_assigned(text, speakers=speakers, due=due)
    if owner is not None:
        return Task(owner, due)
    if english.PLEASE.search(text):
        return None if english.IDLE_REQUEST.search(text) else Task(None, due, requested=True)
    if due is not None and english.PLANNED.search(text) and not english.IDLE_PROMISE.search(text):
        return Task(None, due)
    return None


def _english_assigned(text: str, *, speakers: frozenset[str], due: str | None) -> str | None:
    owner = _english_named(english.ASSIGNED, text, speakers)
    if owner is None:
        owner = _english_named(english.OBLIGED, text, speakers)
        owner = owner if due is not None or speaks(owner, speakers) else None
    if owner is None and due is not None:
        owner = _english_named(english.ASSIGNED_BY, text, speakers)
        owner = owner if speaks(owner, speakers) else None
    return owner


def _english_named(cues: Cues, text: str, speakers: frozenset[str]) -> str | None:
    for match in cues.all(text):
        owner = _english_owner(match.group("owner"), speakers)
        if owner is not None:
            return owner
    return None


def _english_owner(spoken: str, speakers: frozenset[str]) -> str | None:
    """A name or a team as it was said, without the words before it ("So David" -> "David")."""
    if english.TEAM.fullmatch(spoken):
        return spoken
    words = spoken.strip(" ,").split()
    while words and words[0].lower().strip(".,'") in english.NOT_NAMES | ENGLISH_STOPWORDS:
        words = words[1:]
    name = " ".join(words).strip(" ,")
    if not name:
        return None
    if speaks(name, speakers):
        return name
    return name if words[-1][:1].isupper() and name.lower() not in english.NOT_NAMES else None
