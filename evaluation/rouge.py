"""ROUGE-1, -2 and -L (Lin 2004) by the rouge-score package, in English and in Korean.

The package's own tokenizer keeps Latin letters and digits alone, so that any Korean pair scores 0.
Here Korean words become their content morphemes, those of the extractive engine's own analyser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenizers import DefaultTokenizer, Tokenizer

from core.engines.korean import Korean, has_hangul, shared_korean

MEASURES = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L"}
_RUN = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]+")


class BilingualTokenizer(Tokenizer):  # type: ignore[misc]  # the package has no types
    """English words stemmed as the package does it (Porter), Korean ones as content morphemes, in
    the order in which they stand. Both sides of a pair go through it."""

    def __init__(self, korean: Korean | None = None) -> None:
        self._english = DefaultTokenizer(use_stemmer=True)
        self._korean = korean

    def tokenize(self, text: str) -> list[str]:
        """The tokens of a text. Korean is loaded only if it has Hangul."""
        if not has_hangul(text):
            return list(self._english.tokenize(text))
        runs = _RUN.findall(text)
        korean = (self._korean or shared_korean()).morphemes(runs)
        tokens: list[str] = []
        for run, morphemes in zip(runs, korean, strict=True):
            tokens += [one.form for one in morphemes] or self._english.tokenize(run)
        return tokens


class Rouge:
    """Scores one summary against one reference."""

    def __init__(self, korean: Korean | None = None) -> None:
        self._scorer = RougeScorer(list(MEASURES), tokenizer=BilingualTokenizer(korean))

    def f1(self, summary: str, *, reference: str) -> Mapping[str, float]:
        """F1 of each measure, 0 to 1. ROUGE-L is over the whole text, not sentence by sentence."""
        scored = self._scorer.score(reference, summary)
        return {measure: float(scored[measure].fmeasure) for measure in MEASURES}
