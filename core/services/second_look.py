"""A second look at lines that sound like a decision or an action and that no item rests on.

Small models drop findings, most of all in the middle of a long part. The built-in engine knows the
words that decide and hand out work, so code can tell where to look again: one short question more,
about these lines alone, with what stands around them. What comes back is checked like everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.domain import grounding
from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.reading import parse_reading, reading_schema, transcript_line
from core.domain.transcript import Transcript
from core.engines.base import CheckCancelled, Extractor, LanguageModel, Message, ModelRequest
from core.prompts import neutral, render
from core.services.calls import ModelCalls
from core.services.model_reader import rules_of_reading
from core.services.model_requests import answer_tokens, language_name, request_to
from core.services.transcript_parts import key_of_request, line_cost, parsed_answer
from core.services.writers import Material, PartRead, Readings

_BEFORE, _AFTER = 3, 2
"""Utterances around a line that are shown with it."""
_MOST_ASKED = 8
"""Lines in one question: a list that is too long is skimmed."""


@dataclass(frozen=True)
class SecondLook:
    """Asks `model` again, under the rules of reading."""

    model: LanguageModel
    calls: ModelCalls
    readings: Readings
    extractor: Extractor

    def read(
        self,
        material: Material,
        found: Iterable[Item],
        *,
        spans: Sequence[tuple[int, int]],
        check: CheckCancelled,
    ) -> PartRead | None:
        """What was overlooked within `spans` of utterance numbers (first, last); None where no line
        gives a reason to ask. Where no answer is any good the first reading stands."""
        asked = self._overlooked(material, found, spans, check)
        items: list[Item] = []
        tokens = 0
        groups = self._groups(material.transcript, asked)
        for group in groups:
            check()
            told = self._ask(material, group, check)
            if told is None and len(group) == _MOST_ASKED:  # perhaps too many at once
                groups += [group[: _MOST_ASKED // 2], group[_MOST_ASKED // 2 :]]
            elif told is not None:
                items += [item for item in told[0] if set(item.utterances) & set(group)]
                tokens += told[1]
        return PartRead(tuple(items), tokens=tokens) if asked else None

    def _overlooked(
        self,
        material: Material,
        found: Iterable[Item],
        spans: Sequence[tuple[int, int]],
        check: CheckCancelled,
    ) -> list[int]:
        """The numbers of such lines. A line that a verified item rests on was not overlooked."""
        spoken = material.transcript.utterances
        checked = grounding.check(list(found), material.transcript, language=material.language)
        known = {
            number
            for item in checked
            if item.verified and item.kind is not ItemKind.TOPIC
            for number in item.utterances
        }
        cues = self.extractor.items(spoken, language=material.language, check=check)
        missed = {
            cue.utterances[-1]
            for cue in cues
            if cue.kind in (ItemKind.DECISION, ItemKind.ACTION) and not known & set(cue.utterances)
        }
        return sorted(
            number for number in missed if any(first <= number <= last for first, last in spans)
        )

    def _groups(self, transcript: Transcript, asked: Sequence[int]) -> list[list[int]]:
        """Runs of lines whose excerpts fit one question."""
        spoken = transcript.by_number()
        room = max(64, (self.model.context_window - answer_tokens(self.model)) // 2)
        groups: list[list[int]] = []
        used = 0
        for number in asked:
            cost = sum(
                line_cost(self.model, spoken[near]) for near in _around(number) if near in spoken
            )
            if not groups or used + cost > room or len(groups[-1]) >= _MOST_ASKED:
                groups.append([])
                used = 0
            groups[-1].append(number)
            used += cost
        return groups

    def _ask(
        self, material: Material, asked: Sequence[int], check: CheckCancelled
    ) -> tuple[tuple[Item, ...], int] | None:
        """The items of an answer and what it took in tokens, None where it was no good. Nothing is
        asked twice."""
        request = self._request(material, asked)
        key = key_of_request("second look", self.model, request)
        known = self.readings.find(key)
        if known is not None:
            return tuple(Item.from_json(stored) for stored in known["items"]), known["tokens"]
        if not self.model.fits(request):
            return None
        told = parsed_answer(self.calls, self.model, request, parse=parse_reading, check=check)
        if told is None:
            return None
        items, answer = told
        tokens = (answer.prompt_tokens or 0) + (answer.answer_tokens or 0)
        self.readings.ensure(key, {"items": [item.as_json() for item in items], "tokens": tokens})
        return items, tokens

    def _request(self, material: Material, asked: Sequence[int]) -> ModelRequest:
        spoken = material.transcript.by_number()
        near = sorted({one for number in asked for one in _around(number)} & spoken.keys())
        rules = rules_of_reading(material, [spoken[one] for one in near], model=self.model)
        user = render(
            "map_look",
            title=neutral(material.title),
            lines=neutral(_excerpts(material.transcript, asked)),
            asked=", ".join(f"[{number}]" for number in asked),
            language=language_name(material.language),
        )
        said = self.model.count((Message("user", user),))
        return request_to(self.model, rules, user, schema=reading_schema(), most=256 + 3 * said)


def _around(number: int) -> range:
    return range(number - _BEFORE, number + _AFTER + 1)


def _excerpts(transcript: Transcript, asked: Sequence[int]) -> str:
    """The lines asked about and those around them; "…" where lines between are left out."""
    shown = {near for number in asked for near in _around(number)}
    lines: list[str] = []
    last = None
    for utterance in transcript.utterances:
        if utterance.number not in shown:
            continue
        if last is not None and utterance.number != last + 1:
            lines.append("…")
        lines.append(transcript_line(utterance))
        last = utterance.number
    return "\n".join(lines)
