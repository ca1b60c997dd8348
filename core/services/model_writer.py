"""Minutes by a language model: read into items (model_reader), then a summary written from the
items that code could check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain import citations
from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.reading import transcript_line
from core.domain.templates import Template
from core.domain.transcript import Transcript
from core.engines.base import (
    CheckCancelled,
    LanguageModel,
    Message,
    ModelAnswer,
    ModelRequest,
)
from core.errors import EngineFailed
from core.prompts import neutral, render
from core.services.calls import ModelCalls
from core.services.model_reader import ModelReader
from core.services.model_requests import BAD_ANSWER, language_name, request_to
from core.services.system_prompt import compose_system
from core.services.writers import About, PartRead, Readings, Summary

_CITED_ENOUGH = 0.6
"""Share of a summary's sentences that must cite an utterance."""


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
        return self._reader().plan(transcript, about=about, check=check)

    def read(
        self,
        transcript: Transcript,
        *,
        part: tuple[int, int],
        place: tuple[int, int],
        about: About,
        check: CheckCancelled,
    ) -> PartRead:
        """Items of one part, not yet checked against the transcript."""
        return self._reader().read(transcript, part=part, place=place, about=about, check=check)

    def summarise(
        self,
        transcript: Transcript,
        items: Sequence[Item],
        *,
        about: About,
        style: str | None,
        template: Template,
        check: CheckCancelled,
    ) -> Summary:
        """Prose from verified items. Where none could be verified, nothing is asked of the model;
        where its text cites too little even after a second try, the items stand in its place."""
        solid = [item for item in items if item.verified]
        system = self._summary_system(about, style, template)
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

    def _reader(self) -> ModelReader:
        return ModelReader(model=self.model, calls=self.calls, readings=self.readings)

    def _summary_system(self, about: About, style: str | None, template: Template) -> str:
        rules = render("minutes_rules", language=language_name(about.language))
        if template.focus:
            rules += "\n\n" + render("minutes_focus", focus=neutral(template.focus))
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
            return request_to(self.model, system, user)

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
                if error.code not in BAD_ANSWER:
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
