"""Minutes by a language model: parts that fit are read into items, the summary is written from
the items that code could check.

A part whose answer was cut, invalid or full is halved, at most three times; what cannot be read is
named, never dropped. Prompts carry utterance numbers, rules and nothing of the person's style while
reading, so that no style can hide a decision.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain import citations
from core.domain.minutes import Item, ItemKind
from core.domain.reading import (
    overfull,
    parse_reading,
    reading_schema,
    transcript_line,
    transcript_lines,
)
from core.domain.transcript import Transcript, Utterance
from core.engines.base import (
    CheckCancelled,
    LanguageModel,
    Message,
    ModelAnswer,
    ModelRequest,
)
from core.errors import EngineFailed
from core.messages import say
from core.prompts import neutral, render
from core.services.calls import ModelCalls
from core.services.system_prompt import compose_system
from core.services.writers import About, PartRead, Readings, Summary, between

_DEEPEST_SPLIT = 3
_SMALL = 200
"""Tokens of a part so short that a bad answer is not for its length: it is halved once at most."""
_LINES_BEFORE = 2
_CITED_ENOUGH = 0.6
"""Share of a summary's sentences that must cite an utterance."""
_SPLIT_ON = frozenset(
    ("answer_cut", "answer_empty", "answer_unfinished", "prompt_too_long", "prompt_cut")
)


@dataclass(frozen=True)
class ModelWriter:
    """Writes with `model`; every call goes through `calls`."""

    model: LanguageModel
    calls: ModelCalls
    readings: Readings

    @property
    def name(self) -> str:
        """The engine's name."""
        return self.model.name

    def plan(
        self, transcript: Transcript, *, about: About, check: CheckCancelled
    ) -> list[tuple[int, int]]:
        """As few parts as fit the context window, cut between utterances."""
        spoken = transcript.utterances
        self.calls.prepare(self.model, check=check)
        # The estimate learns with each call; parts cut otherwise would all be read again.
        key = _key("plan", self.name, self.model.context_window, transcript_lines(spoken))
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

    def summarise(
        self,
        transcript: Transcript,
        items: Sequence[Item],
        *,
        about: About,
        style: str | None,
        check: CheckCancelled,
    ) -> Summary:
        """Prose from verified items. Where none could be verified, nothing is asked of the model;
        where its text cites too little even after a second try, the items stand in its place."""
        solid = [item for item in items if item.verified]
        system = self._summary_system(about, style)
        if not solid:
            return Summary(text="", system=system, notices=("nothing_verified",))
        texts: list[str] = []
        notices: tuple[str, ...] = ()
        for group in self._groups(solid, transcript, about, system):
            text = self._narrate(group, transcript, about, system, check)
            if text is None:
                text = "\n".join(f"- {_item_line(item)}" for item in group)
                notices = ("summary_from_items",)
            texts.append(text)
        return Summary(text="\n\n".join(texts), system=system, notices=notices)

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
        key = _key("part", self.name, asked, request.schema)
        known = self.readings.find(key)
        if known is not None:
            return tuple(Item.from_json(stored) for stored in known), True
        try:
            answer = self.calls.complete(self.model, request, check=check)
            items = parse_reading(answer.text)
            self.readings.ensure(key, [item.as_json() for item in items])
            return items, True
        except EngineFailed as error:
            if error.code not in _SPLIT_ON:
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
            language=_language_name(about.language),
        )
        lines = self.model.count((Message("user", user),))
        return self._request(_map_system(about), user, schema=True, most=256 + 3 * lines)

    def _request(
        self, system: str, user: str, *, schema: bool, most: int | None = None
    ) -> ModelRequest:
        return ModelRequest(
            messages=(Message("system", system), Message("user", user)),
            # A short part has a short answer: a model that raves is stopped early.
            max_tokens=min(self._answer_tokens(), max(512, most or self._answer_tokens())),
            schema=reading_schema() if schema else None,
            temperature=0.0 if schema else 0.2,
        )

    def _answer_tokens(self) -> int:
        return max(512, min(2048, self.model.context_window // 4))

    def _line_budget(self, about: About) -> int:
        """Tokens that transcript lines may take in one part, so that the request fits."""
        empty = render(
            "map_part",
            title=neutral(about.title),
            part="99",
            parts="99",
            before=_before((Utterance(1, None, None, None, "x" * 300),)),
            lines="",
            language=_language_name(about.language),
        )
        fixed = self.model.count((Message("system", _map_system(about)), Message("user", empty)))
        # fits() takes ten per cent of margin; a line end a line is already in _line_cost.
        free = (self.model.context_window - self._answer_tokens()) / 1.1 - fixed
        return max(64, int(free * 0.98))

    def _line_cost(self, utterance: Utterance) -> int:
        empty = self.model.count((Message("user", ""),))
        line = neutral(transcript_line(utterance)) + "\n"
        return self.model.count((Message("user", line),)) - empty + 1

    def _summary_system(self, about: About, style: str | None) -> str:
        rules = render("minutes_rules", language=_language_name(about.language))
        return compose_system(rules=rules, style=style)

    def _groups(
        self, items: Sequence[Item], transcript: Transcript, about: About, system: str
    ) -> list[list[Item]]:
        """Items in as few runs as fit one request each, in the order of the meeting."""
        groups: list[list[Item]] = [[]]
        for item in items:
            candidate = [*groups[-1], item]
            request = self._summary_request(candidate, transcript, about, system)
            if groups[-1] and not self.model.fits(request):
                groups.append([item])
            else:
                groups[-1] = candidate
        return groups

    def _summary_request(
        self, items: Sequence[Item], transcript: Transcript, about: About, system: str
    ) -> ModelRequest:
        spoken = transcript.by_number()
        wanted = sorted({number for item in items for number in item.utterances})
        lines = [transcript_line(spoken[number]) for number in wanted if number in spoken]

        def request(source: str) -> ModelRequest:
            user = render(
                "minutes_write",
                title=neutral(about.title),
                held_at=about.held_at,
                items=neutral("\n".join(_item_line(item) for item in items)),
                source=neutral(source),
                words=str(max(80, min(400, 12 * len(items)))),
            )
            return self._request(system, user, schema=False)

        full = request("\n".join(lines))
        # The lines are help against misreading, the items are what must be there.
        return full if self.model.fits(full) else request("")

    def _narrate(
        self,
        items: Sequence[Item],
        transcript: Transcript,
        about: About,
        system: str,
        check: CheckCancelled,
    ) -> str | None:
        """The model's text for a run of items; None where it can't be trusted."""
        request = self._summary_request(items, transcript, about, system)
        given = frozenset(citations.numbers_in(request.messages[-1].content))
        allowed = given & transcript.by_number().keys()
        for again in (False, True):
            try:
                answer = self.calls.complete(self.model, request, check=check)
            except EngineFailed as error:
                if error.code not in _SPLIT_ON:
                    raise
                continue
            share = citations.share_of_cited_sentences(answer.text, allowed=allowed)
            if share >= _CITED_ENOUGH:
                return citations.checked(answer.text, allowed=allowed).text
            if not again:
                request = self._once_more(request, answer)
        return None

    def _once_more(self, request: ModelRequest, answer: ModelAnswer) -> ModelRequest:
        second = replace(
            request,
            messages=(
                *request.messages,
                Message("assistant", neutral(answer.text)),
                Message("user", render("minutes_again")),
            ),
        )
        return second if self.model.fits(second) else request


def _key(*asked: object) -> str:
    text = json.dumps(asked, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _map_system(about: About) -> str:
    return render("map", language=_language_name(about.language))


def _before(utterances: Sequence[Utterance]) -> str:
    if not utterances:
        return ""
    # Without numbers, so that nothing of it can be cited; and short, whatever was said.
    lines = "\n".join(
        f"{one.speaker + ': ' if one.speaker else ''}{one.text[-300:]}" for one in utterances
    )
    return render("map_before", lines=neutral(lines)) + "\n\n"


def _language_name(language: str) -> str:
    return say("prompts.language_name", language)


def _item_line(item: Item) -> str:
    names = {
        ItemKind.TOPIC: "topic",
        ItemKind.DECISION: "decision",
        ItemKind.ACTION: "action",
        ItemKind.QUESTION: "open question",
        ItemKind.FACT: "fact",
    }
    who = f" (owner: {item.owner})" if item.owner else ""
    due = f" (due: {item.due_text})" if item.due_text else ""
    cited = "".join(f"[{number}]" for number in item.utterances[:6])
    return f"{names[item.kind]}: {item.text}{who}{due} {cited}"


def _halves(utterances: tuple[Utterance, ...]) -> list[tuple[Utterance, ...]]:
    """Two halves; one long utterance is cut at a blank near its middle and keeps its number."""
    if len(utterances) > 1:
        middle = len(utterances) // 2
        return [utterances[:middle], utterances[middle:]]
    only = utterances[0]
    middle = only.text.rfind(" ", 0, len(only.text) // 2 + 1)
    cut = middle if middle > 0 else len(only.text) // 2
    return [(replace(only, text=only.text[:cut]),), (replace(only, text=only.text[cut:].strip()),)]
