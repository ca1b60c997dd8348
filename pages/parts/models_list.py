"""The installed models: what each is and can, what it takes, and why one cannot be used."""

from __future__ import annotations

import streamlit as st

from core.engines.factory import Suitability
from core.engines.ollama.catalogue import Loaded
from core.errors import MinutesError
from core.messages import catalogue
from pages.parts.checking import checking
from pages.parts.failure import shown_to_user
from pages.parts.models_pull import fill_in
from pages.parts.models_speed import show_speed
from pages.parts.visitor import Visitor
from pages.parts.words import literal, sentence_markdown, size_words

_SUGGESTED = "gemma3:4b"
_BADGES = {"": "green", "no_memory": "orange", "remote": "blue", "cannot_chat": "gray"}


@st.fragment(parallel=True)
def show_models(visitor: Visitor) -> None:
    """A card a model. Beside the page, because Ollama may be slow to answer or not answer."""
    text = visitor.text
    with shown_to_user(visitor.language):
        first = checking(visitor)
        try:
            models = visitor.app.engines.suitable()
            loaded = {one.name: one for one in visitor.app.engines.loaded()}
        except MinutesError as unreachable:
            first.caption(sentence_markdown(unreachable.sentence(visitor.language)))
            if unreachable.code == "ollama_unreachable":
                st.code("ollama serve", language=None, wrap_lines=True)
            return
        if not models:
            first.empty()
            _suggest(visitor)
            return
        first.markdown(f"**{text('system.installed', count=len(models))}**")
        if not loaded:
            st.caption(text("system.loaded_none"))
        for one in sorted(models, key=_place):
            _show_model(visitor, one, loaded.get(one.model.name))


def _place(one: Suitability) -> tuple[bool, float, str]:
    """Usable ones first, then the larger. The name last: Ollama lists equals in any order, and
    cards that change places while the page is drawn again would mix their lines."""
    return (not one.usable, -one.model.parameters, one.model.name)


def _suggest(visitor: Visitor) -> None:
    """No model yet: which one to begin with."""
    st.markdown(f"**{visitor.text('models.none_title')}**")
    st.write(visitor.text("models.none_what", model=_SUGGESTED))
    label = visitor.text("models.none_fill", model=_SUGGESTED)
    if visitor.admin and st.button(
        label, icon=":material/edit:", on_click=fill_in, args=(_SUGGESTED,)
    ):
        st.rerun()


def _show_model(visitor: Visitor, one: Suitability, loaded: Loaded | None) -> None:
    text, model = visitor.text, one.model
    state = text(f"models.state_{one.reason or 'usable'}")
    with st.container(border=True, gap="xxsmall", key=f"model-{model.name}"):
        st.markdown(f"**{literal(model.name)}** :{_BADGES[one.reason]}-badge[{state}]")
        if one.reason:
            st.markdown(reason_sentence(visitor, one))
        if not model.remote:
            sizes = text(
                "models.size_facts",
                size=size_words(model.size),
                parameters=_count_words(model.parameters),
            )
            st.caption(sizes if model.parameters else size_words(model.size))
        if model.can_write:
            contexts = {"context": f"{one.num_ctx:,}", "trained": f"{model.context_length:,}"}
            st.caption(text("models.context_facts", **contexts))
        can = "can_guessed" if model.guessed else "can"
        st.caption(text(f"models.{can}", abilities=_abilities(visitor, model.capabilities)))
        if loaded:
            _show_loaded(visitor, one, loaded)
        # A model that does not fit would push everything else out of memory.
        if one.usable and visitor.admin:
            show_speed(visitor, model.name)


def reason_sentence(visitor: Visitor, one: Suitability) -> str:
    """Why a model cannot be used, in a sentence."""
    if one.reason == "no_memory":
        facts = {"needed": size_words(one.needed), "free": size_words(one.free)}
        return visitor.text("models.why_no_memory", **facts)
    if one.model.only_embeds:
        return visitor.text("models.why_embedding")
    if one.reason == "remote" and visitor.app.settings.allow_remote:
        return visitor.text("models.why_remote_allowed")
    return visitor.text(f"models.why_{one.reason}")


def _show_loaded(visitor: Visitor, one: Suitability, loaded: Loaded) -> None:
    text = visitor.text
    share = round(100 * loaded.size_vram / loaded.size) if loaded.size else 0
    card = text(
        f"models.card_{'whole' if share >= 100 else 'part' if share else 'none'}", share=share
    )
    given = loaded.context_length
    facts = {"memory": size_words(loaded.size), "card": card, "context": f"{given:,}"}
    key = "models.in_memory" if given else "models.in_memory_plain"
    st.caption(f":material/memory: {text(key, **facts)}")
    if not one.model.can_write or not given or given == one.num_ctx:
        return
    windows = {"asked": f"{one.num_ctx:,}", "given": f"{given:,}"}
    if given < one.num_ctx:
        st.warning(text("models.context_lower", **windows), icon=":material/compress:")
    else:
        st.caption(text("models.context_other", **windows))


def _abilities(visitor: Visitor, capabilities: tuple[str, ...]) -> str:
    known = catalogue(visitor.language)
    words = (known.get(f"models.can_{one}") or literal(one) for one in capabilities)
    return ", ".join(words)


def _count_words(count: float) -> str:
    """Parameters as models are named by: 4.3B, 270M."""
    if count >= 1e9:
        return f"{count / 1e9:.1f}B"
    return f"{count / 1e6:.0f}M"
