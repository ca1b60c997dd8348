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
from fractions import Fraction
from functools import cached_property

from core.domain import citations, numerals
from core.domain.minutes import Item
from core.domain.names_said import invents_name
from core.domain.owners import invents_person, misassigns, misnamed, name_words
from core.domain.paired_numbers import misstates
from core.domain.polarity import contradicts
from core.domain.proposals import is_told_as_decision, only_proposed
from core.domain.transcript import Transcript, Utterance, language_of
from core.domain.wording import content, shared

NEAR = 2
"""Lines before and after a citation that may hold what a sentence says."""

_MARKER = re.compile(r"^\s*(?:[-*+•]|\d+[.)]|#{1,6})\s+")
_LONGEST_HEADING = 60
_OF_HEADINGS = frozenset(
    ("key", "number", "numbers", "figure", "figures", "note", "notes", "product", "background")
    + ("status", "risk", "risks", "summary", "overview", "update", "updates", "highlight")
    + ("highlights", "outcome", "outcomes", "result", "results", "project", "weekly", "follow")
    + ("main", "detail", "details", "issue", "issues", "task", "tasks", "work", "schedule")
    + ("배경", "배경과", "현황", "현황과", "지표", "핵심", "요약", "개요", "주요", "향후", "일정")
    + ("일정과", "과제", "이슈", "사항", "조치", "결과", "기타", "상황", "세부")
)
"""Words of any heading, which its lines need not hold."""
_SAYS = re.compile(
    r"\b(?:is|are|was|were|will|won['’]t|has|have|had|does|did|can|cannot|must|should)\b"
    r"|(?:다|함|됨|음|기로)\W*$",
    re.IGNORECASE,
)
"""A heading with a verb is a sentence."""


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
    written = cited.split("\n")
    for place, line in enumerate(written):
        if _is_heading(line):
            if checker.heads(line, _numbers_below(written, place)):
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
        resting = [item for item in self._items if set(item.utterances) & set(numbers)]
        exact = [item for item in resting if _same_lines(item.utterances, numbers)]
        claim = citations.replaced(sentence, lambda _: "")
        if numerals.missing(claim, source=self._told(self._answering(cited), exact)):
            return False
        if misnamed(claim, speakers=self._speakers, near=near) or self._invents(claim):
            return False
        if self._turns(claim, cited) or _is_outdated(claim, resting):
            return False
        if language_of(claim) != language_of(" ".join(one.text for one in cited)):
            return True
        words = content(claim)
        return len(words) < 2 or shared(words, self._told(near, resting)) > 0

    def _answering(self, cited: Sequence[Utterance]) -> list[Utterance]:
        """The lines with the questions that they answer, right before them."""
        lines: list[Utterance] = []
        for one in cited:
            place = self._places[one.number]
            before = self._spoken[place - 1 : place] if place else ()
            lines += [*(other for other in before if other.text.rstrip().endswith("?")), one]
        return lines

    def _told(self, lines: Sequence[Utterance], items: Collection[Item]) -> str:
        return "\n".join(
            [
                self._known,
                *(f"{one.speaker or ''}\n{one.text}" for one in lines),
                *(f"{item.text}\n{item.owner or ''}\n{item.due_text or ''}" for item in items),
            ]
        )

    def _turns(self, claim: str, cited: Sequence[Utterance]) -> bool:
        """Are the lines' words and numbers put together to say what these do not?"""
        lines = [one.text for one in cited]
        if contradicts(claim, lines) or misstates(claim, "\n".join(lines)):
            return True
        if misassigns(claim, speakers=self._speakers, cited=cited):
            return True
        last = self._places[cited[-1].number]
        following = [one.text for one in self._spoken[last + 1 : last + 1 + NEAR]]
        return is_told_as_decision(claim) and only_proposed(lines, following)

    def heads(self, heading: str, numbers: Collection[int]) -> bool:
        """May a heading stand above lines that cite `numbers`? It states no number of its own and
        nobody unknown, and where it says something, its words are those of the lines."""
        if numerals.missing(heading, source=self._known) or self._invents(heading):
            return False
        cited = [self._spoken[self._places[number]] for number in numbers if number in self._places]
        said = self._told(self._near(numbers), ())
        if not cited or language_of(heading) != language_of(said):
            return True
        names = {word for speaker in self._speakers for word in name_words(speaker)}
        words = content(heading, names=names | _OF_HEADINGS)
        met = shared(words, said)
        if _SAYS.search(heading) and met * 2 <= len(words):
            return False
        return (len(words) < 2 or met > 0) and not self._turns(heading, cited)

    def doubts(self, sentence: str, numbers: Collection[int], *, asked: str) -> bool:
        """Does it state a number or name a person that is not in its lines, or, where it cites
        none, nowhere at all?"""
        claim = citations.replaced(sentence, lambda _: "")
        if not numbers:
            said = f"{self._all}\n{asked}"
            return bool(numerals.missing(claim, source=said)) or invents_person(claim, said=said)
        told = numerals.claimed(claim) or self._invents(claim)
        return bool(told) and not self.holds(sentence, numbers)

    @cached_property
    def _all(self) -> str:
        return "\n".join([self._known, *(f"{s.speaker or ''}\n{s.text}" for s in self._spoken)])

    def _invents(self, claim: str) -> bool:
        return invents_person(claim, said=self._all) or invents_name(claim, said=self._all)

    def _near(self, numbers: Collection[int]) -> list[Utterance]:
        wanted = {
            self._places[number] + step
            for number in numbers
            if number in self._places
            for step in range(-NEAR, NEAR + 1)
        }
        return [self._spoken[place] for place in sorted(wanted) if 0 <= place < len(self._spoken)]


def _same_lines(some: Collection[int], others: Collection[int]) -> bool:
    """Is one of them within the other?"""
    return set(some) <= set(others) or set(others) <= set(some)


def _is_outdated(claim: str, items: Sequence[Item]) -> bool:
    """Does a claim state a number that an item corrected, and not the one it is now?"""
    for item in items:
        old = numerals.claimed(item.replaces or "")
        new = numerals.claimed(item.text)
        gone = [values for values in old if not any(values & other for other in new)]
        come = [values for values in new if not any(values & other for other in old)]
        told = numerals.claimed(claim)
        if _any_meet(gone, told) and come and not _any_meet(come, told):
            return True
    return False


def _any_meet(some: Sequence[frozenset[Fraction]], others: Sequence[frozenset[Fraction]]) -> bool:
    return any(one & other for one in some for other in others)


def _numbers_for(sentences: Sequence[str], place: int) -> tuple[int, ...]:
    for nearby in (*sentences[place:], *reversed(sentences[:place])):
        if numbers := citations.numbers_in(nearby):
            return numbers
    return ()


def _numbers_below(lines: Sequence[str], place: int) -> tuple[int, ...]:
    """What the lines under a heading cite, up to the next one; to the end for a title that has
    another heading right below."""
    below: list[str] = []
    for line in lines[place + 1 :]:
        if _is_heading(line) and citations.numbers_in("\n".join(below)):
            break
        below.append(line)
    return citations.numbers_in("\n".join(below))


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
