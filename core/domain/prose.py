"""Whether the sentences of a summary rest on what was said.

A model that cites the right lines may still write a wrong number beside them. So each sentence is
held against the lines it cites, and against the verified items that rest on those lines; what does
not hold is taken out, and counted. Words cannot be compared across languages: there numbers and
names have to do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.domain import citations, numerals
from core.domain.minutes import Item
from core.domain.owners import invents_person, misnamed
from core.domain.transcript import Transcript, Utterance, language_of
from core.domain.wording import content, shared

NEAR = 2
"""Lines before and after a citation that may hold what a sentence says."""

_MARKER = re.compile(r"^\s*(?:[-*+•]|\d+[.)]|#{1,6})\s+")
_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class CheckedProse:
    """Prose without what could not be checked. Sentences are counted without headings."""

    text: str
    kept: int
    dropped: int

    @property
    def share(self) -> float:
        """The share of sentences that stayed; 0 for no sentence."""
        return self.kept / (self.kept + self.dropped) if self.kept else 0.0


def check_prose(
    text: str,
    transcript: Transcript,
    *,
    items: Sequence[Item],
    allowed: Collection[int],
    known: str = "",
) -> CheckedProse:
    """`text` with citations outside of `allowed` removed, and without the sentences that do not
    hold. `known` are words that need no line: title, date.

    A sentence without a citation is held against those of the next sentence of its paragraph that
    has some, else of the one before; in a paragraph without any it does not stay.
    """
    checker = _Checker(transcript, items, known)
    cited = citations.checked(text, allowed=allowed).text
    lines: list[str] = []
    kept = dropped = 0
    for line in cited.split("\n"):
        if _is_heading(line):
            if not numerals.missing(line, source=known):
                lines.append(line)
            continue
        sentences = citations.sentences(line)
        held = [
            sentence
            for place, sentence in enumerate(sentences)
            if checker.holds(sentence, _numbers_for(sentences, place))
        ]
        kept += len(held)
        dropped += len(sentences) - len(held)
        if held:
            lines.append(_with_marker(line, " ".join(held)))
        elif not sentences:
            lines.append("")
    return CheckedProse(_tidy(lines), kept, dropped)


def doubtful(
    text: str, transcript: Transcript, *, items: Sequence[Item], known: str, asked: str
) -> list[str]:
    """The sentences of an answer whose numbers or people are not in the lines they cite, nor in
    verified items that rest on these, nor in what is `known` (title, date). A sentence that cites
    nothing may also take them from anywhere in the meeting, or from the question. Numbers that a
    model works out itself ("three of them") are among the doubtful: they are worth a look."""
    checker = _Checker(transcript, items, known)
    found = []
    for line in text.split("\n"):
        sentences = citations.sentences(line)
        for place, sentence in enumerate(sentences):
            if checker.doubts(sentence, _numbers_for(sentences, place), asked=asked):
                found.append(sentence)
    return found


class _Checker:
    def __init__(self, transcript: Transcript, items: Sequence[Item], known: str) -> None:
        self._spoken = transcript.utterances
        self._places = {one.number: place for place, one in enumerate(self._spoken)}
        self._speakers = frozenset(one.speaker for one in self._spoken if one.speaker)
        self._items = [item for item in items if item.verified]
        self._known = known

    def holds(self, sentence: str, numbers: Collection[int]) -> bool:
        cited = [self._spoken[self._places[number]] for number in numbers if number in self._places]
        if not cited:
            return False
        near = self._near(numbers)
        items = [item for item in self._items if set(item.utterances) & set(numbers)]
        said = "\n".join(
            [
                self._known,
                *(f"{one.speaker or ''}\n{one.text}" for one in near),
                *(f"{item.text}\n{item.owner or ''}\n{item.due_text or ''}" for item in items),
            ]
        )
        claim = citations.replaced(sentence, lambda _: "")
        if numerals.missing(claim, source=said):
            return False
        if misnamed(claim, speakers=self._speakers, near=near) or self._invents_person(claim):
            return False
        if language_of(claim) != language_of(" ".join(one.text for one in cited)):
            return True
        words = content(claim)
        return len(words) < 2 or shared(words, said) > 0

    def doubts(self, sentence: str, numbers: Collection[int], *, asked: str) -> bool:
        """Does it state a number or name a person that is not in its lines, or, where it cites
        none, nowhere at all?"""
        claim = citations.replaced(sentence, lambda _: "")
        if not numbers:
            said = f"{self._all}\n{asked}"
            return bool(numerals.missing(claim, source=said)) or invents_person(claim, said=said)
        told = numerals.claimed(claim) or self._invents_person(claim)
        return bool(told) and not self.holds(sentence, numbers)

    @cached_property
    def _all(self) -> str:
        return "\n".join([self._known, *(f"{s.speaker or ''}\n{s.text}" for s in self._spoken)])

    def _invents_person(self, claim: str) -> bool:
        return invents_person(claim, said=self._all)

    def _near(self, numbers: Collection[int]) -> list[Utterance]:
        wanted = {
            self._places[number] + step
            for number in numbers
            if number in self._places
            for step in range(-NEAR, NEAR + 1)
        }
        return [self._spoken[place] for place in sorted(wanted) if 0 <= place < len(self._spoken)]


def _numbers_for(sentences: Sequence[str], place: int) -> tuple[int, ...]:
    for nearby in (*sentences[place:], *reversed(sentences[:place])):
        if numbers := citations.numbers_in(nearby):
            return numbers
    return ()


def _is_heading(line: str) -> bool:
    bare = _MARKER.sub("", line).strip()
    if not bare or citations.numbers_in(bare):
        return False
    heading = line.lstrip().startswith("#") or bare.endswith((":", "：")) or bare.startswith("**")
    return heading and len(bare) <= _LONGEST_HEADING and bare[-1] not in ".!?。"


def _with_marker(line: str, text: str) -> str:
    marker = _MARKER.match(line)
    if marker is None or text.startswith(marker.group().strip()):
        return text
    return marker.group() + text


def _tidy(lines: Sequence[str]) -> str:
    """No heading without text below it, no run of empty lines."""
    kept: list[str] = []
    for line in reversed(lines):
        below = next((other for other in reversed(kept) if other.strip()), "")
        level = re.match(r"\s*#+", line)
        below_level = re.match(r"\s*#+", below)
        empty = level and (
            not below
            or (below_level and len(below_level.group().strip()) <= len(level.group().strip()))
        )
        if not empty:
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(reversed(kept))).strip()
