"""Questions about a meeting. The address names the meeting and the conversation."""

from __future__ import annotations

import streamlit as st

from core.errors import NotFound
from core.store.tables import Meeting
from pages.parts.asking import ask, draw_field, suggest, welcome
from pages.parts.chat_choosers import (
    choose_meeting,
    list_threads,
    say_who_answers,
    show_waiting,
)
from pages.parts.conversation import LIVE, Talk, show_turns
from pages.parts.failure import shown_to_user
from pages.parts.reading_width import keep_readable
from pages.parts.sharing import readable
from pages.parts.visitor import Visitor, visitor


def talk_about(who: Visitor, meeting: Meeting, *, thread_id: str | None) -> None:
    """One conversation about a meeting: its turns, or what one could ask, and the field below."""
    threads = who.app.chat.threads(who.user_id, meeting.id)
    with st.sidebar:
        list_threads(who, meeting, threads, chosen=thread_id)
    spoken = who.app.meetings.transcript(who.user_id, meeting.id).by_number()
    if not spoken:
        show_waiting(who, meeting)
        st.chat_input(who.text("chat.input_waiting"), disabled=True)
        return
    talk = Talk(
        visitor=who, meeting=meeting, spoken=spoken, llm=who.app.intake.wanted(who.user_id).llm
    )
    say_who_answers(who, talk.llm)
    if thread_id and thread_id not in {thread.id for thread in threads}:
        raise NotFound("thread_missing", thread=thread_id[:40])
    turns = who.app.chat.turns(who.user_id, thread_id) if thread_id else []
    busy = bool(turns) and turns[-1].state in LIVE
    if turns:
        show_turns(talk, turns)
    else:
        suggest(talk)
    if question := draw_field(who, busy=busy):
        ask(talk, question, thread_id=thread_id)


who = visitor()
with shown_to_user(who.language):
    keep_readable()
    st.title(who.text("chat.title"), anchor=False)
    meetings = readable(who)
    if meetings or "meeting" in st.query_params:
        meeting_id = choose_meeting(who, meetings)
        meeting = who.app.meetings.get(who.user_id, meeting_id)
        talk_about(who, meeting, thread_id=st.query_params.get("thread"))
    else:
        welcome(who)
