"""Around every page: what the theme can't say of the look, the language, the engine in force."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from core.app import get_app
from core.engines.base import engine_name
from core.engines.factory import AUTO, EXTRACTIVE
from core.messages import LANGUAGES, say
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_HERE = Path(__file__).parent
_SYMBOLS = {
    "/": "event_note",
    "/upload": "upload_file",
    "/chat": "forum",
    "/memory": "bookmarks",
    "/settings": "tune",
    "/system": "monitor_heart",
    "/account": "account_circle",
    "/people": "group",
}
_STYLE = """
/* Korean breaks between words, as it is written; nothing runs out of its box. */
:is([data-testid="stMain"], [data-testid="stSidebar"]),
:is([data-testid="stMarkdownContainer"], [data-testid="stCaptionContainer"]),
:is([data-testid="stMarkdownContainer"], [data-testid="stCaptionContainer"]) * {
  word-break: keep-all !important; overflow-wrap: break-word;
}
/* "Press Enter to apply" and the like exist in English only. */
[data-testid="InputInstructions"] { display: none; }
[data-testid="stMainBlockContainer"] { padding-top: 3.25rem; max-width: 78rem; }
[data-testid="stMarkdownContainer"] table { width: 100%; }
/* What is chosen is told by its frame: the theme's colour is too dark for letters on dark. */
[data-testid="stButtonGroup"] button[aria-checked="true"],
[data-testid="stTab"][aria-selected="true"] { color: inherit !important; }
/* The transcript stays beside the minutes while they are read. */
@media (min-width: 641px) {
  [data-testid="stColumn"]:has(.st-key-transcript_side) {
    position: sticky; top: 1rem; align-self: flex-start;
    max-height: calc(100vh - 2rem); overflow-y: auto;
  }
}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-top: 4.5rem; }
  [data-testid="stMarkdownContainer"] table { display: block; overflow-x: auto; }
}
/* Every page begins on one line, and so do both sides of a meeting. */
[data-testid="stMain"] h1 { padding-top: 0; }
/* A title as long as it may be does not push the page away. */
[data-testid="stMain"] h1 > span {
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
}
.st-key-transcript_side [data-testid="stHeading"] { padding-top: .75rem; }
/* What takes something away looks like it: buttons whose key begins with "delete_". */
[class*="st-key-delete_"] [data-testid^="stBaseButton-primary"] {
  background: #c4292f; border-color: #c4292f; color: #fff;
}
[class*="st-key-delete_"] [data-testid^="stBaseButton-primary"]:is(:hover, :active) {
  background: #a31f25; border-color: #a31f25; color: #fff;
}
/* A link lines up with the text below it. */
[data-testid="stMain"] [data-testid="stPageLink"] { margin-left: -.5rem; min-width: 0; }
[data-testid="stMain"] [data-testid="stPageLink"] :is(a, span, p, div) { white-space: normal; }
/* Places where something was said. */
[data-testid="stMarkdownContainer"] a[href^="#u="] {
  font-variant-numeric: tabular-nums; font-size: .85em; white-space: nowrap;
  padding: .05em .35em; border-radius: .35em;
  background: color-mix(in srgb, currentColor 10%, transparent);
}
[data-testid="stSidebarNavLink"]::before {
  font: 1.25rem/1 "Material Symbols Rounded"; font-feature-settings: "liga"; opacity: .75;
}
"""
_ENGINE_KEPT = 20
"""Seconds for which the engine that was found is shown without looking again."""


def draw_style(language: str) -> None:
    """The look that the theme's options can't say, and the language for readers and translators:
    Streamlit calls every page English."""
    symbols = "".join(
        f'[data-testid="stSidebarNavLink"][href$="{address}"]::before {{ content: "{symbol}"; }}\n'
        for address, symbol in _SYMBOLS.items()
    )
    st.html(f"<style>{_STYLE}{symbols}</style>")
    told = f"document.documentElement.lang = '{language}';\n{_told_when_away(language)}"
    st.html(f"<script>{told}</script>", unsafe_allow_javascript=True)


def _told_when_away(language: str) -> str:
    """What Streamlit's window says in the reader's words while the server is away, or is there and
    nobody is signed in any more."""
    told = {
        "away": {"title": say("nav.away", language), "text": say("nav.away_what", language)},
        "signedOut": {
            "title": say("sign_in.signed_out", language),
            "text": say("sign_in.away_text", language),
            "link": say("sign_in.away_link", language),
        },
    }
    code = (_HERE / "connection.js").read_text(encoding="utf-8")
    return code.replace("AWAY", json.dumps(told), 1)


def draw_language(here: Visitor) -> None:
    """Korean or English; the choice is remembered unless the environment dictates it."""
    locked = here.app.people.locked("language") is not None

    def remember() -> None:
        chosen = st.session_state.get("frame_language")
        if chosen:
            here.app.people.choose(here.user_id, name="language", value=chosen)

    st.segmented_control(
        here.text("nav.language"),
        LANGUAGES,
        default=here.language,
        required=True,
        format_func={"ko": "한국어", "en": "English"}.__getitem__,
        key="frame_language",
        on_change=remember,
        disabled=locked,
        help=here.text("nav.language_locked") if locked else None,
        label_visibility="collapsed",
    )


@st.fragment(parallel=True)
def draw_engine(here: Visitor) -> None:
    """Which engine writes now, and why it is not a model where it is none. Beside the page's run,
    because a server that hangs must not hold the page up."""
    with shown_to_user(here.language):
        wanted = here.app.people.choice(here.user_id, name="llm") or AUTO
        engine, fell_back = engine_in_force(wanted)
        if engine != EXTRACTIVE:
            name = literal(engine_name(engine))
            st.caption(f":material/neurology: {here.text('nav.engine', engine=name)}")
        elif fell_back:
            st.caption(f":material/format_quote: {here.text('nav.engine_fallback')}")
        else:
            st.caption(f":material/format_quote: {here.text('nav.engine_extractive')}")


@st.cache_data(ttl=_ENGINE_KEPT, show_spinner=False, max_entries=50)
def engine_in_force(wanted: str) -> tuple[str, bool]:
    """The engine that `wanted` means now, and whether it stands in for a model. Asks Ollama."""
    engine, reason = get_app().engines.resolve(wanted)
    return engine, reason is not None
