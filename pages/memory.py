"""All that is remembered of a person: style, terms, facts, preferences, and what is proposed.

The address may name a part (?part=glossary) or an entry (?entry=…), which then stands first.
"""

from __future__ import annotations

import streamlit as st

from core.domain.memory import Kind, Status
from pages.parts.failure import shown_to_user
from pages.parts.memory_archive import draw_archive
from pages.parts.memory_exchange import draw_exchange
from pages.parts.memory_lessons import draw_lessons
from pages.parts.memory_linked import draw_linked
from pages.parts.memory_list import draw_row_style
from pages.parts.memory_proposals import draw_all_proposals
from pages.parts.memory_sections import GLOSSARY, SENTENCES, draw_section
from pages.parts.reading_width import keep_readable
from pages.parts.style_section import draw_styles
from pages.parts.visitor import Visitor, visitor

STYLE, ARCHIVE, EXCHANGE = "style", "archive", "exchange"
PARTS = (STYLE, GLOSSARY, SENTENCES, ARCHIVE, EXCHANGE)


def choose_part(here: Visitor) -> str:
    """Which part is shown; the address keeps it."""
    asked = st.query_params.get("part", STYLE)
    chosen: str = st.segmented_control(
        here.text("memory.part"),
        PARTS,
        default=asked if asked in PARTS else STYLE,
        required=True,
        format_func=lambda part: here.text(f"memory.part_{part}"),
        key="memory_part",
        label_visibility="collapsed",
    )
    st.query_params["part"] = chosen
    return chosen


def draw_memory(here: Visitor) -> None:
    """All of it, top to bottom."""
    memory, user_id = here.app.memory, here.user_id
    draw_row_style()
    draw_linked(here)
    draw_all_proposals(here, memory.entries(user_id, status=Status.PROPOSED)[::-1])
    draw_lessons(here)
    st.space("small")
    part = choose_part(here)
    if part == STYLE:
        st.caption(here.text("settings.style_what"))
        st.caption(here.text("settings.style_where"))
        draw_styles(here)
    elif part == GLOSSARY:
        terms = memory.entries(user_id, kind=Kind.GLOSSARY, status=Status.ACTIVE)[::-1]
        draw_section(here, terms, memory.unused_among(terms), name=part)
    elif part == SENTENCES:
        kept = [
            one
            for kind in (Kind.FACT, Kind.PREFERENCE)
            for one in memory.entries(user_id, kind=kind, status=Status.ACTIVE)
        ]
        kept.sort(key=lambda one: one.created_at, reverse=True)
        draw_section(here, kept, memory.unused_among(kept), name=part)
    elif part == ARCHIVE:
        draw_archive(here, memory.entries(user_id)[::-1])
    else:
        draw_exchange(here)


here = visitor()
with shown_to_user(here.language):
    keep_readable()
    st.title(here.text("memory.title"), anchor=False)
    st.caption(here.text("memory.what"))
    draw_memory(here)
