"""The versions of a meeting's minutes: what each is, undoing a change, bringing one back."""

from __future__ import annotations

import streamlit as st

from core.domain.minutes import Minutes
from core.services.colophon import engine_words
from core.services.minutes_lineage import EDITED, edits_left_behind
from core.store.minutes_history import VersionMade
from core.store.tables import Meeting
from pages.parts.memory_proposals import draw_learned_here
from pages.parts.minutes_edit import draw_desk, form_opened_on
from pages.parts.minutes_saved import draw_saved, just_saved, restore
from pages.parts.minutes_view import Spoken, draw_minutes
from pages.parts.sharing import may_edit
from pages.parts.visitor import Visitor


def version_name(here: Visitor, made: VersionMade, meeting: Meeting) -> str:
    """A version as the chooser lists it, with whose it is where that is somebody else's."""
    name = _name(here, made)
    if made.user_id == here.user_id:
        return name
    owner = here.app.sharing.owner(here.user_id, meeting.id)
    return here.text("sharing.version_of", version=name, name=owner)


def _name(here: Visitor, made: VersionMade) -> str:
    if made.origin == EDITED and here.app.accounts.on:  # with whom it is shared edits, too
        return here.text("sharing.version_edited", version=made.version)
    return here.text(
        f"editing.version_{made.origin}",
        version=made.version,
        engine=engine_words(made.engine, here.language),
        base=made.based_on,
    )


def version_key(meeting_id: str, *, newest: int) -> str:
    """Where the version that was chosen is kept; a new version is shown at once."""
    return f"version_{meeting_id}_{newest}"


def draw_version(here: Visitor, minutes: Minutes, spoken: Spoken) -> None:
    """One version: an earlier one to be read or brought back, the newest also to be changed."""
    history = [
        one
        for one in here.app.editing.history(here.user_id, minutes.meeting_id)
        if one.user_id == minutes.user_id
    ]
    newest = history[0].version
    meeting = here.app.meetings.get(here.user_id, minutes.meeting_id)
    if minutes.user_id != here.user_id and not may_edit(here, meeting):
        draw_minutes(here, minutes, spoken)
        return
    if minutes.version != newest:
        _draw_restore(here, minutes, newest=newest)
        draw_minutes(here, minutes, spoken)
        return
    minutes = _under_hand(here, minutes)
    with st.container():  # always there: what stands below keeps its place, and what is typed in it
        if minutes.version != newest:
            st.warning(here.text("editing.moved_on", newest=newest), icon=":material/update:")
        else:
            _draw_left_behind(here, minutes.meeting_id, history)
    with st.container(horizontal=True, vertical_alignment="center"):
        editing = st.toggle(here.text("editing.mode"), key=_editing(minutes))
        saved = just_saved(minutes)
        if saved and not (editing and saved.spot.section):
            draw_saved(here, minutes, saved)
    if not (editing and saved and saved.spot.section):  # else where the change was made
        draw_learned_here(here, minutes.meeting_id, way="minutes")
    if editing:
        draw_desk(here, minutes, spoken, newest=newest)
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


def _draw_restore(here: Visitor, shown: Minutes, *, newest: int) -> None:
    if st.button(here.text("editing.restore"), key="restore_version", icon=":material/restore:"):
        restore(here, shown.meeting_id, version=shown.version, newest=newest)


def _draw_left_behind(here: Visitor, meeting_id: str, history: list[VersionMade]) -> None:
    """That the newest version lacks what was changed by hand, and where that is."""
    version = edits_left_behind(history)
    if version is None:
        return
    chooser = version_key(meeting_id, newest=history[0].version)

    def choose() -> None:
        st.session_state[chooser] = version

    with st.container(horizontal=True, vertical_alignment="center"):
        told = here.text("editing.left_behind", version=version)
        st.info(told, icon=":material/edit_note:", width="stretch")
        label = here.text("editing.open_version", version=version)
        st.button(label, key="open_edited", icon=":material/history:", on_click=choose)
