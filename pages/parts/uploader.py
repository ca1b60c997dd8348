"""Files chosen or dropped in the browser go straight to /api/uploads in pieces, two at a time.

Streamlit's own uploader holds about twice a file in memory and speaks English only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.services.recordings import About
from pages.parts.component_data import in_a_list
from pages.parts.sending import hashing_code, sending_code, texts_for
from pages.parts.visitor import Visitor

_HERE = Path(__file__).parent
_TEXTS = (
    "choose drop formats waiting checking unchecked begun sending lost paused keeping done known"
    " open cancelled changed unexpected unfinished elsewhere choose_again throw_away"
    " cancel pause go_on now again put_away unreachable retries binned bring_back"
)
ACCEPTED = (
    ".mp3,.m4a,.wav,.flac,.ogg,.opus,.webm,.mp4,.mkv,.mov,.aac,.amr,.3gp,.aiff,.wma,.avi,"
    ".srt,.vtt,.txt,.json,audio/*,video/*,text/plain,text/vtt,application/json"
)
"""A help for the file chooser only: what a file is gets judged by its content."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person says of the files before they send them."""

    language: str | None = None
    title: str | None = None
    held_at: datetime | None = None


@st.cache_resource
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "minutes_uploader",
        html='<div class="root"></div>',
        css=(_HERE / "uploader.css").read_text(encoding="utf-8"),
        js=f"{hashing_code()}\n{sending_code('upload_queue', 'uploader')}",
    )


def draw_uploader(here: Visitor, *, wanted: Wanted) -> list[str]:
    """The drop zone. Returns the meetings' ids once all files of a batch are with the server."""
    limit = here.app.settings.upload_limit
    texts = texts_for(here, _TEXTS)
    for name in ("limit", "too_large"):
        texts[name] = here.text(f"upload.js_{name}", limit=shown_size(limit))
    told = _component()(
        key="uploader",
        data=in_a_list(
            {
                "texts": texts,
                "accept": ACCEPTED,
                "limit": limit,
                "query": said_of(here, wanted),
            }
        ),
        on_known_change=lambda: None,
        on_uploaded_change=lambda: None,
    )
    if told.known:
        describe_known(here, told.known, wanted)
    return list(told.uploaded or [])


def said_of(here: Visitor, wanted: Wanted) -> dict[str, str]:
    """What goes with every upload of this page."""
    return {
        "lang": here.language,
        "time_zone": here.time_zone,
        "language": wanted.language or "",
        "title": wanted.title or "",
        "held_at": wanted.held_at.isoformat() if wanted.held_at else "",
    }


def describe_known(here: Visitor, meeting_id: str, wanted: Wanted) -> None:
    """A file that was here already was not sent; what the person says of it counts all the same.
    One in the bin comes back: they were asked."""
    about = _about(here, wanted)
    here.app.intake.know_again(here.user_id, meeting_id, about=about, language=wanted.language)


def describe_sent(here: Visitor, meeting_id: str, wanted: Wanted) -> None:
    """Title and date as they stand now. They may have been typed while the file was on its way; and
    a file that is dropped leaves the cursor in a field whose words nobody has told yet."""
    if wanted.title or wanted.held_at:
        here.app.recordings.describe(here.user_id, meeting_id, about=_about(here, wanted))


def _about(here: Visitor, wanted: Wanted) -> About:
    zone = ZoneInfo(here.time_zone)
    return About(
        title=wanted.title,
        held_at=wanted.held_at.replace(tzinfo=zone) if wanted.held_at else None,
        time_zone=here.time_zone,
    )


def shown_size(size: int) -> str:
    """Bytes as a person reads them."""
    return f"{size / 1024**3:g} GB" if size >= 1024**3 else f"{size / 1024**2:g} MB"
