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
from core.domain.minutes import Coverage, Item, Minutes
from core.domain.transcript import Transcript, Utterance, clock
from core.engines.factory import EXTRACTIVE
from core.messages import say
from core.store.tables import Meeting

_MARKUP = re.compile(r"([\\`*_\[\]<>|#!$~])")
_LIST_START = re.compile(r"^(\s*\d*)([-+.)])(?=\s)")
_SECTIONS = (ItemKind.DECISION, ItemKind.ACTION, ItemKind.QUESTION, ItemKind.FACT)


def plain(text: str) -> str:
    """Text that shows as it is, on one line, wherever Markdown is read."""
    return _LIST_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", " ".join(text.split())))


def prose(text: str) -> str:
    """A model's Markdown with what could reach outside taken apart: images, links, HTML."""
    text = text.replace("<", "&lt;").replace("![", "!\\[").replace("](", "]\\(")
    text = re.sub(r"(?<!\\)([$~])", r"\\\1", text)
    return re.sub(r"^(\[[^\]]+\]):", r"\1\\:", text, flags=re.MULTILINE)


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
        summary_markdown(minutes, spoken) or say("minutes.no_summary", language),
    ]
    topics = [item for item in minutes.draft.of(ItemKind.TOPIC) if item.verified]
    if topics:
        blocks += [f"## {say('minutes.topics', language)}", _lines(topics, spoken, language)]
    for kind in _SECTIONS:
        solid = [item for item in minutes.draft.of(kind) if item.verified]
        blocks.append(f"## {section_title(kind, engine=minutes.draft.engine, language=language)}")
        if not solid:
            blocks.append(say(f"minutes.no_{kind.value}s", language))
        elif kind is ItemKind.ACTION:
            blocks.append(_action_table(solid, spoken, language))
        else:
            blocks.append(_lines(solid, spoken, language))
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
    blocks += ["---", *_footer(minutes, language)]
    return "\n\n".join(blocks) + "\n"


def section_title(kind: ItemKind, *, engine: str, language: str) -> str:
    """A section's heading. Without a model nobody can tell which questions were answered."""
    if kind is ItemKind.QUESTION and engine == EXTRACTIVE:
        return say("minutes.questions_asked", language)
    return say(f"minutes.{kind.value}s", language)


def engine_words(engine: str, language: str) -> str:
    """An engine's name as a reader knows it."""
    return say("minutes.engine_extractive", language) if engine == EXTRACTIVE else engine


def summary_markdown(minutes: Minutes, spoken: Mapping[int, Utterance]) -> str:
    """The summary with its citations as times."""
    text = minutes.draft.summary
    if minutes.draft.system is None:  # quotations, not a model's Markdown
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


def coverage_lines(coverage: Coverage, *, engine: str, language: str) -> list[str]:
    """How much was read, and each range that was not."""
    share = 1000 * coverage.utterances_read // max(1, coverage.utterances_total)
    lines = [
        say(
            "minutes.coverage",
            language,
            percent=f"{share / 10:g}",  # rounded down: 99.96 % is not all of it
            read=coverage.utterances_read,
            total=coverage.utterances_total,
            parts=coverage.parts,
            engine=engine_words(engine, language),
        )
    ]
    if coverage.missing:
        ranges = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in coverage.missing)
    else:
        ranges = ", ".join(f"[{first}]–[{last}]" for first, last in coverage.missing_utterances)
    if ranges:
        lines.append(say("minutes.not_read", language, ranges=ranges))
    return lines


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
        f"- {plain(item.text)}{_at(item, spoken)}{_was(item, language)}" for item in items
    )


def _was(item: Item, language: str) -> str:
    if not item.replaces:
        return ""
    return " " + say("minutes.replaces", language, text=plain(item.replaces))


def _action_table(items: Sequence[Item], spoken: Mapping[int, Utterance], language: str) -> str:
    head = [say(f"minutes.column_{name}", language) for name in ("what", "who", "due", "said_at")]
    rows = [head, ["---"] * len(head)]
    for item in items:
        due = (
            " ".join(
                part for part in (item.due, f"({item.due_text})" if item.due_text else None) if part
            )
            if item.due
            else item.due_text or ""
        )
        rows.append(
            [
                plain(item.text),
                plain(item.owner or "") or "–",
                plain(due) or "–",
                _at(item, spoken).strip() or "–",
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _at(item: Item, spoken: Mapping[int, Utterance]) -> str:
    shown = item.utterances[:1]
    return " " + "".join(_place(number, spoken) for number in shown) if shown else ""


def _place(number: int, spoken: Mapping[int, Utterance]) -> str:
    """A citation as a reader wants it: the time it was said, else the utterance's number."""
    said = spoken.get(number)
    if said is None:
        return ""
    return f"\\[{clock(said.start) or f'#{number}'}\\]"


def _with_times(text: str, spoken: Mapping[int, Utterance]) -> str:
    return citations.replaced(text, lambda number: _place(number, spoken))


def _plain_but_citations(line: str) -> str:
    body, bracket, number = line.rpartition(" [")
    return f"{plain(body)}{bracket}{number}" if bracket else plain(line)


def _footer(minutes: Minutes, language: str) -> list[str]:
    lines = coverage_lines(minutes.draft.coverage, engine=minutes.draft.engine, language=language)
    if minutes.style_version is not None:
        lines.append(say("minutes.style_version", language, version=minutes.style_version))
    return ["  \n".join(plain(line) for line in lines)]
