"""Who is signed in, on every page, and the pages that are about people. Nothing of it where there
are no accounts."""

from __future__ import annotations

import streamlit as st

from pages.parts.signed_out import draw_way_out
from pages.parts.visitor import Visitor
from pages.parts.words import literal


def personal_pages(here: Visitor) -> tuple[str, ...]:
    """The pages that this person has besides everybody's."""
    if not here.app.accounts.on:
        return ()
    return ("account", "people") if here.admin else ("account",)


def draw_person(here: Visitor) -> None:
    """The name, and the way out."""
    if not here.app.accounts.on:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="signed_in"):
        st.markdown(
            f":material/account_circle: {literal(here.text('account.signed_in', name=here.name))}"
        )
        draw_way_out(here.language)
