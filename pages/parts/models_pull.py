"""Downloading a model: the name, where it comes from, and what is on its way."""

from __future__ import annotations

import streamlit as st

from core.engines.ollama.pulling import REGISTRY, PullStage, checked_model_name
from core.errors import MinutesError
from core.services.model_tasks import FAILED, FINISHED
from core.services.pulls import RUNNING, Pull
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal, sentence_markdown, size_words

_NAME = "pull_name"
_TOLD = "pull_told"
"""The model that was last said to be there already."""
_NOT_THERE = "pull_unknown"
_NOTHING_KEPT = ("pull_refused", "ollama_unreachable")
"""Failures before anything arrived: trying again resumes nothing."""
_LOOK_EVERY = 0.5


def fill_in(model: str) -> None:
    """Put a model's name into the field; for a button's `on_click`."""
    st.session_state[_NAME] = model


def show_pulls(visitor: Visitor) -> None:
    """The field, and every download of this server, the same on all pages."""
    with shown_to_user(visitor.language):
        st.caption(visitor.text("models.pull_what", source=REGISTRY))
        _ask(visitor)
        known = visitor.app.pulls.all()
        if any(one.state == RUNNING for one in known):
            _follow(visitor, {one.key for one in known if one.state == RUNNING})
        for one in known:
            if one.state != RUNNING:
                _show_ended(visitor, one)


@st.fragment
def _ask(visitor: Visitor) -> None:
    text = visitor.text
    with shown_to_user(visitor.language):
        with (
            st.form("pull", border=False),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            name = st.text_input(
                text("models.pull_name"),
                key=_NAME,
                placeholder=text("models.pull_placeholder"),
                max_chars=200,
            )
            label = text("models.pull_start")
            sent = st.form_submit_button(label, icon=":material/download:")
        if sent and not _is_told(visitor, name):
            visitor.app.pulls.start(visitor.user_id, name)
            st.rerun()


def _is_told(visitor: Visitor, name: str) -> bool:
    """Say that a model is there already, once: asking again fetches what is newer of it."""
    model = checked_model_name(name)
    if model not in _installed(visitor) or st.session_state.get(_TOLD) == model:
        st.session_state.pop(_TOLD, None)
        return False
    st.session_state[_TOLD] = model
    told = sentence_markdown(visitor.text("models.pull_installed", model=model))
    st.info(told, icon=":material/check_circle:")
    return True


def _installed(visitor: Visitor) -> set[str]:
    """The names of the models that are there; none where Ollama cannot be asked."""
    try:
        return {one.model.name for one in visitor.app.engines.suitable()}
    except MinutesError:
        return set()


def _follow(visitor: Visitor, watched: set[str]) -> None:
    """Bars that renew themselves; the page runs again when one ends, to list what is new."""

    @st.fragment(run_every=_LOOK_EVERY)
    def follow() -> None:
        with shown_to_user(visitor.language):
            running = [one for one in visitor.app.pulls.all() if one.state == RUNNING]
            for one in running:
                _show_running(visitor, one)
            if watched != {one.key for one in running}:
                st.rerun()

    follow()


def _show_running(visitor: Visitor, one: Pull) -> None:
    progress = one.progress
    told = visitor.text(
        f"models.pull_{progress.stage.value}",
        source=literal(one.source),
        done=size_words(progress.done),
        total=size_words(progress.total),
    )
    share = f" · {progress.share:.0%}" if progress.stage is PullStage.FETCHING else ""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(progress.share, text=f"**{literal(one.model)}** — {told}{share}")
        label = visitor.text("models.pull_cancel")
        if st.button(label, key=f"stop-{one.key}", icon=":material/close:"):
            visitor.app.pulls.cancel(visitor.user_id, one.model)
            st.rerun()


def _show_ended(visitor: Visitor, one: Pull) -> None:
    text = visitor.text
    if one.state == FAILED and one.error:
        st.error(sentence_markdown(one.error.sentence(visitor.language)), icon=":material/error:")
        if one.error.code == "ollama_unreachable":
            st.code("ollama serve", language=None, wrap_lines=True)
    elif one.state == FINISHED:
        told = sentence_markdown(text("models.pull_finished", model=one.model))
        st.success(told, icon=":material/check_circle:")
    else:
        told = sentence_markdown(text("models.pull_cancelled", model=one.model))
        st.info(told, icon=":material/pause_circle:")
    with st.container(horizontal=True):
        code = one.error.code if one.error else ""
        if one.state != FINISHED and code != _NOT_THERE:
            label = "models.pull_retry" if code in _NOTHING_KEPT else "models.pull_again"
            again = st.button(text(label), key=f"again-{one.key}", icon=":material/refresh:")
            if again:
                visitor.app.pulls.start(visitor.user_id, one.model)
                st.rerun()
        forget = text("models.pull_forget")
        if st.button(forget, key=f"forget-{one.key}", icon=":material/close:", type="tertiary"):
            visitor.app.pulls.forget(visitor.user_id, one.model)
            st.rerun()
