"""Reading a meeting with a language model: parts that fit its context window, each into items.

A part whose answer was cut, invalid or full is halved, at most three times; what cannot be read is
named, never dropped. Prompts carry utterance numbers, rules and nothing of the person's style, so
that no style can hide a decision and another style costs no reading.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.minutes import Item
from core.domain.reading import (
    overfull,
    parse_reading,
    reading_schema,
    transcript_line,
    transcript_lines,
)
from core.domain.transcript import Transcript, Utterance
from core.engines.base import CheckCancelled, LanguageModel, Message, ModelRequest
from core.errors import EngineFailed
from core.prompts import neutral, render
from core.services.calls import ModelCalls
from core.services.model_requests import BAD_ANSWER, answer_tokens, language_name, request_to
from core.services.writers import About, PartRead, Readings, between

_DEEPEST_SPLIT = 3
_SMALL = 200
"""Tokens of a part so short that a bad answer is not for its length: it is halved once at most."""
_LINES_BEFORE = 2


@dataclass(frozen=True)
class ModelReader:
    """Reads with `model`; every call goes through `calls`; `readings` remembers the answers."""

    model: LanguageModel
    calls: ModelCalls
    readings: Readings

    def plan(
        self, transcript: Transcript, *, about: About, check: CheckCancelled
    ) -> list[tuple[int, int]]:
        """As few parts as fit the context window, cut between utterances."""
        spoken = transcript.utterances
        self.calls.prepare(self.model, check=check)
        # The estimate learns with each call; parts cut otherwise would all be read again.
        key = _key("plan", self.model.name, self.model.context_window, transcript_lines(spoken))
        known = self.readings.find(key)
        if known is None:
            known = [list(part) for part in self._cut(spoken, about)]
            self.readings.ensure(key, known)
        return [(first, last) for first, last in known]

    def _cut(self, spoken: Sequence[Utterance], about: About) -> list[tuple[int, int]]:
        parts: list[tuple[int, int]] = []
        begun: list[Utterance] = []
        budget = self._line_budget(about)
        used = 0
        for utterance in spoken:
            cost = self._line_cost(utterance)
            if begun and used + cost > budget:
                parts.append((begun[0].number, begun[-1].number))
                begun, used = [], 0
            begun.append(utterance)
            used += cost
        if begun:
            parts.append((begun[0].number, begun[-1].number))
        return parts

    def read(
        self,
        transcript: Transcript,
        *,
        part: tuple[int, int],
        place: tuple[int, int],
        about: About,
        check: CheckCancelled,
    ) -> PartRead:
        """Items of one part, unchecked; see the module for what happens to bad answers."""
        return self._read(
            between(transcript, part), transcript, place=place, about=about, check=check, depth=0
        )

    def _read(
        self,
        utterances: tuple[Utterance, ...],
        transcript: Transcript,
        *,
        place: tuple[int, int],
        about: About,
        check: CheckCancelled,
        depth: int,
    ) -> PartRead:
        check()
        request = self._map_request(utterances, transcript, place=place, about=about)
        items: tuple[Item, ...] = ()
        understood = False
        if self.model.fits(request):
            items, understood = self._ask_for_items(request, check)
            if understood and not (overfull(items) and depth < _DEEPEST_SPLIT):
                return PartRead(items)
            depth += 1
            if (
                self.model.count((Message("user", "\n".join(transcript_lines(utterances))),))
                < _SMALL
            ):
                depth = max(depth, _DEEPEST_SPLIT)
            can_halve = len(utterances) > 1
        else:
            can_halve = len(utterances) > 1 or len(utterances[0].text) > 1
        if depth > _DEEPEST_SPLIT or not can_halve:
            unread = () if understood else ((utterances[0].number, utterances[-1].number),)
            return PartRead(items, unread)
        halves = [
            self._read(half, transcript, place=place, about=about, check=check, depth=depth)
            for half in _halves(utterances)
        ]
        return PartRead(
            items=tuple(item for half in halves for item in half.items),
            unread=tuple(dict.fromkeys(gap for half in halves for gap in half.unread)),
        )

    def _ask_for_items(
        self, request: ModelRequest, check: CheckCancelled
    ) -> tuple[tuple[Item, ...], bool]:
        """Items and whether the answer was one. The same question is not put twice."""
        asked = [[message.role, message.content] for message in request.messages]
        key = _key("part", self.model.name, asked, request.schema)
        known = self.readings.find(key)
        if known is not None:
            return tuple(Item.from_json(stored) for stored in known), True
        try:
            answer = self.calls.complete(self.model, request, check=check)
            items = parse_reading(answer.text)
            self.readings.ensure(key, [item.as_json() for item in items])
            return items, True
        except EngineFailed as error:
            if error.code not in BAD_ANSWER:
                raise
        except (json.JSONDecodeError, ValueError, RecursionError):
            pass
        return (), False

    def _map_request(
        self,
        utterances: Sequence[Utterance],
        transcript: Transcript,
        *,
        place: tuple[int, int],
        about: About,
    ) -> ModelRequest:
        first = utterances[0].number
        before = between(transcript, (first - _LINES_BEFORE, first - 1))
        user = render(
            "map_part",
            title=neutral(about.title),
            part=str(place[0]),
            parts=str(place[1]),
            before=_before(before),
            lines=neutral("\n".join(transcript_lines(utterances))),
            language=language_name(about.language),
        )
        lines = self.model.count((Message("user", user),))
        return request_to(
            self.model,
            _map_system(about),
            user,
            schema=reading_schema(),
            most=256 + 3 * lines,
        )

    def _line_budget(self, about: About) -> int:
        """Tokens that transcript lines may take in one part, so that the request fits."""
        empty = render(
            "map_part",
            title=neutral(about.title),
            part="99",
            parts="99",
            before=_before((Utterance(1, None, None, None, "x" * 300),)),
            lines="",
            language=language_name(about.language),
        )
        fixed = self.model.count((Message("system", _map_system(about)), Message("user", empty)))
        # fits() takes ten per cent of margin; a line end a line is already in _line_cost.
        free = (self.model.context_window - answer_tokens(self.model)) / 1.1 - fixed
        return max(64, int(free * 0.98))

    def _line_cost(self, utterance: Utterance) -> int:
        empty = self.model.count((Message("user", ""),))
        line = neutral(transcript_line(utterance)) + "\n"
        return self.model.count((Message("user", line),)) - empty + 1


def _key(*asked: object) -> str:
    text = json.dumps(asked, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _map_system(about: About) -> str:
    return render("map", language=language_name(about.language))


def _before(utterances: Sequence[Utterance]) -> str:
    if not utterances:
        return ""
    # Without numbers, so that nothing of it can be cited; and short, whatever was said.
    lines = "\n".join(
        f"{one.speaker + ': ' if one.speaker else ''}{one.text[-300:]}" for one in utterances
    )
    return render("map_before", lines=neutral(lines)) + "\n\n"


def _halves(utterances: tuple[Utterance, ...]) -> list[tuple[Utterance, ...]]:
    """Two halves; one long utterance is cut at a blank near its middle and keeps its number."""
    if len(utterances) > 1:
        middle = len(utterances) // 2
        return [utterances[:middle], utterances[middle:]]
    only = utterances[0]
    middle = only.text.rfind(" ", 0, len(only.text) // 2 + 1)
    cut = middle if middle > 0 else len(only.text) // 2
    return [(replace(only, text=only.text[:cut]),), (replace(only, text=only.text[cut:].strip()),)]
