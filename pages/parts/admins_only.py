"""What an admin decides for everybody, as others see it."""

from __future__ import annotations

import streamlit as st

from pages.parts.visitor import Visitor
from pages.parts.words import literal

_NAMED = 5
"""More admins than that are not all named."""


def tell_admins(visitor: Visitor, what: str = "choose") -> None:
    """What is up to the admins (choose, install, mend), and who they are."""
    names = visitor.app.people.admins()
    named = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    told = visitor.text(f"people.admins_{what}", names=named)
    st.info(literal(told), icon=":material/lock:")
