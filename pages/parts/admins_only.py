"""What an admin decides for everybody, as others see it."""

from __future__ import annotations

import streamlit as st

from pages.parts.visitor import Visitor


def tell_admins_choose(visitor: Visitor) -> None:
    """That this can be seen but not changed, and by whom it is."""
    st.info(visitor.text("people.admins_choose"), icon=":material/lock:")
