"""Minutes as Markdown and as the command line's JSON object. Tables are rendered here, by code.

Whatever was said is escaped: a transcript must not be able to show an image from elsewhere, a link
or a table of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from core.domain import citations
from core.domain.kinds import ItemKind
from core.domain.minutes import Draft, Item, Minutes
from core.domain.templates import GENERAL, Template
from core.domain.transcript import Transcript, Utterance, clock
from core.engines.factory import EXTRACTIVE
from core.messages import say
from core.services.built_ins import template_name
from core.services.colophon import footer_lines
from core.store.tables import Meeting

_MARKUP = re.compile(r"([\\`*_\[\]<>|#!$~])")
_LIST_START = re.compile(r"^(\s*\d*)([-+.)])(?=\s)")
_TAG_START = re.compile(r"(?<!\\)((?:\\\\)*)<")
"""Where a tag could begin: after an odd number of backslashes it can't."""
_TAG_END = re.compile(r"(<[^\n<>]*[^\n<>\\])>")
SUMMARY_EDITED = "summary_edited"
"""The notice that says that a person wrote the summary: it is prose then, whatever wrote before."""


def plain(text: str) -> str:
    """Text that shows as it is, on one line, wherever Markdown is read."""
    return _LIST_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", " ".join(text.split())))


def prose(text: str) -> str:
    """A model's Markdown with what could reach outside taken apart: images, links, HTML."""
    text = _TAG_END.sub(r"\1\\>", _TAG_START.sub(r"\1\\<", text))
    text = text.replace("![", "!\\[").replace("](", "]\\(")
    return re.sub(r"(?<!\\)([$~])", r"\\\1", text).replace("]:", "]\\:")


def held_words(meeting: Meeting, language: str) -> str:
    """When a meeting was held, in words; a guess is called one."""
    local = meeting.held_at.astimezone(ZoneInfo(meeting.time_zone))
    key = "minutes.held_guessed" if meeting.held_at_guessed else "minutes.held"
    return say(
        key,
        language,
        year=local.year,
        month=local.month,
        day=local.day,
        weekday=say(f"minutes.weekday_{local.weekday()}", language),
        time=local.strftime("%H:%M"),
    )


def render_markdown(minutes: Minutes, meeting: Meeting, transcript: Transcript) -> str:
    """The whole minutes. `[n]` in the summary becomes the time of utterance n where it has one."""
    language = minutes.language
    spoken = transcript.by_number()
    blocks = [
        f"# {plain(meeting.title)}",
        plain(held_words(meeting, language)),
        *_notices(minutes, language),
        f"## {say('minutes.summary', language)}",
        summary_markdown(minutes, spoken) or no_summary(minutes.draft, language=language),
    ]
    for kind in minutes.template.order():
        blocks += _section(minutes, kind, spoken)
    loose = [item for item in minutes.draft.items if not item.verified]
    if loose:
        blocks += [
            f"## {say('minutes.unverified', language)}",
            say("minutes.unverified_why", language),
            "\n".join(
                f"- {say(f'minutes.kind_{item.kind.value}', language)}: {plain(item.text)}"
                for item in loose
            ),
        ]
    blocks += ["---", "  \n".join(plain(line) for line in footer_lines(minutes, language=language))]
    return "\n\n".join(blocks) + "\n"


def section_title(
    kind: ItemKind, *, engine: str, language: str, template: Template = GENERAL
) -> str:
    """A section's heading. Without a model nobody can tell which questions were answered."""
    if kind in template.titles:
        return template.titles[kind]
    if kind is ItemKind.QUESTION and engine == EXTRACTIVE:
        return say("minutes.questions_asked", language)
    return say(f"minutes.{kind.value}s", language)


def is_quoted(draft: Draft) -> bool:
    """Is the summary a list of quotations, not somebody's Markdown?"""
    return draft.system is None and SUMMARY_EDITED not in draft.notices


def no_summary(draft: Draft, *, language: str) -> str:
    """Why there is no summary."""
    removed = SUMMARY_EDITED in draft.notices
    return say("minutes.summary_removed" if removed else "minutes.no_summary", language)


def summary_markdown(minutes: Minutes, spoken: Mapping[int, Utterance]) -> str:
    """The summary with its citations as times."""
    text = minutes.draft.summary
    if is_quoted(minutes.draft):
        lines = [line.removeprefix("- ") for line in text.splitlines()]
        return "\n".join(f"- {_with_times(_plain_but_citations(line), spoken)}" for line in lines)
    return _with_times(prose(text), spoken)


def minutes_object(minutes: Minutes, meeting: Meeting) -> dict[str, Any]:
    """The object that `python -m core minutes --json` prints. Unknown is null."""
    draft = minutes.draft
    said = ("text", "utterances", "quote", "start", "verified", "replaces")
    topics = [item for item in draft.of(ItemKind.TOPIC) if item.verified]
    return {
        "meeting_id": meeting.id,
        "title": meeting.title,
        "held_at": meeting.held_at.astimezone(ZoneInfo(meeting.time_zone)).isoformat(),
        "language": minutes.language,
        "engine": draft.engine,
        "style_version": minutes.style_version,
        "template": {
            "key": minutes.template.key,
            "name": template_name(minutes.template, minutes.language),
        },
        "origin": minutes.origin,
        "summary": draft.summary or None,
        "topics": _objects(topics, ("text", "utterances")),
        "decisions": _objects(draft.of(ItemKind.DECISION), said),
        "actions": _objects(
            draft.of(ItemKind.ACTION),
            ("text", "owner", "due", "due_text", "utterances", "quote", "start", "verified"),
        ),
        "questions": _objects(draft.of(ItemKind.QUESTION), said),
        "facts": _objects(draft.of(ItemKind.FACT), said),
        "coverage": {
            "utterances_read": draft.coverage.utterances_read,
            "utterances_total": draft.coverage.utterances_total,
            "missing": [list(pair) for pair in draft.coverage.missing],
        },
        "markdown": minutes.markdown,
    }


def _section(minutes: Minutes, kind: ItemKind, spoken: Mapping[int, Utterance]) -> list[str]:
    """A section's heading and what it holds. Where it holds nothing, a section that the template
    names says so, and another is left out."""
    language, template = minutes.language, minutes.template
    solid = [item for item in minutes.draft.of(kind) if item.verified]
    if not solid and kind not in template.sections:
        return []
    title = section_title(kind, engine=minutes.draft.engine, language=language, template=template)
    if not solid:
        body = say(f"minutes.no_{kind.value}s", language)
    elif kind is ItemKind.ACTION:
        body = _action_table(solid, spoken, language)
    else:
        body = _lines(solid, spoken, language)
    return [f"## {plain(title)}", body]


def _objects(items: Sequence[Item], names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            name: list(value) if isinstance(value := getattr(item, name), tuple) else value
            for name in names
        }
        for item in items
    ]


def _notices(minutes: Minutes, language: str) -> list[str]:
    return [f"> {say(f'notices.{notice}', language)}" for notice in minutes.draft.notices]


def _lines(items: Sequence[Item], spoken: Mapping[int, Utterance], language: str) -> str:
    return "\n".join(
        f"- {plain(item.text)}{_at(item, spoken)}{_history(item, spoken, language)}"
        for item in items
    )


def _history(item: Item, spoken: Mapping[int, Utterance], language: str) -> str:
    """What the item replaced and where that was said, and whether a person wrote it."""
    told = []
    if item.replaces:
        earlier = plain(item.replaces) + "".join(
            f" {place}" for number in item.replaces_at[:1] if (place := _place(number, spoken))
        )
        told.append(say("minutes.replaces", language, text=earlier))
    if item.edited:
        told.append(say("minutes.edited", language))
    return "".join(f" {one}" for one in told)


def _action_table(items: Sequence[Item], spoken: Mapping[int, Utterance], language: str) -> str:
    head = [say(f"minutes.column_{name}", language) for name in ("what", "who", "due", "said_at")]
    rows = [head, ["---"] * len(head)]
    for item in items:
        rows.append(
            [
                plain(item.text) + _history(item, spoken, language),
                plain(item.owner or "") or "–",
                plain(due_words(item)) or "–",
                _at(item, spoken).strip() or "–",
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def due_words(item: Item) -> str:
    """When an action is due: the day, and the words for it in brackets; "" where nobody said."""
    if item.due and item.due_text:
        return f"{item.due} ({item.due_text})"
    return item.due or item.due_text or ""


def _at(item: Item, spoken: Mapping[int, Utterance]) -> str:
    """Where the first of the item's utterances was said; its kept time where the transcript has
    changed since."""
    place = "".join(_place(number, spoken) for number in item.utterances[:1])
    if not place and item.utterances and item.start is not None:
        place = f"[{clock(item.start)}]"
    return f" {place}" if place else ""


def _place(number: int, spoken: Mapping[int, Utterance]) -> str:
    """A citation as a reader wants it: the time it was said, else the utterance's number."""
    said = spoken.get(number)
    if said is None:
        return ""
    # Not escaped, to be read in a terminal: without "](" and "]:" behind it no link can come of it.
    return f"[{clock(said.start) or f'#{number}'}]"


def _with_times(text: str, spoken: Mapping[int, Utterance]) -> str:
    return citations.replaced(text, lambda number: _place(number, spoken))


def _plain_but_citations(line: str) -> str:
    body, bracket, number = line.rpartition(" [")
    return f"{plain(body)}{bracket}{number}" if bracket else plain(line)
