"""The sentences that say most about a meeting: LexRank, then MMR with a spread over its length.

Centrality after Erkan & Radev 2004 on tf-idf sentences; redundancy by maximal marginal relevance
(Carbonell & Goldstein 1998). A part of the meeting that has spoken already counts less, so that
one long discussion does not speak for all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.domain.transcript import Utterance
from core.engines.base import CheckCancelled
from core.engines.extractive.sentences import LONGEST, Sentence, informative
from core.engines.extractive.topics import announces
from core.engines.extractive.vectors import Floats, Vectors, centrality

FEWEST, MOST = 4, 12
WHOLE_UTTERANCE = 200
_REDUNDANCY = 0.7
_SPREAD = 0.6
_OPENING = 0.04
_WORDS = 25
_HESITATION = re.compile(
    r"(?i)\b(?:u[hm]+|er+m?|you know|i mean|like|sort of|kind of|i think|yeah|well|basically"
    r"|actually|i dunno)\b|\{|--|—\.|(?<![가-힣])(?:음|어|그|저기|뭐|이제|그니까|약간)(?=[ ,.]|$)"
)


def summary_of(sentences: Sequence[Sentence], check: CheckCancelled) -> tuple[Utterance, ...]:
    """4 to 12 utterances (fewer where fewer say something) in the order they were said. One longer
    than `WHOLE_UTTERANCE` characters is trimmed to the sentence that was chosen."""
    candidates = [sentence for sentence in sentences if informative(sentence)]
    if not candidates:
        return ()
    check()
    vectors = Vectors([sentence.terms for sentence in candidates])
    scores = importance(candidates, vectors)
    check()
    places = np.array([sentence.place for sentence in candidates], dtype=np.float64)
    chosen = _chosen(vectors, scores, places / max(places.max(), 1.0), wanted(len(candidates)))
    kept: dict[int, Utterance] = {}
    for index in sorted(chosen):
        sentence = candidates[index]
        kept.setdefault(sentence.place, _trimmed(sentence))
    return tuple(kept.values())


def importance(candidates: Sequence[Sentence], vectors: Vectors) -> Floats:
    """Centrality, more for sentences that say much, less for questions; 1 for the best."""
    bias = np.array([_bias(sentence) for sentence in candidates])
    last = max((sentence.place for sentence in candidates), default=0)
    opening = np.array([sentence.place < _OPENING * last for sentence in candidates])
    bias = np.where(opening, 1.3 * bias, bias)  # what a meeting is about is said early
    scores = centrality(vectors, bias) * bias
    best = float(scores.max()) if len(scores) else 0.0
    return np.asarray(scores / best) if best > 0 else scores


def wanted(candidates: int) -> int:
    """How many sentences sum up a meeting of so many: 4 for a short one, 12 for three hours."""
    return int(np.clip(round(3.0 + candidates**0.5 / 4), FEWEST, MOST))


def _bias(sentence: Sentence) -> float:
    """What a reader can use: many terms in few words, fluent, whole; an announced topic more, a
    question less. The factors were found on QMSum's validation meetings, and are flat around."""
    words = max(len(sentence.text.split()), 1)
    hesitations = len(_HESITATION.findall(sentence.text))
    bias = min(len(set(sentence.terms)), 10) / 10 * min(1.0, _WORDS / words)
    bias *= max(0.1, 1.0 - 3.0 * hesitations / words)
    if len(sentence.text) > LONGEST - 70 or sentence.text.endswith((",", "-", "—", "}")):
        bias *= 0.6
    if sentence.asks:
        return bias * 0.5
    return bias * (1.25 if announces(sentence) else 1.0)


def _chosen(vectors: Vectors, scores: Floats, places: Floats, count: int) -> list[int]:
    left = scores.copy()
    chosen: list[int] = []
    for _ in range(min(count, len(scores))):
        best = int(np.argmax(left))
        if left[best] <= 0:
            break
        chosen.append(best)
        alike = vectors.times(vectors.row(best))
        near = np.exp(-(((places - places[best]) * count) ** 2))
        left = np.asarray(left * (1 - _REDUNDANCY * alike) * (1 - _SPREAD * near))
        left[alike > 0.7] = 0.0
        left[best] = 0.0
    return chosen


def _trimmed(sentence: Sentence) -> Utterance:
    utterance = sentence.utterance
    if len(utterance.text) <= WHOLE_UTTERANCE:
        return utterance
    return replace(utterance, text=sentence.text)
