"""Sound from this computer's microphone, sent to /api/uploads while it is being recorded.

Streamlit's own recorder holds everything in the tab until the end: with the tab goes the meeting.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.component_data import in_a_list
from pages.parts.sending import sending_code, texts_for
from pages.parts.uploader import Wanted, said_of
from pages.parts.visitor import Visitor

_HERE = Path(__file__).parent
_TEXTS = (
    "record_name start finish hold resume away away_sure is_recording is_paused is_taken is_ending"
    " level hint hint_live asking denied none busy insecure unsupported quiet taken lost_recording"
    " waits rest keeping done save back unexpected"
)
_KEY = "recorder"
_LIVE = "recording_live"


@st.cache_resource
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "minutes_recorder",
        html='<div class="root"></div>',
        css=(_HERE / "recorder.css").read_text(encoding="utf-8"),
        js=sending_code("microphone", "recorder"),
    )


def draw_recorder(here: Visitor, *, wanted: Wanted) -> str | None:
    """The recorder. Returns the meeting's id in the one run after a recording became one."""
    told = _component()(
        key=_KEY,
        data=in_a_list(
            {
                "texts": texts_for(here, _TEXTS),
                "query": said_of(here, wanted),
                "live": live_recording() or "",
            }
        ),
        on_live_change=_note_live,
        on_recorded_change=lambda: None,
    )
    meeting_id: str | None = told.recorded
    if meeting_id and wanted.title:  # it may have been typed while the recording ran
        here.app.meetings.rename(here.user_id, meeting_id, wanted.title)
    return meeting_id


def live_recording() -> str | None:
    """The upload that this tab's microphone is sending, on whatever page."""
    live: str | None = st.session_state.get(_LIVE)
    return live or None


def has_recorded() -> bool:
    """Whether this tab's microphone was ever on: the page then opens where it is seen. Does not
    change when a recording ends, because tabs whose default changes go back to it."""
    return _LIVE in st.session_state


def _note_live() -> None:
    """Kept apart from the component's own state, which goes when another page is opened."""
    st.session_state[_LIVE] = st.session_state[_KEY].live
