"""The extractive engine behind the `Extractor` Protocol. Every line it gives is a quotation.

It keeps the analysis of the last few transcripts, because chat asks about one meeting many times.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from core.domain.minutes import Item
from core.domain.transcript import Utterance
from core.engines.base import CheckCancelled, Passage
from core.engines.extractive.answers import asked_terms, offered, wanted
from core.engines.extractive.dates import due_words
from core.engines.extractive.findings import items_of
from core.engines.extractive.passages import Line, best_passages
from core.engines.extractive.sentences import Sentence, sentences_of
from core.engines.extractive.summary import summary_of
from core.engines.words import content_terms

NAME = "extractive"
_KEPT = 2


class ExtractiveEngine:
    """Ranks and quotes Korean and English. Safe to share between threads."""

    def __init__(self) -> None:
        self._analysed: OrderedDict[int, tuple[tuple[Utterance, ...], list[Sentence]]]
        self._analysed = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """ "extractive"."""
        return NAME

    def items(
        self, utterances: Sequence[Utterance], *, language: str, check: CheckCancelled
    ) -> tuple[Item, ...]:
        """Topics, then decisions, actions, questions and facts, each kind in the order it was
        said. `language` is not needed: each sentence is read in its own."""
        del language
        check()
        return items_of(utterances, self._sentences(utterances), check)

    def summary(
        self, utterances: Sequence[Utterance], *, language: str, check: CheckCancelled
    ) -> tuple[Utterance, ...]:
        """The utterances that say most, in the order they were said; long ones trimmed."""
        del language
        check()
        return summary_of(self._sentences(utterances), check)

    def passages(
        self, utterances: Sequence[Utterance], question: str, *, limit: int
    ) -> tuple[Passage, ...]:
        """The utterances that answer the question best, best first."""
        terms, wants = content_terms([question])[0], wanted(question)
        asked = asked_terms(terms, wants)
        if not terms or limit <= 0 or not utterances:
            return ()
        speakers = frozenset(one.speaker for one in utterances if one.speaker)
        lines = [Line([], False) for _ in utterances]
        for sentence in self._sentences(utterances):
            line = lines[sentence.place]
            line.terms.extend(sentence.terms)
            line.terms.extend(offered(sentence, wants, speakers))
            line.asks = sentence.asks
        return best_passages(utterances, lines, question=question, asked=asked, limit=limit)

    def due_words(self, text: str) -> str | None:
        """The words that say when something is due."""
        return due_words(text)

    def _sentences(self, utterances: Sequence[Utterance]) -> list[Sentence]:
        spoken = tuple(utterances)
        key = hash(spoken)
        with self._lock:
            known = self._analysed.get(key)
            if known is not None and known[0] == spoken:
                self._analysed.move_to_end(key)
                return known[1]
        sentences = sentences_of(spoken)
        with self._lock:
            self._analysed[key] = (spoken, sentences)
            while len(self._analysed) > _KEPT:
                self._analysed.popitem(last=False)
        return sentences
