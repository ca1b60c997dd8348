"""Choosing whether what was heard is corrected by the model before minutes are written."""

from __future__ import annotations

import streamlit as st

from core.engines.factory import EXTRACTIVE
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor


def choose_correction(here: Visitor) -> None:
    """Off unless chosen; kept for meetings from now on."""
    unable = here.app.people.choice(here.user_id, name="llm") == EXTRACTIVE
    chosen = here.app.people.choice(here.user_id, name="correct") is not None
    key = f"correct_first_{chosen}"

    def choose() -> None:
        with shown_to_user(here.language):
            value = "on" if st.session_state[key] else None
            here.app.people.choose(here.user_id, name="correct", value=value)

    st.checkbox(
        here.text("correction.choose"),
        value=chosen and not unable,
        key=key,
        help=here.text("correction.choose_unable" if unable else "correction.choose_why"),
        disabled=unable,
        on_change=choose,
    )
    if not unable:
        st.caption(here.text("correction.choose_next"))
