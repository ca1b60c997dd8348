"""Entries of the memory as a list: searched, a page at a time, each to be changed or put away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import streamlit as st

from core.domain.memory import Entry, Kind
from pages.parts.failure import shown_to_user
from pages.parts.memory_done import ARCHIVED, EDITED, FORGOTTEN, done_spot, draw_done, note_done
from pages.parts.memory_form import draw_ends, draw_fields, is_open, open_form
from pages.parts.memory_origins import day, origin_markdown
from pages.parts.visitor import Visitor
from pages.parts.words import literal

AT_ONCE = 20
"""Entries of a page: each has three buttons."""
_ROWS = """
/* What can be done with an entry stands beside it; the names are read aloud, not shown. */
[class*="st-key-memory_row_"] [data-testid="stButton"] [data-testid="stMarkdownContainer"] {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
[class*="st-key-memory_row_"] [data-testid="stButton"] button { padding-inline: .4rem; }
[class*="st-key-memory_row_"] {
  border-top: 1px solid color-mix(in srgb, currentColor 12%, transparent); padding-top: .5rem;
}
[class*="st-key-memory_row_"] [data-testid="stMarkdownContainer"] { overflow-wrap: anywhere; }
"""


class DrawEntry(Protocol):
    """Draws one entry of a list at a place of the page."""

    def __call__(self, here: Visitor, entry: Entry, *, place: str) -> None:
        """Draw it."""
        ...


def draw_row_style() -> None:
    """The look of rows, once a page."""
    st.html(f"<style>{_ROWS}</style>")


def found_among(entries: Sequence[Entry], wanted: str) -> list[Entry]:
    """Entries that hold each of the words, in their text, a misheard form or their meaning."""
    words = wanted.casefold().split()
    if not words:
        return list(entries)
    found = []
    for entry in entries:
        held = "\n".join((entry.text, *entry.heard, entry.note or "")).casefold()
        if all(word in held for word in words):
            found.append(entry)
    return found


def draw_search(here: Visitor, name: str) -> str:
    """The field that narrows a list down; what was typed."""
    typed = st.text_input(
        here.text(f"memory.search_{name}"),
        key=f"memory_search_{name}",
        placeholder=here.text(f"memory.search_{name}"),
        label_visibility="collapsed",
        icon=":material/search:",
        type="search",
    )
    return typed or ""


def draw_page(here: Visitor, entries: Sequence[Entry], *, name: str, draw: DrawEntry) -> None:
    """One page of a list, the newest first, and the way to the others. What was just done to an
    entry is told where it stands or stood."""
    pages = max(1, -(-len(entries) // AT_ONCE))
    key = f"memory_page_{name}"
    page = min(st.session_state.get(key, 0), pages - 1)
    spot, told = done_spot(name), False
    for entry in entries[page * AT_ONCE : (page + 1) * AT_ONCE]:
        if spot and not told and entry.created_at <= spot:
            draw_done(here, name)
            told = True
        draw(here, entry, place=name)
    if not told:
        draw_done(here, name)
    if pages == 1:
        return

    def turn(to: int) -> None:
        st.session_state[key] = to

    with st.container(horizontal=True, vertical_alignment="center", key=f"memory_turn_{name}"):
        ends = (("previous", page - 1, "chevron_left"), ("next", page + 1, "chevron_right"))
        for label, to, icon in ends:
            st.button(
                here.text(f"memory.{label}"),
                key=f"memory_{label}_{name}",
                icon=f":material/{icon}:",
                disabled=not 0 <= to < pages,
                on_click=turn,
                args=(to,),
            )
        first = page * AT_ONCE + 1
        last = min(first + AT_ONCE - 1, len(entries))
        facts = {"first": f"{first:,}", "last": f"{last:,}", "count": f"{len(entries):,}"}
        st.caption(here.text("memory.range", **facts), width="content")


def row(entry: Entry, place: str) -> Any:
    """The container of one entry and its buttons."""
    return st.container(
        horizontal=True,
        wrap=False,
        vertical_alignment="top",
        gap="xxsmall",
        key=f"memory_row_{place}_{entry.entry_id}",
    )


def draw_entry(here: Visitor, entry: Entry, *, place: str) -> None:
    """An entry in force, or the form in which it is changed."""
    if is_open(f"edit {place} {entry.entry_id}"):
        _draw_edit(here, entry, place)
        return
    with row(entry, place):
        st.markdown(entry_markdown(here, entry), width="stretch", anchors=False)
        if icon_button(here, "edit", "edit", entry, place):
            open_form(f"edit {place} {entry.entry_id}")
            st.rerun()
        if icon_button(here, "archive", "archive", entry, place):
            with shown_to_user(here.language):
                here.app.memory.archive(here.user_id, entry.entry_id)
                note_done(here, place, ARCHIVED, entry)
                st.rerun()
        draw_forget(here, entry, place)


def draw_forget(here: Visitor, entry: Entry, place: str) -> None:
    """The button that deletes an entry."""
    if icon_button(here, "forget", "delete", entry, place):
        with shown_to_user(here.language):
            gone = here.app.memory.forget(here.user_id, entry.entry_id)
            note_done(here, place, FORGOTTEN, gone)
            st.rerun()


def icon_button(here: Visitor, name: str, icon: str, entry: Entry, place: str) -> bool:
    """A button of a row: its name shows when it is pointed at."""
    label = here.text(f"memory.{name}")
    return st.button(
        label,
        key=f"memory_{name}_{place}_{entry.entry_id}",
        icon=f":material/{icon}:",
        type="tertiary",
        help=label,
    )


def entry_markdown(here: Visitor, entry: Entry, *, more: str = "") -> str:
    """An entry's words, and quietly below where it came from and when."""
    below = [kind_words(here, entry), day(here, entry.updated_at), origin_markdown(here, entry)]
    quiet = " · ".join(part for part in (*below, more) if part)
    return f"{words_markdown(here, entry)}  \n:gray[:small[{quiet}]]"


def words_markdown(here: Visitor, entry: Entry) -> str:
    """What is remembered: a term with its meaning and its misheard forms, or a sentence."""
    if entry.kind is not Kind.GLOSSARY:
        return literal(entry.text)
    note = f" — {literal(entry.note)}" if entry.note else ""
    line = f"**{literal(entry.text)}**{note}"
    if not entry.heard:
        return line
    return f"{line}  \n:material/hearing: {heard_words(here, entry.heard)}"


def heard_words(here: Visitor, forms: Iterable[str]) -> str:
    """ "misheard as “tam”, “term”"."""
    quoted = (here.text("memory.heard_form", form=literal(form)) for form in forms)
    return here.text("memory.heard_as", forms=", ".join(quoted))


def kind_words(here: Visitor, entry: Entry) -> str:
    """What a sentence is; a term shows that by itself."""
    return "" if entry.kind is Kind.GLOSSARY else here.text(f"memory.kind_{entry.kind.value}")


def _draw_edit(here: Visitor, entry: Entry, place: str) -> None:
    with st.form(f"memory_edit_{place}_{entry.entry_id}"):
        typed = draw_fields(here, entry.kind, key=f"memory_{entry.entry_id}", entry=entry)
        saved, left = draw_ends(here, here.text("memory.save"))
    if saved:
        with shown_to_user(here.language):  # what is refused stays in the fields
            now = here.app.memory.edit(
                here.user_id, entry.entry_id, text=typed.text, heard=typed.heard, note=typed.note
            )
            note_done(here, place, EDITED, entry, now=now)
            open_form()
            st.rerun()
    elif left:
        open_form()
        st.rerun()
