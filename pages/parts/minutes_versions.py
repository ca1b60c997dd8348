"""The versions of a meeting's minutes: what each is, undoing a change, bringing one back."""

from __future__ import annotations

import streamlit as st

from core.domain.minutes import Minutes
from core.services.colophon import engine_words
from core.services.minutes_editing import edits_left_behind
from core.store.minutes_history import VersionMade
from pages.parts.failure import shown_to_user
from pages.parts.minutes_edit import draw_desk, form_opened_on, note_saved
from pages.parts.minutes_view import Spoken, draw_minutes
from pages.parts.visitor import Visitor


def version_name(here: Visitor, made: VersionMade) -> str:
    """A version as the chooser lists it."""
    return here.text(
        f"editing.version_{made.origin}",
        version=made.version,
        engine=engine_words(made.engine, here.language),
        base=made.based_on,
    )


def draw_version(here: Visitor, minutes: Minutes, spoken: Spoken) -> None:
    """One version: an earlier one to be read or brought back, the newest also to be changed."""
    history = here.app.editing.history(here.user_id, minutes.meeting_id)
    newest = history[0].version
    if minutes.version != newest:
        _draw_restore(here, minutes, newest=newest)
        draw_minutes(here, minutes, spoken)
        return
    minutes = _under_hand(here, minutes)
    with st.container():  # always there: what stands below keeps its place, and what is typed in it
        if minutes.version != newest:
            st.warning(here.text("editing.moved_on", newest=newest), icon=":material/update:")
        else:
            _draw_left_behind(here, history)
    with st.container(horizontal=True, vertical_alignment="center"):
        editing = st.toggle(here.text("editing.mode"), key=_editing(minutes))
        _draw_undo(here, minutes)
    if editing:
        draw_desk(here, minutes, spoken)
    else:
        draw_minutes(here, minutes, spoken)


def _under_hand(here: Visitor, newest: Minutes) -> Minutes:
    """The version to draw where the newest was asked for: while a form is open on an earlier one
    (a job has just ended, another tab has saved), that one stays, with what is typed there."""
    version = form_opened_on(newest.meeting_id)
    if version in (None, newest.version) or not st.session_state.get(_editing(newest)):
        return newest
    return here.app.minutes.version(here.user_id, newest.meeting_id, version)


def _editing(minutes: Minutes) -> str:
    return f"editing_{minutes.meeting_id}"


def _draw_undo(here: Visitor, minutes: Minutes) -> None:
    """That a change was just saved, and how to undo it, until the next one."""
    version, before = st.session_state.get(f"saved_{minutes.meeting_id}", (0, 0))
    if version != minutes.version:
        return
    told = here.text("editing.saved", version=version)
    st.markdown(f":material/check: {told}", width="content")
    if st.button(here.text("editing.undo"), key="undo_edit", icon=":material/undo:"):
        _restore(here, minutes.meeting_id, version=before, newest=minutes.version)


def _draw_restore(here: Visitor, minutes: Minutes, *, newest: int) -> None:
    if st.button(here.text("editing.restore"), key="restore_version", icon=":material/restore:"):
        _restore(here, minutes.meeting_id, version=minutes.version, newest=newest)


def _draw_left_behind(here: Visitor, history: list[VersionMade]) -> None:
    """That the newest version lacks what was changed by hand, and where that is."""
    version = edits_left_behind(history)
    if version is not None:
        st.info(here.text("editing.left_behind", version=version), icon=":material/edit_note:")


def _restore(here: Visitor, meeting_id: str, *, version: int, newest: int) -> None:
    with shown_to_user(here.language):
        made = here.app.editing.restore(here.user_id, meeting_id, version=version, newest=newest)
        if made.version != newest:
            note_saved(made, before=newest)
        st.rerun()
