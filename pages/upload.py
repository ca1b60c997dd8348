"""Bring a meeting in: files, a pasted transcript, or a recording made here."""

from __future__ import annotations

import streamlit as st

from pages.parts.correction_choice import choose_correction
from pages.parts.failure import shown_to_user
from pages.parts.recorder import has_recorded
from pages.parts.start import open_meeting
from pages.parts.template_choice import choose_default_template
from pages.parts.unfinished_uploads import draw_unfinished
from pages.parts.upload_ways import ask_details, draw_paste, draw_record, hint_speech_model
from pages.parts.uploader import describe_sent, draw_uploader
from pages.parts.visitor import visitor

here = visitor()
with shown_to_user(here.language):
    st.title(here.text("upload.title"), anchor=False)
    draw_unfinished(here)
    names = [
        f":material/upload_file: {here.text('upload.files')}",
        f":material/content_paste: {here.text('upload.paste')}",
        f":material/mic: {here.text('upload.record')}",
    ]
    files, paste, record = st.tabs(names, default=names[2] if has_recorded() else None)
    with files:
        zone = st.container()
        hint_speech_model(here)
        wanted = ask_details(here)
        with zone:
            sent = draw_uploader(here, wanted=wanted)
        if len(sent) == 1:
            describe_sent(here, sent[0], wanted)
            open_meeting(sent[0])
        elif sent:
            st.switch_page("meetings.py")
    with paste:
        draw_paste(here)
    with record:
        draw_record(here)
    st.space("small")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choose_default_template(here, label=here.text("meeting.template"), key="upload_template")
        st.caption(here.text("meeting.template_next"), width="content")
    choose_correction(here)
