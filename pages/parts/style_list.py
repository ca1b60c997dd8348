"""A person's styles: which one is open, a new one, its name, the default, away and back."""

from __future__ import annotations

import streamlit as st

from core.services.style_starters import STARTERS, starter
from core.services.styles import NAME_LIMIT, StyleSeen
from pages.parts.failure import shown_to_user
from pages.parts.popover import close, keyed_popover
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_OPEN = "style_open"
"""The id of the style that is open; the select box's own place."""
_NEXT = "style_open_next"
"""The one to open in the next run: a widget's place can't be set once it is drawn."""
_REMOVED = "style_removed"
"""The last one that was removed, here or in another tab: (id, name)."""
_SHOWN = "style_shown"
"""The one that was open in the last run: (id, name)."""
_NEW, _MANAGE = "style_new", "style_manage"
_MADE = "styles_made"
"""How many were made in this tab: each begins with fresh fields."""
_EMPTY, _COPY = "empty", "copy"


def choose_style(here: Visitor) -> StyleSeen | None:
    """The style that is open, with the ways to have others; None before the first."""
    kept = {one.style_id: one for one in here.app.styles.all(here.user_id)}
    _offer_undo(here, kept)
    if _NEXT in st.session_state:
        st.session_state[_OPEN] = st.session_state.pop(_NEXT)
    if st.session_state.get(_OPEN) not in kept:
        st.session_state.pop(_OPEN, None)
    if not kept:
        return None
    names = {key: _option(here, one) for key, one in kept.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(kept) > 1:
            chosen = st.selectbox(
                here.text("styles.choose"), list(kept), format_func=names.get, key=_OPEN, width=320
            )
        else:
            chosen = next(iter(kept))
            st.markdown(f"**{literal(kept[chosen].called(here.language))}**", width="content")
        with keyed_popover(here.text("styles.new"), _NEW, icon=":material/add:"):
            _draw_new(here, kept[chosen])
        with keyed_popover(here.text("styles.manage"), _MANAGE, icon=":material/tune:"):
            _draw_manage(here, kept, kept[chosen])
    st.session_state[_SHOWN] = (chosen, kept[chosen].called(here.language))
    return kept[chosen]


def _option(here: Visitor, seen: StyleSeen) -> str:
    name = seen.called(here.language)
    return here.text("styles.option_default", name=name) if seen.is_default else name


def _offer_undo(here: Visitor, kept: dict[str, StyleSeen]) -> None:
    """The way back to a style that was removed; what was typed into it comes back, too."""
    shown = st.session_state.pop(_SHOWN, None)
    if shown and shown[0] not in kept:
        st.session_state[_REMOVED] = shown
    style_id, name = st.session_state.get(_REMOVED, ("", ""))
    if not style_id or style_id in kept:
        st.session_state.pop(_REMOVED, None)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        told = here.text("styles.removed", name=literal(name))
        st.markdown(f":material/delete: {told}", width="content")
        if st.button(here.text("styles.undo"), key="style_undo", type="tertiary"):
            with shown_to_user(here.language):
                here.app.styles.bring_back(here.user_id, style_id)
                del st.session_state[_REMOVED]
                _open(style_id)


def _draw_new(here: Visitor, seen: StyleSeen) -> None:
    """A new style, with a name, from an example or from the one that is open."""
    starters = {key: starter(key, here.language) for key in STARTERS}
    labels = {
        _EMPTY: here.text("styles.new_empty"),
        _COPY: here.text("styles.new_copy", name=seen.called(here.language)),
        **{key: f"{one.name} · {one.what}" for key, one in starters.items()},
    }
    made_here = st.session_state.get(_MADE, 0)
    source = st.selectbox(
        here.text("styles.new_source"),
        list(labels),
        format_func=labels.get,
        key=f"style_source_{made_here}",
    )
    name = st.text_input(
        here.text("styles.new_name"),
        value=starters[source].name if source in starters else "",
        placeholder=here.text("styles.new_name_hint"),
        # An example comes with a name; what was typed beside another one stays there.
        key=f"style_new_name_{source}_{made_here}",
    )
    label = here.text("styles.new_make")
    if st.button(label, type="primary", key="style_make"):
        with shown_to_user(here.language):  # what is refused stays in the fields
            text = seen.text if source == _COPY else ""
            text = starters[source].text if source in starters else text
            made = here.app.styles.make(here.user_id, name=name, text=text)
            told = here.text("styles.made", name=literal(made.name))
            st.toast(told, icon=":material/check_circle:")
            st.session_state[_MADE] = made_here + 1
            _open(made.style_id)


def _draw_manage(here: Visitor, kept: dict[str, StyleSeen], seen: StyleSeen) -> None:
    styles, place = here.app.styles, seen.style_id
    name = st.text_input(
        here.text("styles.new_name"),
        value=seen.called(here.language),
        max_chars=NAME_LIMIT,
        key=f"style_name_{place}_{seen.name}",
    )
    if st.button(here.text("styles.rename"), key=f"style_rename_{place}"):
        with shown_to_user(here.language):
            renamed = styles.rename(here.user_id, place, name)
            _say(here, "renamed", renamed)
            st.rerun()
    st.caption(_about_default(here, kept, seen))
    with st.container(horizontal=True):
        if not seen.is_default and st.button(
            here.text("styles.default"), key=f"style_default_{place}", icon=":material/check:"
        ):
            with shown_to_user(here.language):
                _say(here, "default_done", styles.make_default(here.user_id, place))
                st.rerun()
        if st.button(
            here.text("styles.remove"),
            key=f"style_remove_{place}",
            icon=":material/delete:",
            on_click=close,
            args=(_MANAGE,),
        ):
            _remove(here, seen)


def _about_default(here: Visitor, kept: dict[str, StyleSeen], seen: StyleSeen) -> str:
    if not seen.is_default:
        default = next((one for one in kept.values() if one.is_default), seen)
        return here.text("styles.default_not", name=literal(default.called(here.language)))
    told = here.text("styles.default_now")
    return f"{told} {here.text('styles.remove_last')}" if len(kept) == 1 else told


def _remove(here: Visitor, seen: StyleSeen) -> None:
    with shown_to_user(here.language):
        here.app.styles.remove(here.user_id, seen.style_id)
        st.session_state[_SHOWN] = (seen.style_id, seen.called(here.language))
        st.rerun()


def _say(here: Visitor, key: str, seen: StyleSeen) -> None:
    told = here.text(f"styles.{key}", name=literal(seen.called(here.language)))
    st.toast(told, icon=":material/check_circle:")


def _open(style_id: str) -> None:
    """Show this style from the next run on."""
    st.session_state[_NEXT] = style_id
    st.session_state.pop(_NEW, None)
    st.rerun()
