"""Every system's summary of every meeting, scored; then means and paired differences."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from evaluation import baselines
from evaluation.product import Product
from evaluation.qmsum import Meeting
from evaluation.rouge import MEASURES, Rouge
from evaluation.statistics import Estimate, estimate

TEXTRANK, LEAD, RANDOM = "TextRank (summa)", "lead", "random"
TEXTRANK_OF_LONG = f"TextRank, {baselines.FEWEST_WORDS}+ words"
BASELINES = (TEXTRANK, TEXTRANK_OF_LONG, LEAD, RANDOM)
Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Compared:
    """One meeting: by system how many words its summary has, and F1 by measure (0 to 1)."""

    title: str
    words: Mapping[str, float]
    scores: Mapping[str, Scores]


@dataclass(frozen=True)
class Comparison:
    """All meetings. The engine's own summaries say how long all are."""

    engine: str
    meetings: tuple[Compared, ...]

    def of(self, system: str, measure: str) -> Estimate:
        """F1, 0 to 100."""
        return estimate([100 * one.scores[system][measure] for one in self.meetings])

    def words(self, system: str) -> float:
        """How long its summaries are on average."""
        return fmean(one.words[system] for one in self.meetings)

    def difference(self, other: str, measure: str) -> Estimate:
        """The engine's F1 less the other's, paired by meeting, in points of 100."""
        return estimate(
            [
                100 * (one.scores[self.engine][measure] - one.scores[other][measure])
                for one in self.meetings
            ]
        )


def compare(product: Product, meetings: Sequence[Meeting]) -> Comparison:
    """Summarise and score; says on stderr which meeting is at work."""
    rouge = Rouge()
    compared = []
    for number, meeting in enumerate(meetings, start=1):
        print(f"meeting {number} of {len(meetings)} …", file=sys.stderr, flush=True)
        compared.append(_compared(product, meeting, rouge))
    return Comparison(product.engine, tuple(compared))


def _compared(product: Product, meeting: Meeting, rouge: Rouge) -> Compared:
    own = product.summary(meeting)
    words = len(own.split())
    drawn = baselines.at_random(meeting.utterances, words=words, seed=meeting.title)
    summaries = {
        product.engine: [own],
        TEXTRANK: [baselines.textrank(meeting.utterances, words=words)],
        TEXTRANK_OF_LONG: [baselines.textrank_of_long(meeting.utterances, words=words)],
        LEAD: [baselines.lead(meeting.utterances, words=words)],
        RANDOM: drawn,
    }
    return Compared(
        title=meeting.title,
        words={
            system: fmean(len(text.split()) for text in texts)
            for system, texts in summaries.items()
        },
        scores={
            system: _mean([rouge.f1(text, reference=meeting.reference) for text in texts])
            for system, texts in summaries.items()
        },
    )


def _mean(scores: Sequence[Scores]) -> Scores:
    return {measure: fmean(one[measure] for one in scores) for measure in MEASURES}
