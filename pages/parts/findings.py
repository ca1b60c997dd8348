"""What the doctor finds, and what the data takes. Each beside the page: may be slow."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

import core
from core.services.doctor import Finding, Health
from pages.parts.admins_only import tell_admins
from pages.parts.checking import checking
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import sentence_markdown, size_words

_ICONS = {
    Health.GOOD: ":green[:material/check_circle:]",
    Health.MISSING: ":orange[:material/error:]",
    Health.BROKEN: ":red[:material/cancel:]",
}
_FOLDERS = ("recordings", "models", "narration")


@st.fragment(parallel=True)
def show_findings(visitor: Visitor) -> None:
    """Every finding with the command that mends it, and a way to look again."""
    with shown_to_user(visitor.language):
        st.button(visitor.text("system.again"), icon=":material/refresh:")
        first = checking(visitor)
        doctor = visitor.app.doctor
        look = doctor.examine if visitor.admin else doctor.what_works
        found = look(visitor.user_id, language=visitor.language)
        wrong = sum(one.health is not Health.GOOD for one in found)
        key = "system.some_wrong" if wrong else "system.all_good"
        first.markdown(f"**{visitor.text(key, count=wrong)}**")
        for one in found:
            _show_finding(visitor, one)
        if wrong and not visitor.admin:
            tell_admins(visitor, "mend")


def _show_finding(visitor: Visitor, finding: Finding) -> None:
    state = visitor.text(f"system.{finding.health.value}")
    st.markdown(f"{_ICONS[finding.health]} **{state}** · {sentence_markdown(finding.sentence)}")
    if finding.command:
        st.caption(visitor.text("system.mend"))
        st.code(finding.command, language=None, wrap_lines=True)


@st.fragment(parallel=True)
def show_storage(visitor: Visitor) -> None:
    """What the data takes on disk, by kind."""
    text = visitor.text
    with shown_to_user(visitor.language):
        folder = visitor.app.settings.folder
        first = checking(visitor)
        taken = {name: _bytes_under(folder / name) for name in _FOLDERS}
        taken["database"] = sum(_bytes_of(file) for file in folder.glob("*.sqlite*"))
        whole = _bytes_under(folder)
        first.markdown(f"**{text('system.storage_all')}: {size_words(whole)}**")
        taken["other"] = max(0, whole - sum(taken.values()))
        names = ("recordings", "database", "models", "narration", "other")
        rows = [[text(f"system.storage_{name}"), size_words(taken[name])] for name in names]
        _table([text("system.storage_part"), text("system.size")], rows, none="")


def show_about(visitor: Visitor) -> None:
    """Which program this is, and where its data lies."""
    versions = {"version": core.__version__, "python": platform.python_version()}
    st.write(visitor.text("system.about_version", **versions, streamlit=st.__version__))
    if not visitor.admin:
        return
    st.caption(visitor.text("system.about_folder"))
    st.code(str(visitor.app.settings.folder), language=None, wrap_lines=True)
    if visitor.app.settings.database_url:
        st.caption(visitor.text("system.about_database"))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, none: str) -> None:
    """A table as Markdown: st.table would load pandas."""
    if not rows:
        st.caption(none)
        return
    lines = [heads, ["---"] * len(heads), *rows]
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines), width="stretch")


def _bytes_under(folder: Path) -> int:
    return sum(
        _bytes_of(Path(place) / name) for place, _, names in os.walk(folder) for name in names
    )


def _bytes_of(file: Path) -> int:
    try:
        return file.lstat().st_size
    except OSError:
        return 0  # it went away while we looked
