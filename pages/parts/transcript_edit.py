"""Editing one line of the transcript: a window with the text, and what was heard."""

from __future__ import annotations

import streamlit as st

from core.domain.transcript import clock
from core.store.tables import Meeting
from pages.parts.failure import shown_to_user
from pages.parts.minutes_view import Spoken
from pages.parts.visitor import Visitor
from pages.parts.words import literal


def choose_line(meeting: Meeting, number: object, spoken: Spoken) -> None:
    """Have the window opened for an utterance; what stands in it now is what is edited."""
    said = spoken.get(number) if isinstance(number, int) else None
    if said is not None:
        st.session_state[_key(meeting)] = (said.number, said.text)


def draw_line_edit(here: Visitor, meeting: Meeting, spoken: Spoken) -> None:
    """The window, while a line is chosen. It stays through runs that have other reasons."""
    chosen = st.session_state.get(_key(meeting))
    if chosen is None:
        return
    number, seen = chosen
    said = spoken.get(number)
    who = [clock(said.start), said.speaker] if said else []
    place = literal(" ".join(one for one in who if one))
    place = place or here.text("correction.edit_number", number=number)
    window = st.dialog(
        here.text("correction.edit_title", place=place),
        icon=":material/edit:",
        on_dismiss=lambda: _close(meeting),
    )
    window(_draw_form)(here, meeting, number, seen)


def _draw_form(here: Visitor, meeting: Meeting, number: int, seen: str) -> None:
    with shown_to_user(here.language):
        heard = here.app.text_changes.heard(here.user_id, meeting.id).get(number)
        with st.form(f"line_{meeting.id}_{number}", border=False):
            text = st.text_area(here.text("correction.edit_text"), value=seen, height=140)
            if heard is not None:
                st.caption(f"{here.text('correction.heard')}: {literal(heard)}")
            with st.container(horizontal=True):
                save = st.form_submit_button(
                    here.text("correction.save"), key="save_line", type="primary"
                )
                cancel = st.form_submit_button(here.text("correction.cancel"), key="leave_line")
                # Also where the line was never changed: an emptied field gets its words back.
                restore = st.form_submit_button(
                    here.text("correction.restore"), key="restore_line", icon=":material/hearing:"
                )
                hide = st.form_submit_button(
                    here.text("phantoms.hide_line"),
                    key="hide_line",
                    icon=":material/hearing_disabled:",
                )
        service = here.app.text_changes
        if save:
            service.edit_text(here.user_id, meeting.id, number, text or "", expected=seen)
        if restore:
            service.restore_heard(here.user_id, meeting.id, number)
        if hide:
            here.app.hidden_lines.hide(here.user_id, meeting.id, [number])
        if save or restore or hide or cancel:
            _close(meeting)
            st.rerun()


def _close(meeting: Meeting) -> None:
    st.session_state.pop(_key(meeting), None)


def _key(meeting: Meeting) -> str:
    return f"line_edited_{meeting.id}"
