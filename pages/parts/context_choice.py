"""How many tokens a model reads at once: one choice for the whole machine."""

from __future__ import annotations

import streamlit as st

from core.engines.factory import Suitability
from core.services.people import CONTEXT_WINDOWS
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal, size_words

_AUTO = ""


def choose_context(visitor: Visitor, one: Suitability | None) -> None:
    """The choice, and what it costs with the model that writes (None: no model does)."""
    text, people = visitor.text, visitor.app.people
    locked = people.locked("num_ctx")
    chosen = str(people.context_window() or _AUTO)
    if locked is not None:
        facts = {"variable": "MINUTES_NUM_CTX", "value": locked}
        st.info(text("models.context_locked", **facts), icon=":material/lock:")
    values = [_AUTO, *map(str, CONTEXT_WINDOWS)]
    if chosen not in values:  # the environment may say any number
        values.append(chosen)
    automatic = text("models.context_auto")
    if chosen == _AUTO and one:
        automatic = text("models.context_auto_now", context=f"{one.num_ctx:,}")
    key = f"num_ctx-{chosen}"
    st.selectbox(
        text("models.context_choose"),
        values,
        index=values.index(chosen),
        format_func=lambda value: f"{int(value):,}" if value else automatic,
        key=key,
        disabled=locked is not None,
        on_change=_choose,
        args=(visitor, key),
        help=text("models.context_what"),
    )
    if one:
        st.caption(_cost(visitor, one, chosen))


def _cost(visitor: Visitor, one: Suitability, chosen: str) -> str:
    model = one.model
    facts = {"model": literal(model.name), "context": f"{one.num_ctx:,}"}
    cost = visitor.text(
        "models.context_cost",
        memory=size_words(one.needed),
        cache=size_words(model.cache_bytes * one.num_ctx),
        **facts,
    )
    if chosen and int(chosen) > one.num_ctx:
        trained = f"{model.context_length:,}"
        return f"{visitor.text('models.context_capped', trained=trained, **facts)} {cost}"
    return cost


def _choose(visitor: Visitor, key: str) -> None:
    with shown_to_user(visitor.language):
        value = st.session_state[key] or None
        visitor.app.people.choose(visitor.user_id, name="num_ctx", value=value)
        st.toast(visitor.text("settings.saved"), icon=":material/check_circle:")
