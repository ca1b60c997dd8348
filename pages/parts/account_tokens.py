"""Tokens for a person's own programs: made, shown once, revoked."""

from __future__ import annotations

import streamlit as st

from core.store.account_rows import ApiToken
from core.store.types import now
from pages.parts.failure import shown_to_user
from pages.parts.moments import day_words, moment_words
from pages.parts.popover import close, keyed_popover
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_NEW = "account_new_token"
_TOO = "tokens_too_"
_DAYS = (30, 90, 365, 0)
_SCOPES = (("read",), ("read", "write"))


def show_tokens(visitor: Visitor) -> None:
    """Those that hold, and a form for another."""
    st.caption(visitor.text("account.tokens_what"))
    _show_new(visitor)
    for one in visitor.app.tokens.all(visitor.user_id):
        _show(visitor, one)
    _ask(visitor)


def offer_revoking(visitor: Visitor, beside: str, *, chosen: bool = False) -> bool:
    """A box to end all of them with what stands `beside`; nothing where there are none."""
    count = len(visitor.app.tokens.all(visitor.user_id))
    if not count:
        return False
    label = visitor.text("account.tokens_too", count=count)
    return st.checkbox(label, value=chosen, key=f"{_TOO}{beside}")


def wants_revoking(beside: str) -> bool:
    """What the box says, for a button's `on_click`."""
    return bool(st.session_state.get(f"{_TOO}{beside}"))


def _show_new(visitor: Visitor) -> None:
    """The secret. Another run may come at any time, so it stays until it is put away."""
    secret = st.session_state.get(_NEW)
    if not secret:
        return
    with st.container(border=True):
        st.markdown(f":material/key: **{visitor.text('account.token_once')}**")
        st.code(secret, language=None, wrap_lines=True)
        st.caption(visitor.text("account.token_use"))
        st.button(visitor.text("account.token_seen"), on_click=_put_away)


def _put_away() -> None:
    st.session_state.pop(_NEW, None)


def _ask(visitor: Visitor) -> None:
    text = visitor.text
    with st.expander(text("account.token_new"), icon=":material/add:"):
        with st.form("token", border=False, clear_on_submit=True):
            name = st.text_input(
                text("account.token_name"),
                placeholder=text("account.token_name_example"),
                max_chars=64,
                autocomplete="off",
            )
            scopes = st.radio(
                text("account.token_scopes"),
                _SCOPES,
                format_func=lambda chosen: text(f"account.token_{'_'.join(chosen)}"),
            )
            days = st.selectbox(
                text("account.token_days"),
                _DAYS,
                index=1,
                format_func=lambda days: (
                    text("account.token_for", days=days) if days else text("account.token_forever")
                ),
            )
            sent = st.form_submit_button(text("account.token_make"))
        if sent:
            with shown_to_user(visitor.language):
                _, secret = visitor.app.tokens.make(
                    visitor.user_id, name=name, scopes=scopes, days=days or None
                )
                st.session_state[_NEW] = secret
                st.rerun()


def _show(visitor: Visitor, one: ApiToken) -> None:
    text = visitor.text
    facts = [
        f"`{one.hint}…`",
        text(f"account.token_{'_'.join(sorted(one.scopes))}"),
        text("account.token_made", when=day_words(visitor, one.created_at)),
        text("account.token_used", when=moment_words(visitor, one.used_at))
        if one.used_at
        else text("account.token_unused"),
        _until(visitor, one),
    ]
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        with st.container(gap="xxsmall"):
            st.markdown(f"**{literal(one.name)}**")
            st.caption(" · ".join(facts))
        key = f"token-{one.id}"
        with keyed_popover(text("account.token_revoke"), key):
            st.write(text("account.token_revoke_what"))
            with st.container(key=f"delete_{key}"):
                st.button(
                    text("account.token_revoke_now"),
                    key=f"revoke-{one.id}",
                    type="primary",
                    on_click=_revoke,
                    args=(visitor, one.id, key),
                )


def _until(visitor: Visitor, one: ApiToken) -> str:
    if one.expires_at is None:
        return visitor.text("account.token_forever")
    key = "token_until" if one.expires_at > now() else "token_over"
    return visitor.text(f"account.{key}", when=day_words(visitor, one.expires_at))


def _revoke(visitor: Visitor, token_id: str, key: str) -> None:
    close(key)
    with shown_to_user(visitor.language):
        visitor.app.tokens.revoke(visitor.user_id, token_id)
