"""What is being learned just now, and what could not be."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.errors import NotFound
from core.services.jobs import error_of
from core.store.memory_rows import Lesson
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_LIVE = ("queued", "running")
_LOOK_EVERY = 3.0
_FAILED_SHOWN = 5


def draw_lessons(here: Visitor) -> None:
    """Nothing where nothing is going on and nothing failed."""
    lessons = here.app.learning.lessons(here.user_id)
    live = [one for one in lessons if one.state in _LIVE]
    if live:
        ids = tuple(one.id for one in live)
        st.fragment(_follow, run_every=_LOOK_EVERY)(here, ids)
    _draw_failed(here, [one for one in lessons if one.state == "failed"])


def _follow(here: Visitor, seen: tuple[str, ...]) -> None:
    """What is under way; once one of it has ended, the page is drawn anew."""
    with shown_to_user(here.language):
        lessons = here.app.learning.lessons(here.user_id)
        live = [one for one in lessons if one.state in _LIVE]
        if tuple(one.id for one in live) != seen:
            st.rerun()
        for one in live[:_FAILED_SHOWN]:
            told = here.text(f"memory.lesson_{one.state}", what=_what(here, one))
            st.caption(f":material/school: {told}")


def _draw_failed(here: Visitor, failed: Sequence[Lesson]) -> None:
    if not failed:
        return
    label = here.text("memory.failed", count=len(failed))
    with st.expander(label, icon=":material/error:"):
        st.caption(here.text("memory.failed_what"))
        for one in failed[:_FAILED_SHOWN]:
            _draw_failed_one(here, one)
        if len(failed) > _FAILED_SHOWN:
            st.caption(here.text("memory.and_more", count=len(failed) - _FAILED_SHOWN))


def _draw_failed_one(here: Visitor, lesson: Lesson) -> None:
    learning = here.app.learning
    ways = (("retry", "refresh", learning.retry), ("dismiss", "close", learning.dismiss))
    with st.container(horizontal=True, vertical_alignment="center"):
        error = error_of(lesson.error)
        why = literal(error.sentence(here.language)) if error else ""
        st.markdown(f"{_what(here, lesson)}  \n:gray[:small[{why}]]", width="stretch")
        for name, icon, do in ways:
            key = f"lesson_{name}_{lesson.id}"
            if st.button(here.text(f"memory.{name}"), key=key, icon=f":material/{icon}:"):
                with shown_to_user(here.language):
                    do(here.user_id, lesson.id)
                    st.rerun()


def _what(here: Visitor, lesson: Lesson) -> str:
    """What the lesson is about: a change in a meeting, or what was said in a chat."""
    if lesson.way == "chat":
        return here.text("memory.lesson_chat", said=literal(str(lesson.material.get("said", ""))))
    try:
        meeting = here.app.meetings.get(here.user_id, lesson.meeting_id or "")
    except NotFound:
        return here.text("memory.lesson_gone")
    return here.text("memory.lesson_minutes", title=literal(meeting.title))
