"""With whom a meeting is shared, and whose it is: what its owner does about it, and what the others
see. Where there are no accounts there is nobody to share with, and nothing of it is shown."""

from __future__ import annotations

import streamlit as st

from core.errors import InvalidInput
from core.services.sharing import Shared
from core.store.shares import May
from core.store.tables import Meeting
from pages.parts.failure import shown_to_user
from pages.parts.popover import keyed_popover
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_WAYS: tuple[bool, bool] = (False, True)


def role(here: Visitor, meeting: Meeting) -> May:
    """The most that the person may do with the meeting."""
    if meeting.user_id == here.user_id:
        return "own"
    return here.app.sharing.role(here.user_id, meeting.id)


def may_edit(here: Visitor, meeting: Meeting) -> bool:
    """Whether the person may change what is the owner's."""
    return role(here, meeting) != "read"


def owners(here: Visitor) -> dict[str, str]:
    """Whose the meetings are that others share with the person, by the meeting's id."""
    if not here.app.accounts.on:
        return {}
    shared = here.app.sharing.shared_with_me(here.user_id)
    return {one.meeting.id: one.owner for one in shared}


def readable(here: Visitor) -> list[Meeting]:
    """The person's own meetings and those that others share with them, the latest held first."""
    own = here.app.meetings.all(here.user_id)
    if not here.app.accounts.on:
        return own
    shared = [one.meeting for one in here.app.sharing.shared_with_me(here.user_id)]
    return sorted([*own, *shared], key=lambda one: (one.held_at, one.created_at), reverse=True)


def draw_sharing(here: Visitor, meeting: Meeting) -> None:
    """The owner's button, or whose meeting it is and what may be done with it."""
    if not here.app.accounts.on:
        return
    if role(here, meeting) == "own":
        _draw_button(here, meeting)
    else:
        _draw_whose(here, meeting)


def _draw_button(here: Visitor, meeting: Meeting) -> None:
    shared = here.app.sharing.shares(here.user_id, meeting.id)
    label = here.text("sharing.share")
    if shared:
        label = here.text("sharing.shared_with_count", count=len(shared))
    with keyed_popover(label, f"sharing_{meeting.id}", icon=":material/group:", type="tertiary"):
        for one in shared:
            _draw_one(here, meeting, one)
        if not shared:
            st.caption(here.text("sharing.nobody"))
        _draw_add(here, meeting)
        st.caption(here.text("sharing.why"))


def _draw_one(here: Visitor, meeting: Meeting, shared: Shared) -> None:
    service = here.app.sharing
    key = f"may_{meeting.id}_{shared.user_id}"

    def change() -> None:
        with shown_to_user(here.language):
            service.share(
                here.user_id, meeting.id, shared.name, may_edit=bool(st.session_state[key])
            )

    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{literal(shared.name)}**", width="stretch")
        st.selectbox(
            here.text("sharing.may", name=shared.name),
            _WAYS,
            index=int(shared.may_edit),
            format_func=lambda may: here.text("sharing.edit" if may else "sharing.read"),
            key=key,
            on_change=change,
            label_visibility="collapsed",
            width=130,
        )
        if st.button(
            here.text("sharing.remove"),
            key=f"unshare_{meeting.id}_{shared.user_id}",
            icon=":material/person_remove:",
            type="tertiary",
        ):
            with shown_to_user(here.language):
                service.unshare(here.user_id, meeting.id, shared.user_id)
                st.rerun()


def _draw_add(here: Visitor, meeting: Meeting) -> None:
    with st.form(f"share_{meeting.id}", border=False, clear_on_submit=False):
        name = st.text_input(
            here.text("sharing.name"),
            placeholder=here.text("sharing.name_example"),
            max_chars=64,
            autocomplete="off",
        )
        editing = st.segmented_control(
            here.text("sharing.ways"),
            _WAYS,
            default=False,
            required=True,
            format_func=lambda may: here.text("sharing.edit" if may else "sharing.read"),
            label_visibility="collapsed",
        )
        shared = st.form_submit_button(
            here.text("sharing.add"), type="primary", icon=":material/person_add:"
        )
    if shared:
        with shown_to_user(here.language):
            if not (name or "").strip():
                raise InvalidInput("share_name_empty")
            here.app.sharing.share(here.user_id, meeting.id, name or "", may_edit=bool(editing))
            st.rerun()


def _draw_whose(here: Visitor, meeting: Meeting) -> None:
    owner = here.app.sharing.owner(here.user_id, meeting.id)
    what = "whose_edit" if may_edit(here, meeting) else "whose_read"
    st.caption(f":material/group: {literal(here.text(f'sharing.{what}', name=owner))}")
