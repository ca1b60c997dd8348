"""Recordings that broke off because their tab was closed: offered until somebody decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from core.services.arrivals import MICROPHONE, Arrival
from pages.parts.failure import shown_to_user
from pages.parts.recorder import live_recording
from pages.parts.start import open_meeting
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_SILENT = timedelta(seconds=25)
"""After which a recording is over: a running one sends every second, a pausing one every ten."""
_LOOK_EVERY = 5.0


def draw_unfinished(here: Visitor) -> None:
    """What broke off, with its two ways; nothing where nothing did. Looks again by itself while
    there is one of which nobody knows yet whether it goes on."""
    if _recordings(here):
        st.fragment(_draw, run_every=_LOOK_EVERY)(here)


def _draw(here: Visitor) -> None:
    with shown_to_user(here.language):
        for arrival in _recordings(here):
            silent = datetime.now(UTC) - arrival.touched
            if silent > _SILENT or arrival.state == "failed":
                _draw_offer(here, arrival)


def _recordings(here: Visitor) -> list[Arrival]:
    live = live_recording()
    found = here.app.uploads.unfinished(here.user_id)
    return [
        one for one in found if one.kind == MICROPHONE and one.offset > 0 and one.upload_id != live
    ]


def _draw_offer(here: Visitor, arrival: Arrival) -> None:
    """One recording. The key is the upload's, so that what was pressed is what is done."""
    key = arrival.upload_id
    with st.container(border=True, key=f"unfinished_{key}"):
        st.markdown(
            f":material/mic_off: **{literal(_what(here, arrival))}** "
            f"{here.text('upload.unfinished_why')}"
        )
        if arrival.error:
            st.error(literal(arrival.error.sentence(here.language)), icon=":material/error:")
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                here.text("upload.unfinished_use"),
                key=f"use_{key}",
                type="primary",
                icon=":material/auto_awesome:",
            ):
                with shown_to_user(here.language):
                    ended = here.app.uploads.end(here.user_id, key)
                    if ended.meeting_id:
                        open_meeting(ended.meeting_id)
                    st.rerun()
            with st.popover(here.text("upload.unfinished_throw_away"), icon=":material/delete:"):
                st.markdown(here.text("upload.unfinished_sure"))
                if st.button(
                    here.text("upload.unfinished_throw_away"),
                    key=f"delete_{key}",
                    type="primary",
                    icon=":material/delete_forever:",
                ):
                    here.app.uploads.discard(here.user_id, key)
                    st.rerun()


def _what(here: Visitor, arrival: Arrival) -> str:
    """When it began, in the person's zone, and how long it went on, pauses counted."""
    zone = ZoneInfo(here.time_zone)
    began = arrival.started.astimezone(zone)
    today = datetime.now(zone).date() == began.date()
    started = began.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")
    whole = max(0, round((arrival.touched - arrival.started).total_seconds()))
    minutes, seconds = divmod(whole, 60)
    if whole < 60:
        return here.text("upload.unfinished_seconds", started=started, seconds=seconds)
    if minutes < 60:
        return here.text(
            "upload.unfinished_minutes", started=started, minutes=minutes, seconds=seconds
        )
    hours, minutes = divmod(minutes, 60)
    return here.text("upload.unfinished_hours", started=started, hours=hours, minutes=minutes)
