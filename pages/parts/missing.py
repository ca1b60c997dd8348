"""What stands at an address that no page has, in the reader's language.

Streamlit's own answer is a dialog in English over the list of meetings, so the address asked for
becomes a hidden page of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.parts.visitor import visitor
from pages.parts.words import literal


def missing_page(known: Sequence[str]) -> StreamlitPage | None:
    """A page for the address in the browser where it is none of ours; None where it is."""
    # The last part: an address of several parts never gets this far (Streamlit finds no server
    # there), and to one that is not ASCII Streamlit adds the page's own once it knows it.
    name = unquote(urlsplit(st.context.url or "").path).rpartition("/")[2]
    if not name or name in known:
        return None

    def draw() -> None:
        here = visitor()
        st.title(here.text("nav.missing"), anchor=False)
        st.markdown(here.text("nav.missing_what", path=literal(f"/{name}")))
        if st.button(here.text("nav.missing_back"), icon=":material/event_note:", type="primary"):
            st.switch_page("meetings.py")

    return st.Page(draw, title=visitor().text("nav.missing"), url_path=name, visibility="hidden")
