"""Which speech model hears recordings: by hardware, by name, or a folder of the person's own."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.engines.speech_model import FETCH_COMMAND
from pages.parts.admins_only import tell_admins
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_NAMES = ("large-v3-turbo", "large-v3", "medium", "small", "base", "tiny")
_AUTO = ""
_FOLDER = "/"


def choose_speech_model(visitor: Visitor) -> None:
    """The choice, and whether the chosen model is here."""
    text, people = visitor.text, visitor.app.people
    locked = people.locked("whisper_model")
    if locked is not None:
        facts = {"variable": "MINUTES_WHISPER_MODEL", "value": locked}
        st.info(literal(text("settings.locked", **facts)), icon=":material/lock:")
    elif people.may_choose(visitor.user_id, "whisper_model"):
        _offer(visitor, people.choice(visitor.user_id, name="whisper_model"))
    else:
        tell_admins(visitor)
    chosen = people.choice(visitor.user_id, name="whisper_model")
    name, present = visitor.app.engines.speech_model(chosen)
    if present:
        st.caption(f":material/check: {text('settings.speech_here', model=literal(name))}")
    elif visitor.admin and not Path(name).is_absolute():
        st.caption(f":material/download: {text('settings.speech_fetch', model=literal(name))}")
        st.code(FETCH_COMMAND, language=None, wrap_lines=True)


def _offer(visitor: Visitor, chosen: str | None) -> None:
    text = visitor.text
    automatic, _ = visitor.app.engines.speech_model(None)
    labels = {_AUTO: text("settings.speech_auto", model=automatic)}
    labels |= {name: text(f"settings.speech_{name}") for name in _NAMES}
    if chosen and chosen not in labels and not Path(chosen).is_absolute():
        labels[chosen] = chosen
    labels[_FOLDER] = text("settings.speech_folder")
    now = _FOLDER if chosen and Path(chosen).is_absolute() else chosen or _AUTO
    picked = st.selectbox(
        text("settings.speech_choose"),
        list(labels),
        index=list(labels).index(now),
        format_func=labels.__getitem__,
        key=f"speech-{now}",
        label_visibility="collapsed",
    )
    if picked == _FOLDER:
        _offer_folder(visitor, chosen if now == _FOLDER else None)
    elif picked != now:
        _choose(visitor, picked or None)


def _offer_folder(visitor: Visitor, chosen: str | None) -> None:
    text = visitor.text
    with st.form("speech-folder", border=False, enter_to_submit=False):
        given = st.text_input(
            text("settings.speech_folder_path"),
            chosen or "",
            help=text("settings.speech_folder_help"),
        )
        sent = st.form_submit_button(text("settings.speech_folder_use"))
    if not sent:
        return
    folder = str(Path(given.strip()).expanduser()) if given.strip() else ""
    _, present = visitor.app.engines.speech_model(folder) if folder else ("", False)
    if present and Path(folder).is_absolute():
        _choose(visitor, folder)
    else:
        wrong = text("settings.speech_folder_wrong", folder=folder or "–")
        st.error(literal(wrong), icon=":material/folder_off:")


def _choose(visitor: Visitor, value: str | None) -> None:
    with shown_to_user(visitor.language):
        visitor.app.people.choose(visitor.user_id, name="whisper_model", value=value)
        st.toast(visitor.text("settings.saved"), icon=":material/check_circle:")
        st.rerun()
