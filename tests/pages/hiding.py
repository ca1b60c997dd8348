"""Meetings of which some lines were made up, as a transcription would leave them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.app import App
from core.domain.transcript import numbered
from core.services.transcription import _result
from core.store.tables import Meeting

LINES = (
    ("주간 회의를 시작하겠습니다.", None),
    ("출시는 3월 3일로 결정하겠습니다.", None),
    ("MBC 뉴스 이덕영입니다.", "known_line"),
    ("시청해주셔서 감사합니다.", "known_line"),
    ("Thank you <b>for</b> watching!", "no_speech"),
    ("보고서는 제가 금요일까지 쓰겠습니다.", None),
    ("감사합니다.", "no_speech"),
)
"""Text, and the reason against it."""


def heard_with_hidden(
    app: App, meeting: Meeting, lines: Sequence[tuple[str, str | None]] = LINES
) -> Meeting:
    """The meeting with such a transcript, a line every ten seconds."""
    spoken = numbered(
        (10.0 * place, 10.0 * place + 4, None, text) for place, (text, _) in enumerate(lines)
    )
    hidden = [[place + 1, why] for place, (_, why) in enumerate(lines) if why]
    result: dict[str, Any] = _result(spoken, "ko") | {"hidden": hidden}
    with app.database.writing() as session:
        app.transcription.keep(session, meeting, result, job_id="heard")
    return app.meetings.get(meeting.user_id, meeting.id)
