"""What the model was told, word for word: for minutes and for a turn, with the entries of the
memory that were in it, in the words of then. Only for the person whose minutes or turn it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.domain.memory import Entry, Kind, Status
from core.domain.minutes import Minutes
from core.store.tables import Turn
from pages.parts.memory_list import heard_words
from pages.parts.memory_origins import entry_address
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_FEW, _LIST = 8, 240
"""More entries than that scroll in so many pixels: the prompt is not to be far below."""


def offer_told_of_minutes(here: Visitor, minutes: Minutes) -> None:
    """A button for one's own minutes that a model wrote."""
    if minutes.user_id != here.user_id or minutes.draft.system is None:
        return
    if _button(here, f"told-{minutes.minutes_id or minutes.version}"):
        st.dialog(here.text("memory.told"), width="large")(_show_minutes)(here, minutes)


def offer_told_of_turn(here: Visitor, turn: Turn) -> None:
    """A button for a turn that a model was asked in."""
    if turn.system is None or turn.user_message is None:
        return
    if _button(here, f"prompt-{turn.id}"):
        st.dialog(here.text("memory.told"), width="large")(_show_turn)(here, turn)


def _button(here: Visitor, key: str) -> bool:
    label = here.text("memory.told")
    return st.button(label, key=key, icon=":material/data_object:", type="tertiary")


def _show_minutes(here: Visitor, minutes: Minutes) -> None:
    st.caption(here.text("chat.prompt_exact"))
    if minutes.origin != "written":
        st.caption(here.text("memory.told_earlier"))
    _show_memory(here, minutes.draft.memory)
    st.markdown(f"**{here.text('memory.told_summary')}**")
    st.code(minutes.draft.system, language=None, wrap_lines=True, height=360)
    terms: Sequence[str] = minutes.draft.memory.get("terms", ())
    if terms:
        st.markdown(f"**{here.text('memory.told_terms', count=len(terms))}**")
        st.caption(here.text("memory.told_terms_what"))
        st.code("\n".join(terms), language=None, wrap_lines=True, height=200)


def _show_turn(here: Visitor, turn: Turn) -> None:
    st.caption(here.text("chat.prompt_exact"))
    if turn.prompt_tokens is not None and turn.answer_tokens is not None:
        facts = {"prompt": f"{turn.prompt_tokens:,}", "answer": f"{turn.answer_tokens:,}"}
        st.caption(here.text("chat.prompt_tokens", **facts))
    _show_memory(here, turn.memory)
    st.markdown(f"**{here.text('chat.prompt_system')}**")
    st.code(turn.system, language=None, wrap_lines=True, height=320)
    if turn.number > 1:
        st.caption(here.text("chat.prompt_history"))
    st.markdown(f"**{here.text('chat.prompt_user')}**")
    st.code(turn.user_message, language=None, wrap_lines=True)


def _show_memory(here: Visitor, told: Mapping[str, Any]) -> None:
    """Which entries were in it, each as it stood then, and how many had no room."""
    entries: Sequence[Mapping[str, Any]] = told.get("entries", ())
    left_out = int(told.get("left_out", 0))
    st.markdown(f"**{here.text('memory.told_entries', count=len(entries))}**")
    if not entries:
        st.caption(here.text("memory.told_no_entries"))
    else:
        now = {one.entry_id: one for one in here.app.memory.entries(here.user_id)}
        lines = [f"- {_line(here, one, now.get(one['entry_id']))}" for one in entries]
        with st.container(border=True, height=_LIST if len(lines) > _FEW else "content"):
            st.markdown("\n".join(lines), anchors=False)
    if left_out:
        st.caption(f":material/info: {here.text('memory.told_left_out', count=left_out)}")


def _line(here: Visitor, told: Mapping[str, Any], now: Entry | None) -> str:
    words = literal(told["text"])
    if told["heard"]:
        words += f" ({heard_words(here, told['heard'])})"
    if told["note"]:
        words += f" — {literal(told['note'])}"
    if now is None:
        return f"{words} :gray[· {here.text('memory.told_forgotten')}]"
    line = f"[{words}]({entry_address(now.entry_id)})"
    if _is_another(told, now):
        line += f" :gray[· {here.text('memory.told_changed', text=literal(now.text))}]"
    elif now.status is not Status.ACTIVE:
        line += f" :gray[· {here.text('memory.told_archived')}]"
    return line


def _is_another(told: Mapping[str, Any], now: Entry) -> bool:
    """Were its words changed since? A term may have been told with fewer forms than it has, and
    without its meaning, for want of room."""
    if told["text"] != now.text or not set(told["heard"]) <= set(now.heard):
        return True
    if now.kind is Kind.GLOSSARY and told["note"] not in (None, now.note):
        return True
    return bool(told["date"] != now.updated_at.date().isoformat())
