"""Long work on a page: what runs with its progress, what failed with its sentence and a way on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import ceil

import streamlit as st

from core.domain.kinds import ItemKind
from core.services.job_standing import found_so_far, hearing_speed, seconds_left
from core.services.jobs import ENDED, error_of
from core.store.tables import Job
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal

RUNNING, FAILED, CANCELLED, READY, HEARD = "running", "failed", "cancelled", "ready", "heard"
_LOOK_EVERY = 1.0
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
    below: Callable[[Visitor, Job], None] | None = None,
) -> None:
    """Bars of jobs that wait or run, renewed by themselves; the page runs again when one ends.

    `titles` names meetings by id; without one the bar carries the step alone. `below` draws more
    of a job under its bar.
    """
    watched = {job.id for job in jobs}

    @st.fragment(run_every=_LOOK_EVERY)
    def follow() -> None:
        with shown_to_user(here.language):
            now = {job.id: job for job in here.app.jobs.live(here.user_id)}
            for job_id in watched & now.keys():
                _draw_bar(here, now[job_id], titles.get(now[job_id].meeting_id))
                if below:
                    below(here, now[job_id])
            if watched - now.keys():
                st.rerun()

    follow()


def draw_ended_badly(here: Visitor, job: Job) -> None:
    """The sentence of a failed or cancelled job, and the button that goes on with it."""
    failure = error_of(job.error)
    if job.state == FAILED and failure:
        st.error(literal(failure.sentence(here.language)), icon=":material/error:")
    else:
        st.info(here.text("meetings.was_cancelled"), icon=":material/pause_circle:")
    label = "meetings.retry" if job.state == FAILED else "meetings.go_on"
    if st.button(here.text(label), key=f"retry_{job.id}", icon=":material/refresh:"):
        here.app.jobs.retry(here.user_id, job.id)
        st.rerun()


def step_text(here: Visitor, job: Job) -> str:
    """What a job does now."""
    return here.text(f"steps.{job.step}", **job.step_facts)


def _draw_bar(here: Visitor, job: Job, title: str | None) -> None:
    label = step_text(here, job)
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
    if not title:
        _draw_found(here, job)


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


def _draw_found(here: Visitor, job: Job) -> None:
    """What there is before the minutes are: the last of it first."""
    found = [one for one in found_so_far(job) if one.kind is not ItemKind.TOPIC]
    if not found:
        return
    label = here.text("steps.found", count=len(found))
    with st.expander(label, icon=":material/list_alt:", key=f"found_{job.id}"):
        st.caption(here.text("steps.found_why"))
        shown = found[: -_FOUND_SHOWN - 1 : -1]
        lines = [
            f"- {here.text(f'minutes.kind_{one.kind.value}')}: {literal(one.text)}" for one in shown
        ]
        st.markdown("\n".join(lines))
