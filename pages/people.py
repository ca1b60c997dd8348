"""Who has an account here, and who may come: for admins."""

from __future__ import annotations

import streamlit as st

from pages.parts.failure import shown_to_user
from pages.parts.people_invited import show_invitations
from pages.parts.people_list import show_people
from pages.parts.reading_width import keep_readable
from pages.parts.visitor import visitor

who = visitor()
with shown_to_user(who.language):
    keep_readable()
    st.title(who.text("people.title"), anchor=False)
    who.app.accounts.refuse_others(who.user_id)
    st.subheader(who.text("people.invitations"), anchor=False)
    show_invitations(who)
    st.space("small")
    st.subheader(who.text("people.here"), anchor=False)
    show_people(who)
