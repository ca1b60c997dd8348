"""All meetings: what runs, what failed, what is ready; the bin; the first steps."""

from __future__ import annotations

import streamlit as st

from pages.parts.failure import shown_to_user
from pages.parts.job_status import draw_running
from pages.parts.meeting_list import draw_bin, draw_empty, draw_list, draw_undo
from pages.parts.sharing import owners, readable
from pages.parts.unfinished_uploads import draw_unfinished
from pages.parts.visitor import visitor

here = visitor()
with shown_to_user(here.language):
    meetings = readable(here)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.title(here.text("nav.meetings"), anchor=False)
        if meetings and st.button(
            here.text("meetings.add"), type="primary", icon=":material/upload_file:"
        ):
            st.switch_page("upload.py")

    if "deleted" in st.query_params:
        draw_undo(here, st.query_params["deleted"])

    draw_unfinished(here)

    titles = {meeting.id: meeting.title for meeting in meetings}
    running = [job for job in here.app.jobs.live(here.user_id) if job.meeting_id in titles]
    if running:
        draw_running(here, running, titles)

    if meetings:
        wanted = st.text_input(
            here.text("meetings.search"),
            placeholder=here.text("meetings.search"),
            label_visibility="collapsed",
            icon=":material/search:",
            key="meetings_search",
        )
        draw_list(here, meetings, wanted=wanted, owners=owners(here))
    else:
        draw_empty(here)
    draw_bin(here)
