"""Minutes as an engine would have left them, without an engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.app import App
from core.domain.kinds import ItemKind
from core.domain.minutes import Coverage, Draft, Item, Minutes
from core.domain.templates import GENERAL, Template
from core.services.rendering import render_markdown
from core.store.tables import Meeting

SAID = """\
[00:00:05] 김지수: 출시를 12월 10일로 미루겠습니다.
[00:00:31] 이영희: 제가 금요일까지 배포 문서를 쓰겠습니다.
[00:01:02] 박민호: 예산은 얼마나 남았습니까?
[00:01:20] 김지수: 예산의 80퍼센트를 썼습니다.
"""
ITEMS = (
    Item(
        kind=ItemKind.DECISION,
        text="12월 10일에 출시",
        utterances=(1,),
        quote="출시를 12월 10일로",
        start=5.0,
        verified=True,
        replaces="12월 3일에 출시",
        replaces_at=(4,),
    ),
    Item(
        kind=ItemKind.ACTION,
        text="배포 문서 쓰기",
        utterances=(2,),
        owner="이영희",
        due="2026-11-27",
        due_text="금요일까지",
        start=31.0,
        verified=True,
    ),
    Item(kind=ItemKind.FACT, text="예산 90퍼센트", utterances=(4,), start=80.0),
)


def kept(
    app: App,
    meeting: Meeting,
    *,
    engine: str = "ollama:gemma3:4b",
    summary: str = "출시를 미룹니다. [1]",
    notices: tuple[str, ...] = (),
    template: Template = GENERAL,
    job_id: str = "written",
    **more: Any,
) -> Minutes:
    """A version as an engine's job keeps it. `more` of Draft."""
    written = draft(engine=engine, summary=summary, notices=notices, **more)
    composed = Minutes(
        meeting_id=meeting.id,
        version=0,
        language="ko",
        style_version=None,
        draft=written,
        markdown="",
        template=template,
    )
    transcript = app.meetings.transcript(meeting.user_id, meeting.id)
    composed = replace(composed, markdown=render_markdown(composed, meeting, transcript))
    with app.database.writing() as session:
        app.minutes.keep(session, meeting, composed, job_id=job_id)
    newest = app.minutes.newest(meeting.user_id, meeting.id)
    assert newest is not None
    return newest


def draft(
    *,
    engine: str = "ollama:gemma3:4b",
    summary: str = "출시를 미룹니다. [1]",
    notices: tuple[str, ...] = (),
    **more: Any,
) -> Draft:
    """What an engine made of SAID."""
    whole = {
        "items": ITEMS,
        "coverage": Coverage(utterances_read=4, utterances_total=4, parts=2, seconds=5530.9),
        "system": None if engine == "extractive" else "rules",
        **more,
    }
    return Draft(engine=engine, summary=summary, notices=notices, **whole)
