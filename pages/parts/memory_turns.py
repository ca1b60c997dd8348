"""Under a chat's turn: what the message gave to remember, to be decided right there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import streamlit as st

from core.domain.learning_cues import told_in
from core.domain.memory import Entry, Status
from core.errors import NotFound
from core.store.tables import Turn
from core.store.types import now
from pages.parts.failure import shown_to_user
from pages.parts.memory_origins import entry_address
from pages.parts.memory_proposals import draw_proposal
from pages.parts.visitor import Visitor
from pages.parts.words import literal

PROPOSED = "memory_proposed"
_LEARNED = ("memory_proposed", "memory_known_already", "memory_not_learned", "memory_needs_model")
"""Notices that say what came of a message; one of them at most stands under a turn."""
_BEGINS_WITHIN = timedelta(seconds=5)
"""After an answer has ended, what it gives to learn is queued."""
_LOOK_EVERY = 2.0


def draw_turn_proposal(here: Visitor, notice: Mapping[str, Any]) -> None:
    """A proposal as it stands now: to be decided, or what was decided."""
    with shown_to_user(here.language):
        facts: Mapping[str, str] = notice["facts"]
        try:
            entry = here.app.memory.entry(here.user_id, facts["entry"])
        except NotFound:  # withdrawn, forgotten, or joined to a term that was there
            told = here.text("memory.turn_gone", text=literal(facts["text"]))
            st.caption(f":material/bookmark_remove: {told}")
            return
        if entry.status is Status.PROPOSED:
            draw_proposal(here, entry, place="turn", linked=False)
        else:
            _draw_decided(here, entry)


def draw_expected(here: Visitor, turn: Turn) -> None:
    """While a finished turn's message is looked at for something to remember: say so, and look
    again until something came of it. Closing the tab is harmless."""
    if _is_expected(here, turn):
        st.fragment(_follow, run_every=_LOOK_EVERY)(here, turn.id)


def _follow(here: Visitor, turn_id: str) -> None:
    with shown_to_user(here.language):
        turn = here.app.chat.turn(here.user_id, turn_id)
        if not _is_expected(here, turn):
            st.rerun()
        st.caption(f":material/lightbulb: {here.text('memory.turn_expected')}")


def _is_expected(here: Visitor, turn: Turn) -> bool:
    if turn.state != "finished" or told_in(turn.question) is None:
        return False
    if any(notice.get("key") in _LEARNED for notice in turn.notices):
        return False
    for lesson in here.app.learning.lessons(here.user_id):
        if lesson.material.get("turn") == turn.id:
            return lesson.state in ("queued", "running")
    return now() - turn.beat_at < _BEGINS_WITHIN


def _draw_decided(here: Visitor, entry: Entry) -> None:
    text, address = literal(entry.text), entry_address(entry.entry_id)
    if entry.status is not Status.REFUSED:
        told = here.text(f"memory.turn_{entry.status.value}", text=text, address=address)
        st.caption(f":material/bookmark_added: {told}")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        told = here.text("memory.turn_refused", text=text)
        st.caption(f":material/bookmark_remove: {told}", width="content")
        label = here.text("memory.accept_after_all")
        if st.button(label, key=f"after_all_{entry.entry_id}", type="tertiary"):
            with shown_to_user(here.language):
                here.app.memory.accept(here.user_id, entry.entry_id)
                st.rerun()
