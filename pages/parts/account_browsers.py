"""The browsers in which somebody is signed in, and how to end that."""

from __future__ import annotations

import streamlit as st

from core.store.account_rows import SignIn
from pages.parts.account_tokens import offer_revoking, wants_revoking
from pages.parts.browser_name import browser_name
from pages.parts.failure import shown_to_user
from pages.parts.moments import moment_words
from pages.parts.visitor import Visitor
from pages.parts.words import literal


def show_browsers(visitor: Visitor) -> None:
    """A line each, those last used first, and a button for all."""
    text, accounts = visitor.text, visitor.app.accounts
    st.caption(text("account.browsers_what"))
    here = accounts.sign_in_id(visitor.token)
    for one in accounts.sign_ins(visitor.user_id):
        _show(visitor, one, here=one.id == here)
    # On unless it is taken off: who needs this has mostly lost something.
    offer_revoking(visitor, "browsers", chosen=True)
    st.button(
        text("account.browsers_all"),
        icon=":material/logout:",
        on_click=_end_all,
        args=(visitor,),
    )


def _end_all(visitor: Visitor) -> None:
    with shown_to_user(visitor.language):
        visitor.app.accounts.sign_out_everywhere(
            visitor.user_id, tokens_too=wants_revoking("browsers")
        )


def _show(visitor: Visitor, one: SignIn, *, here: bool) -> None:
    text = visitor.text
    name = literal(browser_name(one.agent)) or text("account.browser_unknown")
    mark = f" :blue-badge[{text('account.browser_here')}]" if here else ""
    times = text(
        "account.browser_times",
        since=moment_words(visitor, one.created_at),
        seen=moment_words(visitor, one.seen_at),
    )
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        with st.container(gap="xxsmall"):
            st.markdown(f"**{name}**{mark}")
            st.caption(times)
        if not here:
            st.button(
                text("account.browser_end"),
                key=f"end-{one.id}",
                help=text("account.browser_end_help", name=name),
                on_click=_end,
                args=(visitor, one.id),
            )


def _end(visitor: Visitor, sign_in_id: str) -> None:
    with shown_to_user(visitor.language):
        visitor.app.accounts.end_sign_in(visitor.user_id, sign_in_id)
