"""Who is looking at the page, and in which language."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

import streamlit as st

from core.api.cookie import cookie_name
from core.app import App, get_app
from core.errors import InvalidInput
from core.messages import choose_language, say
from core.services.accounts import Identity
from core.services.time_zones import checked_time_zone
from pages.parts.signed_out import show_signed_out

_PERSON = "person_of_this_tab"
_LANGUAGE = "language_of_this_tab"
_ADDRESS = "address_of_this_tab"


@dataclass(frozen=True)
class Visitor:
    """The person of this page run. `text` speaks their language."""

    app: App
    user_id: str
    language: str
    time_zone: str
    name: str = ""
    admin: bool = True
    token: str | None = field(default=None, repr=False)
    """What this browser is known by."""

    def text(self, key: str, **facts: object) -> str:
        """The text of a message key ("area.name") in the person's language."""
        return say(key, self.language, **facts)


def visitor() -> Visitor:
    """The person of this run, looked up on each run: who was signed out meanwhile sees that and the
    way back in, and the run ends. Language: environment, their choice, their browser."""
    app = get_app()
    token = shown_token(app)
    identity = app.accounts.identity(token)
    if identity is None:
        # The gate takes everything out of such a run's request: the browser's language, too, and
        # where it is.
        known = st.session_state.get(_LANGUAGE) or app.settings.language or st.context.locale
        show_signed_out(
            choose_language(known), st.session_state.get(_ADDRESS) or st.context.url or "/"
        )
        st.stop()
    _settle_tab(identity)
    chosen = app.people.choice(identity.user_id, name="language")
    language = choose_language(chosen or st.context.locale)
    st.session_state[_LANGUAGE] = language
    query = urlencode(st.query_params.to_dict())
    st.session_state[_ADDRESS] = f"{st.context.url or '/'}?{query}"
    return Visitor(
        app=app,
        user_id=identity.user_id,
        language=language,
        time_zone=_time_zone(),
        name=identity.name,
        admin=identity.admin,
        token=token,
    )


def shown_token(app: App) -> str | None:
    """What this browser shows to be known by; it stays the same until the page is loaded anew."""
    return st.context.cookies.get(cookie_name(app.settings)) if app.accounts.on else None


def _settle_tab(identity: Identity) -> None:
    """A tab whose connection broke off may come back with another person's cookie: nothing of what
    the one had typed is shown to the other."""
    if st.session_state.get(_PERSON, identity.user_id) != identity.user_id:
        st.session_state.clear()
    st.session_state[_PERSON] = identity.user_id


def _time_zone() -> str:
    try:
        return checked_time_zone(st.context.timezone or "UTC")
    except InvalidInput:
        return "UTC"
