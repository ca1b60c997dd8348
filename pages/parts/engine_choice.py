"""Which engine writes, what is installed, and where text goes."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.engines.base import engine_name
from core.engines.factory import AUTO, EXTRACTIVE, Suitability
from core.errors import MinutesError
from core.services.rendering import plain
from pages.parts.admins_only import tell_admins
from pages.parts.context_choice import choose_context
from pages.parts.failure import shown_to_user
from pages.parts.models_list import reason_sentence
from pages.parts.visitor import Visitor
from pages.parts.words import literal, sentence_markdown, size_words


@dataclass(frozen=True)
class _Option:
    value: str
    name: str
    caption: str


@st.fragment(parallel=True)
def choose_engine(visitor: Visitor) -> None:
    """The choice. Beside the page, because Ollama may be slow to answer or not answer at all."""
    with shown_to_user(visitor.language):
        locked = visitor.app.people.locked("llm")
        if locked is not None:
            facts = {"variable": "MINUTES_LLM", "value": locked}
            st.info(visitor.text("settings.locked", **facts), icon=":material/lock:")
        theirs = visitor.app.people.may_choose(visitor.user_id, "llm")
        if not theirs and locked is None:
            tell_admins(visitor)
        chosen = visitor.app.people.choice(visitor.user_id, name="llm") or AUTO
        # No st.spinner: in a parallel fragment its timer fails aloud when the person moves on.
        first = st.empty()
        first.caption(f":material/hourglass_top: {visitor.text('settings.llm_asking')}")
        models, failure = _installed(visitor)
        engine, _ = visitor.app.engines.resolve(AUTO) if not failure else (EXTRACTIVE, None)
        with first:
            _say_where(visitor, models, chosen=chosen, auto=engine)
        if theirs:
            _offer(visitor, models, failure, chosen=chosen, auto=engine)
        else:
            _tell_writing(visitor, engine if chosen == AUTO else chosen)


def _offer(
    visitor: Visitor,
    models: tuple[Suitability, ...],
    failure: MinutesError | None,
    *,
    chosen: str,
    auto: str,
) -> None:
    if failure and failure.code != "remote_server_refused":  # which was told already
        st.warning(
            sentence_markdown(failure.sentence(visitor.language)), icon=":material/cloud_off:"
        )
        st.caption(visitor.text("settings.llm_falls_back"))
    options = _options(visitor, models, auto=auto, chosen=chosen, known=failure is None)
    values = [option.value for option in options]
    st.radio(
        visitor.text("settings.llm_choose"),
        values,
        index=values.index(chosen),
        format_func=lambda value: next(one.name for one in options if one.value == value),
        captions=[option.caption for option in options],
        key=f"llm-{chosen}-{len(options)}",
        label_visibility="collapsed",
        disabled=visitor.app.people.locked("llm") is not None,
        on_change=_choose,
        args=(visitor, f"llm-{chosen}-{len(options)}"),
    )
    if chosen.startswith("ollama:"):
        st.caption(visitor.text("settings.llm_insist"))
    _show_unsuitable(visitor, models)
    writing = auto if chosen == AUTO else chosen
    choose_context(
        visitor, next((one for one in models if f"ollama:{one.model.name}" == writing), None)
    )


def _tell_writing(visitor: Visitor, engine: str) -> None:
    """What writes, for who does not choose it."""
    key = "doctor.engine_extractive" if engine == EXTRACTIVE else "doctor.engine"
    st.markdown(literal(visitor.text(key, engine=engine_name(engine))))


def _installed(visitor: Visitor) -> tuple[tuple[Suitability, ...], MinutesError | None]:
    try:
        return visitor.app.engines.suitable(), None
    except MinutesError as failure:
        return (), failure


def _options(
    visitor: Visitor, models: tuple[Suitability, ...], *, auto: str, chosen: str, known: bool
) -> list[_Option]:
    text = visitor.text
    now = (
        text("settings.llm_auto_fallback")
        if auto == EXTRACTIVE
        else text("settings.llm_auto_now", engine=plain(engine_name(auto)))
    )
    options = [
        _Option(AUTO, text("settings.llm_auto"), now),
        _Option(EXTRACTIVE, text("settings.llm_extractive"), text("settings.llm_extractive_what")),
    ]
    for one in models:
        if _may_be_chosen(visitor, one):
            name = f"ollama:{one.model.name}"
            options.append(_Option(name, plain(one.model.name), _facts(visitor, one)))
    if chosen not in {option.value for option in options}:
        key = "settings.llm_missing" if known else "settings.llm_unlisted"
        options.append(_Option(chosen, plain(engine_name(chosen)), text(key)))
    return options


def _may_be_chosen(visitor: Visitor, one: Suitability) -> bool:
    """A model that lacks memory may: the person can close other programs."""
    if one.reason == "remote":
        return visitor.app.settings.allow_remote
    return one.reason != "cannot_chat"


def _facts(visitor: Visitor, one: Suitability) -> str:
    key = "models.facts_remote" if one.model.remote else "models.facts"
    facts = {"size": size_words(one.model.size), "context": f"{one.num_ctx:,}"}
    told = visitor.text(key, **facts)
    return f"{told} · {visitor.text(f'models.{one.reason}')}" if one.reason else told


def _show_unsuitable(visitor: Visitor, models: tuple[Suitability, ...]) -> None:
    refused = [one for one in models if not _may_be_chosen(visitor, one)]
    if not refused:
        return
    label = f"{visitor.text('settings.llm_unsuitable')} ({len(refused)})"
    with st.expander(label, icon=":material/block:"):
        for one in refused:
            st.markdown(f"**{plain(one.model.name)}** · {reason_sentence(visitor, one)}")


def _say_where(
    visitor: Visitor, models: tuple[Suitability, ...], *, chosen: str, auto: str
) -> None:
    """Whether text leaves the machine, now or as soon as Ollama answers again."""
    settings = visitor.app.settings
    url = settings.ollama_address
    engine = auto if chosen == AUTO else chosen
    away = {f"ollama:{one.model.name}" for one in models if one.model.remote}
    if settings.ollama_is_remote and chosen != EXTRACTIVE:
        key = "where_remote" if settings.allow_remote else "where_refused"
        told = sentence_markdown(visitor.text(f"settings.{key}", url=url))
        if settings.allow_remote:
            st.warning(told, icon=":material/cloud_upload:")
        else:
            st.info(told, icon=":material/block:")
    elif engine in away:
        st.warning(visitor.text("settings.where_cloud"), icon=":material/cloud_upload:")
    elif engine == EXTRACTIVE:
        st.caption(f":material/lock: {visitor.text('settings.where_extractive')}")
    else:
        told = sentence_markdown(visitor.text("settings.where_local", url=url))
        st.caption(f":material/lock: {told}")


def _choose(visitor: Visitor, key: str) -> None:
    with shown_to_user(visitor.language):
        value = st.session_state[key]
        visitor.app.people.choose(visitor.user_id, name="llm", value=value)
        st.toast(visitor.text("settings.saved"), icon=":material/check_circle:")
