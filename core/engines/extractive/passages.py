"""The utterances that answer a question best: BM25 (Robertson & Zaragoza 2009) over content terms.

An exact number or neighbouring words of the question count more, and a match lends a little to
its neighbours, since an answer often names its subject a breath earlier.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from core.domain.transcript import Utterance
from core.engines.base import Passage

_K1, _B = 1.2, 0.5
_PHRASE_BOOST = 0.25
_NUMBER_BOOST = 1.5
_NEIGHBOUR = 0.15


def best_passages(
    utterances: Sequence[Utterance],
    bags: Sequence[Sequence[str]],
    *,
    question: str,
    asked: Sequence[str],
    limit: int,
) -> tuple[Passage, ...]:
    """Up to `limit` utterances that share a term with the question, best first; ties go to the
    one said earlier. `bags` are the utterances' terms, `asked` the question's."""
    own = _bm25(bags, Counter(asked))
    phrases = _phrases(question)
    for place, score in own.items():
        said = _plain(utterances[place].text)
        matches = sum(f" {phrase}" in f" {said}" for phrase in phrases)
        own[place] = score * (1 + _PHRASE_BOOST * min(matches, 4))
    scored = {
        place: score + _NEIGHBOUR * max(own.get(place - 1, 0.0), own.get(place + 1, 0.0))
        for place, score in own.items()
    }
    order = sorted(scored, key=lambda place: (-scored[place], place))
    return tuple(Passage(utterances[place], round(scored[place], 4)) for place in order[:limit])


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
