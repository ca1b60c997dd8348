"""Everybody who has an account: who decides, when they were last here, and removing somebody."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.errors import InvalidInput
from core.store.account_rows import User
from pages.parts.failure import shown_to_user
from pages.parts.moments import moment_words
from pages.parts.visitor import Visitor
from pages.parts.words import literal


def show_people(visitor: Visitor) -> None:
    """A card each, by name."""
    accounts = visitor.app.accounts
    seen = accounts.last_seen(visitor.user_id)
    for one in accounts.people(visitor.user_id):
        _show(visitor, one, seen.get(one.id))


def _show(visitor: Visitor, one: User, seen: datetime | None) -> None:
    text = visitor.text
    marks = [
        f":{colour}-badge[{text(key)}]"
        for is_so, colour, key in (
            (one.admin, "orange", "people.admin"),
            (one.id == visitor.user_id, "blue", "people.you"),
        )
        if is_so
    ]
    last = text("people.seen", when=moment_words(visitor, seen)) if seen else text("people.unseen")
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(gap="xxsmall"):
                st.markdown(" ".join((f"**{literal(one.name)}**", *marks)))
                st.caption(last)
            st.button(
                text("people.admin_off" if one.admin else "people.admin_on"),
                key=f"admin-{one.id}",
                on_click=_set_admin,
                args=(visitor, one),
            )
        if one.id != visitor.user_id:
            _offer_removal(visitor, one)


def _set_admin(visitor: Visitor, one: User) -> None:
    with shown_to_user(visitor.language):
        visitor.app.accounts.set_admin(visitor.user_id, user_id=one.id, admin=not one.admin)


def _offer_removal(visitor: Visitor, one: User) -> None:
    text, name = visitor.text, literal(one.name)
    with st.expander(text("people.remove"), icon=":material/person_remove:"):
        st.write(text("people.remove_what", name=name))
        with st.form(f"remove-{one.id}", border=False, enter_to_submit=False):
            typed = st.text_input(text("people.remove_name", name=name), autocomplete="off")
            with st.container(key=f"delete_person_{one.id}"):
                sent = st.form_submit_button(text("people.remove_now"), type="primary")
        if not sent:
            return
        with shown_to_user(visitor.language):
            if typed.strip() != one.name:
                raise InvalidInput("leave_name_differs", name=one.name)
            with st.spinner(text("people.removing", name=name)):
                visitor.app.leaving.remove(visitor.user_id, user_id=one.id)
            st.rerun()
