"""The turns of a conversation: questions, answers, what they rest on, how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import streamlit as st

from core.domain.transcript import Utterance
from core.engines.base import engine_name
from core.engines.factory import EXTRACTIVE
from core.services.jobs import error_of
from core.store.tables import Meeting, Turn
from core.store.types import now
from pages.parts.answers import (
    Spoken,
    answer_markdown,
    cited,
    place_of,
    question_markdown,
    time_of,
)
from pages.parts.failure import shown_to_user
from pages.parts.memory_turns import PROPOSED, draw_expected, draw_turn_proposal
from pages.parts.told import offer_told_of_turn
from pages.parts.visitor import Visitor
from pages.parts.words import literal

LIVE = ("queued", "running")
SHOWN = 50
"""Turns on a page: each run of it sends all of them again."""
_SILENT = timedelta(seconds=35)


@dataclass(frozen=True)
class Talk:
    """Who talks about what: everything a turn needs to be shown."""

    visitor: Visitor
    meeting: Meeting
    spoken: Spoken
    llm: str


def show_turns(talk: Talk, turns: list[Turn]) -> None:
    """The last turns of a conversation, and a way to the ones before."""
    key = f"shown-{turns[0].thread_id}"
    shown = st.session_state.get(key, SHOWN)
    hidden = max(0, len(turns) - shown)
    if hidden:
        label = talk.visitor.text("chat.earlier", count=min(SHOWN, hidden))
        if st.button(label, icon=":material/expand_less:", type="tertiary"):
            st.session_state[key] = shown + SHOWN
            st.rerun()
    for turn in turns[hidden:]:
        with st.chat_message("user", avatar=":material/person:"):
            st.markdown(question_markdown(turn.question))
        if turn.state in LIVE:
            _follow(talk, turn.id)
        else:
            with st.chat_message("assistant", avatar=_avatar(turn)):
                _show_ended(talk, turn)


@st.fragment(run_every=0.5)
def _follow(talk: Talk, turn_id: str) -> None:
    """An answer that is being made. It only reads the row, so closing the tab is harmless."""
    visitor, chat = talk.visitor, talk.visitor.app.chat
    with shown_to_user(visitor.language):
        turn = chat.turn(visitor.user_id, turn_id)
        if turn.state in LIVE and now() - turn.beat_at > _SILENT:
            chat.fail_interrupted()
        if turn.state not in LIVE:
            st.rerun()
        with st.chat_message("assistant", avatar=_avatar(turn)):
            if turn.answer:
                st.markdown(_answer(talk, turn), anchors=False)
            else:
                st.skeleton(height=56)
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    visitor.text("chat.stop"),
                    icon=":material/stop_circle:",
                    key=f"stop-{turn.id}",
                    on_click=_stop,
                    args=(visitor, turn.id),
                )
                st.caption(visitor.text(f"chat.state_{_stage(turn)}", place=turn.place))
            st.caption(visitor.text("chat.leave"))


def _stop(visitor: Visitor, turn_id: str) -> None:
    with shown_to_user(visitor.language):
        visitor.app.chat.stop(visitor.user_id, turn_id)


def _stage(turn: Turn) -> str:
    if turn.state == "queued":
        return "queued"
    if turn.answer:
        return "writing"
    if turn.place:
        return "waiting"
    return "reading" if turn.user_message else "preparing"


def _show_ended(talk: Talk, turn: Turn) -> None:
    visitor = talk.visitor
    if turn.answer:
        st.markdown(_answer(talk, turn), anchors=False)
    _offer_sources(talk, turn)
    _say_how_it_ended(visitor, turn)
    for notice in turn.notices:
        if notice["key"] == PROPOSED:
            draw_turn_proposal(visitor, notice)
            continue
        sentence = visitor.text(f"notices.{notice['key']}", **notice["facts"])
        st.caption(f":material/info: {sentence}")
    draw_expected(visitor, turn)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if turn.state != "finished":
            _offer_retry(talk, turn)
        offer_told_of_turn(visitor, turn)
        if turn.engine and turn.answer:
            st.caption(_writer(visitor, turn.engine))
    if turn.citations and turn.transcript_job != talk.meeting.transcript_job:
        st.caption(f":material/info: {visitor.text('chat.transcript_changed')}")


def _say_how_it_ended(visitor: Visitor, turn: Turn) -> None:
    if turn.state == "cancelled":
        key = "chat.cancelled_part" if turn.answer else "chat.cancelled"
        st.caption(f":material/stop_circle: {visitor.text(key)}")
    if turn.state == "failed" and turn.answer:
        st.caption(visitor.text("chat.failed_part"))
    if turn.state == "failed" and (error := error_of(turn.error)):
        st.error(literal(error.sentence(visitor.language)), icon=":material/error:")


def _answer(talk: Talk, turn: Turn) -> str:
    return answer_markdown(turn, meeting_id=talk.meeting.id, spoken=talk.spoken)


def _offer_retry(talk: Talk, turn: Turn) -> None:
    visitor = talk.visitor
    label = visitor.text("chat.retry")
    if st.button(label, key=f"retry-{turn.id}", icon=":material/refresh:"):
        visitor.app.chat.retry(visitor.user_id, turn.id, llm=talk.llm)
        st.rerun()


def _offer_sources(talk: Talk, turn: Turn) -> None:
    found = cited(turn, talk.spoken)
    if not found or turn.engine == EXTRACTIVE:  # whose whole answer is quotations
        return
    label = talk.visitor.text("chat.sources", count=len(found))
    with st.expander(label, icon=":material/format_quote:", type="compact"):
        st.markdown("\n".join(_source(talk, said) for said in found))


def _source(talk: Talk, said: Utterance) -> str:
    name = said.speaker or talk.visitor.text("chat.source_unknown_speaker")
    place = place_of(talk.meeting.id, said.number)
    return f"- [{literal(time_of(said))}]({place}) **{literal(name)}** {literal(said.text)}"


def _writer(visitor: Visitor, engine: str) -> str:
    if engine == EXTRACTIVE:
        return visitor.text("chat.by_extractive")
    return visitor.text("chat.by_model", engine=literal(engine_name(engine)))


def _avatar(turn: Turn) -> str:
    if turn.state == "finished" and not turn.engine:
        return ":material/bookmarks:"  # nothing but a word on the memory
    return ":material/format_quote:" if turn.engine == EXTRACTIVE else ":material/auto_awesome:"
