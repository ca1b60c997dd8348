"""Which meeting is talked about, and in which conversation. The address holds both."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from core.engines.base import engine_name
from core.engines.factory import AUTO, EXTRACTIVE
from core.errors import MinutesError
from core.services.jobs import ENDED, TRANSCRIBE
from core.store.tables import Meeting, Thread
from pages.parts.answers import short
from pages.parts.failure import shown_to_user
from pages.parts.job_status import draw_running
from pages.parts.job_ways import draw_ended_badly
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_LISTED = 30
# Buttons have no option for where their text begins.
_LIST_STYLE = """<style>.st-key-threads button { justify-content: flex-start; padding: 0 .5rem; }
.st-key-threads button > div { justify-content: flex-start; }</style>"""


def choose_meeting(visitor: Visitor, meetings: list[Meeting]) -> str:
    """The id of the meeting in the address, else of the latest one that can be asked about."""
    known = {meeting.id: meeting for meeting in meetings}
    readable = [meeting.id for meeting in meetings if meeting.language]
    wanted = st.query_params.get("meeting") or (readable or list(known))[0]
    key = f"meeting-{wanted}"  # a new address is a new widget, so "back" is followed
    with st.container(horizontal=True, vertical_alignment="center"):
        st.selectbox(
            visitor.text("chat.meeting"),
            list(known),
            index=list(known).index(wanted) if wanted in known else None,
            format_func=lambda meeting_id: _meeting_line(known[meeting_id]),
            key=key,
            placeholder=visitor.text("chat.meeting_placeholder"),
            label_visibility="collapsed",
            on_change=lambda: open_talk(st.session_state[key]),
        )
        st.button(
            visitor.text("chat.new"),
            icon=":material/add_comment:",
            on_click=open_talk,
            args=(wanted,),
        )
    return wanted


def open_talk(meeting_id: str, thread_id: str | None = None) -> None:
    """Put a meeting and a conversation (None: a new one) into the address."""
    given = {"meeting": meeting_id, "thread": thread_id}
    st.query_params.from_dict({name: value for name, value in given.items() if value})


def list_threads(
    visitor: Visitor, meeting: Meeting, threads: list[Thread], *, chosen: str | None
) -> None:
    """A meeting's conversations, the newest first, each named by its first question."""
    if not threads:
        return
    st.caption(visitor.text("chat.conversations"))
    with st.container(key="threads", gap="xxsmall"):
        st.html(_LIST_STYLE)
        for thread in threads[:_LISTED]:
            st.button(
                literal(short(_first_question(visitor.user_id, thread.id, _visitor=visitor))),
                key=f"thread-{thread.id}",
                type="secondary" if thread.id == chosen else "tertiary",
                width="stretch",
                wrap=False,
                on_click=open_talk,
                args=(meeting.id, thread.id),
            )
    if len(threads) > _LISTED:
        count = len(threads) - _LISTED
        st.caption(visitor.text("chat.older_conversations", count=count))


@st.cache_data(max_entries=1000, show_spinner=False)
def _first_question(user_id: str, thread_id: str, *, _visitor: Visitor) -> str:
    """It never changes, and asking for it costs a read of the whole conversation."""
    turns = _visitor.app.chat.turns(user_id, thread_id)
    return turns[0].question if turns else ""


def show_waiting(visitor: Visitor, meeting: Meeting) -> None:
    """Why a meeting cannot be asked about yet."""
    jobs = visitor.app.jobs.of_meeting(visitor.user_id, meeting.id)
    job = next((one for one in jobs if one.stage == TRANSCRIBE), None)
    if job is None:
        st.info(visitor.text("chat.waiting_none"), icon=":material/hourglass_empty:")
    elif job.state not in ENDED:
        st.markdown(f"**{visitor.text('chat.waiting_title')}**")
        draw_running(visitor, [job], {})
    elif job.state == "finished":
        st.info(visitor.text("chat.waiting_silent"), icon=":material/volume_off:")
    else:
        draw_ended_badly(visitor, job)
    if st.button(visitor.text("chat.to_meeting"), icon=":material/arrow_forward:"):
        st.switch_page("meeting.py", query_params={"meeting": meeting.id})


@st.cache_data(ttl=20, show_spinner=False)
def _engine_now(llm: str, *, _visitor: Visitor) -> tuple[str, MinutesError | None]:
    engine, reason = _visitor.app.engines.resolve(llm)
    _visitor.app.engines.writer(engine)  # raises where a model that was named cannot be had
    return engine, reason


@st.fragment(parallel=True)
def say_who_answers(visitor: Visitor, llm: str) -> None:
    """Which engine will answer, and where text goes; beside the page, because it asks Ollama."""
    with shown_to_user(visitor.language):
        try:
            engine, reason = _engine_now(llm, _visitor=visitor)
        except MinutesError as missing:
            st.warning(literal(missing.sentence(visitor.language)))
            return
        if engine == EXTRACTIVE:
            fallback = llm == AUTO
            key = "chat.writes_fallback" if fallback else "chat.writes_extractive"
            told = reason.sentence(visitor.language) if reason else None
            st.caption(f":material/format_quote: {visitor.text(key)}", help=told)
        elif visitor.app.settings.ollama_is_remote:
            where = visitor.app.settings.ollama_address
            text = visitor.text("chat.writes_away", engine=engine_name(engine), where=where)
            st.caption(f":material/cloud_upload: {literal(text)}")
        else:
            text = visitor.text("chat.writes", engine=literal(engine_name(engine)))
            st.caption(f":material/auto_awesome: {text}")


def _meeting_line(meeting: Meeting) -> str:
    local = meeting.held_at.astimezone(ZoneInfo(meeting.time_zone))
    return f"{meeting.title} · {local:%Y-%m-%d}"
