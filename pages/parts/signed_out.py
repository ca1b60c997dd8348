"""What a page shows to who is signed out, and the way out for who is in.

Both are plain links and forms: only a whole new page has a new cookie.
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

import streamlit as st

from core.api.next_page import sign_in_address
from core.messages import say

DELETED = "account_deleted"
"""The key in a tab's session state that is set once its person's account is deleted."""

LOOK = """<style>
.door { display: inline-block; padding: .4rem .9rem; border-radius: .5rem; font: inherit;
  font-size: .9375rem;
  border: 1px solid color-mix(in srgb, currentColor 25%, transparent); background: none;
  color: inherit !important; text-decoration: none !important; cursor: pointer; }
.door:hover { border-color: currentColor; }
.door:focus-visible { outline: 3px solid color-mix(in srgb, currentColor 60%, transparent); }
.door.main { border-color: #1d5fd1; background: #1d5fd1; color: #fff !important; }
.door.small { padding: .2rem .7rem; font-size: .875rem; }
</style>"""


def show_signed_out(language: str, address: str) -> None:
    """That nobody is signed in any more, or that the account is gone, and a link to sign in and
    come back to `address`."""
    st.navigation([st.Page(_nothing, title=say("sign_in.title", language))], position="hidden")
    deleted = DELETED in st.session_state
    what = "deleted" if deleted else "signed_out"
    st.title(say(f"sign_in.{what}", language), anchor=False)
    st.write(say(f"sign_in.{what}_what", language))
    here = urlsplit("/" if deleted else address)
    door = escape(sign_in_address(here.path or "/", here.query))
    label = escape(say("sign_in.another" if deleted else "sign_in.again", language))
    st.html(f'{LOOK}<a class="door main" href="{door}" target="_self">{label}</a>')


def draw_way_out(language: str) -> None:
    """The button to sign out: a form that the server answers with another cookie."""
    label = escape(say("sign_in.out", language))
    st.html(
        f'{LOOK}<form method="post" action="/sign-out">'
        f'<button class="door small">{label}</button></form>'
    )


def _nothing() -> None: ...
