"""Choosing the style that one version of minutes is written in."""

from __future__ import annotations

import streamlit as st

from core.services.wanted import NO_STYLE
from pages.parts.visitor import Visitor


def choose_style_once(here: Visitor, *, key: str) -> str | None:
    """One of the person's styles or NO_STYLE, the default first; None where there is none to choose
    from."""
    kept = [one for one in here.app.styles.all(here.user_id) if one.text or one.is_default]
    if not any(one.text for one in kept):
        return None
    names = {one.style_id: one.called(here.language) for one in kept if one.text}
    names[NO_STYLE] = here.text("styles.in_writing_none")
    without = next((one for one in kept if one.is_default and not one.text), None)
    options = list(names)
    return st.selectbox(
        here.text("styles.in_writing"),
        options,
        index=options.index(NO_STYLE) if without else 0,
        format_func=names.get,
        key=key,
    )
