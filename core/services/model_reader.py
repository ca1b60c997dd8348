"""Reading a meeting with a language model: parts that fit its context window, each into items.

A part begins with the last lines of the part before, so that what is settled across a border is
seen. A part whose answer was cut, invalid or full is halved, at most three times; what cannot be
read is named, never dropped. Prompts carry utterance numbers, rules and nothing of the person's
style, so that no style can hide a decision and another style costs no reading; of their glossary
what occurs in the part, so that another term has only those parts read anew in which it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain import grounding
from core.domain.minutes import Item
from core.domain.reading import overfull, parse_reading, reading_schema, transcript_lines
from core.domain.transcript import Utterance
from core.engines.base import CheckCancelled, LanguageModel, Message, ModelRequest
from core.prompts import neutral, render
from core.services.calls import ModelCalls
from core.services.model_requests import answer_tokens, language_name, request_to
from core.services.remembering import room_with_terms, terms_for
from core.services.transcript_parts import (
    DEEPEST_SPLIT,
    SMALL,
    cut,
    key_of,
    key_of_request,
    line_cost,
    parsed_answer,
    with_terms,
)
from core.services.writers import Heard, Material, Part, PartRead, Readings, between, unheard

_OVERLAP = 3
"""Utterances of the part before that are read again, while they are short:"""
_OVERLAP_SHARE = 0.1
"""of the room that a part's lines have."""


@dataclass(frozen=True)
class ModelReader:
    """Reads with `model`; every call goes through `calls`; `readings` remembers the answers."""

    model: LanguageModel
    calls: ModelCalls
    readings: Readings

    def plan(self, material: Material, *, check: CheckCancelled) -> list[tuple[int, int]]:
        """As few parts as fit the context window, cut between utterances."""
        spoken = material.transcript.utterances
        self.calls.prepare(self.model, check=check)
        # The estimate learns with each call; parts cut otherwise would all be read again.
        # Terms have a room of their own, however many there are: others cut no other parts.
        asked = [self.model.context_window, transcript_lines(spoken)]
        key = key_of("parts", self.model, *asked, *(["with terms"] if material.terms else []))
        known = self.readings.find(key)
        if known is None:
            known = {"parts": [list(part) for part in self._cut(material)]}
            self.readings.ensure(key, known)
        return [(first, last) for first, last in known["parts"]]

    def read(
        self, material: Material, *, part: Part, check: CheckCancelled, heard: Heard = unheard
    ) -> PartRead:
        """Items of one part, unchecked; see the module for what happens to bad answers."""
        utterances = between(material.transcript, part.first, part.last)
        return _Reading(self, material, part, check, heard).of(utterances, depth=0)

    def _cut(self, material: Material) -> list[tuple[int, int]]:
        return cut(
            material.transcript.utterances,
            cost=self._line_cost,
            budget=self._line_budget(material),
            begins_with=lambda first: sum(map(self._line_cost, self.overlap(material, first))),
        )

    def request(
        self,
        material: Material,
        part: Part,
        utterances: Sequence[Utterance],
        *,
        halved: bool = False,
    ) -> ModelRequest:
        """What is asked about some utterances of a part. A half may answer at greater length: its
        whole was too much for the usual room."""
        again = self.overlap(material, utterances[0].number)
        lines = neutral("\n".join(transcript_lines((*again, *utterances))))
        language = language_name(material.language)
        user = render(
            "map_part",
            title=neutral(material.title),
            part=str(part.number),
            parts=str(part.count),
            again=render("map_again", last=str(again[-1].number)) + "\n\n" if again else "",
            lines=lines,
            language=language,
        )
        said = self.model.count((Message("user", user),))
        request = request_to(
            self.model,
            rules_of_reading(material, (*again, *utterances), model=self.model),
            user,
            schema=reading_schema(),
            most=256 + 3 * said,
        )
        if not halved:
            return request
        free = int(self.model.context_window - self.model.count(request.messages) * 1.1) - 1
        return replace(request, max_tokens=max(request.max_tokens, min(free, 512 + 6 * said)))

    def overlap(self, material: Material, first: int) -> tuple[Utterance, ...]:
        """The utterances just before number `first` that are read once more."""
        room = _OVERLAP_SHARE * self._line_budget(material)
        taken: list[Utterance] = []
        for utterance in reversed(between(material.transcript, first - _OVERLAP, first - 1)):
            room -= self._line_cost(utterance)
            if room < 0:
                break
            taken.insert(0, utterance)
        return tuple(taken)

    def _line_budget(self, material: Material) -> int:
        """Tokens that transcript lines may take in one part, so that the request fits."""
        empty = render(
            "map_part",
            title=neutral(material.title),
            part="99",
            parts="99",
            again=render("map_again", last="99999") + "\n\n",
            lines="",
            language=language_name(material.language),
        )
        rules = rules_of_reading(material, (), model=self.model)
        fixed = self.model.count((Message("system", rules), Message("user", empty)))
        if material.terms:
            fixed += room_with_terms(self.model)
        # fits() takes ten per cent of margin; a line end a line is already in _line_cost.
        free = (self.model.context_window - answer_tokens(self.model)) / 1.1 - fixed
        return max(64, int(free * 0.98))

    def _line_cost(self, utterance: Utterance) -> int:
        return line_cost(self.model, utterance)


@dataclass
class _Reading:
    """One part being read, with what its calls have in common."""

    reader: ModelReader
    material: Material
    part: Part
    check: CheckCancelled
    heard: Heard
    characters: int = 0
    """Of the answers that are complete."""

    def of(self, utterances: tuple[Utterance, ...], *, depth: int) -> PartRead:
        """The items of some utterances; halves are read where the whole could not be."""
        self.check()
        request = self.reader.request(self.material, self.part, utterances, halved=depth > 0)
        if self.reader.model.fits(request):
            read = self._ask(request, self._span(utterances))
            if read is not None and not (overfull(read.items) and len(utterances) > 1):
                return read
            if read is not None:  # a full list may have left something out: its halves have room
                return self._halved(utterances, depth=depth, whole=read)
            depth += 1
            said = Message("user", "\n".join(transcript_lines(utterances)))
            if self.reader.model.count((said,)) < SMALL:
                depth = max(depth, DEEPEST_SPLIT)
            can_halve = len(utterances) > 1
        else:
            can_halve = len(utterances) > 1 or len(utterances[0].text) > 1
        if depth > DEEPEST_SPLIT or not can_halve:
            return PartRead(items=(), unread=((utterances[0].number, utterances[-1].number),))
        halved = self._halved(utterances, depth=depth)
        if not halved.unread:  # else a further run asks again for all of it
            self.reader.readings.ensure(self._key(request), {"in_halves": True})
        return halved

    def _halved(
        self, utterances: tuple[Utterance, ...], *, depth: int, whole: PartRead | None = None
    ) -> PartRead:
        """Both halves read. Where one can't be, `whole`, the answer to both at once, stands in."""
        halves = [self.of(half, depth=depth) for half in _halves(utterances)]
        unread = tuple(dict.fromkeys(gap for half in halves for gap in half.unread))
        items = [item for half in halves for item in half.items]
        if whole and unread:
            items += whole.items
        return PartRead(
            items=tuple(items),
            unread=() if whole else unread,
            tokens=sum(half.tokens for half in halves) + (whole.tokens if whole else 0),
            covered=tuple(span for half in halves for span in half.covered)
            + (whole.covered if whole else ()),
        )

    def _span(self, utterances: Sequence[Utterance]) -> tuple[int, int]:
        """What is read with these utterances: they, and those before them that are read again."""
        again = self.reader.overlap(self.material, utterances[0].number)
        return (again or tuple(utterances))[0].number, utterances[-1].number

    def _ask(self, request: ModelRequest, span: tuple[int, int]) -> PartRead | None:
        """What the model answers, None where it was no answer. A question that was answered before
        is not put again, nor one that had to be put in halves."""
        reader = self.reader
        key = self._key(request)
        known = reader.readings.find(key)
        if known is not None and "in_halves" in known:
            return None
        if known is not None:
            items = tuple(Item.from_json(stored) for stored in known["items"])
            return PartRead(items, tokens=known["tokens"], covered=(span,))
        told = parsed_answer(
            reader.calls,
            reader.model,
            request,
            parse=parse_reading,
            check=self.check,
            heard=lambda characters: self.heard(self.characters + characters),
        )
        if told is None:
            return None
        items, answer = told
        self.characters += len(answer.text)
        tokens = (answer.prompt_tokens or 0) + (answer.answer_tokens or 0)
        if self._is_worth_keeping(items):
            kept = {"items": [item.as_json() for item in items], "tokens": tokens}
            reader.readings.ensure(key, kept)
        return PartRead(items, tokens=tokens, covered=(span,))

    def _key(self, request: ModelRequest) -> str:
        return key_of_request("part", self.reader.model, request)

    def _is_worth_keeping(self, items: tuple[Item, ...]) -> bool:
        """An answer of which nothing is true is asked for again the next time."""
        checked = grounding.check(items, self.material.transcript, language=self.material.language)
        return not items or any(item.verified for item in checked)


def rules_of_reading(
    material: Material, utterances: Sequence[Utterance], *, model: LanguageModel
) -> str:
    """The system message of reading: rules, and those of the person's terms that matter to these
    utterances; nothing of a style."""
    rules = render("map", language=language_name(material.language))
    said = "\n".join(transcript_lines(utterances))
    return with_terms(rules, terms_for(material.terms, said, model=model))


def _halves(utterances: tuple[Utterance, ...]) -> list[tuple[Utterance, ...]]:
    """Two halves; one long utterance is cut at a blank near its middle and keeps its number."""
    if len(utterances) > 1:
        middle = len(utterances) // 2
        return [utterances[:middle], utterances[middle:]]
    only = utterances[0]
    middle = only.text.rfind(" ", 0, len(only.text) // 2 + 1)
    cut = middle if middle > 0 else len(only.text) // 2
    return [(replace(only, text=only.text[:cut]),), (replace(only, text=only.text[cut:].strip()),)]
