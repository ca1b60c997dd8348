"""Everything of a person's: taken along as one file, or deleted with the account."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.errors import InvalidInput
from pages.parts.failure import shown_to_user
from pages.parts.signed_out import DELETED, LOOK
from pages.parts.visitor import Visitor
from pages.parts.words import literal


def offer_export(visitor: Visitor) -> None:
    """The link to the whole."""
    st.caption(visitor.text("account.export_what"))
    label = escape(visitor.text("account.export_get"))
    address = f"/api/me/export.zip?lang={visitor.language}"
    st.html(f'{LOOK}<a class="door" href="{address}" download>{label}</a>')


def offer_leaving(visitor: Visitor) -> None:
    """Name and password, then nothing is left."""
    text, accounts = visitor.text, visitor.app.accounts
    st.caption(text("account.leave_what"))
    with st.expander(text("account.leave_open"), icon=":material/person_remove:"):
        has_password = accounts.called(visitor.name).password is not None
        with st.form("leave", border=False, enter_to_submit=False):
            name = st.text_input(
                text("account.leave_name", name=literal(visitor.name)), autocomplete="off"
            )
            password = ""
            if has_password:
                password = st.text_input(
                    text("account.leave_password"),
                    type="password",
                    autocomplete="current-password",
                )
            with st.container(key="delete_account"):
                sent = st.form_submit_button(text("account.leave_now"), type="primary")
        if not sent:
            return
        with shown_to_user(visitor.language):
            if name.strip() != visitor.name:
                raise InvalidInput("leave_name_differs", name=visitor.name)
            if has_password:
                accounts.check_password(visitor.user_id, password)
            with st.spinner(text("account.leave_going")):
                visitor.app.leaving.leave(visitor.user_id)
            st.session_state[DELETED] = True
            st.rerun()
