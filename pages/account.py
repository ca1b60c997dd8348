"""A person's own account: password, browsers, tokens, all their data, and leaving."""

from __future__ import annotations

import streamlit as st

from pages.parts.account_browsers import show_browsers
from pages.parts.account_data import offer_export, offer_leaving
from pages.parts.account_password import change_password, link_elsewhere
from pages.parts.account_tokens import show_tokens
from pages.parts.failure import shown_to_user
from pages.parts.reading_width import keep_readable
from pages.parts.visitor import visitor
from pages.parts.words import literal

who = visitor()
with shown_to_user(who.language):
    keep_readable()
    st.title(who.text("account.title"), anchor=False)
    role = who.text("account.as_admin" if who.admin else "account.as_person")
    st.markdown(f"**{literal(who.name)}** · {role}")
    for name, draw in (
        ("password", change_password),
        ("elsewhere", link_elsewhere),
        ("browsers", show_browsers),
        ("tokens", show_tokens),
        ("export", offer_export),
        ("leave", offer_leaving),
    ):
        if name == "elsewhere" and who.app.settings.oidc_issuer is None:
            continue
        st.space("small")
        st.subheader(who.text(f"account.{name}"), anchor=False)
        with shown_to_user(who.language):
            draw(who)
