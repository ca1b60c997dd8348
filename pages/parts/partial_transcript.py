"""What a running transcription has heard so far: its last lines, and how far it is."""

from __future__ import annotations

import streamlit as st

from core.domain.transcript import clock
from core.services.jobs import ENDED, TRANSCRIBE
from core.store.tables import Job
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_LINES = 20


def draw_heard_so_far(here: Visitor, job: Job) -> None:
    """The last lines that the job heard, the newest at the bottom; nothing before its first window
    is done, and nothing of other jobs."""
    if job.stage != TRANSCRIBE or job.state in ENDED:
        return
    heard = here.app.hearing.so_far(here.user_id, job.id, lines=_LINES)
    if heard is None:
        return
    label = here.text("steps.heard", until=clock(heard.until))
    with st.expander(label, expanded=True, icon=":material/hearing:", key=f"heard_{job.id}"):
        st.caption(here.text("steps.heard_why"))
        lines = [f"`{clock(second)}` {literal(text)}" for second, text in heard.lines]
        st.markdown("  \n".join(lines) or here.text("steps.heard_nothing"))
