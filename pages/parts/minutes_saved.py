"""That minutes were just changed, where the change was made, with the way back."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.domain.minutes import Minutes
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor

SAVED, DELETED, UNDONE = "saved", "deleted", "undone"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on the desk something was changed: a section, and the item (its place in the draft)
    that the line about it stands below. Without a section it stands above the minutes."""

    section: str = ""
    below: int = -1


@dataclass(frozen=True, slots=True)
class Saved:
    """`version` has come about from `before`; `what` is a message under `editing`."""

    version: int
    before: int
    what: str
    spot: Spot


def note_saved(
    here: Visitor, made: Minutes, *, before: int, what: str = SAVED, spot: Spot | None = None
) -> None:
    """Remember that `made` has just come about from `before`, and tell it at once: on a long page
    the line may be out of sight."""
    st.session_state[_key(made)] = Saved(made.version, before, what, spot or Spot())
    st.toast(here.text(f"editing.{what}", version=made.version), icon=":material/check:")


def just_saved(minutes: Minutes) -> Saved | None:
    """The change that has led to this version; None where it is not the last one made here."""
    saved = st.session_state.get(_key(minutes))
    return saved if isinstance(saved, Saved) and saved.version == minutes.version else None


def draw_saved(here: Visitor, minutes: Minutes, saved: Saved) -> None:
    """The line: what was done, and its undo, or the way back from an undo."""
    undone = saved.what == UNDONE
    with st.container(horizontal=True, vertical_alignment="center", key="saved_line"):
        told = here.text(f"editing.{saved.what}", version=saved.version)
        st.markdown(f":material/check: {told}", width="content")
        name = "redo" if undone else "undo"
        if st.button(here.text(f"editing.{name}"), key="undo_edit", icon=f":material/{name}:"):
            restore(
                here,
                minutes.meeting_id,
                version=saved.before,
                newest=minutes.version,
                what=SAVED if undone else UNDONE,
                spot=saved.spot,
            )


def restore(
    here: Visitor,
    meeting_id: str,
    *,
    version: int,
    newest: int,
    what: str = SAVED,
    spot: Spot | None = None,
) -> None:
    """Bring `version` back as the newest."""
    with shown_to_user(here.language):
        made = here.app.editing.restore(here.user_id, meeting_id, version=version, newest=newest)
        if made.version != newest:
            note_saved(here, made, before=newest, what=what, spot=spot)
        st.rerun()


def _key(minutes: Minutes) -> str:
    return f"saved_{minutes.meeting_id}"
