"""Which of a person's entries matter to a meeting, and how many of them have room: terms by the
words that were said (memory_matching), preferences always, facts by the words they share with it.

What is chosen depends on the entries and the words alone, so that a prompt stays the same from turn
to turn; it is told the oldest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from core.domain.memory import Entry, Kind, Remembered, Term
from core.domain.memory_matching import matching
from core.domain.mishearing import stem

SURE_TERMS = 20
"""So many terms are told at least, by their name alone where there is room for no more."""
SHOWN_FORMS = 4
"""Misheard forms of a term that are told, those that were said first."""
_MOST_HOTWORDS = 20
"""More than so many make Whisper hear them where nobody said them."""
_MOST_HOTWORD_BYTES = 220
"""Whisper takes 223 tokens of them, and a token is one byte at least."""
_NEVER = datetime.min.replace(tzinfo=UTC)

Count = Callable[[str], int]


def chosen(entries: Sequence[Entry], *, words: str, budget: int, count: Count = len) -> Remembered:
    """What matters of the entries, all in force, within `budget` in what `count` measures. Terms
    take half of it, preferences and facts half each of the other; what one kind leaves, the others
    take."""
    terms = relevant_terms([one for one in entries if one.kind is Kind.GLOSSARY], words)
    preferences = _newest_first(entries, Kind.PREFERENCE)
    facts = _by_shared_words(_newest_first(entries, Kind.FACT), words)
    sentences = [*preferences, *facts]
    wanted = sum(_cost(one, count) for one in sentences)
    glossary, used = _fitting_terms(terms, max(budget // 2, budget - wanted), budget, count)
    kept = _fitting_sentences(preferences, facts, budget - used, count)
    return Remembered(
        glossary=_oldest_first(glossary),
        facts=_oldest_first(one for one in kept if one.kind is Kind.FACT),
        preferences=_oldest_first(one for one in kept if one.kind is Kind.PREFERENCE),
        left_out=len(terms) - len(glossary) + len(sentences) - len(kept),
    )


def relevant_terms(terms: Sequence[Entry], words: str) -> list[Entry]:
    """Terms that occur, then those that sound like something said, the last used first; each with
    the misheard forms that are told of it."""
    matches = matching(terms, words)
    told: list[tuple[bool, datetime, Entry]] = []
    for place, match in matches.items():
        term = terms[place]
        heard = tuple(dict.fromkeys((*match.forms, *term.heard)))[:SHOWN_FORMS]
        told.append((match.occurs, _last_used(term), replace(term, heard=heard)))
    told.sort(key=lambda one: (one[0], one[1], one[2].entry_id), reverse=True)
    return [term for _, _, term in told]


def for_text(terms: Sequence[Term], text: str, *, budget: int, count: Count) -> list[Term]:
    """Those of a meeting's terms (the most relevant first) that matter to a stretch of it, within
    `budget`, in their own order; by their name alone where there is room for no more."""
    matches = matching(terms, text)
    kept: dict[int, Term] = {}
    for place in sorted(matches, key=lambda place: (not matches[place].occurs, place)):
        for told in (terms[place], Term(terms[place].text)):
            if (cost := count(told.line() + "\n")) <= budget:
                kept[place] = told
                budget -= cost
                break
        else:
            break
    return [kept[place] for place in sorted(kept)]


def term_of(entry: Entry) -> Term:
    """A glossary entry as a model is given it."""
    return Term(entry.text, entry.heard)


def hotwords(terms: Sequence[Entry], *, about: str) -> str | None:
    """A few terms for a speech model to listen for, those in `about` first, then the last used;
    they stand the oldest first, so that what was used meanwhile changes nothing. None without."""
    matches = matching(terms, about)
    ranked = sorted(
        range(len(terms)),
        key=lambda place: (place in matches, _last_used(terms[place]), terms[place].entry_id),
        reverse=True,
    )
    kept: list[int] = []
    size = 0
    for place in ranked:
        size += len(terms[place].text.encode()) + 2
        if len(kept) == _MOST_HOTWORDS or size > _MOST_HOTWORD_BYTES:
            break
        kept.append(place)
    kept.sort(key=lambda place: (place not in matches, terms[place].created_at, place))
    return ", ".join(terms[place].text for place in kept) or None


def line_of(entry: Entry) -> str:
    """An entry as the system prompt has it: a term with its misheard forms and meaning, a sentence
    with its date."""
    if entry.kind is not Kind.GLOSSARY:
        return f"{entry.text} ({entry.updated_at.date().isoformat()})"
    line = term_of(entry).line()
    return f"{line}: {entry.note}" if entry.note else line


def _fitting_terms(
    terms: Sequence[Entry], share: int, budget: int, count: Count
) -> tuple[list[Entry], int]:
    """The terms that fit their share, and what they take. The first few are told by name where
    there is no room for more, even beyond the share, within the whole budget."""
    kept: list[Entry] = []
    used = 0
    for place, term in enumerate(terms):
        bare = replace(term, heard=(), note=None)
        for told, limit in ((term, share), (bare, budget if place < SURE_TERMS else share)):
            if used + _cost(told, count) <= limit:
                kept.append(told)
                used += _cost(told, count)
                break
        else:
            break
    return kept, used


def _fitting_sentences(
    preferences: Sequence[Entry], facts: Sequence[Entry], room: int, count: Count
) -> list[Entry]:
    """What fits of both, so that neither crowds the other out."""
    part = max(room // 2, room - sum(_cost(one, count) for one in facts))
    first = _fitting(preferences, part, count)
    second = _fitting(facts, room - sum(_cost(one, count) for one in first), count)
    first = _fitting(preferences, room - sum(_cost(one, count) for one in second), count)
    return [*first, *second]


def _fitting(entries: Sequence[Entry], room: int, count: Count) -> list[Entry]:
    """As many as fit, in the order of what matters: a small one does not jump the queue."""
    kept: list[Entry] = []
    for one in entries:
        room -= _cost(one, count)
        if room < 0:
            break
        kept.append(one)
    return kept


def _cost(entry: Entry, count: Count) -> int:
    return count(line_of(entry) + "\n")


def _newest_first(entries: Sequence[Entry], kind: Kind) -> list[Entry]:
    of_kind = [one for one in entries if one.kind is kind]
    return sorted(of_kind, key=lambda one: (one.updated_at, one.entry_id), reverse=True)


def _by_shared_words(facts: Sequence[Entry], words: str) -> list[Entry]:
    """Facts that share a word with the meeting before those that share none."""
    said = {stem(word) for word in words.split()}
    return sorted(facts, key=lambda one: said.isdisjoint(_content(one.text)))


def _content(text: str) -> set[str]:
    return {bare for word in text.split() if len(bare := stem(word)) > 1}


def _oldest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda one: (one.created_at, one.entry_id)))


def _last_used(entry: Entry) -> datetime:
    return entry.used_at or _NEVER
