"""A person's own style: the editor, and its versions.

The editor is a component of ours, because st.text_area counts nothing while one types unless it
also cuts off what is pasted. What is typed stays in the tab (sessionStorage) until it is saved.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from core.errors import NotFound
from core.services.system_prompt import STYLE_LIMIT, compose_system
from core.store.memory_rows import Style
from pages.parts.component_data import in_a_list
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_LISTED = 30

_HTML = """
<label for="style"></label>
<textarea id="style" rows="9" spellcheck="false"></textarea>
<div class="under"><span class="count" aria-live="polite"></span><span class="note"></span>
<button class="save" type="button"></button></div>
<div class="examples"><span></span></div>
"""
_CSS = """
:host { display: block; font-family: var(--st-font); color: var(--st-text-color); }
label { display: block; font-size: .875rem; margin-bottom: .25rem; }
textarea, button { font: inherit; color: inherit; box-sizing: border-box;
  border-radius: var(--st-base-radius); border: 1px solid var(--st-border-color); }
textarea { width: 100%; padding: .6rem .75rem; line-height: 1.6; resize: vertical;
  background: var(--st-secondary-background-color); }
textarea:focus-visible, button:focus-visible {
  outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.under, .examples { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem;
  font-size: .875rem; margin-top: .5rem; }
.count { font-variant-numeric: tabular-nums; opacity: .75; }
.note { flex: 1; min-width: 12rem; opacity: .75; }
.over, .over ~ .note { color: var(--st-red-text-color, #bd4043); opacity: 1; }
button { padding: .35rem .75rem; min-height: 2.5rem; background: transparent; cursor: pointer; }
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.save { background: var(--st-primary-color); border-color: var(--st-primary-color); color: #fff; }
.save:hover { color: #fff; filter: brightness(1.1); }
.save:disabled { opacity: .45; cursor: default; filter: none; }
.examples button { min-height: 2rem; padding: .15rem .65rem; border-radius: 999px; }
"""
_JS = """
const DRAFT = 'minutes-style-draft';
export default function ({ parentElement, data: [data], setTriggerValue }) {
  const find = (name) => parentElement.querySelector(name);
  const area = find('textarea'), count = find('.count'), note = find('.note');
  const save = find('.save'), examples = find('.examples');
  const say = data.words, number = (n) => n.toLocaleString('en');
  const show = () => {
    const clean = area.value.trim(), length = Array.from(clean).length, over = length - data.limit;
    count.textContent = say.count.replace('{count}', number(length))
      .replace('{limit}', number(data.limit));
    count.classList.toggle('over', over > 0);
    const changed = clean !== data.text;
    note.textContent = over > 0 ? say.over.replace('{over}', number(over))
      : changed ? say.unsaved : '';
    save.disabled = !changed || over > 0;
    if (changed) sessionStorage.setItem(DRAFT, area.value); else sessionStorage.removeItem(DRAFT);
  };
  if (area.dataset.version !== String(data.version)) {
    const first = area.dataset.version === undefined;
    area.value = (first && sessionStorage.getItem(DRAFT)) || data.text;
    area.dataset.version = data.version;
  }
  find('label').textContent = say.label;
  area.placeholder = say.placeholder;
  save.textContent = say.save;
  examples.firstElementChild.textContent = say.examples;
  examples.replaceChildren(examples.firstElementChild, ...data.examples.map((example) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = example.name;
    button.title = example.text;
    button.onclick = () => {
      area.value = [area.value.trim(), example.text].filter(Boolean).join('\\n');
      show();
      area.focus();
    };
    return button;
  }));
  area.oninput = show;
  save.onclick = () => setTriggerValue('saved', area.value);
  show();
}
"""
_editor = st.components.v2.component("style_editor", html=_HTML, css=_CSS, js=_JS)


def edit_style(visitor: Visitor) -> None:
    """The editor with its count, and the versions."""
    text = visitor.text
    styles = visitor.app.people.styles(visitor.user_id)
    newest = styles[0] if styles else None
    wanted = _editor(
        key="style-editor",
        data=in_a_list(
            {
                "text": newest.text if newest else "",
                "version": newest.version if newest else 0,
                "limit": STYLE_LIMIT,
                "words": _words(visitor),
                "examples": [
                    {
                        "name": text(f"settings.style_example_{number}"),
                        "text": text(f"settings.style_example_{number}_text"),
                    }
                    for number in (1, 2)
                ],
            }
        ),
        on_saved_change=lambda: None,
    ).saved
    if wanted is not None:
        with shown_to_user(visitor.language):  # what is refused stays in the field
            _save(visitor, wanted)
    if newest and newest.text:
        st.caption(f":material/check: {text('settings.style_now', version=newest.version)}")
        with st.expander(text("settings.style_exact"), icon=":material/data_object:"):
            st.caption(text("settings.style_exact_why"))
            st.code(compose_system(rules="", style=newest.text), language=None, wrap_lines=True)
    else:
        st.caption(text("settings.style_none"))
    if styles:
        label = text("settings.style_versions", count=len(styles))
        with st.expander(label, icon=":material/history:"):
            for style in styles[:_LISTED]:
                _show_version(visitor, style, in_force=style is newest)


def _words(visitor: Visitor) -> dict[str, str]:
    names = ("label", "placeholder", "save", "unsaved", "examples")
    words = {name: visitor.text(f"settings.style_{name}") for name in names}
    # Counted in the browser, so the slots go there as they are.
    words["count"] = visitor.text("settings.style_count", count="{count}", limit="{limit}")
    words["over"] = visitor.text("settings.style_over", over="{over}")
    return words


def _save(visitor: Visitor, text: str) -> None:
    style = visitor.app.people.save_style(visitor.user_id, text)
    key = "settings.style_saved" if style.text else "settings.style_cleared"
    st.toast(visitor.text(key, version=style.version), icon=":material/check_circle:")
    st.rerun()


def _show_version(visitor: Visitor, style: Style, *, in_force: bool) -> None:
    text = visitor.text
    written = style.created_at.astimezone(ZoneInfo(visitor.time_zone))
    with st.container(horizontal=True, vertical_alignment="center"):
        mark = f" · {text('settings.style_in_force')}" if in_force else ""
        name = text("settings.style_version", version=style.version)
        first = literal(" ".join(style.text.split())[:60]) or text("settings.style_empty")
        st.markdown(f"**{name}** :gray[{written:%Y-%m-%d %H:%M}{mark}]  \n{first}", width="stretch")
        with st.popover(text("settings.style_view"), disabled=not style.text):
            st.code(style.text, language=None, wrap_lines=True)
        label = text("settings.style_again")
        if st.button(label, key=f"style-{style.version}", disabled=in_force):
            again = visitor.app.people.style(visitor.user_id, version=style.version)
            if again is None:
                raise NotFound("style_missing", version=style.version)
            _save(visitor, again.text)
