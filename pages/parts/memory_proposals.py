"""What is proposed to be remembered: nothing of it is in force before the person says so. Shown on
the memory's page, and where it arose: beside an edited transcript or minutes, under a chat's turn.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.domain.memory import Entry, Kind, Status
from core.errors import NotFound
from pages.parts.failure import shown_to_user
from pages.parts.memory_done import ACCEPTED, REFUSED, draw_done, note_added, note_done
from pages.parts.memory_form import draw_ends, draw_fields, is_open, open_form
from pages.parts.memory_list import kind_words, words_markdown
from pages.parts.memory_origins import day, origin_markdown
from pages.parts.visitor import Visitor
from pages.parts.words import literal

ALL = "proposals"
"""The place where all of them are."""
_AT_ONCE = 10
"""Proposals that are shown before asking."""
_AT_A_PLACE = 3
"""The same beside something else."""
_LOOK_EVERY = 3.0
"""Seconds between two looks while something is being learned from what was just changed."""
_LIVE = ("queued", "running")


def draw_all_proposals(here: Visitor, proposed: Sequence[Entry]) -> None:
    """Everything that waits for the person's word, the newest first."""
    if proposed:
        st.subheader(here.text("memory.proposals", count=len(proposed)), anchor=False)
        st.caption(here.text("memory.proposals_what"))
    draw_done(here, ALL)
    every = st.session_state.get("memory_every_proposal", False)
    for entry in proposed if every else proposed[:_AT_ONCE]:
        draw_proposal(here, entry, place=ALL)
    more = len(proposed) - _AT_ONCE
    if more > 0 and not every and st.button(here.text("memory.more_proposals", count=more)):
        st.session_state["memory_every_proposal"] = True
        st.rerun()


def draw_learned_here(here: Visitor, meeting_id: str, *, way: str) -> None:
    """What a person's changes of a meeting's transcript or minutes (`way`) have brought up: a small
    notice that stays until it is decided. What a model is still looking at turns up by itself."""
    with shown_to_user(here.language):
        live = any(
            one.state in _LIVE and (one.way, one.meeting_id) == (way, meeting_id)
            for one in here.app.learning.lessons(here.user_id)
        )
        every = _LOOK_EVERY if live else None
        st.fragment(_draw_learned_here, run_every=every)(here, meeting_id, way, live)


def _draw_learned_here(here: Visitor, meeting_id: str, way: str, live: bool) -> None:
    with shown_to_user(here.language):
        place = f"{way}_{meeting_id}"
        proposed = here.app.memory.entries(here.user_id, status=Status.PROPOSED)
        mine = [
            one
            for one in reversed(proposed)
            if (one.source.get("way"), one.source.get("meeting_id")) == (way, meeting_id)
        ]
        draw_done(here, place)
        for entry in mine[:_AT_A_PLACE]:
            draw_proposal(here, entry, place=place, linked=False)
        if len(mine) > _AT_A_PLACE:
            more = len(mine) - _AT_A_PLACE
            label = here.text("memory.more_on_page", count=more)
            st.page_link("memory.py", label=label, icon=":material/bookmarks:")
        if live and not any(
            one.state in _LIVE and (one.way, one.meeting_id) == (way, meeting_id)
            for one in here.app.learning.lessons(here.user_id)
        ):
            st.rerun()  # so that nobody looks any more


def draw_proposal(here: Visitor, entry: Entry, *, place: str, linked: bool = True) -> None:
    """One proposal with its three answers. `linked`: with the way to where it came from."""
    form = f"accept {place} {entry.entry_id}"
    with st.container(border=True, gap="xsmall", key=f"proposal_{place}_{entry.entry_id}"):
        _draw_words(here, entry, linked=linked)
        if is_open(form):
            _draw_accept_form(here, entry, place)
            return
        _draw_answers(here, entry, place, form)


def _draw_answers(here: Visitor, entry: Entry, place: str, form: str) -> None:
    """Yes, in other words, no; beside something else with few letters, for there is little room."""
    here_only = place == ALL
    edit, refuse = ("accept_edited", "refuse") if here_only else ("accept_edited_here", "no")
    with st.container(horizontal=True, gap="small" if here_only else "xsmall"):
        if st.button(
            here.text("memory.accept"),
            key=f"accept_{place}_{entry.entry_id}",
            icon=":material/bookmark_add:" if here_only else None,
            type="primary" if here_only else "secondary",
        ):
            with shown_to_user(here.language):
                now = here.app.memory.accept(here.user_id, entry.entry_id)
                note_done(here, place, ACCEPTED, entry, now=now)
                st.rerun()
        st.button(
            here.text(f"memory.{edit}"),
            key=f"edit_{place}_{entry.entry_id}",
            icon=":material/edit:" if here_only else None,
            on_click=open_form,
            args=(form,),
        )
        if st.button(
            here.text(f"memory.{refuse}"),
            key=f"refuse_{place}_{entry.entry_id}",
            icon=":material/close:" if here_only else None,
        ):
            with shown_to_user(here.language):
                here.app.memory.refuse(here.user_id, entry.entry_id)
                note_done(here, place, REFUSED, entry)
                st.rerun()


def _draw_words(here: Visitor, entry: Entry, *, linked: bool) -> None:
    icon = ":material/lightbulb:"
    asked = "" if linked else f"{icon} {here.text('memory.ask')}  \n"
    st.markdown(f"{asked}{words_markdown(here, entry)}", anchors=False)
    if told := _what_it_changes(here, entry):
        st.caption(f":material/swap_horiz: {told}")
    below = [kind_words(here, entry)]
    if linked:
        below += [day(here, entry.created_at), origin_markdown(here, entry)]
    if quiet := " · ".join(part for part in below if part):
        st.caption(quiet)


def _what_it_changes(here: Visitor, entry: Entry) -> str:
    """That it adds to a term that is known, or puts an older entry out of force."""
    if entry.replaces is None:
        return ""
    try:
        older = here.app.memory.entry(here.user_id, entry.replaces)
    except NotFound:
        return ""
    if entry.kind is Kind.GLOSSARY and older.text.casefold() == entry.text.casefold():
        return here.text("memory.adds_to", text=literal(older.text))
    if older.status is not Status.ACTIVE:
        return ""
    return here.text("memory.would_replace", text=literal(older.text))


def _draw_accept_form(here: Visitor, entry: Entry, place: str) -> None:
    key = f"accept_form_{place}_{entry.entry_id}"
    with st.form(key, border=False):
        typed = draw_fields(here, entry.kind, key=key, entry=entry)
        saved, left = draw_ends(here, here.text("memory.accept"))
    if saved:
        with shown_to_user(here.language):  # what is refused stays in the fields
            known = here.app.memory.known(here.user_id, kind=entry.kind, text=typed.text)
            now = here.app.memory.accept(
                here.user_id, entry.entry_id, text=typed.text, heard=typed.heard, note=typed.note
            )
            note_added(here, place, ACCEPTED, now, known=known)
            open_form()
            st.rerun()
    elif left:
        open_form()
        st.rerun()
