"""The list of meetings, the bin, and what stands there before the first meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import streamlit as st

from core.services.meetings import KEPT_DELETED
from core.store.tables import Job, Meeting
from pages.parts.facts import facts_line
from pages.parts.job_status import HEARD, READY, standing
from pages.parts.job_ways import CANCELLED, FAILED, draw_ended_badly
from pages.parts.start import open_meeting, take_sample
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_SHOWN_AT_ONCE = 30
_BADGES = {
    READY: ("green", ":material/check:"),
    FAILED: ("red", ":material/error:"),
    CANCELLED: ("gray", ":material/pause:"),
    HEARD: ("gray", ":material/notes:"),
    "running": ("blue", ":material/hourglass_top:"),
}


def draw_empty(here: Visitor) -> None:
    """Before the first meeting: what this is and the two ways to begin."""
    with st.container(border=True, horizontal_alignment="center", gap="medium"):
        st.space("small")
        st.markdown(
            f"### {here.text('meetings.empty_title')}", text_alignment="center", anchors=False
        )
        st.markdown(here.text("meetings.empty_text"), text_alignment="center", width=560)
        with st.container(horizontal=True, horizontal_alignment="center"):
            if st.button(
                here.text("meetings.try_sample"), type="primary", icon=":material/play_arrow:"
            ):
                open_meeting(take_sample(here).meeting_id)
            if st.button(here.text("meetings.add"), icon=":material/upload_file:"):
                st.switch_page("upload.py")
        st.caption(here.text("meetings.empty_privacy"), text_alignment="center")
        st.space("small")


def draw_list(
    here: Visitor, meetings: list[Meeting], *, wanted: str, owners: Mapping[str, str]
) -> None:
    """Meetings whose titles hold `wanted`, the latest first. `owners` are the names of whose those
    are that others share."""
    words = wanted.casefold().split()
    found = [one for one in meetings if all(word in one.title.casefold() for word in words)]
    if not found:
        st.info(
            here.text("meetings.none_found", words=literal(wanted)), icon=":material/search_off:"
        )
        return
    lengths = here.app.meetings.durations(here.user_id)
    jobs: defaultdict[str, list[Job]] = defaultdict(list)
    for job in here.app.jobs.all(here.user_id):
        jobs[job.meeting_id].append(job)
    most = st.session_state.get("meetings_shown", _SHOWN_AT_ONCE)
    for meeting in found[:most]:
        _draw_row(
            here,
            meeting,
            jobs[meeting.id],
            seconds=lengths.get(meeting.id),
            owner=owners.get(meeting.id),
        )
    if len(found) > most and st.button(here.text("meetings.more", count=len(found) - most)):
        st.session_state["meetings_shown"] = most + _SHOWN_AT_ONCE
        st.rerun()


def draw_bin(here: Visitor) -> None:
    """Deleted meetings, each to be brought back or deleted for good."""
    deleted = here.app.meetings.deleted(here.user_id)
    if not deleted:
        return
    with st.expander(here.text("meetings.bin", count=len(deleted)), icon=":material/delete:"):
        st.caption(here.text("meetings.bin_why", days=KEPT_DELETED.days))
        for meeting in deleted:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(literal(meeting.title))
                if st.button(
                    here.text("meetings.restore"),
                    key=f"restore_{meeting.id}",
                    icon=":material/undo:",
                ):
                    here.app.meetings.restore(here.user_id, meeting.id)
                    st.rerun()
                with st.popover(
                    here.text("meetings.delete_for_good"), key=f"for_good_{meeting.id}"
                ):
                    st.markdown(here.text("meetings.delete_for_good_sure"))
                    if st.button(
                        here.text("meetings.delete_for_good"),
                        key=f"delete_{meeting.id}",
                        type="primary",
                        icon=":material/delete_forever:",
                    ):
                        here.app.meetings.delete_for_good(here.user_id, meeting.id)
                        st.rerun()


def draw_undo(here: Visitor, meeting_id: str) -> None:
    """Just deleted: say so, and offer the way back."""
    deleted = {one.id: one for one in here.app.meetings.deleted(here.user_id)}
    meeting = deleted.get(meeting_id)
    if meeting is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(here.text("meetings.deleted", title=literal(meeting.title)))
        if st.button(here.text("meetings.undo"), icon=":material/undo:"):
            here.app.meetings.restore(here.user_id, meeting_id)
            del st.query_params["deleted"]
            st.rerun()


def _draw_row(
    here: Visitor,
    meeting: Meeting,
    jobs: list[Job],
    *,
    seconds: float | None,
    owner: str | None,
) -> None:
    state, job = standing(jobs)
    colour, icon = _BADGES[state]
    with st.container(border=True, gap="xxsmall"):
        with st.container(
            horizontal=True,
            wrap=False,
            horizontal_alignment="distribute",
            vertical_alignment="center",
        ):
            st.page_link(
                "meeting.py",
                label=f"**{literal(meeting.title)}**",
                query_params={"meeting": meeting.id},
                width="stretch",
            )
            if owner is None or jobs:  # whose jobs these are is whose meeting it is, or one's own
                st.badge(here.text(f"meetings.state_{state}"), color=colour, icon=icon)
        facts = facts_line(here, meeting, seconds=seconds)
        if owner is not None:
            facts = f"{here.text('sharing.shared_by', name=owner)} · {facts}"
        st.caption(literal(facts))
        if job and state in (FAILED, CANCELLED):
            draw_ended_badly(here, job)
