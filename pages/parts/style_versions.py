"""What a style said before: its versions, what changed from one to the next, and the way back."""

from __future__ import annotations

import html
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.word_diff import ADDED, REMOVED, word_diff
from core.services.styles import StyleSeen
from core.store.memory_rows import Style
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor

_BEFORE, _NOW, _TEXT = "before", "now", "text"
_STYLE = """<style>
.word-diff { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.7;
  padding: .6rem .75rem;
  border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem; }
.word-diff ins { text-decoration: underline; text-decoration-thickness: 2px; font-weight: 600;
  text-underline-offset: 3px; background: rgba(33, 165, 84, .18); border-radius: 3px; }
.word-diff del { text-decoration: line-through; background: rgba(255, 75, 75, .16);
  border-radius: 3px; opacity: .85; }
</style>"""
"""Marked by lines, not by colour alone."""


def draw_versions(here: Visitor, seen: StyleSeen) -> None:
    """All versions of a style, one of them in view."""
    versions = here.app.styles.versions(here.user_id, seen.style_id)
    if len(versions) < 2:
        return
    label = here.text("styles.versions", count=len(versions) - 1)
    with st.expander(label, icon=":material/history:"):
        numbers = {style.version: style for style in versions}
        chosen = st.selectbox(
            here.text("styles.version_choose"),
            list(numbers),
            format_func=lambda number: _name(here, numbers[number], versions[0]),
            key=f"style_version_{seen.style_id}_{versions[0].version}",
            width=420,
        )
        shown = st.segmented_control(
            here.text("styles.compare"),
            (_BEFORE, _NOW, _TEXT),
            default=_BEFORE,
            required=True,
            format_func=lambda name: here.text(f"styles.compare_{name}"),
            key=f"style_compare_{seen.style_id}",
            label_visibility="collapsed",
        )
        _draw_one(here, versions, numbers[chosen], shown or _BEFORE)
        if st.button(
            here.text("styles.restore"),
            key=f"style_restore_{seen.style_id}",
            icon=":material/settings_backup_restore:",
            disabled=numbers[chosen].text == versions[0].text,
        ):
            _restore(here, seen, chosen)
        st.caption(here.text("styles.versions_numbers"))


def _name(here: Visitor, style: Style, newest: Style) -> str:
    written = style.created_at.astimezone(ZoneInfo(here.time_zone))
    parts = [here.text("styles.version", version=style.version), f"{written:%Y-%m-%d %H:%M}"]
    if style is newest:
        parts.append(here.text("styles.version_in_force"))
    if not style.text:
        parts.append(here.text("styles.version_empty"))
    return " · ".join(parts)


def _draw_one(here: Visitor, versions: list[Style], style: Style, shown: str) -> None:
    if shown == _TEXT:
        st.code(style.text, language=None, wrap_lines=True)
        return
    older = versions[versions.index(style) + 1 :]
    if shown == _BEFORE and not older:
        st.caption(here.text("styles.diff_first"))
        st.code(style.text, language=None, wrap_lines=True)
        return
    before, after = (older[0], style) if shown == _BEFORE else (style, versions[0])
    if before.text == after.text:
        st.caption(here.text("styles.diff_none"))
        return
    st.caption(here.text("styles.diff_legend"))
    st.html(_STYLE + diff_html(before.text, after.text))


def diff_html(before: str, after: str) -> str:
    """Two texts in one, the added words and the removed ones marked; nothing in them is a tag."""
    tags = {ADDED: "ins", REMOVED: "del"}
    marked = []
    for piece in word_diff(before, after):
        text, tag = html.escape(piece.text), tags.get(piece.kind)
        marked.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return f'<div class="word-diff">{"".join(marked)}</div>'


def _restore(here: Visitor, seen: StyleSeen, version: int) -> None:
    with shown_to_user(here.language):
        style = here.app.styles.restore(here.user_id, seen.style_id, version)
        told = here.text("styles.saved", version=style.version)
        st.toast(told, icon=":material/check_circle:")
        st.rerun()
