"""Invitations: made, shown once, taken back."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from core.services.invitations import NOTE_LIMIT
from core.store.account_rows import Invitation
from pages.parts.failure import shown_to_user
from pages.parts.moments import day_words
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_NEW = "people_new_invitation"


def show_invitations(visitor: Visitor) -> None:
    """A form for another, its link, and those that are out."""
    text = visitor.text
    st.caption(text("people.invitations_what"))
    with (
        st.form("invite", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        note = st.text_input(
            text("people.note"),
            placeholder=text("people.note_example"),
            max_chars=NOTE_LIMIT,
            autocomplete="off",
        )
        sent = st.form_submit_button(text("people.invite"), icon=":material/person_add:")
    if sent:
        with shown_to_user(visitor.language):
            token = visitor.app.invitations.invite(visitor.user_id, note=note)
            st.session_state[_NEW] = _address(visitor, token)
    _show_new(visitor)
    names = {one.id: one.name for one in visitor.app.accounts.people(visitor.user_id)}
    for one in visitor.app.invitations.all(visitor.user_id):
        _show(visitor, one, names)


def _address(visitor: Visitor, token: str) -> str:
    """What to send to who is invited: under the public address, else the one in this browser."""
    here = urlsplit(st.context.url or "")
    base = visitor.app.settings.public_url or f"{here.scheme}://{here.netloc}"
    return f"{base}/join?invitation={token}"


def _show_new(visitor: Visitor) -> None:
    address = st.session_state.get(_NEW)
    if not address:
        return
    with st.container(border=True):
        st.markdown(f":material/link: **{visitor.text('people.link_once')}**")
        st.code(address, language=None, wrap_lines=True)
        st.caption(visitor.text("people.link_use"))
        st.button(visitor.text("people.link_seen"), on_click=_put_away)


def _put_away() -> None:
    st.session_state.pop(_NEW, None)


def _show(visitor: Visitor, one: Invitation, names: dict[str, str]) -> None:
    text = visitor.text
    note = f"**{literal(one.note)}**" if one.note else text("people.note_none")
    if one.used_at:
        joined = literal(names.get(one.used_by or "", text("people.gone")))
        when = day_words(visitor, one.used_at)
        state = text("people.used", name=joined, when=when)
    else:
        state = text("people.open_until", when=day_words(visitor, one.expires_at))
    by = text("people.invited_by", name=literal(names.get(one.user_id, text("people.gone"))))
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        with st.container(gap="xxsmall"):
            st.markdown(note)
            st.caption(f"{state} · {by}")
        if one.used_at is None:
            st.button(
                text("people.take_back"),
                key=f"take-back-{one.id}",
                on_click=_take_back,
                args=(visitor, one.id),
            )


def _take_back(visitor: Visitor, invitation_id: str) -> None:
    _put_away()
    with shown_to_user(visitor.language):
        visitor.app.invitations.revoke(visitor.user_id, invitation_id)
