"""What ended badly: its sentence, the button that goes on with it, and a way without a model."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.engines.base import engine_name
from core.engines.factory import AUTO, EXTRACTIVE
from core.errors import MinutesError
from core.services.jobs import CORRECT, MINUTES, error_of
from core.services.wanted import WritingWanted
from core.store.tables import Job
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal

FAILED, CANCELLED = "failed", "cancelled"
_NO_ENGINE = {
    "engine_unknown",
    "model_cannot_chat",
    "model_missing",
    "model_out_of_memory",
    "no_suitable_model",
    "nothing_read",
    "ollama_broke_off",
    "ollama_busy",
    "ollama_failed",
    "ollama_refused",
    "ollama_silent",
    "ollama_unreachable",
    "remote_model_refused",
    "remote_server_refused",
}
"""Failures that trying again with the same model may not mend."""
_STARTS_ANEW = "nothing_read"


def draw_ended_badly(here: Visitor, job: Job, *, first: bool = False) -> None:
    """What became of a failed or cancelled job, and the ways on. `first`: going on is what the page
    offers before all else."""
    failure = error_of(job.error) if job.state == FAILED else None
    if failure:
        st.error(literal(failure.sentence(here.language)), icon=":material/error:")
    else:
        st.info(here.text(f"meetings.was_cancelled_{job.stage}"), icon=":material/pause_circle:")
    with st.container(horizontal=True, vertical_alignment="center"):
        label = "meetings.retry" if job.state == FAILED else "meetings.go_on"
        if st.button(
            here.text(label),
            key=f"retry_{job.id}",
            icon=":material/refresh:",
            type="primary" if first else "secondary",
        ):
            with shown_to_user(here.language):
                here.app.jobs.retry(here.user_id, job.id)
                st.rerun()
        _draw_built_in(here, job, failure)
    told = _how_it_goes_on(here, job, failure)
    if told:
        st.caption(literal(told))


def _draw_built_in(here: Visitor, job: Job, failure: MinutesError | None) -> None:
    """The same minutes without a model, where the model is what is missing."""
    wanted = _wanted(job)
    if failure is None or failure.code not in _NO_ENGINE or wanted is None:
        return
    if here.app.people.locked("llm") is not None:
        return  # whoever runs the server has decided
    if st.button(
        here.text("meetings.write_built_in"),
        key=f"built_in_{job.id}",
        icon=":material/format_quote:",
    ):
        with shown_to_user(here.language):
            meeting = here.app.meetings.get(here.user_id, job.meeting_id)
            without = replace(wanted, llm=EXTRACTIVE, correct=False)
            here.app.jobs.write(meeting, user_id=here.user_id, wanted=without)
            st.rerun()


def _wanted(job: Job) -> WritingWanted | None:
    """The minutes that a job was to lead to. None where it reads a gap of minutes that a model
    wrote: quotations would not fit among them."""
    if job.stage == MINUTES:
        wanted = WritingWanted.from_json(job.options)
        return None if wanted.gap else wanted
    then = job.options.get("then") if job.stage == CORRECT else None
    return WritingWanted.from_json(then) if then else None


def _how_it_goes_on(here: Visitor, job: Job, failure: MinutesError | None) -> str | None:
    """With which engine the button goes on, and what becomes of what was finished."""
    if job.stage not in (MINUTES, CORRECT):
        return None
    llm = job.options["llm"]
    model = failure.facts.get("model") if failure else None
    if llm == EXTRACTIVE:
        engine = here.text("meetings.engine_built_in")
    elif llm == AUTO and not model:
        engine = here.text("meetings.engine_auto")
    else:
        engine = here.text("meetings.engine_model", model=model or engine_name(llm))
    if failure is None:
        return here.text("meetings.go_on_with", engine=engine)
    anew = failure.code == _STARTS_ANEW
    return here.text("meetings.retry_anew" if anew else "meetings.retry_with", engine=engine)
