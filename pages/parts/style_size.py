"""How much of what a model reads at once a style takes, and what to do where that is too much."""

from __future__ import annotations

import streamlit as st

from core.engines.base import engine_name
from core.errors import MinutesError
from core.services.style_size import StyleSize
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal


@st.fragment(parallel=True)
def say_size(here: Visitor, text: str) -> None:
    """The size of a text, where it leaves too little room as a warning; beside the page, because it
    asks Ollama which models there are."""
    with shown_to_user(here.language):
        try:
            size = _size(here.user_id, text, here.app.people.choice(here.user_id, name="llm"), here)
        except MinutesError:
            return  # which model writes is said elsewhere
        if size is not None:
            _draw(here, size)


@st.cache_data(ttl=20, max_entries=200, show_spinner=False)
def _size(user_id: str, text: str, llm: str | None, _here: Visitor) -> StyleSize | None:
    del llm  # a part of the key
    return _here.app.trials.size(user_id, text=text)


def _draw(here: Visitor, size: StyleSize) -> None:
    told = here.text(
        "styles.size",
        tokens=f"{size.tokens:,}",
        window=f"{size.window:,}",
        engine=literal(engine_name(size.engine)),
    )
    if not size.fits:
        cut = here.text("styles.size_no_room", characters=f"{size.too_many:,}")
        st.warning(f"{told} {cut}", icon=":material/warning:")
    elif size.is_large:
        st.caption(f":material/info: {told} {here.text('styles.size_large')}")
    else:
        st.caption(told)
