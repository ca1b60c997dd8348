"""Long work on a page: how a meeting stands by its jobs, and what runs with its progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import ceil

import streamlit as st

from core.domain.kinds import ItemKind
from core.services.job_standing import found_so_far, hearing_speed, seconds_left
from core.services.jobs import ENDED
from core.services.room import looks_full
from core.store.tables import Job
from pages.parts.failure import shown_to_user
from pages.parts.job_ways import CANCELLED, FAILED
from pages.parts.minutes_view import Spoken, place
from pages.parts.visitor import Visitor
from pages.parts.words import literal

RUNNING, READY, HEARD = "running", "ready", "heard"
_LOOK_EVERY = 2.0
"""Seconds between two looks of a page: fifty of them take a fifth of a core (bench/watching.py)."""
_LONG = 90
"""Minutes from which hours are told."""
_FOUND_SHOWN = 30


def standing(jobs: Sequence[Job]) -> tuple[str, Job | None]:
    """How a meeting stands by its jobs (newest first), and the job that says so."""
    running = [job for job in jobs if job.state not in ENDED]
    if running:
        return RUNNING, running[0]
    if not jobs:
        return HEARD, None
    newest = jobs[0]
    if newest.state in (FAILED, CANCELLED):
        return newest.state, newest
    written = any(job.stage == "minutes" and job.state == "finished" for job in jobs)
    return (READY if written else HEARD), newest


def draw_running(
    here: Visitor,
    jobs: Sequence[Job],
    titles: dict[str, str],
    *,
    spoken: Spoken | None = None,
    below: Callable[[Visitor, Job], None] | None = None,
) -> None:
    """Bars of jobs that wait or run, renewed by themselves; the page runs again when one ends.

    `titles` names meetings by id; without one the bar carries the step alone. `spoken` is what was
    said, for the times of what was found. `below` draws more of a job under its bar.
    """
    watched = {job.id for job in jobs}

    @st.fragment(run_every=_LOOK_EVERY)
    def follow() -> None:
        with shown_to_user(here.language):
            now = {job.id: job for job in here.app.jobs.live(here.user_id)}
            if now and looks_full(here.app.settings.folder):  # no job could write that down
                st.warning(here.text("steps.no_room"))
            busy = any(job.state == "running" for job in now.values())
            for job_id in watched & now.keys():
                job = now[job_id]
                _draw_bar(here, job, titles.get(job.meeting_id), busy=busy)
                if job.meeting_id not in titles:
                    _draw_found(here, job, spoken or {})
                if below:
                    below(here, job)
            if watched - now.keys():
                st.rerun()

    follow()


def step_text(here: Visitor, job: Job) -> str:
    """What a job does now. "The first of one part" would tell nobody anything."""
    if job.step == "reading_part" and job.step_facts.get("parts") == 1:
        return here.text("steps.reading")
    return here.text(f"steps.{job.step}", **job.step_facts)


def _draw_bar(here: Visitor, job: Job, title: str | None, *, busy: bool) -> None:
    behind = busy and job.state == "queued"
    label = here.text("steps.queued_behind") if behind else step_text(here, job)
    if job.progress > 0:
        label = f"{label} · {job.progress:.0%}"
    speed = hearing_speed(job)
    if speed is not None:
        label = f"{label} · {here.text('steps.speed', speed=_times_word(speed))}"
    left = seconds_left(job, at=datetime.now(UTC))
    if left is not None:
        label = f"{label} · {time_words(here, left)}"
    if title:
        label = f"**{literal(title)}** — {label}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(min(1.0, job.progress), text=label)
        if st.button(here.text("meetings.cancel"), key=f"cancel_{job.id}", icon=":material/close:"):
            here.app.jobs.cancel(here.user_id, job.id)
            st.rerun()


def _times_word(speed: float) -> str:
    """12, 3.4 or 0.85: as many figures as mean something."""
    return f"{speed:.0f}" if speed >= 10 else f"{speed:.2g}"


def time_words(here: Visitor, seconds: float) -> str:
    """A time still to wait, rounded up: a promise that is kept."""
    minutes = ceil(seconds / 60)
    if minutes <= 1:
        return here.text("steps.left_seconds")
    if minutes < _LONG:
        return here.text("steps.left_minutes", minutes=minutes)
    return here.text("steps.left_hours", hours=minutes // 60, minutes=minutes % 60)


def _draw_found(here: Visitor, job: Job, spoken: Spoken) -> None:
    """What there is before the minutes are: the last of it first, each with its time."""
    found = [one for one in found_so_far(job) if one.kind is not ItemKind.TOPIC]
    if not found:
        return
    label = here.text("steps.found", count=len(found))
    with st.expander(label, icon=":material/list_alt:", key=f"found_{job.id}"):
        st.caption(here.text("steps.found_why"))
        st.markdown(
            "\n".join(
                f"- {here.text(f'minutes.kind_{one.kind.value}')}: {literal(one.text)} "
                f"{' '.join(place(number, spoken) for number in one.utterances[:1])}".rstrip()
                for one in found[: -_FOUND_SHOWN - 1 : -1]
            )
        )
