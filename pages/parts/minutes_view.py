"""Minutes on the page: what is confirmed first, what is not quietly apart, and how much was read.

Every place where something was said is a link "#u=<utterance>", which the player follows. Whatever
was said is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from core.domain import citations
from core.domain.kinds import ItemKind
from core.domain.minutes import Item, Minutes
from core.domain.transcript import Utterance, clock
from core.engines.factory import EXTRACTIVE
from core.services.rendering import coverage_lines, prose, section_title
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_LISTS = (ItemKind.QUESTION, ItemKind.FACT)
_AT_ONCE = 60
"""Items of a section that are shown before asking: thousands would hold up the browser."""
Spoken = Mapping[int, Utterance]


def draw_minutes(here: Visitor, minutes: Minutes, spoken: Spoken) -> None:
    """One version of a meeting's minutes."""
    for notice in minutes.draft.notices:
        st.caption(f":material/info: {here.text(f'notices.{notice}')}")
    _draw_coverage_gap(here, minutes)
    st.subheader(here.text("minutes.summary"), anchor=False)
    st.markdown(summary(minutes, spoken) or here.text("minutes.no_summary"), anchors=False)
    _draw_list(here, minutes, ItemKind.DECISION, spoken)
    _draw_actions(here, minutes, spoken)
    for kind in _LISTS:
        _draw_list(here, minutes, kind, spoken)
    topics = _solid(minutes, ItemKind.TOPIC)
    if topics:
        _draw_list(here, minutes, ItemKind.TOPIC, spoken)
    _draw_unverified(here, minutes, spoken)
    _draw_footer(here, minutes)


def summary(minutes: Minutes, spoken: Spoken) -> str:
    """The summary as Markdown, its citations as links."""
    text = minutes.draft.summary
    if minutes.draft.system is None:  # quotations of the built-in engine, not a model's Markdown
        lines = [line.removeprefix("- ").strip() for line in text.splitlines()]
        return "\n".join(f"- {_quotation(line, spoken)}" for line in lines if line)
    return _with_links(prose(text), spoken)


def place(number: int, spoken: Spoken) -> str:
    """A link to an utterance, shown as the time it was said, else as its number; none, no link."""
    said = spoken.get(number)
    if said is None:
        return ""
    shown = literal(clock(said.start) or f"#{number}")
    return f"[{shown}](#u={number})"


def _quotation(line: str, spoken: Spoken) -> str:
    """A quotation ends with its citation; what looks like one inside was said."""
    body, bracket, number = line.rpartition(" [")
    if not bracket:
        return literal(line)
    return f"{literal(body)} {_with_links(bracket.strip() + number, spoken).strip()}"


def _with_links(text: str, spoken: Spoken) -> str:
    return citations.replaced(text, lambda number: f" {place(number, spoken)}".rstrip())


def _solid(minutes: Minutes, kind: ItemKind) -> list[Item]:
    return [item for item in minutes.draft.of(kind) if item.verified]


def _draw_list(here: Visitor, minutes: Minutes, kind: ItemKind, spoken: Spoken) -> None:
    items = _solid(minutes, kind)
    title = section_title(kind, engine=minutes.draft.engine, language=here.language)
    st.subheader(title, anchor=False)
    if not items:
        st.caption(here.text(f"minutes.no_{kind.value}s"))
        return
    shown = _first(here, items, kind)
    st.markdown("\n".join(f"- {_line(here, item, spoken)}" for item in shown), anchors=False)


def _first(here: Visitor, items: list[Item], kind: ItemKind) -> list[Item]:
    """The items to show; how many more there are is said, and they come when asked for."""
    if len(items) <= _AT_ONCE:
        return items
    label = here.text("meeting.show_all", shown=_AT_ONCE, count=len(items))
    return items if st.toggle(label, key=f"all_{kind.value}") else items[:_AT_ONCE]


def _line(here: Visitor, item: Item, spoken: Spoken) -> str:
    parts = [literal(item.text), _places(item, spoken)]
    if item.replaces:
        parts.append(here.text("minutes.replaces", text=literal(item.replaces)))
    return " ".join(part for part in parts if part)


def _places(item: Item, spoken: Spoken) -> str:
    return " ".join(place(number, spoken) for number in item.utterances[:3])


def _draw_actions(here: Visitor, minutes: Minutes, spoken: Spoken) -> None:
    items = _solid(minutes, ItemKind.ACTION)
    st.subheader(here.text("minutes.actions"), anchor=False)
    if not items:
        st.caption(here.text("minutes.no_actions"))
        return
    names = ("what", "who", "due", "said_at")
    cells: Sequence[Callable[[Item], str]] = (
        lambda item: literal(item.text),
        lambda item: literal(item.owner or "") or "–",
        lambda item: literal(_due(item)) or "–",
        lambda item: _places(item, spoken) or "–",
    )
    rows = [[here.text(f"minutes.column_{name}") for name in names], ["---"] * len(names)]
    shown = _first(here, items, ItemKind.ACTION)
    rows += [[cell(item) for cell in cells] for item in shown]
    st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows), anchors=False)


def _due(item: Item) -> str:
    if item.due and item.due_text:
        return f"{item.due} ({item.due_text})"
    return item.due or item.due_text or ""


def _draw_unverified(here: Visitor, minutes: Minutes, spoken: Spoken) -> None:
    loose = [item for item in minutes.draft.items if not item.verified]
    if not loose:
        return
    label = f"{here.text('minutes.unverified')} ({len(loose)})"
    with st.expander(label, icon=":material/help:"):
        st.caption(here.text("minutes.unverified_why"))
        lines = [
            f"- {here.text(f'minutes.kind_{item.kind.value}')}: {_line(here, item, spoken)}"
            for item in loose
        ]
        st.caption("\n".join(lines))


def _draw_coverage_gap(here: Visitor, minutes: Minutes) -> None:
    """What was not read is said before what was."""
    if minutes.draft.coverage.complete:
        return
    lines = _coverage(here, minutes)
    st.warning("  \n".join(literal(line) for line in lines), icon=":material/warning:")


def _draw_footer(here: Visitor, minutes: Minutes) -> None:
    lines = _coverage(here, minutes)
    if minutes.style_version is not None:
        lines.append(here.text("minutes.style_version", version=minutes.style_version))
    st.divider()
    st.caption("  \n".join(literal(line) for line in lines))


def _coverage(here: Visitor, minutes: Minutes) -> list[str]:
    engine = minutes.draft.engine
    name = here.text("meeting.built_in") if engine == EXTRACTIVE else engine.partition(":")[2]
    return coverage_lines(minutes.draft.coverage, engine=name or engine, language=here.language)
