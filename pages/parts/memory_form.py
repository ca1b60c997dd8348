"""The fields in which an entry's words are typed. One form of the memory is open at a time; what is
refused stays in its fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st

from core.domain.memory import Entry, Kind
from pages.parts.visitor import Visitor

_OPEN = "memory_form"
_BETWEEN = re.compile(r"[,，、;]")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed of an entry."""

    kind: Kind
    text: str
    heard: tuple[str, ...] = ()
    note: str = ""


def is_open(form: str) -> bool:
    """Whether this form is the one that is open."""
    return bool(st.session_state.get(_OPEN) == form)


def open_form(form: str = "") -> None:
    """Open a form, or close the one that is open; for a button's `on_click`, too."""
    st.session_state[_OPEN] = form


def draw_fields(here: Visitor, kind: Kind, *, key: str, entry: Entry | None = None) -> Typed:
    """The fields of a kind, filled from `entry`; inside a form."""
    text = entry.text if entry else ""
    if kind is not Kind.GLOSSARY:
        sentence = st.text_input(
            here.text(f"memory.field_{kind.value}"),
            value=text,
            placeholder=here.text(f"memory.example_{kind.value}"),
            key=f"{key}_text",
        )
        return Typed(kind, sentence or "")
    with st.container(horizontal=True):
        term = st.text_input(
            here.text("memory.field_term"),
            value=text,
            placeholder=here.text("memory.example_term"),
            key=f"{key}_text",
            width=280,
        )
        note = st.text_input(
            here.text("memory.field_note"),
            value=(entry.note if entry else None) or "",
            placeholder=here.text("memory.example_note"),
            key=f"{key}_note",
        )
    known = entry.heard if entry else ()
    heard = st.text_area(
        here.text("memory.field_heard"),
        value="\n".join(known),
        placeholder=here.text("memory.example_heard"),
        height=80,
        key=f"{key}_heard",
    )
    return Typed(kind, term or "", forms_in(heard or "", known=known), note or "")


def draw_ends(here: Visitor, save: str) -> tuple[bool, bool]:
    """The buttons of a form: was it saved, was it left?"""
    with st.container(horizontal=True):
        saved = st.form_submit_button(save, type="primary")
        left = st.form_submit_button(here.text("memory.cancel"))
    return saved, left


def forms_in(typed: str, *, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Misheard forms, a line or a comma between them; a known one that holds a comma stays one."""
    forms: list[str] = []
    for line in typed.splitlines():
        whole = line.strip()
        forms += [whole] if whole in known else [one.strip() for one in _BETWEEN.split(whole)]
    return tuple(one for one in forms if one)
