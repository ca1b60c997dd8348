"""What the person says of a meeting they bring, and the ways in beside files."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.services.recordings import clean_title
from pages.parts.failure import shown_to_user
from pages.parts.start import open_meeting, take_bytes
from pages.parts.uploader import Wanted
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_SPOKEN = ("auto", "ko", "en")


def ask_details(here: Visitor) -> Wanted:
    """Language, title and date of what is sent next; all may be left out."""
    language = st.segmented_control(
        here.text("upload.language"),
        _SPOKEN,
        default="auto",
        required=True,
        format_func=lambda name: here.text(f"upload.language_{name}"),
        help=here.text("upload.language_help"),
        key="upload_language",
    )
    with st.expander(here.text("upload.details"), icon=":material/edit_calendar:"):
        title = st.text_input(
            here.text("upload.meeting_title"),
            placeholder=here.text("upload.meeting_title_hint"),
            max_chars=200,
            key="upload_title",
        )
        held_at = st.datetime_input(
            here.text("upload.held_at"),
            value=None,
            help=here.text("upload.held_at_hint"),
            format="YYYY-MM-DD",
            key="upload_held_at",
        )
        st.caption(here.text("upload.several"))
    return Wanted(
        language=None if language == "auto" else language,
        title=clean_title(title) or None,
        held_at=held_at,
    )


def hint_speech_model(here: Visitor) -> None:
    """Say beforehand that a recording will first have its model fetched."""
    chosen = here.app.people.choice(here.user_id, name="whisper_model")
    name, present = here.app.engines.speech_model(chosen)
    if not present:
        st.caption(
            f":material/cloud_download: {here.text('upload.speech_missing', model=literal(name))}"
        )


def draw_paste(here: Visitor) -> None:
    """A transcript as text."""
    with st.form("paste", border=False):
        title = st.text_input(here.text("upload.meeting_title"), max_chars=200)
        text = st.text_area(
            here.text("upload.paste_label"),
            placeholder=here.text("upload.paste_hint"),
            help=here.text("upload.paste_help"),
            height=320,
        )
        sent = st.form_submit_button(
            here.text("upload.paste_send"), type="primary", icon=":material/auto_awesome:"
        )
    if sent and not text.strip():
        st.error(here.text("upload.paste_empty"), icon=":material/error:")
    elif sent:
        with shown_to_user(here.language):
            name = clean_title(title) or here.text("upload.paste_name")
            taken = take_bytes(
                here,
                text.encode("utf-8", "replace"),
                name=f"{name}.txt",
                title=title,
                held_at=None,
                language=None,
            )
            open_meeting(taken.meeting_id)


def draw_record(here: Visitor) -> None:
    """Sound from this computer's microphone."""
    sound = st.audio_input(here.text("upload.record_label"), key="upload_record")
    st.caption(here.text("upload.record_help"))
    if sound and st.button(
        here.text("upload.record_send"), type="primary", icon=":material/auto_awesome:"
    ):
        with shown_to_user(here.language):
            now = datetime.now(ZoneInfo(here.time_zone))
            title = here.text("upload.record_name", moment=now.strftime("%Y-%m-%d %H:%M"))
            taken = take_bytes(
                here,
                sound.getvalue(),
                name=f"{now:%Y%m%d-%H%M%S}.wav",
                title=title,
                held_at=now,
                language=None,
            )
            open_meeting(taken.meeting_id)
