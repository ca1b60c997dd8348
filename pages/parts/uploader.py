"""Files chosen or dropped in the browser go straight to PUT /api/uploads, one after another.

Streamlit's own uploader holds about twice a file in memory and speaks English only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.component_data import in_a_list
from pages.parts.visitor import Visitor

_HERE = Path(__file__).parent
_TEXTS = (
    "choose drop formats waiting sending keeping done known cancel cancelled too_large lost again"
    " open"
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
        js=(_HERE / "uploader.js").read_text(encoding="utf-8"),
    )


def draw_uploader(here: Visitor, *, wanted: Wanted) -> list[str]:
    """The drop zone. Returns the meetings' ids once all files of a batch are with the server."""
    limit = here.app.settings.upload_limit
    texts = {name: here.text(f"upload.js_{name}") for name in _TEXTS.split()}
    texts["limit"] = here.text("upload.js_limit", limit=shown_size(limit))
    sent = _component()(
        key="uploader",
        data=in_a_list(
            {
                "texts": texts,
                "accept": ACCEPTED,
                "limit": limit,
                "query": {
                    "lang": here.language,
                    "time_zone": here.time_zone,
                    "language": wanted.language or "",
                    "title": wanted.title or "",
                    "held_at": wanted.held_at.isoformat() if wanted.held_at else "",
                },
            }
        ),
        on_uploaded_change=lambda: None,
    )
    return list(sent.uploaded or [])


def shown_size(size: int) -> str:
    """Bytes as a person reads them."""
    return f"{size / 1024**3:g} GB" if size >= 1024**3 else f"{size / 1024**2:g} MB"
