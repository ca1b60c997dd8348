"""The editor of one style: what is typed, saved and tried.

It is a component of ours, because st.text_area counts nothing while one types unless it also cuts
off what is pasted. What is typed stays in the tab (sessionStorage) until it is saved, also where
another tab has saved the same style meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import InvalidInput
from core.services.style_starters import STARTERS, starter
from core.services.style_trial import LIVE
from core.services.styles import MOVED_ON, StyleSeen
from core.services.system_prompt import STYLE_LIMIT, compose_system
from pages.parts.component_data import in_a_list
from pages.parts.failure import shown_to_user
from pages.parts.style_size import say_size
from pages.parts.visitor import Visitor

_HERE = Path(__file__).parent
_SAVED = "style_saved_here"
"""What this tab saved last: (style's id, version). No other tab's text is taken for it."""
_HTML = """
<label for="style"></label>
<textarea id="style" rows="9" spellcheck="false"></textarea>
<div class="under"><span class="count" aria-live="polite"></span><span class="note"></span>
<button class="try" type="button"></button><button class="save" type="button"></button></div>
<div class="theirs" role="status" hidden><p></p><textarea readonly rows="5"></textarea>
<button type="button"></button></div>
<div class="starters"><span></span><span class="help"></span></div>
"""
_WORDS = (
    *("label", "placeholder", "save", "save_over", "unsaved", "starters", "starters_help"),
    *("take", "try", "trying"),
)


@st.cache_resource
def _editor() -> Callable[..., Any]:
    return st.components.v2.component(
        "style_editor",
        html=_HTML,
        css=(_HERE / "style_editor.css").read_text(encoding="utf-8"),
        js=(_HERE / "style_editor.js").read_text(encoding="utf-8"),
    )


def edit_style(here: Visitor, seen: StyleSeen | None, *, may_try: bool) -> str | None:
    """The editor of a style, None for the first one that is not there yet. Returns the text that
    the person wants to try, in the one run after they said so."""
    told = _editor()(
        key=f"style-editor-{seen.style_id if seen else ''}",
        data=in_a_list(_data(here, seen, may_try=may_try)),
        on_saved_change=lambda: None,
        on_tried_change=lambda: None,
    )
    if isinstance(told.saved, dict):
        with shown_to_user(here.language):  # what is refused stays in the field
            try:
                _save(here, seen, told.saved)
            except InvalidInput as refused:
                if refused.code != MOVED_ON:  # the editor says so, with both texts
                    raise
    if seen and seen.text:
        which = "now" if seen.is_default else "now_other"
        st.caption(f":material/check: {here.text(f'styles.{which}', version=seen.version)}")
        say_size(here, seen.text)
        with st.expander(here.text("styles.exact"), icon=":material/data_object:"):
            st.caption(here.text("styles.exact_why"))
            st.code(compose_system(rules="", style=seen.text), language=None, wrap_lines=True)
    else:
        st.caption(here.text("styles.none" if not seen or seen.is_default else "styles.none_yet"))
    return str(told.tried.get("text", "")) if isinstance(told.tried, dict) else None


def _data(here: Visitor, seen: StyleSeen | None, *, may_try: bool) -> dict[str, Any]:
    trial = here.app.trials.of(here.user_id)
    version = seen.version if seen else 0
    style_id, saved = st.session_state.get(_SAVED, ("", 0))
    starters = [starter(key, here.language) for key in STARTERS]
    words = {name: here.text(f"styles.{name}") for name in _WORDS}
    # Counted in the browser, so the slots go there as they are.
    words["count"] = here.text("styles.count", count="{count}", limit="{limit}")
    words["over"] = here.text("styles.over", over="{over}")
    words["moved_on"] = here.text("styles.moved_on", version=version)
    words["other_text"] = here.text("styles.other_text", version=version)
    return {
        "style": seen.style_id if seen else "",
        "first": seen is None or seen.is_default,
        "text": seen.text if seen else "",
        "version": version,
        "saved_here": saved if seen and style_id == seen.style_id else 0,
        "limit": STYLE_LIMIT,
        "may_try": may_try,
        "busy": trial is not None and trial.state in LIVE,
        "words": words,
        "starters": [{"name": one.name, "what": one.what, "text": one.text} for one in starters],
    }


def _save(here: Visitor, seen: StyleSeen | None, told: dict[str, Any]) -> None:
    text, base = str(told.get("text", "")), told.get("base")
    style = here.app.styles.save(
        here.user_id,
        seen.style_id if seen else None,
        text,
        expected=base if isinstance(base, int) else 0,
    )
    st.session_state[_SAVED] = (style.named_style_id, style.version)
    key = "styles.saved" if style.text else "styles.cleared"
    st.toast(here.text(key, version=style.version), icon=":material/check_circle:")
    st.rerun()
