"""Who takes on what: promises, assignments and requests of both languages, and their owner.

An action needs a person who will do it (the speaker, or someone named) and a verb of work; a
group's plan ("we will …", "… 논의하겠습니다") counts only when it has a term.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.engines.extractive import assignments_english as english
from core.engines.extractive import assignments_korean as korean
from core.engines.extractive.cues import Cues
from core.engines.extractive.dates import due_words
from core.engines.korean import has_hangul
from core.engines.words import ENGLISH_STOPWORDS


@dataclass(frozen=True, slots=True)
class Task:
    """What was found in a sentence: its owner (None where it is not said) and its spoken term.
    `requested` of somebody else, and not taken on."""

    owner: str | None
    due_text: str | None
    requested: bool = False


def task_in(text: str, *, speaker: str | None, speakers: frozenset[str], asks: bool) -> Task | None:
    """The task that a plain sentence hands out; None where it hands out none."""
    due = due_words(text)
    if has_hangul(text):
        found = _korean_task(text, speaker=speaker, speakers=speakers, due=due, asks=asks)
        if found is not None:
            return found
    return _english_task(text, speaker=speaker, speakers=speakers, due=due, asks=asks)


def _english_task(
    text: str, *, speaker: str | None, speakers: frozenset[str], due: str | None, asks: bool
) -> Task | None:
    requested = _english_named(english.REQUESTED, text, speakers)
    if requested is not None:
        return None if english.IDLE_REQUEST.search(text) else Task(requested, due)
    if asks:
        asked = (
            due is not None and english.ASKED.search(text) and not english.IDLE_REQUEST.search(text)
        )
        return Task(None, due) if asked else None
    if english.HYPOTHETICAL.search(text):
        return None
    if english.PROMISED.search(text) or (due is not None and english.PROMISED_BY.search(text)):
        return None if english.IDLE_PROMISE.search(text) else Task(speaker, due)
    owner = _english_named(english.ASSIGNED, text, speakers)
    if owner is None:
        owner = _english_named(english.OBLIGED, text, speakers)
        owner = owner if due is not None or _speaks(owner, speakers) else None
    if owner is None and due is not None:
        owner = _english_named(english.ASSIGNED_BY, text, speakers)
        owner = owner if _speaks(owner, speakers) else None
    if owner is not None:
        return Task(owner, due)
    if english.PLEASE.search(text):
        return None if english.IDLE_REQUEST.search(text) else Task(None, due, requested=True)
    if due is not None and english.PLANNED.search(text) and not english.IDLE_PROMISE.search(text):
        return Task(None, due)
    return None


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
    if _speaks(name, speakers):
        return name
    return name if words[-1][:1].isupper() and name.lower() not in english.NOT_NAMES else None


def _speaks(name: str | None, speakers: frozenset[str]) -> bool:
    """Whether a name is, or is part of, the name of someone who speaks in this meeting."""
    lowered = (name or "").lower()
    return any(lowered == known.lower() or lowered in known.lower().split() for known in speakers)


def _korean_task(
    text: str, *, speaker: str | None, speakers: frozenset[str], due: str | None, asks: bool
) -> Task | None:
    if korean.REQUESTED.search(text):
        if korean.IDLE_REQUEST.search(text):
            return None
        return Task(_korean_owner(korean.ADDRESSED, text, speakers), due, requested=True)
    if asks or korean.HYPOTHETICAL.search(text):
        return None
    bound = korean.BOUND.search(text) is not None
    if not bound and not korean.PROMISED.search(text):
        return None
    own = korean.SELF.search(text) is not None
    if korean.IDLE_PROMISE.search(text):
        return None
    owner = None if own else _korean_owner(korean.SUBJECT, text, speakers)
    if owner is not None:
        return Task(owner, due)
    if own:
        return Task(speaker, due)
    return _unowned(text, speaker=speaker, due=due, bound=bound)


def _unowned(text: str, *, speaker: str | None, due: str | None, bound: bool) -> Task | None:
    """Korean leaves out "I": a promise without a subject is the speaker's, a plan the group's."""
    if korean.THING.search(text):
        return None
    if bound or korean.PLANNED.search(text):
        return Task(None, due) if due is not None else None
    if korean.WILLING.search(text) or due is not None or korean.WORK.search(text):
        return Task(speaker, due)
    return None


def _korean_owner(cues: Cues, text: str, speakers: frozenset[str]) -> str | None:
    for match in cues.all(text):
        name = re.sub(r"\s+", " ", match.group("owner")).strip()
        title = match.groupdict().get("title")
        known = any(name == one or (len(name) > 1 and one.endswith(name)) for one in speakers)
        if name in korean.NOT_NAMES:
            continue
        if title in korean.RANKS and not known:
            return title if korean.NO_NAME.fullmatch(name) else f"{name} {title}".strip()
        if not name:
            continue
        if title or known or korean.TEAM.fullmatch(name) or korean.FULL_NAME.fullmatch(name):
            return name
    return None
