"""Having a language model look for misheard words: parts that fit, each into judged proposals.

A part whose answer was cut, invalid or full is halved, at most three times; what cannot be read is
left as it was heard and named. Prompts carry rules, glossary and neighbours, and nothing of the
person's style. Parts are small: a model that reads little at once overlooks less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.domain.corrections import (
    MOST,
    Ground,
    Refusal,
    Replacement,
    correction_schema,
    judge,
    parse_corrections,
)
from core.domain.memory import Term
from core.domain.reading import transcript_lines
from core.domain.transcript import Transcript, Utterance
from core.engines.base import CheckCancelled, LanguageModel, Message, ModelRequest
from core.prompts import neutral, render
from core.services.calls import ModelCalls
from core.services.model_requests import answer_tokens, language_name, request_to
from core.services.remembering import room_with_terms, terms_for
from core.services.transcript_parts import (
    DEEPEST_SPLIT,
    SMALL,
    cut,
    key_of_request,
    line_cost,
    parsed_answer,
    with_terms,
)
from core.services.writers import Part, Readings, between

_PART_TOKENS = 2000
"""Tokens of a part's lines, where the context window has room for them."""
_NEAR = 2
"""Utterances before and behind a part that are shown with it, while they are short:"""
_NEAR_SHARE = 0.1
"""of the room that a part's lines have."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What became of a part: replacements to make, counts of what was refused by reason, and
    ranges (first, last number) that could not be read."""

    taken: tuple[Replacement, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class ModelCorrector:
    """Corrects `transcript` with `model`; `terms` are the person's, `ground` is what else proposals
    are judged by (its texts are taken from the transcript, its terms from `terms`)."""

    model: LanguageModel
    calls: ModelCalls
    readings: Readings
    transcript: Transcript
    language: str
    ground: Ground
    terms: tuple[Term, ...] = ()

    def plan(self, *, check: CheckCancelled) -> list[tuple[int, int]]:
        """Parts as (first, last) utterance numbers that together are the whole meeting."""
        self.calls.prepare(self.model, check=check)
        return cut(self.transcript.utterances, cost=self._line_cost, budget=self._line_budget())

    def read(self, part: Part, *, check: CheckCancelled) -> Corrected:
        """The corrections of one part."""
        return self._of(between(self.transcript, part.first, part.last), part, check, depth=0)

    def _of(
        self, utterances: tuple[Utterance, ...], part: Part, check: CheckCancelled, *, depth: int
    ) -> Corrected:
        check()
        request = self.request(part, utterances)
        proposed = self._ask(request, check) if self.model.fits(request) else None
        if sum(map(self._line_cost, utterances)) < SMALL:
            depth = max(depth, DEEPEST_SPLIT - 1)
        can_halve = len(utterances) > 1 and depth < DEEPEST_SPLIT
        if proposed is not None and not (len(proposed) >= MOST and can_halve):
            return self._judged(proposed, utterances)
        if not can_halve:
            return Corrected(unread=((utterances[0].number, utterances[-1].number),))
        middle = len(utterances) // 2
        return joined(
            [
                self._of(half, part, check, depth=depth + 1)
                for half in (utterances[:middle], utterances[middle:])
            ]
        )

    def _judged(
        self, proposed: Sequence[Replacement], utterances: Sequence[Utterance]
    ) -> Corrected:
        """Only lines that were asked about may be changed, not those shown around them."""
        texts = {utterance.number: utterance.text for utterance in utterances}
        harmless = [one for one in proposed if neutral(one.after) == one.after]
        ground = replace(
            self.ground,
            texts=texts,
            terms=tuple(term.text for term in self.terms),
            heard={term.text: term.heard for term in self.terms},
        )
        judged = judge(harmless, ground)
        refused = Counter(judged.refused)
        refused[Refusal.UNCLEAN.value] += len(proposed) - len(harmless)
        return Corrected(judged.taken, dict(+refused))

    def request(self, part: Part, utterances: Sequence[Utterance]) -> ModelRequest:
        """What is asked about some utterances of a part."""
        first, last = utterances[0].number, utterances[-1].number
        lines = transcript_lines(utterances)
        user = self._user(part, lines, self._near(first, last), first, last)
        said = self.model.count((Message("user", user),))
        system = self._system("\n".join(lines))
        return request_to(self.model, system, user, schema=correction_schema(), most=256 + 2 * said)

    def _user(
        self, part: Part, lines: Sequence[str], near: Sequence[str], first: int, last: int
    ) -> str:
        around = ""
        if near:
            around = render("correct_near", lines=neutral("\n".join(near))) + "\n\n"
        return render(
            "correct_part",
            near=around,
            part=str(part.number),
            parts=str(part.count),
            lines=neutral("\n".join(lines)),
            first=str(first),
            last=str(last),
            language=language_name(self.language),
        )

    def _near(self, first: int, last: int) -> list[str]:
        """The lines just before `first` and just behind `last`, the nearest first to get room."""
        room = _NEAR_SHARE * self._line_budget()
        before = reversed(between(self.transcript, first - _NEAR, first - 1))
        shown: list[Utterance] = []
        for utterance in (*before, *between(self.transcript, last + 1, last + _NEAR)):
            room -= self._line_cost(utterance)
            if room >= 0:
                shown.append(utterance)
        return transcript_lines(sorted(shown, key=lambda one: one.number))

    def _ask(self, request: ModelRequest, check: CheckCancelled) -> list[Replacement] | None:
        """What the model proposes, None where it was no answer. A question that was answered before
        is not put again."""
        key = key_of_request("correct", self.model, request)
        known = self.readings.find(key)
        if known is not None:
            return [Replacement.from_json(stored) for stored in known["changes"]]
        told = parsed_answer(self.calls, self.model, request, parse=parse_corrections, check=check)
        if told is None:
            return None
        proposed, _ = told
        self.readings.ensure(key, {"changes": [one.as_json() for one in proposed]})
        return list(proposed)

    def _system(self, said: str) -> str:
        rules = render("correct", language=language_name(self.language))
        return with_terms(rules, terms_for(self.terms, said, model=self.model))

    def _line_budget(self) -> int:
        """Tokens that the lines of one part may take, so that the request fits."""
        nobody = Part(first=99999, last=99999, number=99, count=99)
        empty = self._user(nobody, (), ("",), nobody.first, nobody.last)
        fixed = self.model.count((Message("system", self._system("")), Message("user", empty)))
        if self.terms:
            fixed += room_with_terms(self.model)
        # fits() takes ten per cent of margin; so do the lines around the part.
        free = (self.model.context_window - answer_tokens(self.model)) / 1.1 - fixed
        return max(64, min(_PART_TOKENS, int(free * 0.98 / (1 + 2 * _NEAR_SHARE))))

    def _line_cost(self, utterance: Utterance) -> int:
        return line_cost(self.model, utterance)


def joined(parts: Sequence[Corrected]) -> Corrected:
    """Several parts as one."""
    refused: Counter[str] = Counter()
    for part in parts:
        refused.update(part.refused)
    return Corrected(
        taken=tuple(one for part in parts for one in part.taken),
        refused=dict(refused),
        unread=tuple(gap for part in parts for gap in part.unread),
    )
