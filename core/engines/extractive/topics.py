"""Topics: where the words change, after TextTiling (Hearst 1997), and what each part is called.

Cohesion of the sentences before and after each gap; a deep valley is a boundary, and an announced
change of topic ("let's move on to …") deepens it. The label is made of the part's own words.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.engines.extractive import talk_english, talk_korean
from core.engines.extractive.cues import plain
from core.engines.extractive.sentences import Sentence
from core.engines.extractive.vectors import Floats, Vectors
from core.engines.words import content_terms

_MOST = 12
_SENTENCES_A_TOPIC = 5
_ANNOUNCED = 0.6
_LABEL_TERMS = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """A stretch of the meeting: its informative sentences, its label, and its best opening."""

    sentences: tuple[Sentence, ...]
    label: str
    opening: Sentence
    first: int
    last: int
    """Places of its first and last utterance, both included."""


def topics_of(sentences: Sequence[Sentence], *, utterances: int) -> list[Topic]:
    """The topics in order; together they cover every utterance. `sentences` are informative."""
    if not sentences:
        return []
    vectors = Vectors([sentence.terms for sentence in sentences])
    bounds = [0, *_boundaries(sentences, vectors), len(sentences)]
    parts = [tuple(sentences[a:b]) for a, b in zip(bounds, bounds[1:], strict=False)]
    firsts = [0, *(part[0].place for part in parts[1:]), utterances]
    weights = _weights(parts)
    return [
        Topic(
            part,
            _label(part, weight),
            _opening(part, weight),
            first,
            max(first, after - 1),
        )
        for part, weight, first, after in zip(parts, weights, firsts, firsts[1:], strict=False)
    ]


def announces(sentence: Sentence) -> bool:
    """Whether a sentence says that another topic begins."""
    text = plain(sentence.text)
    found = talk_english.TRANSITION.search(text) or talk_korean.TRANSITION.search(text)
    return found is not None and not sentence.asks


def _boundaries(sentences: Sequence[Sentence], vectors: Vectors) -> list[int]:
    count = len(sentences)
    announced = sum(announces(sentence) for sentence in sentences)
    most = min(_MOST, count // _SENTENCES_A_TOPIC, max(announced, round(3 + count**0.5 / 4)))
    if most < 2:
        return []
    depths = _depths(_cohesion(vectors, block=int(np.clip(count // 20, 4, 30))))
    for gap in range(1, count):
        if sentences[gap].place == sentences[gap - 1].place:
            depths[gap] = 0.0  # a topic begins with an utterance
        elif announces(sentences[gap]):
            depths[gap] += _ANNOUNCED
    threshold = max(float(depths.mean() + depths.std() / 2), 0.05)
    apart = max(_SENTENCES_A_TOPIC - 2, count // (_MOST * 2))
    chosen: list[int] = []
    for gap in np.argsort(-depths, kind="stable"):
        if len(chosen) >= most - 1 or depths[gap] < threshold:
            break
        edges = (*chosen, 0, count)
        if all(abs(int(gap) - edge) >= apart for edge in edges):
            chosen.append(int(gap))
    return sorted(chosen)


def _cohesion(vectors: Vectors, *, block: int) -> Floats:
    """Cosine of the blocks before and after each gap; the blocks slide, one row in, one out."""
    count = len(vectors)
    scores = np.ones(count)
    rows = [vectors.row_terms(index) for index in range(count)]
    before: Counter[int] = Counter()
    after: Counter[int] = Counter()
    for index in range(min(block, count)):
        after.update(rows[index])
    for gap in range(1, count):
        moved = rows[gap - 1]
        before.update(moved)
        after.subtract(moved)
        if gap > block:
            before.subtract(rows[gap - 1 - block])
        if gap + block - 1 < count:
            after.update(rows[gap + block - 1])
        scores[gap] = _cosine(+before, +after)
        if gap % 200 == 0:
            before, after = +before, +after  # drop the zeros
    return scores


def _cosine(one: Counter[int], other: Counter[int]) -> float:
    if not one or not other:
        return 0.0
    product = sum(weight * other[term] for term, weight in one.items() if term in other)
    norms = sum(w * w for w in one.values()) * sum(w * w for w in other.values())
    return float(product / norms**0.5)


def _depths(scores: Floats) -> Floats:
    """How far each gap lies below the nearest peaks on both sides."""
    sums: Floats = _climb(scores) + _climb(scores[::-1])[::-1] - 2 * scores
    sums[0] = 0.0
    return sums


def _climb(scores: Floats) -> Floats:
    """The peak that is reached from each gap by going back while it goes up."""
    peaks = scores.copy()
    for index in range(1, len(scores)):
        if scores[index] <= scores[index - 1]:
            peaks[index] = peaks[index - 1]
    return peaks


def _weights(parts: Sequence[Sequence[Sentence]]) -> list[dict[str, float]]:
    """Terms of each part by what they add to its divergence from the whole meeting; one that
    only a single sentence says counts half."""
    counts = [Counter(t for sentence in part for t in set(sentence.terms)) for part in parts]
    whole = sum(counts, Counter[str]())
    total = sum(whole.values())
    weights: list[dict[str, float]] = []
    for count in counts:
        size = sum(count.values())
        weights.append(
            {
                term: (number if number > 1 else 0.5)
                * (math.log(number * total / (whole[term] * size)) + 0.5)
                for term, number in count.items()
                if not term.isdigit()
            }
        )
    return weights


def _label(part: Sequence[Sentence], weight: dict[str, float]) -> str:
    """Its most telling terms, as they were spoken, in the order they were first spoken."""
    surfaces = _surfaces(part)
    ranked = sorted((term for term in weight if term in surfaces), key=lambda t: (-weight[t], t))
    chosen = ranked[:_LABEL_TERMS]
    text = " ".join(sentence.text for sentence in part).lower()
    chosen.sort(key=lambda term: text.find(surfaces[term].lower()))
    if chosen:
        return " · ".join(surfaces[term] for term in chosen)
    return part[0].text[:80]


def _surfaces(part: Sequence[Sentence]) -> dict[str, str]:
    """Term -> the spoken form that is most frequent in the part. Korean verbs have none."""
    words = Counter(
        word
        for sentence in part
        for word in re.findall(r"[^\W\d_][\w'’-]*", sentence.text)
        if word.isascii()
    )
    surfaces: dict[str, str] = {}
    found = content_terms(list(words))
    for (word, _), terms in sorted(zip(words.items(), found, strict=True), key=lambda x: -x[0][1]):
        if len(terms) == 1 and len(word) > 2:
            surfaces.setdefault(terms[0], word.removesuffix("'s"))
    spoken = {term for sentence in part for term in sentence.terms}
    text = " ".join(sentence.text for sentence in part)
    for term in spoken - surfaces.keys():
        if len(term) > 1 and not term.isascii() and not term.endswith("다") and term in text:
            surfaces[term] = term
    return surfaces


def _opening(part: Sequence[Sentence], weight: dict[str, float]) -> Sentence:
    """The sentence that says the part's most telling terms; announced or early ones first."""
    telling = set(sorted(weight, key=lambda term: -weight[term])[: 2 * _LABEL_TERMS])

    def score(numbered: tuple[int, Sentence]) -> float:
        index, sentence = numbered
        said = sum(weight[term] for term in telling.intersection(sentence.terms))
        return said * (1.0 - 0.5 * index / len(part)) * (2.0 if announces(sentence) else 1.0)

    return max(enumerate(part), key=score)[1]
