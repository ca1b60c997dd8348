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
from core.domain.templates import Template
from core.domain.transcript import Utterance, clock
from core.errors import NotFound
from core.services.built_ins import in_language
from core.services.colophon import coverage_lines, footer_lines
from core.services.rendering import due_words, is_quoted, no_summary, prose, section_title
from pages.parts.gaps import draw_gaps
from pages.parts.told import offer_told_of_minutes
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_AT_ONCE = 60
"""Items of a section that are shown before asking: thousands would hold up the browser."""
_CARDS = """
.st-key-actions :is(th, td):nth-child(n+2) { min-width: 4.5rem; }
.st-key-actions td { vertical-align: top; }
@media (max-width: 640px) {
  .st-key-actions :is(table, tbody, tr, td) { display: block; width: auto; border: 0; }
  .st-key-actions thead { display: none; }
  .st-key-actions tr {
    border: 1px solid color-mix(in srgb, currentColor 22%, transparent); border-radius: .5rem;
    padding: .6rem .75rem; margin-bottom: .6rem;
  }
  .st-key-actions td { padding: .1rem 0; }
  .st-key-actions td:first-child { font-weight: 600; margin-bottom: .25rem; }
  .st-key-actions td:nth-child(n+2) { display: flex; flex-wrap: wrap; gap: 0 .35rem; }
  .st-key-actions td:nth-child(n+2)::before { flex: 0 0 5.25rem; opacity: .7; }
}
"""
Spoken = Mapping[int, Utterance]


def draw_minutes(here: Visitor, minutes: Minutes, spoken: Spoken) -> None:
    """One version of a meeting's minutes."""
    draw_notices(here, minutes, spoken)
    st.subheader(here.text("minutes.summary"), anchor=False)
    draw_summary(here, minutes, spoken)
    template = in_language(minutes.template, here.language)
    for kind in template.order():
        _draw_section(here, minutes, kind, spoken, template)
    _draw_unverified(here, minutes, spoken)
    draw_footer(here, minutes)


def draw_notices(here: Visitor, minutes: Minutes, spoken: Spoken) -> None:
    """What must be known before reading, and what was not read."""
    for notice in minutes.draft.notices:
        st.caption(f":material/info: {here.text(f'notices.{notice}')}")
    _draw_coverage_gap(here, minutes, spoken)


def draw_summary(here: Visitor, minutes: Minutes, spoken: Spoken) -> None:
    """The summary, or why there is none."""
    shown = summary(minutes, spoken) or no_summary(minutes.draft, language=here.language)
    st.markdown(shown, anchors=False)


def heading(here: Visitor, minutes: Minutes, kind: ItemKind, template: Template) -> str:
    """A section's heading, to be read as Markdown."""
    engine = minutes.draft.engine
    return literal(section_title(kind, engine=engine, language=here.language, template=template))


def summary(minutes: Minutes, spoken: Spoken) -> str:
    """The summary as Markdown, its citations as links."""
    text = minutes.draft.summary
    if is_quoted(minutes.draft):
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


def _draw_section(
    here: Visitor, minutes: Minutes, kind: ItemKind, spoken: Spoken, template: Template
) -> None:
    """One kind of items. Where there are none, a section that the template names says so."""
    items = _solid(minutes, kind)
    if not items and kind not in template.sections:
        return
    st.subheader(heading(here, minutes, kind, template), anchor=False)
    if not items:
        st.caption(here.text(f"minutes.no_{kind.value}s"))
        return
    shown = _first(here, items, kind)
    if kind is ItemKind.ACTION:
        _draw_actions(here, shown, spoken)
    else:
        st.markdown("\n".join(f"- {line(here, item, spoken)}" for item in shown), anchors=False)


def _first(here: Visitor, items: list[Item], kind: ItemKind) -> list[Item]:
    """The items to show; how many more there are is said, and they come when asked for."""
    if len(items) <= _AT_ONCE:
        return items
    label = here.text("meeting.show_all", shown=_AT_ONCE, count=len(items))
    return items if st.toggle(label, key=f"all_{kind.value}") else items[:_AT_ONCE]


def line(here: Visitor, item: Item, spoken: Spoken) -> str:
    """An item as Markdown: its words, where they were said, what they replaced, whose they are."""
    return " ".join(
        part
        for part in (literal(item.text), _places(item, spoken), _past(here, item, spoken))
        if part
    )


def _past(here: Visitor, item: Item, spoken: Spoken) -> str:
    told = []
    if item.replaces:
        places = [place(number, spoken) for number in item.replaces_at[:1]]
        earlier = " ".join(part for part in (literal(item.replaces), *places) if part)
        told.append(here.text("minutes.replaces", text=earlier))
    if item.edited:
        told.append(f":gray[{here.text('minutes.edited')}]")
    return " ".join(told)


def _places(item: Item, spoken: Spoken) -> str:
    return " ".join(place(number, spoken) for number in item.utterances[:3])


def _draw_actions(here: Visitor, items: Sequence[Item], spoken: Spoken) -> None:
    names = ("what", "who", "due", "said_at")
    cells: Sequence[Callable[[Item], str]] = (
        lambda item: f"{literal(item.text)} {_past(here, item, spoken)}".rstrip(),
        lambda item: literal(item.owner or "") or "–",
        lambda item: literal(due_words(item)) or "–",
        lambda item: _places(item, spoken) or "–",
    )
    rows = [[here.text(f"minutes.column_{name}") for name in names], ["---"] * len(names)]
    rows += [[cell(item) for cell in cells] for item in items]
    with st.container(key="actions"):
        st.html(_cards_style(rows[0]))
        st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows), anchors=False)


def _cards_style(heads: Sequence[str]) -> str:
    """Makes a card of each row where four columns have no room; each value carries its column's
    name, which only the style sheet can give it."""
    named = "".join(
        f'.st-key-actions td:nth-child({place})::before {{ content: "{head}"; }}'
        for place, head in enumerate(heads, start=1)
        if place > 1
    )
    return f"<style>{_CARDS}@media (max-width: 640px) {{ {named} }}</style>"


def _draw_unverified(here: Visitor, minutes: Minutes, spoken: Spoken) -> None:
    loose = [item for item in minutes.draft.items if not item.verified]
    if not loose:
        return
    label = f"{here.text('minutes.unverified')} ({len(loose)})"
    with st.expander(label, icon=":material/help:"):
        st.caption(here.text("minutes.unverified_why"))
        lines = [
            f"- {here.text(f'minutes.kind_{item.kind.value}')}: {line(here, item, spoken)}"
            for item in loose
        ]
        st.caption("\n".join(lines))


def _draw_coverage_gap(here: Visitor, minutes: Minutes, spoken: Spoken) -> None:
    """What was not read is said before what was."""
    if minutes.draft.coverage.complete:
        return
    draft = minutes.draft
    lines = coverage_lines(draft.coverage, engine=draft.engine, language=here.language)
    st.warning("  \n".join(literal(one) for one in lines), icon=":material/warning:")
    draw_gaps(here, minutes, spoken)


def draw_footer(here: Visitor, minutes: Minutes) -> None:
    """How much was read, by what, and whose hand was in it."""
    st.divider()
    lines = footer_lines(minutes, language=here.language) + _style_lines(here, minutes)
    st.caption("  \n".join(literal(one) for one in lines))
    offer_told_of_minutes(here, minutes)


def _style_lines(here: Visitor, minutes: Minutes) -> list[str]:
    """In which of their styles a model wrote them, for whose minutes these are."""
    style, by_model = minutes.style_version, minutes.draft.system is not None
    if minutes.user_id != here.user_id or style is None or not by_model:
        return []
    try:
        named = here.app.styles.of_version(here.user_id, style)
    except NotFound:
        return []
    facts = {"name": named.called(here.language), "version": named.version}
    return [here.text("minutes.style_version", **facts)]
