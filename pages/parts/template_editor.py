"""A person's own kinds of minutes: made from another, changed, deleted, brought back."""

from __future__ import annotations

import streamlit as st

from core.domain.kinds import ItemKind
from core.domain.templates import Template
from core.services.built_ins import template_name
from core.services.rendering import section_title
from core.services.templates import FOCUS_LIMIT
from pages.parts.failure import shown_to_user
from pages.parts.template_choice import choose_default_template
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_OPEN = "template_open"
"""The key of the template whose form is open."""
_DELETED = "template_deleted"
"""The last one that was deleted: (key, name)."""


def edit_templates(here: Visitor) -> None:
    """The kind in force and what it does, then the person's own."""
    label = here.text("settings.templates_default")
    _describe(here, choose_default_template(here, label=label, key="default_template"))
    st.markdown(f"**{here.text('settings.templates_own')}**")
    _offer_undo(here)
    own = here.app.templates.own(here.user_id)
    if not own:
        st.caption(here.text("settings.templates_none"))
    for template in own:
        if st.session_state.get(_OPEN) == template.key:
            _draw_form(here, template)
        else:
            _draw_row(here, template)
    _draw_copy(here)


def usual_title(here: Visitor, kind: ItemKind) -> str:
    """What a section is called where the template says nothing."""
    return section_title(kind, engine="", language=here.language)


def _describe(here: Visitor, template: Template) -> None:
    titles = [template.titles.get(kind) or usual_title(here, kind) for kind in template.sections]
    sections = literal(" · ".join(titles))
    st.caption(here.text("settings.templates_sections", sections=sections))
    with st.expander(here.text("settings.templates_focus"), icon=":material/center_focus_strong:"):
        if template.focus:
            st.code(template.focus, language=None, wrap_lines=True)
        else:
            st.caption(here.text("settings.templates_focus_none"))


def _offer_undo(here: Visitor) -> None:
    key, name = st.session_state.get(_DELETED, ("", ""))
    if not key:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        told = here.text("settings.templates_deleted", name=literal(name))
        st.markdown(f":material/delete: {told}", width="content")
        if st.button(here.text("settings.templates_undo"), key="template_undo", type="tertiary"):
            with shown_to_user(here.language):
                del st.session_state[_DELETED]
                here.app.templates.restore(here.user_id, key)
                st.rerun()


def _draw_row(here: Visitor, template: Template) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(literal(template.name), width="stretch")
        if st.button(
            here.text("settings.templates_edit"),
            key=f"template_edit_{template.key}",
            icon=":material/edit:",
            type="tertiary",
        ):
            st.session_state[_OPEN] = template.key
            st.rerun()
        if st.button(
            here.text("settings.templates_delete"),
            key=f"template_delete_{template.key}",
            icon=":material/delete:",
            type="tertiary",
        ):
            with shown_to_user(here.language):
                here.app.templates.delete(here.user_id, template.key)
                st.session_state[_DELETED] = (template.key, template.name)
                st.rerun()


def _draw_form(here: Visitor, template: Template) -> None:
    with st.form(f"template_{template.key}"):
        name = st.text_input(here.text("settings.templates_name"), value=template.name)
        sections = st.multiselect(
            here.text("settings.templates_order"),
            list(ItemKind),
            default=list(template.sections),
            format_func=lambda kind: usual_title(here, kind),
        )
        focus = st.text_area(
            here.text("settings.templates_focus_label", limit=f"{FOCUS_LIMIT:,}"),
            value=template.focus,
            placeholder=here.text("settings.templates_focus_hint"),
            height=200,
        )
        with st.expander(here.text("settings.templates_titles"), icon=":material/title:"):
            titles = {
                kind: st.text_input(
                    usual_title(here, kind),
                    value=template.titles.get(kind, ""),
                    key=f"title_{template.key}_{kind.value}",
                )
                for kind in ItemKind
            }
        with st.container(horizontal=True):
            saved = st.form_submit_button(here.text("settings.templates_save"), type="primary")
            left = st.form_submit_button(here.text("settings.templates_cancel"))
    if saved:
        with shown_to_user(here.language):  # what is refused stays in the fields
            kept = here.app.templates.save(
                here.user_id,
                key=template.key,
                name=name,
                sections=sections,
                titles=titles,
                focus=focus,
            )
            told = here.text("settings.templates_saved", name=literal(kept.name))
            st.toast(told, icon=":material/check_circle:")
            _close()
    elif left:
        _close()


def _draw_copy(here: Visitor) -> None:
    """A new one begins as one that is there: nobody starts before an empty form."""
    known = {one.key: one for one in here.app.templates.all(here.user_id, language=here.language)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = st.selectbox(
            here.text("settings.templates_source"),
            list(known),
            format_func=lambda key: template_name(known[key], here.language),
            key="template_source",
            width=240,
        )
        if st.button(
            here.text("settings.templates_copy"), key="template_copy", icon=":material/add:"
        ):
            with shown_to_user(here.language):
                name = template_name(known[source], here.language)
                made = here.app.templates.copy(
                    here.user_id,
                    source,
                    language=here.language,
                    name=here.text("settings.templates_copy_name", name=name),
                )
                st.session_state[_OPEN] = made.key
                st.rerun()


def _close() -> None:
    st.session_state.pop(_OPEN, None)
    st.rerun()
