"""The parts of the memory's page that hold what is in force: the glossary; facts and preferences.
Below each, what has not been used for long is offered for archiving.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.domain.memory import UNUSED_AFTER, Entry, Kind
from pages.parts.failure import shown_to_user
from pages.parts.memory_done import ADDED, ARCHIVED, draw_done, note_added, note_done
from pages.parts.memory_form import draw_ends, draw_fields, is_open, open_form
from pages.parts.memory_list import (
    draw_entry,
    draw_page,
    draw_search,
    entry_markdown,
    found_among,
    icon_button,
    row,
)
from pages.parts.memory_origins import day
from pages.parts.visitor import Visitor
from pages.parts.words import literal

GLOSSARY, SENTENCES = "glossary", "sentences"
SENTENCE_KINDS = (Kind.FACT, Kind.PREFERENCE)
_UNUSED_SHOWN = 20
_ADDED = "memory_added"
"""How many were added: the fields of the next one are new ones."""


def draw_section(
    here: Visitor, entries: Sequence[Entry], unused: Sequence[Entry], *, name: str
) -> None:
    """Entries in force (the newest first), `unused` among them."""
    many = f" :gray[{len(entries):,}]" if entries else ""
    st.subheader(f"{here.text(f'memory.{name}')}{many}", anchor=False)
    st.caption(here.text(f"memory.{name}_what"))
    if not entries:
        first, then = (here.text(f"memory.{name}_{part}") for part in ("empty", "empty_what"))
        st.markdown(f"**{first}** {then}")
    _draw_add(here, name, empty=not entries)
    if not entries:
        draw_done(here, name)
        return
    shown = _chosen_kind(here, entries) if name == SENTENCES else list(entries)
    wanted = draw_search(here, name)
    found = found_among(shown, wanted)
    if found:
        draw_page(here, found, name=name, draw=draw_entry)
    else:
        draw_done(here, name)
    if wanted and not found:
        st.info(here.text("memory.none_found", words=literal(wanted)), icon=":material/search_off:")
    elif not found:
        st.caption(here.text("memory.none_of_kind"))
    _draw_unused(here, unused, name=name)


def _draw_add(here: Visitor, name: str, *, empty: bool) -> None:
    form = f"add {name}"
    if not empty and not is_open(form):
        label = here.text(f"memory.add_{name}")
        st.button(
            label, key=f"memory_add_{name}", icon=":material/add:", on_click=open_form, args=(form,)
        )
        return
    turn = st.session_state.get(_ADDED, 0)
    kind = Kind.GLOSSARY
    with st.container(border=True):
        if name == SENTENCES:
            kind = _choose_kind(here)
        with st.form(f"memory_add_form_{name}_{turn}", border=False):
            typed = draw_fields(here, kind, key=f"memory_new_{kind.value}_{turn}")
            if empty:
                saved, left = st.form_submit_button(here.text("memory.save"), type="primary"), False
            else:
                saved, left = draw_ends(here, here.text("memory.save"))
    if saved:
        with shown_to_user(here.language):  # what is refused stays in the fields
            memory = here.app.memory
            known = memory.known(here.user_id, kind=kind, text=typed.text)
            made = memory.add(
                here.user_id, kind=kind, text=typed.text, heard=typed.heard, note=typed.note
            )
            note_added(here, name, ADDED, made, known=known)
            st.session_state[_ADDED] = turn + 1
            open_form(form)  # glossaries are typed in one go
            st.rerun()
    elif left:
        open_form()
        st.rerun()


def _choose_kind(here: Visitor) -> Kind:
    chosen: Kind = st.segmented_control(
        here.text("memory.kind"),
        SENTENCE_KINDS,
        default=Kind.FACT,
        required=True,
        format_func=lambda kind: here.text(f"memory.kind_{kind.value}"),
        key="memory_new_kind",
        label_visibility="collapsed",
    )
    return chosen


def _chosen_kind(here: Visitor, entries: Sequence[Entry]) -> list[Entry]:
    """Facts, preferences or both; not asked where there is only one of the kinds."""
    if len({one.kind for one in entries}) == 1:
        return list(entries)
    chosen = st.segmented_control(
        here.text("memory.kind"),
        ("all", *(kind.value for kind in SENTENCE_KINDS)),
        default="all",
        required=True,
        format_func=lambda kind: here.text(f"memory.kinds_{kind}"),
        key="memory_kind",
        label_visibility="collapsed",
    )
    return [one for one in entries if chosen in ("all", one.kind.value)]


def _draw_unused(here: Visitor, unused: Sequence[Entry], *, name: str) -> None:
    if not unused:
        return
    st.space("small")
    facts = {"count": len(unused), "days": UNUSED_AFTER.days}
    with st.expander(here.text("memory.unused", **facts), icon=":material/hourglass_empty:"):
        st.caption(here.text("memory.unused_why"))
        if st.button(
            here.text("memory.archive_unused", count=len(unused)),
            key=f"memory_archive_unused_{name}",
            icon=":material/archive:",
        ):
            _archive(here, unused, name)
        for entry in unused[:_UNUSED_SHOWN]:
            place = f"unused_{name}"
            with row(entry, place):
                used = entry.used_at
                more = (
                    here.text("memory.used", day=day(here, used))
                    if used
                    else here.text("memory.never_used")
                )
                st.markdown(entry_markdown(here, entry, more=more), width="stretch", anchors=False)
                if icon_button(here, "archive", "archive", entry, place):
                    _archive(here, [entry], name)
        if len(unused) > _UNUSED_SHOWN:
            st.caption(here.text("memory.and_more", count=len(unused) - _UNUSED_SHOWN))


def _archive(here: Visitor, entries: Sequence[Entry], name: str) -> None:
    with shown_to_user(here.language):
        here.app.memory.archive_all(here.user_id, [one.entry_id for one in entries])
        note_done(here, name, ARCHIVED, *entries)
        st.rerun()
