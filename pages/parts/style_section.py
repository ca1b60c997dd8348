"""How a person wants things written: their styles, the text of the one that is open, what it was
before, and a try. To be placed on any page, once."""

from __future__ import annotations

import streamlit as st

from pages.parts.failure import shown_to_user
from pages.parts.style_editor import edit_style
from pages.parts.style_list import choose_style
from pages.parts.style_trial import draw_trial, why_not_try
from pages.parts.style_versions import draw_versions
from pages.parts.visitor import Visitor


def draw_styles(here: Visitor) -> None:
    """All of it; the heading is the page's."""
    with shown_to_user(here.language):
        seen = choose_style(here)
        why_not = why_not_try(here)
        wanted = edit_style(here, seen, may_try=why_not is None)
        if seen:
            draw_versions(here, seen)
        st.space("small")
        draw_trial(here, wanted=wanted, why_not=why_not)
