"""The head of a meeting's page: title, date, and what can be done with the meeting."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from core.services.meetings import KEPT_DELETED
from core.store.tables import Meeting
from pages.parts.facts import facts_line
from pages.parts.failure import shown_to_user
from pages.parts.popover import close, keyed_popover
from pages.parts.sharing import draw_sharing, may_edit
from pages.parts.visitor import Visitor
from pages.parts.words import literal


def draw_head(here: Visitor, meeting: Meeting, *, seconds: float | None) -> None:
    """Title and facts, each with its small editor."""
    st.set_page_config(page_title=f"{meeting.title} · MinutesAI")
    editing = may_edit(here, meeting)
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.title(literal(meeting.title), anchor=False, width="content")
            if editing:
                with keyed_popover(
                    here.text("meeting.rename"),
                    f"renaming_{meeting.id}",
                    icon=":material/edit:",
                    type="tertiary",
                ):
                    _draw_rename(here, meeting)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(literal(facts_line(here, meeting, seconds=seconds)), width="content")
            if editing:
                with keyed_popover(
                    here.text("meeting.set_date"),
                    f"dating_{meeting.id}",
                    icon=":material/edit_calendar:",
                    type="tertiary",
                ):
                    _draw_set_date(here, meeting)
            draw_sharing(here, meeting)


def draw_delete(here: Visitor, meeting: Meeting) -> None:
    """Into the bin, after asking."""
    with keyed_popover(
        here.text("meeting.delete"), f"deleting_{meeting.id}", icon=":material/delete:"
    ):
        st.markdown(here.text("meeting.delete_sure"))
        if st.button(
            here.text("meeting.delete_yes"),
            type="primary",
            icon=":material/delete:",
            key="delete_yes",
        ):
            with shown_to_user(here.language):
                here.app.jobs.cancel_all(here.user_id, meeting.id)
                here.app.meetings.delete(here.user_id, meeting.id)
                st.switch_page("meetings.py", query_params={"deleted": meeting.id})


def draw_binned(here: Visitor, meeting_id: str) -> bool:
    """That the meeting is in the bin, with its way back. False where it is not there."""
    binned = {one.id: one for one in here.app.meetings.deleted(here.user_id)}
    meeting = binned.get(meeting_id)
    if meeting is None:
        return False
    facts = {"title": literal(meeting.title), "days": KEPT_DELETED.days}
    st.info(here.text("meetings.in_bin", **facts), icon=":material/delete:")
    label = here.text("meetings.restore")
    if st.button(label, key="restore_meeting", type="primary", icon=":material/undo:"):
        with shown_to_user(here.language):
            here.app.meetings.restore(here.user_id, meeting_id)
            st.rerun()
    return True


def _draw_rename(here: Visitor, meeting: Meeting) -> None:
    with st.form(f"rename_{meeting.id}", border=False):
        title = st.text_input(here.text("meeting.title"), value=meeting.title, max_chars=200)
        saved = st.form_submit_button(
            here.text("meeting.save"),
            type="primary",
            on_click=close,
            args=(f"renaming_{meeting.id}",),
        )
    if saved:
        with shown_to_user(here.language):
            here.app.meetings.rename(here.user_id, meeting.id, title)
            st.toast(here.text("meeting.saved"), icon=":material/check:")
            st.rerun()


def _draw_set_date(here: Visitor, meeting: Meeting) -> None:
    zone = ZoneInfo(meeting.time_zone)
    with st.form(f"date_{meeting.id}", border=False):
        local = meeting.held_at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
        moment = st.datetime_input(
            here.text("meeting.held_at"), value=local, format="YYYY-MM-DD", step=300
        )
        st.caption(here.text("meeting.zone", zone=literal(meeting.time_zone)))
        if meeting.held_at_guessed:
            st.caption(here.text("meeting.guessed_why"))
        saved = st.form_submit_button(
            here.text("meeting.save"),
            type="primary",
            on_click=close,
            args=(f"dating_{meeting.id}",),
        )
    if saved and moment:
        with shown_to_user(here.language):
            here.app.meetings.set_date(
                here.user_id,
                meeting.id,
                held_at=moment.replace(tzinfo=zone),
                time_zone=meeting.time_zone,
            )
            st.rerun()
