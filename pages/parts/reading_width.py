"""Pages of text are as wide as one reads comfortably; Streamlit knows only narrow and wide."""

from __future__ import annotations

import streamlit as st

_STYLE = """<style>
[data-testid="stMainBlockContainer"], [data-testid="stBottomBlockContainer"] { max-width: 54rem; }
</style>"""


def keep_readable() -> None:
    """Narrow the page that is being drawn, and the field below it."""
    st.html(_STYLE)
