"""Having a recording heard, and minutes written: for the first time, or anew in another way."""

from __future__ import annotations

import streamlit as st

from core.app import get_app
from core.domain.templates import Template
from core.engines.base import engine_name
from core.engines.factory import AUTO, EXTRACTIVE
from core.errors import MinutesError
from core.services.minutes_lineage import edited_version
from core.store.tables import Meeting
from pages.parts.failure import shown_to_user
from pages.parts.popover import close, keyed_popover
from pages.parts.style_choice import choose_style_once
from pages.parts.template_choice import choose_language, choose_template
from pages.parts.visitor import Visitor

_SPOKEN = ("auto", "ko", "en")
_MODELS_KEPT = 20
"""Seconds for which the models that were found are offered without asking Ollama again."""


def draw_write(
    here: Visitor, meeting: Meeting, *, again: bool, running: bool = False, first: bool = True
) -> None:
    """The button that has the next version written, and with which engine. `first`: before there
    are minutes, it is what the page offers before all else."""
    label = here.text("meeting.write_anew" if again else "meeting.write")
    place = f"writing_{meeting.id}"
    with keyed_popover(
        label,
        place,
        icon=":material/autorenew:",
        type="primary" if first and not again else "secondary",
        disabled=running,
    ):
        locked = here.app.people.locked("llm")
        chosen = here.app.people.choice(here.user_id, name="llm") or AUTO
        kind = choose_template(here, current=_kind(here, meeting), key=f"kind_{meeting.id}")
        style = choose_style_once(here, key=f"style_{meeting.id}")
        language = choose_language(here, key=f"written_{meeting.id}")
        options = list(dict.fromkeys([chosen, AUTO, *usable_models(), EXTRACTIVE]))
        engine = st.selectbox(
            here.text("meeting.engine"),
            options,
            format_func=lambda name: _engine_name(here, name),
            disabled=locked is not None,
            help=here.text("meeting.engine_locked") if locked else None,
            key=f"engine_{meeting.id}",
        )
        if again:
            st.caption(here.text("meeting.write_why"))
            draw_hand_left(here, meeting)
        if st.button(
            here.text("meeting.write_start"),
            type="primary",
            key=f"write_{meeting.id}",
            on_click=close,
            args=(place,),
        ):
            with shown_to_user(here.language):
                wanted = here.app.intake.wanted(
                    here.user_id,
                    llm=locked or engine,
                    template=kind,
                    language=language,
                    style=style,
                )
                here.app.jobs.write(meeting, user_id=here.user_id, wanted=wanted)
                st.rerun()


def draw_hand_left(here: Visitor, meeting: Meeting) -> bool:
    """A warning where the newest minutes hold what was changed by hand, which an engine that writes
    them anew does not know of. Tells whether there was one."""
    history = here.app.editing.history(here.user_id, meeting.id)
    version = edited_version([one for one in history if one.user_id == here.user_id])
    if version is None:
        return False
    st.warning(here.text("editing.hand_left", version=version), icon=":material/edit_note:")
    return True


def _kind(here: Visitor, meeting: Meeting) -> Template:
    """What the meeting's minutes are of now; before the first, what the person usually has."""
    newest = here.app.minutes.newest(here.user_id, meeting.id)
    if newest is None:
        return here.app.templates.default(here.user_id, language=here.language)
    return newest.template


def draw_hear(here: Visitor, meeting: Meeting, *, again: bool) -> None:
    """The button that has the recording transcribed, and in which language."""
    label = here.text("meeting.hear_anew" if again else "meeting.hear")
    place = f"hearing_{meeting.id}"
    with keyed_popover(
        label, place, icon=":material/hearing:", type="tertiary" if again else "secondary"
    ):
        language = st.segmented_control(
            here.text("upload.language"),
            _SPOKEN,
            default="auto",
            required=True,
            format_func=lambda name: here.text(f"upload.language_{name}"),
            key=f"spoken_{meeting.id}",
        )
        if again:
            st.caption(here.text("meeting.hear_why"))
        if st.button(
            here.text("meeting.hear_start"),
            type="primary",
            key=f"hear_{meeting.id}",
            on_click=close,
            args=(place,),
        ):
            with shown_to_user(here.language):
                here.app.jobs.transcribe(
                    here.app.meetings.get(here.user_id, meeting.id, may="own"),
                    language=None if language == "auto" else language,
                    whisper_model=here.app.people.choice(here.user_id, name="whisper_model"),
                    then=here.app.intake.wanted(here.user_id),
                    user_id=here.user_id,
                )
                st.rerun()


@st.cache_data(ttl=_MODELS_KEPT, show_spinner=False)
def usable_models() -> list[str]:
    """Models that can write here now; none where Ollama cannot be asked."""
    try:
        judged = get_app().engines.suitable()
    except MinutesError:
        return []
    return [f"ollama:{one.model.name}" for one in judged if one.usable]


def _engine_name(here: Visitor, name: str) -> str:
    if name in (AUTO, EXTRACTIVE):
        return here.text(f"meeting.engine_{name}")
    return engine_name(name)
