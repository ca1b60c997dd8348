"""What an engine is compared with: TextRank, the meeting's first sentences, random sentences.

All are given the same number of words, and stop where one sentence more would bring them further
away from it than they are; that is the rule of summa's own `words`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from core.domain.transcript import Utterance
from core.engines.extractive.sentences import split_sentences

DRAWS = 20
"""Random summaries of a meeting; their scores are averaged."""
FEWEST_WORDS = 5
"""Of a sentence that is no mere "Yeah." or "Uh a bird."."""


def textrank(utterances: Sequence[Utterance], *, words: int) -> str:
    """TextRank (Mihalcea & Tarau 2004; Barrios et al. 2016) as the summa package does it, sentence
    cutting included. It has no Korean: Korean words are compared whole."""
    return _summa("\n".join(utterance.text for utterance in utterances), words=words)


def textrank_of_long(utterances: Sequence[Utterance], *, words: int) -> str:
    """The same without sentences of fewer than `FEWEST_WORDS` words. TextRank was made for written
    text: in talk it ranks the back-channels high, which are all alike."""
    long = (one for one in _sentences(utterances) if len(one.split()) >= FEWEST_WORDS)
    return _summa("\n".join(long), words=words)


def lead(utterances: Sequence[Utterance], *, words: int) -> str:
    """The first sentences."""
    return " ".join(within(_sentences(utterances), words=words))


def at_random(utterances: Sequence[Utterance], *, words: int, seed: str) -> list[str]:
    """`DRAWS` summaries of random sentences, each in the order in which they were said. The same
    seed draws the same."""
    sentences = _sentences(utterances)
    draw = random.Random(seed)
    drawn = []
    for _ in range(DRAWS):
        order = draw.sample(range(len(sentences)), len(sentences))
        chosen = len(within([sentences[place] for place in order], words=words))
        drawn.append(" ".join(sentences[place] for place in sorted(order[:chosen])))
    return drawn


def within(sentences: Sequence[str], *, words: int) -> list[str]:
    """As many of the first sentences as come nearest to `words` words in all."""
    chosen: list[str] = []
    left = words
    for sentence in sentences:
        after = left - len(sentence.split())
        if abs(after) > abs(left):
            break
        chosen.append(sentence)
        left = after
    return chosen


def _summa(text: str, *, words: int) -> str:
    from summa.summarizer import summarize  # loads scipy: half a second

    return str(summarize(text, words=words, language="english"))


def _sentences(utterances: Sequence[Utterance]) -> list[str]:
    return [piece for utterance in utterances for piece in split_sentences(utterance.text)]
