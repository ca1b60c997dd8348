"""A reading: a sentence, and what it was found to be. Later passes join and drop readings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.engines.extractive.sentences import Sentence
from core.engines.extractive.task import Task


@dataclass(frozen=True, slots=True)
class Reading:
    """`index` is the sentence's place among all sentences. `proposal` is the sentence that says
    what was decided, where this one only confirms it (`bare`); `also` are further sentences that
    the same item rests on."""

    index: int
    sentence: Sentence
    kind: ItemKind
    task: Task | None = None
    proposal: Sentence | None = None
    bare: bool = False
    also: tuple[Sentence, ...] = ()

    @property
    def place(self) -> int:
        """Index of the utterance."""
        return self.sentence.place

    @property
    def speaker(self) -> str | None:
        """Who says it."""
        return self.sentence.utterance.speaker

    def joined(self, *others: Sentence, task: Task | None = None) -> Reading:
        """This reading, resting on other sentences too."""
        return replace(self, also=(*self.also, *others), task=task or self.task)

    def as_item(self) -> Item:
        """The item, which quotes the sentence and cites every utterance it rests on."""
        sentence, task = self.sentence, self.task
        rests = (sentence, *self.also, *((self.proposal,) if self.proposal else ()))
        return Item(
            kind=self.kind,
            text=(self.proposal or sentence).text,
            utterances=tuple(sorted({one.utterance.number for one in rests})),
            quote=sentence.text,
            owner=task.owner if task else None,
            due_text=task.due_text if task else None,
            start=sentence.utterance.start,
            verified=True,
        )
