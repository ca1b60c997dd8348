"""The utterances that answer a question best: BM25 (Robertson & Zaragoza 2009) over content terms.

What the question wants to hear (answers.py) is one more term of it. An exact number or neighbouring
words of the question count more. A match lends a little to its neighbours, since an answer often
names its subject a breath earlier; a line that asks the same lends much to the lines after it, and
counts less itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.domain.transcript import Utterance
from core.engines.base import Passage
from core.engines.extractive.answers import Want

_K1, _B = 1.2, 0.5
_PHRASE_BOOST = 0.25
_NUMBER_BOOST = 1.5
_NEIGHBOUR = 0.15
_QUESTION = 0.5
"""What a line that asks counts itself."""
_ANSWERED = (0.5, 0.25)
"""What such a line lends to the next, and to the one after that."""


@dataclass(slots=True)
class Line:
    """An utterance's terms, with the kinds of answer it could give, and whether it ends asking."""

    terms: list[str]
    asks: bool


def best_passages(
    utterances: Sequence[Utterance],
    lines: Sequence[Line],
    *,
    question: str,
    asked: Sequence[str],
    limit: int,
) -> tuple[Passage, ...]:
    """Up to `limit` utterances that answer the question, best first; ties go to the one said
    earlier. `asked` are the question's terms and wants (answers.asked_terms)."""
    own = _bm25([line.terms for line in lines], Counter(asked))
    phrases = _phrases(question)
    for place, score in own.items():
        said = _plain(utterances[place].text)
        matches = sum(f" {phrase}" in f" {said}" for phrase in phrases)
        own[place] = score * (1 + _PHRASE_BOOST * min(matches, 4))
    matched = {place for place in own if _shares_word(lines[place], asked)}
    replies = [(one, *reply) for one in matched for reply in _answers(one, lines)]
    scored: dict[int, float] = {}
    for place in matched | {after for _, after, _ in replies}:
        lent = _NEIGHBOUR * max(own.get(place - 1, 0.0), own.get(place + 1, 0.0))
        kept = own.get(place, 0.0) * (_QUESTION if lines[place].asks else 1.0)
        scored[place] = kept + lent
    for place, after, share in replies:
        scored[after] += share * own[place]
    order = sorted(scored, key=lambda place: (-scored[place], place))
    return tuple(Passage(utterances[place], round(scored[place], 4)) for place in order[:limit])


def _shares_word(line: Line, asked: Sequence[str]) -> bool:
    """Does it share more with the question than the kind of answer? A decision is matter enough."""
    matter = (one for one in asked if one is Want.DECISION or not isinstance(one, Want))
    return any(one in line.terms for one in matter)


def _answers(place: int, lines: Sequence[Line]) -> Iterator[tuple[int, float]]:
    """The lines that answer what is asked at a place, and what share of its score is theirs."""
    if lines[place].asks:
        for step, share in enumerate(_ANSWERED, 1):
            if place + step < len(lines):
                yield place + step, share


def _bm25(bags: Sequence[Sequence[str]], asked: Counter[str]) -> dict[int, float]:
    postings: dict[str, list[tuple[int, int]]] = {term: [] for term in asked}
    total = 0
    for place, bag in enumerate(bags):
        total += len(bag)
        for term in asked.keys() & set(bag):
            postings[term].append((place, bag.count(term)))
    mean = max(total / max(len(bags), 1), 1.0)
    scores: dict[int, float] = {}
    for term, found in postings.items():
        rarity = math.log(1 + (len(bags) - len(found) + 0.5) / (len(found) + 0.5))
        weight = rarity * (_NUMBER_BOOST if term[0].isdigit() else 1.0)
        for place, count in found:
            length = 1 - _B + _B * len(bags[place]) / mean
            gain = weight * count * (_K1 + 1) / (count + _K1 * length)
            scores[place] = scores.get(place, 0.0) + gain
    return scores


def _phrases(question: str) -> list[str]:
    """Neighbouring words of the question, two by two."""
    words = _plain(question).split()
    return [
        f"{first} {second}"
        for first, second in zip(words, words[1:], strict=False)
        if len(first) + len(second) > 4
    ]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))
