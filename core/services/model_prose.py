"""The summary a language model writes from verified items, topic by topic, each sentence checked.

Where items exceed the context window, runs of topics are written first and those texts are then
written into one. What the model writes is held against the transcript sentence by sentence
(domain.prose); where too little of it holds even after a second try, the items stand in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from core.domain import citations
from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.prose import CheckedProse, check_prose
from core.domain.reading import transcript_line
from core.domain.transcript import written_in
from core.engines.base import CheckCancelled, LanguageModel, Message, ModelAnswer, ModelRequest
from core.errors import EngineFailed
from core.prompts import neutral, render
from core.services.calls import ModelCalls
from core.services.model_requests import BAD_ANSWER, language_name, request_to
from core.services.writers import Material

_CITED_ENOUGH = 0.6
"""Share of a text's sentences that must cite an utterance, and that must hold."""
_FEWEST_WORDS, _MOST_WORDS = 80, 400
_WORDS_AN_ITEM = 12


_NO_ROOM = frozenset(("prompt_too_long", "prompt_cut"))
_LESS_HELPS = _NO_ROOM | {"answer_cut"}
NO_ROOM, FROM_ITEMS = "summary_no_room", "summary_from_items"
"""Notices: why the items stand in the place of a summary."""


class _TooLong(Exception):
    """The request or its answer did not fit the context window; `no_room` tells the first."""

    def __init__(self, *, no_room: bool) -> None:
        super().__init__()
        self.no_room = no_room


@dataclass
class ModelProse:
    """Writes one summary. `notices` gathers what its reader must know."""

    model: LanguageModel
    calls: ModelCalls
    material: Material
    system: str
    check: CheckCancelled
    any_language: bool = False
    """The person's own instructions name a language: theirs holds."""
    notices: dict[str, None] = field(default_factory=dict, init=False)

    def write(self, items: Sequence[Item]) -> str:
        """The text for these items, which all are verified."""
        groups = self._groups(by_topic(items))
        words = _words_for(items) // len(groups)
        texts = [text for group in groups for text in self._of_items(group, words, halvings=3)]
        while len(texts) > 1:
            joined = self._joined(texts, items)
            if len(joined) == len(texts):  # no two of them fit: they stand one below the other
                break
            texts = joined
        return "\n\n".join(texts)

    def _groups(self, topics: Sequence[Sequence[Item]]) -> list[list[Item]]:
        """Topics in as few runs as fit one request each; a topic that does not is cut."""
        groups: list[list[Item]] = [[]]
        for topic in topics:
            if self.model.fits(self._items_request([*groups[-1], *topic], _MOST_WORDS)):
                groups[-1] += topic
                continue
            for item in topic:
                candidate = [*groups[-1], item]
                if groups[-1] and not self.model.fits(self._items_request(candidate, _MOST_WORDS)):
                    groups.append([item])
                else:
                    groups[-1] = candidate
        return groups

    def _of_items(self, items: Sequence[Item], words: int, *, halvings: int) -> list[str]:
        """The text for some items; two, where they turned out too many for one request: the
        estimate of tokens learns from each answer."""
        request = self._items_request(items, words)
        why = FROM_ITEMS
        try:
            text = self._checked_text(request, items)
        except _TooLong as error:
            if len(items) > 1 and halvings:
                middle = len(items) // 2
                halves = (items[:middle], items[middle:])
                return [
                    text
                    for half in halves
                    for text in self._of_items(half, words // 2, halvings=halvings - 1)
                ]
            text, why = None, NO_ROOM if error.no_room else why
        if text is None:
            self.notices[why] = None
            text = "\n".join(f"- {item_line(item)}" for item in items)
        return [text]

    def _joined(self, texts: Sequence[str], items: Sequence[Item]) -> list[str]:
        """Texts written into fewer, as many at a time as fit."""
        runs: list[list[str]] = [[]]
        for text in texts:
            candidate = [*runs[-1], text]
            if runs[-1] and not self.model.fits(self._join_request(candidate, items)):
                runs.append([text])
            else:
                runs[-1] = candidate
        if len(runs) == len(texts):
            return list(texts)
        return [self._of_texts(run, items) if len(run) > 1 else run[0] for run in runs]

    def _of_texts(self, texts: Sequence[str], items: Sequence[Item]) -> str:
        """One text of several; they stand one below the other where the model can't write it."""
        try:
            text = self._checked_text(self._join_request(texts, items), items)
        except _TooLong:
            text = None
        return text or "\n\n".join(texts)

    def _items_request(self, items: Sequence[Item], words: int) -> ModelRequest:
        spoken = self.material.transcript.by_number()
        wanted = sorted({number for item in items for number in item.utterances})
        lines = [transcript_line(spoken[number]) for number in wanted if number in spoken]
        shown = "\n\n".join(
            "\n".join(item_line(item) for item in topic) for topic in by_topic(items)
        )

        def request(source: str) -> ModelRequest:
            user = render(
                "minutes_write",
                title=neutral(self.material.title),
                held_at=self.material.held_at,
                items=neutral(shown),
                source=neutral(source),
                words=str(max(_FEWEST_WORDS, words)),
            )
            return request_to(self.model, self.system, user)

        full = request("\n".join(lines))
        # The lines are help against misreading, the items are what must be there.
        return full if self.model.fits(full) else request("")

    def _join_request(self, texts: Sequence[str], items: Sequence[Item]) -> ModelRequest:
        user = render(
            "minutes_join",
            title=neutral(self.material.title),
            held_at=self.material.held_at,
            texts=neutral("\n\n".join(texts)),
            words=str(_words_for(items)),
        )
        return request_to(self.model, self.system, user)

    def _checked_text(self, request: ModelRequest, items: Sequence[Item]) -> str | None:
        """What the model writes, without what does not hold; None where it can't be trusted.
        Raises _TooLong where less should be asked."""
        given = frozenset(citations.numbers_in(request.messages[-1].content))
        allowed = given & self.material.transcript.by_number().keys()
        for again in (False, True):
            try:
                answer = self.calls.complete(self.model, request, check=self.check)
            except EngineFailed as error:
                if error.code not in BAD_ANSWER:
                    raise
                if error.code in _LESS_HELPS:
                    raise _TooLong(no_room=error.code in _NO_ROOM) from error
                continue
            checked = self._trusted(answer.text, items, allowed)
            foreign = checked is not None and self._is_foreign(checked.text)
            if checked and (again or not foreign):
                if checked.dropped:
                    self.notices["sentences_left_out"] = None
                if foreign:
                    self.notices["summary_language"] = None
                return checked.text
            if not again:
                request = self._once_more(request, answer, foreign=foreign)
        return None

    def _trusted(
        self, text: str, items: Sequence[Item], allowed: frozenset[int]
    ) -> CheckedProse | None:
        """What holds of a text; None where too little is cited or holds."""
        if citations.share_of_cited_sentences(text, allowed=allowed) < _CITED_ENOUGH:
            return None
        checked = self._held(text, items, allowed)
        return checked if checked.share >= _CITED_ENOUGH else None

    def _is_foreign(self, text: str) -> bool:
        """Whether a text is in another language than the minutes are to be in."""
        return not self.any_language and not written_in(text, self.material.language)

    def _held(self, text: str, items: Sequence[Item], allowed: frozenset[int]) -> CheckedProse:
        return check_prose(
            text,
            self.material.transcript,
            items=items,
            allowed=allowed,
            known=f"{self.material.title}\n{self.material.held_at}",
        )

    def _once_more(
        self, request: ModelRequest, answer: ModelAnswer, *, foreign: bool
    ) -> ModelRequest:
        again = render("minutes_again")
        if foreign:
            again = render("minutes_language", language=language_name(self.material.language))
        second = replace(
            request,
            messages=(
                *request.messages,
                Message("assistant", neutral(answer.text)),
                Message("user", again),
            ),
        )
        return second if self.model.fits(second) else request


def by_topic(items: Sequence[Item]) -> list[list[Item]]:
    """Items by topic, in the order of the meeting: each goes to the narrowest topic whose lines are
    around it, else to the last that began before it. Without topics all are one."""
    topics = [item for item in items if item.kind is ItemKind.TOPIC and item.utterances]
    groups: dict[int, list[Item]] = {}
    for item in items:
        groups.setdefault(_topic_of(item, topics), []).append(item)
    return [
        sorted(groups[place], key=lambda item: item.kind is not ItemKind.TOPIC)
        for place in sorted(groups)
    ]


def _topic_of(item: Item, topics: Sequence[Item]) -> int:
    """Which topic an item belongs to; -1 for what was said before the first."""
    if item in topics:
        return topics.index(item)
    first = min(item.utterances, default=0)
    around = [
        (topic.utterances[-1] - topic.utterances[0], place)
        for place, topic in enumerate(topics)
        if topic.utterances[0] <= first <= topic.utterances[-1]
    ]
    if around:
        return min(around)[1]
    before: Callable[[int], bool] = lambda place: topics[place].utterances[0] <= first  # noqa: E731
    return max(filter(before, range(len(topics))), default=-1)


def item_line(item: Item) -> str:
    """An item as the model reads it: `decision: text (owner: Kim) [12]`."""
    names = {
        ItemKind.TOPIC: "topic",
        ItemKind.DECISION: "decision",
        ItemKind.ACTION: "action",
        ItemKind.QUESTION: "open question",
        ItemKind.FACT: "fact",
    }
    who = f" (owner: {item.owner})" if item.owner else ""
    due = f" (due: {item.due_text})" if item.due_text else ""
    was = f" (corrects: {item.replaces})" if item.replaces else ""
    cited = "".join(f"[{number}]" for number in item.utterances[:6])
    return f"{names[item.kind]}: {item.text}{who}{due}{was} {cited}"


def _words_for(items: Sequence[Item]) -> int:
    return max(_FEWEST_WORDS, min(_MOST_WORDS, _WORDS_AN_ITEM * len(items)))


def rules_for(language: str) -> str:
    """The rules a summary is written under, in this language."""
    return render(
        "minutes_rules",
        language=language_name(language),
        form=render(f"minutes_form_{language}"),
    )
