"""The memory as Markdown: taken home, and brought in from a file or from what is pasted."""

from __future__ import annotations

import streamlit as st

from core.services.memory_text import LONGEST_IMPORT, Imported
from pages.parts.component_data import in_a_list
from pages.parts.failure import shown_to_user
from pages.parts.visitor import Visitor
from pages.parts.words import literal

_REFUSED_SHOWN = 50
_REPORT = "memory_imported"
_TURN = "memory_import_turn"

_HTML = """<button type="button"></button><span role="status"></span>
<input type="file" accept=".md,.markdown,.txt,text/markdown,text/plain" hidden>"""
_CSS = """
:host { display: block; font-family: var(--st-font); color: var(--st-text-color); }
button { font: inherit; font-size: .875rem; color: inherit; background: transparent;
  cursor: pointer;
  padding: .35rem .75rem; min-height: 2.5rem; border-radius: var(--st-base-radius);
  border: 1px solid var(--st-border-color); }
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
span { font-size: .875rem; margin-inline-start: .75rem; }
"""
# st.file_uploader speaks English only. Korean Windows still writes text files in its own encoding.
_JS = """
const decoded = (bytes) => {
  const of = new Uint8Array(bytes);
  if ((of[0] === 255 && of[1] === 254) || (of[0] === 254 && of[1] === 255))
    return new TextDecoder(of[0] === 255 ? 'utf-16le' : 'utf-16be').decode(bytes);
  try { return new TextDecoder('utf-8', { fatal: true }).decode(bytes); }
  catch { return new TextDecoder('euc-kr').decode(bytes); }
};
export default function ({ parentElement, data: [data], setTriggerValue }) {
  const find = (name) => parentElement.querySelector(name);
  const button = find('button'), input = find('input'), status = find('span');
  button.textContent = data.words.choose;
  button.onclick = () => input.click();
  input.onchange = async () => {
    const file = input.files[0];
    input.value = '';
    status.textContent = '';
    if (!file) return;
    if (file.size > data.limit) { status.textContent = data.words.large; return; }
    try { setTriggerValue('text', decoded(await file.arrayBuffer())); }
    catch { status.textContent = data.words.unreadable; }
  };
}
"""
_file = st.components.v2.component("memory_file", html=_HTML, css=_CSS, js=_JS)


def draw_exchange(here: Visitor) -> None:
    """Taking all of it home, bringing some in, and what came of that."""
    st.subheader(here.text("memory.export"), anchor=False)
    st.caption(here.text("memory.export_what"))
    st.download_button(
        here.text("memory.download"),
        data=lambda: here.app.memory.as_markdown(here.user_id),
        file_name=here.text("memory.file_name"),
        mime="text/markdown",
        icon=":material/download:",
        on_click="ignore",
    )
    st.space("small")
    st.subheader(here.text("memory.import"), anchor=False)
    st.caption(here.text("memory.import_what"))
    with st.expander(here.text("memory.import_form"), icon=":material/description:"):
        st.code(here.text("memory.import_example"), language=None, wrap_lines=True)
    _draw_report(here)
    words = {name: here.text(f"memory.file_{name}") for name in ("choose", "large", "unreadable")}
    # A character takes four bytes at most.
    data = in_a_list({"limit": 4 * LONGEST_IMPORT, "words": words})
    given = _file(key="memory-file", data=data, on_text_change=lambda: None).text
    if given is not None:
        _take_in(here, given)
    _draw_paste(here)


def _draw_paste(here: Visitor) -> None:
    turn = st.session_state.get(_TURN, 0)
    with st.form(f"memory_paste_{turn}", border=False):
        text = st.text_area(
            here.text("memory.paste"),
            placeholder=here.text("memory.paste_hint"),
            key=f"memory_pasted_{turn}",
            height=160,
        )
        wanted = st.form_submit_button(here.text("memory.paste_take"), icon=":material/input:")
    if wanted and (text or "").strip():
        _take_in(here, text or "", pasted=True)


def _take_in(here: Visitor, text: str, *, pasted: bool = False) -> None:
    with shown_to_user(here.language):
        came = here.app.memory.from_markdown(here.user_id, text)
        st.session_state[_REPORT] = came
        if pasted and not came.refused:  # else it stays, to be put right
            st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
        st.rerun()


def _draw_report(here: Visitor) -> None:
    came = st.session_state.get(_REPORT)
    if not isinstance(came, Imported):
        return
    facts = {"added": came.added, "changed": came.changed, "unchanged": came.unchanged}
    told = here.text("memory.imported", **facts)
    refused = len(came.refused) + came.refused_more
    if not refused:
        st.success(told, icon=":material/check_circle:")
        return
    st.warning(
        f"{told} {here.text('memory.import_refused', count=refused)}", icon=":material/warning:"
    )
    with st.container(border=True, height=240 if refused > 4 else "content"):
        for line in came.refused[:_REFUSED_SHOWN]:
            place = here.text("memory.line", number=line.number)
            why = literal(line.error.sentence(here.language))
            st.markdown(f"**{place}** {why}", anchors=False)
        if refused > _REFUSED_SHOWN:
            st.caption(here.text("memory.and_more", count=refused - _REFUSED_SHOWN))
