"""The lines of a meeting by their places: what was said at a citation, around it, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from core.domain.owners import name_words
from core.domain.transcript import Transcript, Utterance

NEAR = 2
"""Utterances before and after a citation in which a misplaced quote is looked for."""


class LinesSaid:
    """A transcript by places, for looking around a citation."""

    def __init__(self, transcript: Transcript, language: str | None) -> None:
        self.language = language
        self.utterances = transcript.utterances
        self.places = {spoken.number: place for place, spoken in enumerate(self.utterances)}

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of all speakers' names."""
        return frozenset(word for speaker in self.speakers for word in name_words(speaker))

    @cached_property
    def everything(self) -> str:
        """All that was said, with who said it."""
        return with_speakers(self.utterances)

    @cached_property
    def speakers(self) -> frozenset[str]:
        """The names of all who speak."""
        return frozenset(spoken.speaker for spoken in self.utterances if spoken.speaker)

    def cited(self, numbers: Sequence[int]) -> list[Utterance]:
        """The utterances of these numbers that exist, in order."""
        return [self.utterances[place] for place in sorted(self._places(numbers))]

    def around(self, numbers: Sequence[int], *, before: int = NEAR) -> list[Utterance]:
        """The cited utterances and those near them, in order."""
        near = {
            place + step for place in self._places(numbers) for step in range(-before, NEAR + 1)
        }
        return [self.utterances[place] for place in sorted(near) if 0 <= place < len(self)]

    def __len__(self) -> int:
        return len(self.utterances)

    def _places(self, numbers: Sequence[int]) -> set[int]:
        return {self.places[number] for number in numbers if number in self.places}


def with_speakers(cited: Sequence[Utterance]) -> str:
    """What was said, with the speakers' names: "Speaker 2" in a claim is a number too."""
    return "\n".join(f"{spoken.speaker or ''}\n{spoken.text}" for spoken in cited)


def as_one(run: Sequence[Utterance]) -> str:
    """Utterances read as one."""
    return " ".join(spoken.text for spoken in run)
