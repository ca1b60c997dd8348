"""What was just done to the memory, said where it was done, with the way back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core.domain.memory import Entry, Status
from core.errors import NotFound
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal

ADDED, ACCEPTED, EDITED, REFUSED = "added", "accepted", "edited", "refused"
MERGED, KNOWN = "merged", "known"
"""What was added was there already: it was changed, or not even that."""
ARCHIVED, ACTIVATED, FORGOTTEN, UNDONE = "archived", "activated", "forgotten", "undone"
SWAPPED = "swapped"
_CAN_BE_UNDONE = (EDITED, MERGED, REFUSED, ARCHIVED, ACTIVATED, FORGOTTEN)
_NEW = (ADDED, ACCEPTED)
_DONE = "memory_done"


@dataclass(frozen=True, slots=True)
class Done:
    """`what` is one of the above. `entries` are as they were before, `now` is what became of one;
    `older` is the entry that was put out of force by it."""

    what: str
    entries: tuple[Entry, ...]
    older: Entry | None = None
    now: Entry | None = None


def note_done(
    here: Visitor, place: str, what: str, *entries: Entry, now: Entry | None = None
) -> None:
    """Remember what was done at a place of a page. `now` is the entry as it came out of it: it
    says whether an older one was put out of force."""
    older = None
    if now and now.replaces and (what in _NEW or entries[0].replaces != now.replaces):
        with suppress(NotFound):  # it was forgotten since
            older = here.app.memory.entry(here.user_id, now.replaces)
    st.session_state[_DONE] = (place, Done(what, entries, older, now))


def note_added(here: Visitor, place: str, what: str, now: Entry, *, known: Entry | None) -> None:
    """Remember what was added or accepted (`what`). `known` is the entry that was there already and
    was changed by it, as it stood before."""
    if known is None:
        note_done(here, place, what, now, now=now)
        return
    changed = _words(known) != _words(now) or known.status is not now.status
    note_done(here, place, MERGED if changed else KNOWN, known, now=now)


def _words(entry: Entry) -> tuple[str, tuple[str, ...], str | None]:
    return entry.text, entry.heard, entry.note


def draw_done(here: Visitor, place: str) -> None:
    """The line about the last thing that was done at this place, if it was done here."""
    where, done = st.session_state.get(_DONE, ("", None))
    if where != place or not isinstance(done, Done):
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"memory_done_{place}"):
        st.markdown(f":material/check: {_told(here, done)}", width="content")
        if done.what in _CAN_BE_UNDONE:
            label = here.text("memory.undo")
            if st.button(label, key=f"undo_memory_{place}", icon=":material/undo:"):
                with shown_to_user(here.language):
                    _undo(here, done)
                    st.session_state[_DONE] = (place, Done(UNDONE, done.entries))
                    st.rerun()
    if done.older:
        _draw_older(here, place, done)


def done_spot(place: str) -> datetime | None:
    """When the entry came about to which something was done at this place; None for several."""
    where, done = st.session_state.get(_DONE, ("", None))
    if where != place or not isinstance(done, Done) or len(done.entries) != 1:
        return None
    return done.entries[0].created_at


def _told(here: Visitor, done: Done) -> str:
    if done.what == MERGED and done.now:
        return _told_merged(here, done.entries[0], done.now)
    if len(done.entries) == 1:
        return here.text(f"memory.done_{done.what}", text=literal(done.entries[0].text))
    return here.text(f"memory.done_{done.what}_many", count=len(done.entries))


def _told_merged(here: Visitor, before: Entry, now: Entry) -> str:
    """What was there already, with what the newer words put in the place of the old ones."""
    told = [here.text("memory.done_merged", text=literal(now.text))]
    if before.status is Status.ARCHIVED:
        told.append(here.text("memory.merged_archived"))
    if before.text != now.text:
        told.append(here.text("memory.merged_text", text=literal(before.text)))
    if before.note and before.note != now.note:
        told.append(here.text("memory.merged_note", note=literal(before.note)))
    elif now.note != before.note:
        told.append(here.text("memory.merged_first_note"))
    if fresh := [form for form in now.heard if form not in before.heard]:
        forms = ", ".join(here.text("memory.heard_form", form=literal(form)) for form in fresh)
        told.append(here.text("memory.merged_heard", forms=forms))
    return " ".join(told)


def _draw_older(here: Visitor, place: str, done: Done) -> None:
    """Of two that contradict each other the newer holds: said at once, with the other ways."""
    older = done.older
    if older is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        told = here.text("memory.replaced_older", text=literal(older.text))
        st.markdown(f":material/swap_horiz: {told}", width="content")
        label = here.text("memory.use_both")
        if st.button(label, key=f"both_memory_{place}", icon=":material/undo:"):
            with shown_to_user(here.language):
                here.app.memory.activate(here.user_id, older.entry_id)
                st.session_state[_DONE] = (place, Done(ACTIVATED, (older,)))
                st.rerun()


def _undo(here: Visitor, done: Done) -> None:
    memory, user_id = here.app.memory, here.user_id
    ids = [one.entry_id for one in done.entries]
    if done.what == ARCHIVED:
        memory.activate_all(user_id, ids)
    elif done.what == ACTIVATED:
        memory.archive_all(user_id, ids)
    else:
        for one in done.entries:
            _undo_one(here, done.what, one)


def _undo_one(here: Visitor, what: str, before: Entry) -> None:
    memory, user_id = here.app.memory, here.user_id
    if what == FORGOTTEN:
        memory.put_back(user_id, before)
    elif what in (EDITED, MERGED):
        memory.edit(
            user_id, before.entry_id, text=before.text, heard=before.heard, note=before.note
        )
        if before.status is Status.ARCHIVED:
            memory.archive(user_id, before.entry_id)
    elif what == REFUSED:  # as if it had not been asked about yet
        memory.forget(user_id, before.entry_id)
        memory.propose(
            user_id,
            kind=before.kind,
            text=before.text,
            heard=before.heard,
            note=before.note,
            source=before.source,
            replaces=before.replaces,
        )
