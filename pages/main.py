"""What every page has around it: who is here, the language, the way to the other pages, the engine.

Runs before and after each page; the page itself is chosen by its address.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.parts.failure import shown_to_user
from pages.parts.frame import draw_engine, draw_language, draw_style
from pages.parts.missing import missing_page
from pages.parts.person import draw_person, personal_pages
from pages.parts.visitor import visitor

_PAGES = ("meetings", "upload", "meeting", "chat", "memory", "settings", "system")
# A file of our own: given a symbol's name, here or in st.Page, Streamlit has the browser fetch the
# tab's icon from Google. The symbols beside the titles are drawn by pages.parts.frame.
_STATIC = Path(__file__).parent / "static"

with shown_to_user():
    here = visitor()
    draw_style(here.language)
    pages = (*_PAGES, *personal_pages(here))
    missing = missing_page(pages)
    chosen = st.navigation(
        [
            st.Page(
                f"{name}.py",
                title=here.text(f"nav.{name}"),
                url_path=name,
                default=name == "meetings",
                visibility="hidden" if name == "meeting" else "visible",
            )
            for name in pages
        ]
        + ([missing] if missing else [])
    )
    st.set_page_config(
        page_title=f"{chosen.title} · MinutesAI", page_icon=_STATIC / "icon.svg", layout="wide"
    )
    st.logo(_STATIC / "logo.svg", size="large")
    with st.sidebar:
        draw_language(here)
        draw_person(here)
        engine = st.container()
    with shown_to_user(here.language):
        chosen.run()
    with engine:  # last: it may have to ask Ollama
        draw_engine(here)
