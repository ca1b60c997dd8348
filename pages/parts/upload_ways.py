"""What the person says of a meeting they bring, and the ways in beside files."""

from __future__ import annotations

import streamlit as st

from core.services.recordings import clean_title
from pages.parts.failure import shown_to_user
from pages.parts.recorder import draw_recorder, live_recording
from pages.parts.start import open_meeting, take_bytes
from pages.parts.uploader import Wanted
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_SPOKEN = ("auto", "ko", "en")


def ask_language(here: Visitor, *, key: str, locked: bool = False) -> str | None:
    """The language that is spoken; None where the sound shall tell."""
    language = st.segmented_control(
        here.text("upload.language"),
        _SPOKEN,
        default="auto",
        required=True,
        format_func=lambda name: here.text(f"upload.language_{name}"),
        help=here.text("upload.record_language_locked" if locked else "upload.language_help"),
        key=key,
        disabled=locked,
    )
    return None if language == "auto" else language


def ask_details(here: Visitor) -> Wanted:
    """Language, title and date of what is sent next; all may be left out."""
    language = ask_language(here, key="upload_language")
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
        language=language,
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
    """Sound from this computer's microphone, with what may be said of it beforehand."""
    recorder = st.container()
    hint_speech_model(here)
    language = ask_language(here, key="record_language", locked=live_recording() is not None)
    title = st.text_input(
        here.text("upload.meeting_title"),
        placeholder=here.text("upload.record_title_hint"),
        max_chars=200,
        key="record_title",
    )
    wanted = Wanted(language=language, title=clean_title(title) or None)
    with recorder:
        meeting_id = draw_recorder(here, wanted=wanted)
    if meeting_id:
        open_meeting(meeting_id)
