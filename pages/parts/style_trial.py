"""Trying a style on minutes that are there: on which, how it goes, and both summaries beside each
other."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.minutes import Minutes
from core.engines.factory import EXTRACTIVE
from core.errors import EngineUnavailable
from core.services.colophon import engine_words
from core.services.model_tasks import CANCELLED
from core.services.rendering import no_summary, summary_markdown
from core.services.style_trial import LIVE, LOADING, WRITING, StyleTrial
from core.store.tables import Meeting
from pages.parts.failure import shown_to_user
from pages.parts.style_size import say_size
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_LOOK_EVERY = 0.5


def why_not_try(here: Visitor) -> str | None:
    """The sentence that says why a style can't be tried now, None where it can as far as is known
    without asking a model."""
    if not here.app.trials.meetings_to_try(here.user_id):
        return here.text("styles.trial_none")
    if here.app.people.choice(here.user_id, name="llm") == EXTRACTIVE:
        return EngineUnavailable("trial_without_model").sentence(here.language)
    return None


def draw_trial(here: Visitor, *, wanted: str | None, why_not: str | None) -> None:
    """The section: what to try on, then what is being tried or was. `wanted` is a text to begin
    with now."""
    st.markdown(f"**{here.text('styles.trial')}**")
    if why_not:
        st.caption(literal(why_not))
        return
    st.caption(here.text("styles.trial_what"))
    meetings = here.app.trials.meetings_to_try(here.user_id)
    chosen = _choose_meeting(here, meetings)
    if wanted is not None:
        with shown_to_user(here.language):
            here.app.trials.start(here.user_id, text=wanted, meeting_id=chosen)
            st.rerun()
    trial = here.app.trials.of(here.user_id)
    if trial is None:
        return
    with st.container(border=True):
        if trial.state in LIVE:
            _follow(here, trial)
        else:
            _draw_ended(here, trial)


def _choose_meeting(here: Visitor, meetings: list[Meeting]) -> str:
    days = {one.id: one.held_at.astimezone(ZoneInfo(one.time_zone)) for one in meetings}
    titles = {one.id: f"{one.title} · {days[one.id]:%Y-%m-%d}" for one in meetings}
    return st.selectbox(
        here.text("styles.trial_meeting"),
        list(titles),
        format_func=titles.get,
        key="style_trial_meeting",
        width=420,
    )


def _follow(here: Visitor, begun: StyleTrial) -> None:
    """A try that runs, renewed by itself; the page runs again when it ends."""

    @st.fragment(run_every=_LOOK_EVERY)
    def follow() -> None:
        with shown_to_user(here.language):
            trial = here.app.trials.of(here.user_id)
            if trial is None or trial.key != begun.key or trial.state not in LIVE:
                st.rerun()
            with st.container(horizontal=True, vertical_alignment="center"):
                told = literal(_standing(here, trial))
                st.markdown(f":material/edit_note: {told}", width="stretch")
                label = here.text("styles.trial_stop")
                if st.button(label, key=f"stop-{trial.key}", icon=":material/close:"):
                    here.app.trials.cancel(here.user_id)
                    st.rerun()

    follow()


def _standing(here: Visitor, trial: StyleTrial) -> str:
    if trial.state == WRITING:
        facts = {"title": trial.title, "characters": f"{trial.written:,}"}
        return here.text("styles.trial_writing", **facts)
    if trial.state == LOADING:
        return here.text("styles.trial_loading")
    if trial.place:
        return here.text("styles.trial_waiting", place=trial.place)
    return here.text("styles.trial_next")


def _draw_ended(here: Visitor, trial: StyleTrial) -> None:
    if trial.error:
        told = literal(trial.error.sentence(here.language))
        st.warning(told, icon=":material/error:")
    elif trial.state == CANCELLED:
        st.caption(here.text("styles.trial_stopped"))
    elif trial.before and trial.after:
        _draw_both(here, trial, trial.before, trial.after)
    say_size(here, trial.text)
    with st.expander(here.text("styles.trial_text"), icon=":material/notes:"):
        st.code(trial.text, language=None, wrap_lines=True)
    if st.button(here.text("styles.trial_close"), key=f"close-{trial.key}", type="tertiary"):
        here.app.trials.forget(here.user_id)
        st.rerun()


def _draw_both(here: Visitor, trial: StyleTrial, before: Minutes, after: Minutes) -> None:
    st.markdown(f"**{literal(trial.title)}**")
    old, new = st.columns(2, gap="medium")
    with old:
        st.caption(here.text("styles.trial_before", version=before.version))
        _draw_summary(here, before)
    with new:
        st.caption(here.text("styles.trial_after"))
        _draw_summary(here, after)
        for notice in after.draft.notices:
            st.caption(f":material/info: {here.text(f'notices.{notice}')}")
        engine = engine_words(trial.engine, here.language)
        st.caption(literal(here.text("styles.trial_by", engine=engine)))
    with st.expander(here.text("styles.trial_prompt"), icon=":material/data_object:"):
        st.code(after.draft.system or "", language=None, wrap_lines=True)


def _draw_summary(here: Visitor, minutes: Minutes) -> None:
    spoken = here.app.meetings.transcript(here.user_id, minutes.meeting_id).by_number()
    shown = summary_markdown(minutes, spoken) or no_summary(minutes.draft, language=here.language)
    st.markdown(shown, anchors=False)
