"""What a person chooses: how things are written, by which engine, and in which language."""

from __future__ import annotations

import streamlit as st

from pages.parts.engine_choice import choose_engine
from pages.parts.failure import shown_to_user
from pages.parts.reading_width import keep_readable
from pages.parts.speech_choice import choose_speech_model
from pages.parts.template_choice import choose_usual_language
from pages.parts.template_editor import edit_templates
from pages.parts.visitor import Visitor, visitor
from pages.parts.words import literal

LANGUAGES = ("browser", "ko", "en")


def choose_app_language(who: Visitor) -> None:
    """The language of pages; the browser's where nothing is chosen."""
    locked = who.app.people.locked("language")
    if locked is not None:
        facts = {"variable": "MINUTES_LANGUAGE", "value": locked}
        st.info(literal(who.text("settings.locked", **facts)), icon=":material/lock:")
        return
    chosen = who.app.people.choice(who.user_id, name="language") or "browser"
    key = f"language-{chosen}"

    def choose() -> None:
        value = st.session_state[key]
        who.app.people.choose(
            who.user_id, name="language", value=None if value == "browser" else value
        )

    st.segmented_control(
        who.text("settings.language"),
        LANGUAGES,
        default=chosen,
        required=True,
        format_func=lambda value: who.text(f"settings.language_{value}"),
        key=key,
        label_visibility="collapsed",
        on_change=choose,
    )


def section(who: Visitor, name: str) -> None:
    """A section's heading, and a sentence on what it is about."""
    st.subheader(who.text(f"settings.{name}"), anchor=False)
    st.caption(who.text(f"settings.{name}_what"))


who = visitor()
with shown_to_user(who.language):
    keep_readable()
    st.title(who.text("settings.title"), anchor=False)
    section(who, "style")
    st.page_link("memory.py", label=who.text("styles.link"), icon=":material/bookmarks:")
    st.space("small")
    section(who, "templates")
    edit_templates(who)
    st.space("small")
    section(who, "minutes_language")
    choose_usual_language(who)
    st.space("small")
    section(who, "llm")
    choose_engine(who)
    st.space("small")
    section(who, "speech")
    choose_speech_model(who)
    st.space("small")
    section(who, "language")
    choose_app_language(who)
