"""Who is looking at the page, and in which language."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.app import App, get_app
from core.errors import InvalidInput
from core.messages import choose_language, say
from core.services.time_zones import checked_time_zone


@dataclass(frozen=True)
class Visitor:
    """The person of this page run. `text` speaks their language."""

    app: App
    user_id: str
    language: str
    time_zone: str

    def text(self, key: str, **facts: object) -> str:
        """The text of a message key ("area.name") in the person's language."""
        return say(key, self.language, **facts)


def visitor() -> Visitor:
    """The person of this run. Language: environment, their choice, their browser."""
    app = get_app()
    user_id = app.people.local_person().id
    chosen = app.people.choice(user_id, name="language")
    return Visitor(
        app=app,
        user_id=user_id,
        language=choose_language(chosen or st.context.locale),
        time_zone=_time_zone(),
    )


def _time_zone() -> str:
    try:
        return checked_time_zone(st.context.timezone or "UTC")
    except InvalidInput:
        return "UTC"
