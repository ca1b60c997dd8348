"""One meeting: its minutes beside its transcript, what runs for it, what can be done with it."""

from __future__ import annotations

import streamlit as st

from core.services.jobs import ENDED
from pages.parts.failure import shown_to_user
from pages.parts.job_status import standing
from pages.parts.job_ways import CANCELLED, FAILED
from pages.parts.meeting_body import (
    draw_before_transcript,
    draw_jobs,
    draw_minutes_side,
    draw_tools,
    draw_transcript_side,
)
from pages.parts.meeting_head import draw_binned, draw_head
from pages.parts.visitor import visitor

here = visitor()


def draw_meeting(meeting_id: str) -> None:
    """All of it, top to bottom."""
    if draw_binned(here, meeting_id):
        return
    meeting = here.app.meetings.get(here.user_id, meeting_id)
    recording = here.app.meetings.recording(here.user_id, meeting_id)
    jobs = here.app.jobs.of_meeting(here.user_id, meeting_id)
    running = any(job.state not in ENDED for job in jobs)
    versions = here.app.minutes.versions(here.user_id, meeting_id)

    failed = standing(jobs)[0] in (FAILED, CANCELLED)
    spoken = here.app.meetings.transcript(here.user_id, meeting_id).by_number()

    draw_head(here, meeting, seconds=recording.duration)
    version = draw_tools(here, meeting, running=running, failed=failed, versions=versions)
    draw_jobs(here, jobs, spoken)
    if meeting.transcript_job is None:
        draw_before_transcript(here, meeting, running=running, failed=failed)
        return
    minutes_side, transcript_side = st.columns([3, 2], gap="large")
    with minutes_side, shown_to_user(here.language):
        draw_minutes_side(here, meeting, spoken, running=running, failed=failed, version=version)
    with transcript_side, st.container(key="transcript_side"), shown_to_user(here.language):
        draw_transcript_side(here, meeting, recording, spoken)


with shown_to_user(here.language):
    st.page_link("meetings.py", label=here.text("meeting.back"), icon=":material/arrow_back:")
    meeting_id = st.query_params.get("meeting", "")
    if meeting_id:
        draw_meeting(meeting_id)
    else:
        st.info(here.text("meeting.none_chosen"), icon=":material/event_note:")
