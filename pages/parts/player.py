"""The transcript beside its sound, and minutes read aloud: both fetched by the browser itself, so a
page run carries none of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from core.api.downloads import listenable
from core.domain.phantoms import BY_HAND, REASONS
from core.errors import MinutesError
from core.store.tables import Meeting
from pages.parts.component_data import in_a_list
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_HERE = Path(__file__).parent


@st.cache_resource
def _player() -> Callable[..., Any]:
    return st.components.v2.component(
        "minutes_player",
        html='<div class="player"></div>',
        css=(_HERE / "player.css").read_text(encoding="utf-8"),
        js=(_HERE / "player.js").read_text(encoding="utf-8"),
    )


@st.cache_resource
def _narrator() -> Callable[..., Any]:
    return st.components.v2.component(
        "minutes_narrator",
        html='<div class="narrator"><button type="button"></button><span role="status"></span>'
        "<audio controls hidden></audio></div>",
        css=(_HERE / "narrator.css").read_text(encoding="utf-8"),
        js=(_HERE / "narrator.js").read_text(encoding="utf-8"),
    )


def draw_player(
    here: Visitor, meeting: Meeting, *, line: int | None = None, may_edit: bool = True
) -> object:
    """Sound and lines of a meeting; `line` is the utterance to begin at. Returns the number of the
    utterance that the person wants to edit, in the one run after they said so. What they bring back
    or hide is done here."""
    address = f"/api/meetings/{meeting.id}"
    try:
        sound = listenable(here.app, here.user_id, meeting.id) is not None
    except MinutesError as error:
        st.warning(literal(error.sentence(here.language)), icon=":material/volume_off:")
        sound = False
    names = ("search", "lines", "loading", "none", "lost", "back")
    told = _player()(
        key=f"player_{meeting.id}",
        data=in_a_list(
            {
                "lines": f"{address}/transcript?lang={here.language}",
                "sound": f"{address}/sound" if sound else None,
                "version": meeting.transcript_job,
                "edited": meeting.edited_at.isoformat() if meeting.edited_at else "",
                "line": line,
                "texts": {
                    **{name: here.text(f"player.{name}") for name in names},
                    "found": here.text("player.found", count="%"),
                    "edit": here.text("correction.edit") if may_edit else "",
                    "heard": here.text("correction.heard"),
                    **_about_hidden(here),
                },
            }
        ),
        on_edit_change=lambda: None,
        on_doubt_change=lambda: None,
    )
    if may_edit and _decided(here, meeting, told.doubt):
        st.rerun()
    return told.edit


def _about_hidden(here: Visitor) -> dict[str, Any]:
    """Texts about hidden lines; the player puts in how many, and why."""
    names = ("bring_back", "bring_all", "brought_back", "hide_again", "none_left")
    reasons = (*REASONS, BY_HAND, "mixed")
    return {
        **{name: here.text(f"phantoms.{name}") for name in names},
        "hidden_one": here.text("phantoms.hidden_one", reason="$"),
        "hidden_many": here.text("phantoms.hidden_many", count="%", reason="$"),
        "reasons": {one: here.text(f"phantoms.reason_{one}") for one in reasons},
    }


def _decided(here: Visitor, meeting: Meeting, told: object) -> bool:
    """Do what the player told: {"numbers", "said"}; whether anything is another now."""
    if not isinstance(told, dict):
        return False
    numbers = [one for one in told.get("numbers", []) if isinstance(one, int)]
    service = here.app.hidden_lines
    decide = service.bring_back if told.get("said") else service.hide
    return decide(here.user_id, meeting.id, numbers) > 0


def draw_narrator(here: Visitor, meeting: Meeting, *, version: int) -> None:
    """The button that has the minutes read aloud, then the player."""
    address = f"/api/meetings/{meeting.id}/narration?version={version}&lang={here.language}"
    _narrator()(
        key=f"narrator_{meeting.id}",
        width="content",
        data=in_a_list(
            {
                "src": address,
                "texts": {name: here.text(f"player.{name}") for name in ("read", "making", "lost")},
            }
        ),
    )
