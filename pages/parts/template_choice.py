"""Choosing what kind of minutes to have, and in which language."""

from __future__ import annotations

import streamlit as st

from core.domain.templates import Template
from core.services.built_ins import template_name
from core.services.wanted import MEETINGS_OWN
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor

LANGUAGES = (MEETINGS_OWN, "ko", "en")


def choose_template(here: Visitor, *, current: Template, key: str) -> Template:
    """The kind for one version. `current` may have been deleted since: it is offered as it was."""
    known = {one.key: one for one in here.app.templates.all(here.user_id, language=here.language)}
    offered = known if current.key in known else {**known, current.key: current}
    chosen = st.selectbox(
        here.text("meeting.template"),
        list(offered),
        index=list(offered).index(current.key),
        format_func=lambda one: template_name(offered[one], here.language),
        help=here.text("meeting.template_help"),
        key=key,
    )
    return offered[chosen]


def choose_default_template(here: Visitor, *, label: str, key: str) -> Template:
    """The kind for meetings from now on; kept as soon as it is chosen."""
    templates = here.app.templates
    known = {one.key: one for one in templates.all(here.user_id, language=here.language)}
    now = templates.default(here.user_id, language=here.language)
    place = f"{key}_{now.key}"  # what another page chose is shown here, too

    def choose() -> None:
        with shown_to_user(here.language):
            templates.choose_default(here.user_id, st.session_state[place])

    st.selectbox(
        label,
        list(known),
        index=list(known).index(now.key),
        format_func=lambda one: template_name(known[one], here.language),
        help=here.text("meeting.template_help"),
        key=place,
        on_change=choose,
        width=360,
    )
    return now


def choose_language(here: Visitor, *, key: str) -> str:
    """The language of one version; what the person usually has comes first."""
    usual = here.app.people.choice(here.user_id, name="minutes_language") or MEETINGS_OWN
    return st.selectbox(
        here.text("meeting.minutes_language"),
        LANGUAGES,
        index=LANGUAGES.index(usual),
        format_func=lambda one: here.text(f"settings.minutes_language_{one}"),
        key=key,
    )


def choose_usual_language(here: Visitor) -> None:
    """The language of minutes from now on."""
    usual = here.app.people.choice(here.user_id, name="minutes_language") or MEETINGS_OWN
    key = f"minutes_language_{usual}"

    def choose() -> None:
        with shown_to_user(here.language):
            value = st.session_state[key]
            here.app.people.choose(
                here.user_id,
                name="minutes_language",
                value=None if value == MEETINGS_OWN else value,
            )

    st.segmented_control(
        here.text("settings.minutes_language"),
        LANGUAGES,
        default=usual,
        required=True,
        format_func=lambda one: here.text(f"settings.minutes_language_{one}"),
        key=key,
        label_visibility="collapsed",
        on_change=choose,
    )
