"""The body of a meeting's page: minutes with their versions, beside the transcript."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.services.jobs import ENDED
from core.services.rendering import plain
from core.store.tables import Job, Meeting, Recording
from pages.parts.correction import draw_changes, draw_correct, draw_edited
from pages.parts.job_status import RUNNING, draw_running, standing
from pages.parts.job_ways import CANCELLED, FAILED, draw_ended_badly
from pages.parts.meeting_head import draw_delete
from pages.parts.memory_proposals import draw_learned_here
from pages.parts.minutes_versions import draw_version, version_key, version_name
from pages.parts.minutes_view import Spoken
from pages.parts.partial_transcript import draw_heard_so_far
from pages.parts.player import draw_narrator, draw_player
from pages.parts.sharing import role
from pages.parts.transcript_edit import choose_line, draw_line_edit
from pages.parts.visitor import Visitor
from pages.parts.words import literal
from pages.parts.writing import draw_hear, draw_write


def draw_jobs(here: Visitor, jobs: list[Job], spoken: Spoken) -> None:
    """What runs for this meeting, or what ended badly."""
    state, job = standing(jobs)
    if state == RUNNING:
        live = [one for one in jobs if one.state not in ENDED]
        draw_running(here, live, {}, spoken=spoken, below=draw_heard_so_far)
    elif job and state in (FAILED, CANCELLED):
        draw_ended_badly(here, job, first=True)


def draw_tools(
    here: Visitor, meeting: Meeting, *, running: bool, failed: bool, versions: list[int]
) -> int | None:
    """What can be done with the meeting; after a failure none of it comes before going on. Returns
    the version of the minutes to show."""
    version = None
    with st.container(horizontal=True, vertical_alignment="top"):
        heard = meeting.transcript_job is not None
        look: Literal["primary", "secondary"] = "secondary" if failed else "primary"
        if heard and st.button(here.text("meeting.ask"), type=look, icon=":material/forum:"):
            st.switch_page("chat.py", query_params={"meeting": meeting.id})
        if versions:
            version = _choose_version(here, meeting, versions)
            st.link_button(
                here.text("meeting.download"),
                f"/api/meetings/{meeting.id}/minutes.md?version={version}&lang={here.language}",
                icon=":material/download:",
            )
            draw_narrator(here, meeting, version=version)
            draw_write(here, meeting, again=True, running=running)
        if role(here, meeting) == "own":
            draw_delete(here, meeting)
    return version


def draw_before_transcript(here: Visitor, meeting: Meeting, *, running: bool, failed: bool) -> None:
    """What stands on the page while there is no transcript. A failure has said enough."""
    if role(here, meeting) != "own":
        name = literal(here.app.sharing.owner(here.user_id, meeting.id))
        st.info(here.text("sharing.coming", name=name), icon=":material/hourglass_top:")
    elif running:
        st.info(here.text("meeting.coming"), icon=":material/hourglass_top:")
    elif not failed:
        st.info(here.text("meeting.nothing_yet"), icon=":material/pending:")
        draw_hear(here, meeting, again=False)


def draw_minutes_side(
    here: Visitor,
    meeting: Meeting,
    spoken: Spoken,
    *,
    running: bool,
    failed: bool,
    version: int | None,
) -> None:
    """The minutes, or what there is instead."""
    if version is not None:
        minutes = here.app.minutes.version(here.user_id, meeting.id, version)
        if minutes.stale:
            st.warning(here.text("meeting.stale"), icon=":material/update:")
        elif minutes.transcript_edited:
            draw_edited(here, meeting, minutes, running=running)
        draw_version(here, minutes, spoken)
    elif running:
        st.info(here.text("meeting.coming"), icon=":material/hourglass_top:")
    elif spoken:
        st.info(here.text("meeting.no_minutes"), icon=":material/notes:")
        draw_write(here, meeting, again=False, first=not failed)
    else:
        st.info(_why_silent(here, meeting), icon=":material/volume_off:")


def _why_silent(here: Visitor, meeting: Meeting) -> str:
    """Why there are no words: none were heard, or none that anybody said."""
    hidden = len(here.app.hidden_lines.of(here.user_id, meeting.id))
    if not hidden:
        return here.text("meeting.silent")
    if hidden == 1:
        return here.text("phantoms.all_hidden_one")
    return here.text("phantoms.all_hidden_many", count=hidden)


def draw_transcript_side(
    here: Visitor, meeting: Meeting, recording: Recording, spoken: Spoken
) -> None:
    """The transcript with its sound."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.subheader(here.text("player.lines"), anchor=False, width="content")
        may = role(here, meeting)
        if spoken and may == "own":
            draw_correct(here, meeting)
        if recording.kind != "transcript" and may == "own":
            draw_hear(here, meeting, again=True)
    for notice in meeting.notices:
        sentence = here.text(f"notices.{notice['code']}", **notice["facts"])
        st.caption(f":material/info: {plain(sentence)}")
    if may != "read":
        draw_changes(here, meeting, spoken)
    draw_learned_here(here, meeting.id, way="transcript")
    line = st.query_params.get("line", "")
    chosen = draw_player(
        here,
        meeting,
        line=int(line) if line.isdecimal() and line.isascii() else None,
        may_edit=may != "read",
    )
    if may == "read":
        return
    choose_line(meeting, chosen, spoken)
    draw_line_edit(here, meeting, spoken)


def _choose_version(here: Visitor, meeting: Meeting, versions: list[int]) -> int:
    if len(versions) == 1:
        return versions[0]
    made = {one.version: one for one in here.app.editing.history(here.user_id, meeting.id)}
    return st.selectbox(
        here.text("meeting.version"),
        versions,
        format_func=lambda number: version_name(here, made[number], meeting),
        key=version_key(meeting.id, newest=versions[0]),
        width=210,
        label_visibility="collapsed",
    )
