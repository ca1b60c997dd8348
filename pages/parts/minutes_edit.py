"""Minutes with a pencil at each item: one small form is open at a time, each save is a version.

Which form is open is kept in the session by meeting: "summary", an item's position, or "add" and a
kind. What is refused stays in its fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from core.domain.kinds import ItemKind
from core.domain.minutes import Item, Minutes
from core.services.built_ins import in_language
from core.services.minutes_editing import MinutesEditing
from core.services.minutes_lineage import counterpart
from core.services.minutes_wording import Wording
from core.services.rendering import due_words
from pages.parts.failure import shown_to_user
from pages.parts.memory_proposals import draw_learned_here
from pages.parts.minutes_saved import DELETED, SAVED, Spot, draw_saved, just_saved, note_saved
from pages.parts.minutes_view import (
    Spoken,
    draw_footer,
    draw_notices,
    draw_summary,
    heading,
    line,
)
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_AT_ONCE = 30
"""Items of a section that are shown before asking: each has two buttons."""
_UNVERIFIED = "unverified"
_ROWS = """
/* Pencil and bin stand beside their item; their names are read aloud, not shown. */
[class*="st-key-row_"] [data-testid="stButton"] [data-testid="stMarkdownContainer"] {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
[class*="st-key-row_"] [data-testid="stButton"] button { padding-inline: .5rem; }
"""


@dataclass(frozen=True)
class Desk:
    """The version that is being changed, and which of its forms is open."""

    here: Visitor
    minutes: Minutes
    spoken: Spoken
    newest: int
    """The newest version there is: another one where this one was overtaken while it was edited."""

    @property
    def _key(self) -> str:
        return f"form_{self.minutes.meeting_id}"

    @property
    def form(self) -> str:
        """Which form is open; "" for none. One that was opened on another version is closed."""
        version, form = st.session_state.get(self._key, (0, ""))
        return str(form) if version == self.minutes.version else ""

    def open(self, form: str) -> None:
        """Open a form, or none; the page is drawn anew."""
        st.session_state[self._key] = (self.minutes.version, form)
        st.rerun()

    @property
    def editing(self) -> MinutesEditing:
        """What makes the changes."""
        return self.here.app.editing

    @property
    def person_and_meeting(self) -> tuple[str, str]:
        """Whose minutes of what these are."""
        return self.here.user_id, self.minutes.meeting_id

    def save(self, change: Callable[[], Minutes], *, spot: Spot, what: str = SAVED) -> None:
        """Make a change. A refusal is shown here; otherwise the new version is, with its undo."""
        with shown_to_user(self.here.language):
            made = change()
            if made.version != self.newest:
                note_saved(self.here, made, before=self.newest, what=what, spot=spot)
            self.open("")

    def draw_saved(self, section: str, *, above: int | None = None) -> bool:
        """The line about the last change where it was made: above the item at `above` in its
        section, or at the section's end. Tells whether it was drawn."""
        saved = just_saved(self.minutes)
        here_now = saved and saved.spot.section == section
        if saved is None or not here_now or (above is not None and above <= saved.spot.below):
            return False
        draw_saved(self.here, self.minutes, saved)
        draw_learned_here(self.here, self.minutes.meeting_id, way="minutes")
        return True


def form_opened_on(meeting_id: str) -> int | None:
    """The version on which a form of this meeting's minutes is open, None where none is."""
    version, form = st.session_state.get(f"form_{meeting_id}", (0, ""))
    return version if form else None


def draw_desk(here: Visitor, minutes: Minutes, spoken: Spoken, *, newest: int) -> None:
    """One version to be changed: the newest, or the one on which a form is open."""
    desk = Desk(here, minutes, spoken, newest)
    st.html(f"<style>{_ROWS}</style>")
    draw_notices(here, minutes, spoken)
    st.subheader(here.text("minutes.summary"), anchor=False)
    _draw_summary(desk)
    template = in_language(minutes.template, here.language)
    places = list(enumerate(minutes.draft.items))
    for kind in template.order():
        st.subheader(heading(here, minutes, kind, template), anchor=False)
        solid = [(at, item) for at, item in places if item.kind is kind and item.verified]
        _draw_items(desk, solid, name=kind.value)
        _draw_add(desk, kind)
    loose = [(at, item) for at, item in places if not item.verified]
    saved = just_saved(minutes)
    if loose or (saved and saved.spot.section == _UNVERIFIED):
        st.subheader(here.text("minutes.unverified"), anchor=False)
        st.caption(here.text("minutes.unverified_why"))
        _draw_items(desk, loose, name=_UNVERIFIED)
    draw_footer(here, minutes)


def _draw_summary(desk: Desk) -> None:
    here, minutes = desk.here, desk.minutes
    if desk.form != "summary":
        draw_summary(here, minutes, desk.spoken)
        desk.draw_saved("summary")
        if st.button(here.text("editing.summary"), icon=":material/edit:", key="edit_summary"):
            desk.open("summary")
        return
    with st.form("summary_form", border=False):
        text = st.text_area(
            here.text("editing.summary_label"),
            value=minutes.draft.summary,
            help=here.text("editing.summary_help"),
            height=360,
        )
        saved, left = _ends(desk, here.text("editing.save"))
    if saved:
        desk.save(
            lambda: desk.editing.edit_summary(
                *desk.person_and_meeting, version=desk.newest, text=text
            ),
            spot=Spot("summary"),
        )
    elif left:
        desk.open("")


def _draw_items(desk: Desk, items: list[tuple[int, Item]], *, name: str) -> None:
    shown = items
    if len(items) > _AT_ONCE:
        facts = {"shown": _AT_ONCE, "count": len(items)}
        every = st.toggle(desk.here.text("meeting.show_all", **facts), key=f"edit_all_{name}")
        shown = items if every else items[:_AT_ONCE]
    told = False
    for position, item in shown:
        told = told or desk.draw_saved(name, above=position)
        if desk.form == f"item {position}":
            _draw_item_form(desk, position, item)
        else:
            _draw_row(desk, position, item)
    if not told:
        desk.draw_saved(name)


def _draw_row(desk: Desk, position: int, item: Item) -> None:
    here, minutes = desk.here, desk.minutes
    with st.container(
        horizontal=True,
        wrap=False,
        vertical_alignment="center",
        gap="xxsmall",
        key=f"row_{position}",
    ):
        kind = here.text(f"minutes.kind_{item.kind.value}")
        mark = "" if item.verified else f":gray[{kind}:] "
        details = " · ".join(literal(one) for one in (item.owner, due_words(item)) if one)
        more = f" :gray[{details}]" if details else ""
        st.markdown(f"{mark}{line(here, item, desk.spoken)}{more}", width="stretch", anchors=False)
        if _icon_button(here.text("editing.edit"), "edit", position):
            desk.open(f"item {position}")
        if _icon_button(here.text("editing.delete"), "delete", position):
            desk.save(
                lambda: desk.editing.delete_item(
                    *desk.person_and_meeting, version=minutes.version, position=position
                ),
                spot=Spot(item.kind.value if item.verified else _UNVERIFIED, position - 1),
                what=DELETED,
            )


def _icon_button(label: str, name: str, position: int) -> bool:
    """A button of a row: its name shows when it is pointed at."""
    icon = f":material/{name}:"
    return st.button(label, key=f"{name}_{position}", icon=icon, type="tertiary", help=label)


def _draw_item_form(desk: Desk, position: int, item: Item) -> None:
    here = desk.here
    with st.form(f"item_form_{position}"):
        if item.quote:
            st.caption(here.text("editing.evidence", quote=literal(item.quote)))
        wording = _fields(here, item)
        saved, left = _ends(desk, here.text(f"editing.{'save' if item.verified else 'confirm'}"))
    if saved:
        desk.save(
            lambda: _write(desk, position, item, wording), spot=Spot(item.kind.value, position)
        )
    elif left:
        desk.open("")


def _write(desk: Desk, position: int, item: Item, wording: Wording) -> Minutes:
    """Put the wording into the newest version: in the item's place there, or added where the item
    is not in it any more."""
    place: int | None = position
    if desk.newest != desk.minutes.version:
        newest = desk.here.app.minutes.version(*desk.person_and_meeting, desk.newest)
        place = counterpart(item, newest.draft)
    if place is None:
        return desk.editing.add_item(
            *desk.person_and_meeting,
            version=desk.newest,
            kind=item.kind,
            wording=wording,
            utterances=[number for number in item.utterances if number in desk.spoken],
        )
    return desk.editing.edit_item(
        *desk.person_and_meeting, version=desk.newest, position=place, wording=wording
    )


def _draw_add(desk: Desk, kind: ItemKind) -> None:
    here = desk.here
    if desk.form != f"add {kind.value}":
        label, key = here.text("editing.add"), f"add_{kind.value}"
        if st.button(label, key=key, icon=":material/add:", type="tertiary"):
            desk.open(f"add {kind.value}")
        return
    with st.form(f"add_form_{kind.value}"):
        wording = _fields(here, Item(kind=kind, text=""))
        saved, left = _ends(desk, here.text("editing.save"))
    if saved:
        desk.save(
            lambda: desk.editing.add_item(
                *desk.person_and_meeting, version=desk.newest, kind=kind, wording=wording
            ),
            spot=Spot(kind.value, len(desk.minutes.draft.items)),
        )
    elif left:
        desk.open("")


def _fields(here: Visitor, item: Item) -> Wording:
    """The fields of an item, and what stands in them. Only an action has an owner and a day."""
    text = st.text_area(here.text("editing.text"), value=item.text, height=80)
    if item.kind is not ItemKind.ACTION:
        return Wording(text=text, owner=item.owner, due=item.due, due_text=item.due_text)
    owner = st.text_input(here.text("editing.owner"), value=item.owner or "")
    was = date.fromisoformat(item.due) if item.due else None
    due = st.date_input(here.text("editing.due"), value=was, format="YYYY-MM-DD")
    words = st.text_input(here.text("editing.due_text"), value=item.due_text or "")
    if due != was and words == (item.due_text or ""):
        words = ""  # they named the day that was there
    return Wording(text=text, owner=owner, due=due.isoformat() if due else None, due_text=words)


def _ends(desk: Desk, save: str) -> tuple[bool, bool]:
    """The buttons of a form: was it saved, was it left? Where another version has come about, what
    saves says so: another button, so that nobody saves over a version that they have not seen."""
    here = desk.here
    if desk.newest != desk.minutes.version:
        save = here.text("editing.save_over")
    with st.container(horizontal=True):
        saved = st.form_submit_button(save, type="primary")
        left = st.form_submit_button(here.text("editing.cancel"))
    return saved, left
