"""What is kept and not in force: put out of it by a newer entry, archived, or turned down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.domain.memory import Entry, Status
from pages.parts.failure import shown_to_user
from pages.parts.memory_done import ACCEPTED, ACTIVATED, SWAPPED, draw_done, note_done
from pages.parts.memory_list import (
    AT_ONCE,
    draw_forget,
    draw_page,
    draw_search,
    entry_markdown,
    found_among,
    icon_button,
    row,
    words_markdown,
)
from pages.parts.visitor import Visitor
from pages.parts.words import literal

ARCHIVE, ABOVE = "archive_list", "archive_above"
"""Where something is done: in the list of what was archived, and to what stands apart from it."""


def draw_archive(here: Visitor, entries: Sequence[Entry]) -> None:
    """All of it; `entries` are all of the person's."""
    st.subheader(here.text("memory.archive_list"), anchor=False)
    st.caption(here.text("memory.archive_list_what"))
    draw_done(here, ABOVE)
    archived = [one for one in entries if one.status is Status.ARCHIVED]
    refused = [one for one in entries if one.status is Status.REFUSED]
    if not archived and not refused:
        draw_done(here, ARCHIVE)
        first = here.text("memory.archive_list_empty")
        st.markdown(f"**{first}** {here.text('memory.archive_list_empty_what')}")
        return
    wanted = draw_search(here, ARCHIVE)
    newer = {one.replaces: one for one in entries if one.status is Status.ACTIVE and one.replaces}
    found = found_among(archived, wanted)
    overruled = [one for one in found if one.entry_id in newer]
    _draw_overruled(here, overruled, newer)
    _draw_rest(here, [one for one in found if one.entry_id not in newer])
    _draw_refused(here, found_among(refused, wanted))
    if wanted and not found and not found_among(refused, wanted):
        st.info(here.text("memory.none_found", words=literal(wanted)), icon=":material/search_off:")


def _draw_overruled(
    here: Visitor, entries: Sequence[Entry], newer: Mapping[str | None, Entry]
) -> None:
    if not entries:
        return
    st.markdown(f"**{here.text('memory.overruled', count=len(entries))}**")
    for entry in entries[:AT_ONCE]:
        by = newer[entry.entry_id]
        with st.container(border=True, gap="xsmall", key=f"overruled_{entry.entry_id}"):
            old, new = words_markdown(here, entry), words_markdown(here, by)
            st.markdown(
                f":gray[{here.text('memory.earlier')}] {old}  \n"
                f":gray[{here.text('memory.in_force_now')}] {new}",
                anchors=False,
            )
            with st.container(horizontal=True):
                if st.button(
                    here.text("memory.use_earlier"),
                    key=f"earlier_{entry.entry_id}",
                    icon=":material/undo:",
                    help=here.text("memory.use_earlier_help"),
                ):
                    with shown_to_user(here.language):
                        here.app.memory.activate(here.user_id, entry.entry_id)
                        here.app.memory.archive(here.user_id, by.entry_id)
                        note_done(here, ABOVE, SWAPPED, entry)
                        st.rerun()
                if st.button(here.text("memory.use_both"), key=f"both_{entry.entry_id}"):
                    _activate(here, entry, ABOVE)
    _say_more(here, entries)


def _draw_rest(here: Visitor, entries: Sequence[Entry]) -> None:
    if entries:
        st.markdown(f"**{here.text('memory.archived', count=len(entries))}**")
        draw_page(here, entries, name=ARCHIVE, draw=_draw_archived)
    else:
        draw_done(here, ARCHIVE)


def _draw_archived(here: Visitor, entry: Entry, *, place: str) -> None:
    with row(entry, place):
        st.markdown(entry_markdown(here, entry), width="stretch", anchors=False)
        if icon_button(here, "activate", "unarchive", entry, place):
            _activate(here, entry, place)
        draw_forget(here, entry, place)


def _draw_refused(here: Visitor, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    label = here.text("memory.refused_list", count=len(entries))
    with st.expander(label, icon=":material/bookmark_remove:"):
        st.caption(here.text("memory.refused_list_what"))
        for entry in entries[:AT_ONCE]:
            with row(entry, "refused"):
                st.markdown(entry_markdown(here, entry), width="stretch", anchors=False)
                if icon_button(here, "accept_after_all", "bookmark_add", entry, ABOVE):
                    with shown_to_user(here.language):
                        now = here.app.memory.accept(here.user_id, entry.entry_id)
                        note_done(here, ABOVE, ACCEPTED, now, now=now)
                        st.rerun()
                draw_forget(here, entry, ABOVE)
        _say_more(here, entries)


def _activate(here: Visitor, entry: Entry, place: str) -> None:
    with shown_to_user(here.language):
        here.app.memory.activate(here.user_id, entry.entry_id)
        note_done(here, place, ACTIVATED, entry)
        st.rerun()


def _say_more(here: Visitor, entries: Sequence[Entry]) -> None:
    if len(entries) > AT_ONCE:
        st.caption(here.text("memory.and_more_search", count=len(entries) - AT_ONCE))
