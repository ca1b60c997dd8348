"""Ways into the app that more than one page offers: the sample, and text or sound from the page."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

import streamlit as st

from core.services.intake import TakenIn
from core.services.recordings import About
from pages.parts.visitor import Visitor


def open_meeting(meeting_id: str) -> None:
    """Go to a meeting's page."""
    st.switch_page("meeting.py", query_params={"meeting": meeting_id})


def take_sample(here: Visitor) -> TakenIn:
    """The sample meeting in the person's language. NotFound where its files are missing."""
    sample = here.app.samples.get(here.language)
    about = About(
        title=sample.title, held_at=sample.held_at, time_zone=sample.time_zone, sample=True
    )
    return here.app.intake.take_in(
        here.user_id,
        source=sample.transcript,
        name=sample.transcript.name,
        about=about,
        language=None,
    )


def take_bytes(
    here: Visitor,
    content: bytes,
    *,
    name: str,
    title: str | None,
    held_at: datetime | None,
    language: str | None,
) -> TakenIn:
    """Text or sound that the page itself holds. `held_at` is in the person's zone."""
    part: Path = here.app.recordings.incoming() / f"{uuid.uuid4().hex}.part"
    about = About(title=title or None, held_at=held_at, time_zone=here.time_zone)
    try:
        part.write_bytes(content)
        return here.app.intake.take_in(
            here.user_id, source=part, name=name, about=about, language=language
        )
    finally:
        part.unlink(missing_ok=True)
