"""What works on this machine and what does not, what is installed, and what the data takes."""

from __future__ import annotations

import streamlit as st

from pages.parts.admins_only import tell_admins
from pages.parts.failure import shown_to_user
from pages.parts.findings import show_about, show_findings, show_storage
from pages.parts.models_list import show_models
from pages.parts.models_pull import show_pulls
from pages.parts.models_speed import follow_speed
from pages.parts.reading_width import keep_readable
from pages.parts.visitor import visitor

who = visitor()
with shown_to_user(who.language):
    keep_readable()
    st.title(who.text("system.title"), anchor=False)
    st.caption(who.text("system.what" if who.admin else "system.what_works"))
    show_findings(who)
    st.space("small")
    st.subheader(who.text("system.models"), anchor=False)
    if who.admin:
        follow_speed(who)
        show_models(who)
        st.subheader(who.text("system.pull"), anchor=False)
        show_pulls(who)
        st.space("small")
        st.subheader(who.text("system.storage"), anchor=False)
        show_storage(who)  # of everybody's together
    else:
        tell_admins(who, "install")
    st.space("small")
    st.subheader(who.text("system.about"), anchor=False)
    show_about(who)
