"""What the minutes did not read, each range with the button that has just that range read again."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.domain.minutes import Minutes
from core.domain.transcript import Utterance, clock
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor

_MOST = 6
"""Buttons at once; when one range is read, the next takes its place."""


def draw_gaps(here: Visitor, minutes: Minutes, spoken: Mapping[int, Utterance]) -> None:
    """A button for each range; nothing where the meeting was heard anew since, or the
    minutes are somebody else's."""
    if minutes.stale or minutes.user_id != here.user_id:
        return
    st.caption(here.text("meeting.read_gap_why"))
    with st.container(horizontal=True):
        for gap in minutes.draft.coverage.missing_utterances[:_MOST]:
            label = here.text("meeting.read_gap", range=_range(gap, spoken))
            key = f"gap_{minutes.minutes_id}_{gap[0]}"
            if st.button(label, key=key, icon=":material/refresh:"):
                _read_again(here, minutes, gap)


def _range(gap: tuple[int, int], spoken: Mapping[int, Utterance]) -> str:
    first, last = (spoken.get(number) for number in gap)
    if first is None or last is None or first.start is None:
        return f"[{gap[0]}]–[{gap[1]}]"
    return f"{clock(first.start)}–{clock(last.end or last.start)}"


def _read_again(here: Visitor, minutes: Minutes, gap: tuple[int, int]) -> None:
    with shown_to_user(here.language):
        meeting = here.app.meetings.get(here.user_id, minutes.meeting_id)
        wanted = here.app.minutes.wanted_again(
            here.user_id, meeting.id, version=minutes.version, gap=gap
        )
        here.app.jobs.write(meeting, user_id=here.user_id, wanted=wanted)
        st.rerun()
