"""How fast a model is here: the button, the test that runs, and what was found."""

from __future__ import annotations

import math
from zoneinfo import ZoneInfo

import streamlit as st

from core.services.model_tasks import FAILED
from core.services.speed import LIVE, LOADING, MEASURING, Speed, SpeedTest
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal, sentence_markdown

_LOOK_EVERY = 0.5


def show_speed(visitor: Visitor, model: str) -> None:
    """What was found for a model, and the way to measure it."""
    text, test = visitor.text, visitor.app.speed.of(model)
    if test and test.speed:
        _show_found(visitor, test.speed)
    if test and test.state == FAILED and test.error:
        told = sentence_markdown(test.error.sentence(visitor.language))
        st.warning(told, icon=":material/error:")
    label = text("models.speed_again" if test and test.speed else "models.speed_start")
    busy = test is not None and test.state in LIVE
    pressed = st.button(
        label, key=f"speed-{model}", icon=":material/speed:", type="tertiary", disabled=busy
    )
    if pressed:
        visitor.app.speed.start(visitor.user_id, model)
        st.rerun()


def follow_speed(visitor: Visitor) -> None:
    """The tests that wait or run, renewed by themselves; the page runs again when one ends."""
    watched = {test.key for test in visitor.app.speed.live()}
    if not watched or not visitor.admin:
        return

    @st.fragment(run_every=_LOOK_EVERY)
    def follow() -> None:
        with shown_to_user(visitor.language):
            live = visitor.app.speed.live()
            for test in live:
                _show_live(visitor, test)
            if watched != {test.key for test in live}:
                st.rerun()

    follow()


def _show_live(visitor: Visitor, test: SpeedTest) -> None:
    queued = "waiting" if test.place else "next"
    step = test.state if test.state in (LOADING, MEASURING) else queued
    facts = {"model": test.model, "place": test.place}
    with st.container(horizontal=True, vertical_alignment="center"):
        told = literal(visitor.text(f"models.speed_{step}", **facts))
        st.markdown(f":material/speed: {told}", width="stretch")
        label = visitor.text("models.speed_cancel")
        if st.button(label, key=f"stop-{test.key}", icon=":material/close:"):
            visitor.app.speed.cancel(visitor.user_id, test.model)
            st.rerun()


def _show_found(visitor: Visitor, speed: Speed) -> None:
    text = visitor.text
    rates = text(
        "models.speed_rates",
        prompt=_rate(speed.prompt_rate),
        answer=_rate(speed.answer_rate),
        first=f"{speed.first_token:.1f}",
        tokens=f"{speed.prompt_tokens:,}",
    )
    when = speed.measured_at.astimezone(ZoneInfo(visitor.time_zone)).strftime("%Y-%m-%d %H:%M")
    told = text("models.speed_when", when=when, context=f"{speed.num_ctx:,}")
    st.markdown(f"**{text('models.speed_means', time=_duration(visitor, speed.hour_seconds))}**")
    st.caption(f"{rates}  \n{told}")


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def _duration(visitor: Visitor, seconds: float) -> str:
    if seconds < 60:
        return visitor.text("models.time_seconds", count=max(1, math.ceil(seconds)))
    if seconds < 2 * 3600:
        return visitor.text("models.time_minutes", count=math.ceil(seconds / 60))
    return visitor.text("models.time_hours", count=math.ceil(seconds / 3600))
