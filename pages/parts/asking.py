"""Putting a question, and what stands where a conversation has not begun."""

from __future__ import annotations

import streamlit as st

from core.errors import InvalidInput
from pages.parts.chat_choosers import open_talk
from pages.parts.conversation import Talk
from pages.parts.visitor import Visitor

_FIELD, _KEPT = "question", "question_kept"


def ask(talk: Talk, question: str, *, thread_id: str | None) -> None:
    """Put a question; the page then follows it by its address. A refused one is given back."""
    who = talk.visitor
    try:
        turn = who.app.chat.ask(
            who.user_id,
            talk.meeting.id,
            question,
            llm=talk.llm,
            thread_id=thread_id,
        )
    except InvalidInput:
        if question.strip():
            st.caption(who.text("chat.not_sent"))
            st.code(question, language=None, wrap_lines=True, height=160)
        raise
    open_talk(talk.meeting.id, turn.thread_id)
    st.rerun()


def draw_field(who: Visitor, *, busy: bool) -> str | None:
    """The field below, and what was sent with it. While an answer is being made it takes text and
    gives it back when sent: a disabled field would lose the focus, and nothing returns that."""
    if kept := st.session_state.pop(_KEPT, None):
        st.session_state[_FIELD] = kept
    question = st.chat_input(who.text("chat.input_busy" if busy else "chat.input"), key=_FIELD)
    if not busy or not question:
        return question
    st.session_state[_KEPT] = question
    st.toast(who.text("chat.input_busy"), icon=":material/hourglass_top:")
    st.rerun()


def suggest(talk: Talk) -> None:
    """An empty conversation: what it is for, and three questions to begin with."""
    who = talk.visitor
    st.markdown(f"#### {who.text('chat.ready_title')}", anchors=False)
    st.caption(who.text("chat.ready"))
    for number in (1, 2, 3):
        question = who.text(f"chat.suggest_{number}")
        if st.button(question, key=f"suggest-{number}", icon=":material/arrow_outward:"):
            ask(talk, question, thread_id=None)


def welcome(who: Visitor) -> None:
    """Without a meeting there is nothing to ask about: where to get one."""
    st.markdown(f"#### {who.text('chat.empty_title')}", anchors=False)
    st.write(who.text("chat.empty"))
    if st.button(who.text("chat.to_upload"), type="primary", icon=":material/upload:"):
        st.switch_page("upload.py")
