"""Another password, and being known by an OpenID provider, too."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.errors import InvalidInput
from pages.parts.account_tokens import offer_revoking
from pages.parts.failure import shown_to_user
from pages.parts.signed_out import LOOK
from pages.parts.visitor import Visitor
from pages.parts.words import literal


def change_password(visitor: Visitor) -> None:
    """The form. All other browsers are signed out by it, API tokens if that is wanted."""
    text, accounts = visitor.text, visitor.app.accounts
    if accounts.called(visitor.name).password is None:
        st.caption(text("account.password_elsewhere"))
        return
    st.caption(text("account.password_what"))
    with st.form("password", border=False, clear_on_submit=True, enter_to_submit=False):
        old = st.text_input(
            text("account.password_old"), type="password", autocomplete="current-password"
        )
        new = st.text_input(
            text("account.password_new"),
            type="password",
            autocomplete="new-password",
            help=text("sign_in.join_password_hint"),
        )
        again = st.text_input(
            text("account.password_again"), type="password", autocomplete="new-password"
        )
        tokens_too = offer_revoking(visitor, "password")
        sent = st.form_submit_button(text("account.password_save"))
    if sent:
        with shown_to_user(visitor.language):
            if new != again:
                raise InvalidInput("password_differs")
            accounts.change_password(
                visitor.user_id, old=old, new=new, keep=visitor.token, tokens_too=tokens_too
            )
            left = len(visitor.app.tokens.all(visitor.user_id))
            saved = "all" if tokens_too else "kept" if left else ""
            key = f"account.password_saved_{saved}" if saved else "account.password_saved"
            st.success(text(key, count=left), icon=":material/check_circle:")


def link_elsewhere(visitor: Visitor) -> None:
    """The way to sign in by the provider as well."""
    provider = visitor.app.settings.oidc_name
    if visitor.app.accounts.called(visitor.name).subject:
        told = literal(visitor.text("account.elsewhere_linked", provider=provider))
        st.markdown(f":material/check: {told}")
        return
    st.caption(literal(visitor.text("account.elsewhere_what", provider=provider)))
    label = escape(visitor.text("account.elsewhere_link", provider=provider))
    st.html(f'{LOOK}<a class="door" href="/auth/oidc/start?link=1" target="_self">{label}</a>')
