"""The entry that the address names: it stands first, in whatever part it would be looked for."""

from __future__ import annotations

import streamlit as st

from core.domain.memory import Entry, Status
from core.errors import NotFound
from pages.parts.failure import shown_to_user
from pages.parts.memory_done import ACCEPTED, ACTIVATED, draw_done, note_done
from pages.parts.memory_list import draw_entry, draw_forget, entry_markdown, icon_button, row
from pages.parts.visitor import Visitor

_PLACE = "linked"


def draw_linked(here: Visitor) -> None:
    """Nothing where no entry is named, or where it is among the proposals below."""
    draw_done(here, _PLACE)
    entry_id = st.query_params.get("entry")
    if not entry_id:
        return
    try:
        entry = here.app.memory.entry(here.user_id, entry_id)
    except NotFound:
        st.info(here.text("memory.linked_gone"), icon=":material/bookmark_remove:")
        return
    if entry.status is Status.PROPOSED:
        return
    with st.container(border=True):
        status = here.text(f"memory.linked_{entry.status.value}")
        st.markdown(f"**{status}**")
        if entry.status is Status.ACTIVE:
            draw_entry(here, entry, place=_PLACE)
        else:
            with row(entry, _PLACE):
                st.markdown(entry_markdown(here, entry), width="stretch", anchors=False)
                if icon_button(here, "activate", "unarchive", entry, _PLACE):
                    _activate(here, entry)
                draw_forget(here, entry, _PLACE)
        if st.button(here.text("memory.linked_close"), type="tertiary", icon=":material/close:"):
            del st.query_params["entry"]
            st.rerun()


def _activate(here: Visitor, entry: Entry) -> None:
    with shown_to_user(here.language):
        if entry.status is Status.ARCHIVED:
            here.app.memory.activate(here.user_id, entry.entry_id)
            note_done(here, _PLACE, ACTIVATED, entry)
        else:
            now = here.app.memory.accept(here.user_id, entry.entry_id)
            note_done(here, _PLACE, ACCEPTED, now, now=now)
        st.rerun()
