"""Meetings for tests of pages: a transcript of ten lines, kept and read as the app would."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from core.app import App
from core.services.recordings import About
from core.store.tables import Meeting

KOREAN = """\
[00:00:03] 김지훈: 주간 제품 회의를 시작하겠습니다.
[00:00:12] 박서연: 결제 모듈 테스트가 끝나지 않아서 출시를 12월 10일로 미루면 좋겠습니다.
[00:00:31] 김지훈: 좋습니다. 출시는 12월 10일로 결정하겠습니다.
[00:00:40] 이민호: release note는 제가 12월 5일까지 작성하겠습니다.
[00:00:52] 박서연: 회귀 테스트는 37개 중에 29개 통과했습니다.
"""
ENGLISH = """\
[00:00:02] Alice: Let's start with the budget. We have 40,000 dollars left.
[00:00:15] Bob: I propose to move the launch to March 3rd.
[00:00:21] Alice: Agreed, the launch moves to March 3rd. Bob, please write the report by Friday.
[00:00:40] Bob: Sure, I will. Who talks to the vendor?
"""


def given(app: App, folder: Path, text: str, *, title: str) -> Meeting:
    """A meeting whose transcript has not been read yet."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / f"{len(list(folder.iterdir()))}.txt"  # a title may hold what no name may
    source.write_text(text, encoding="utf-8")
    about = About(title=title, held_at=datetime(2026, 11, 20, 5, 0, tzinfo=UTC))
    person = app.people.local_person()
    return app.recordings.keep(person.id, source=source, name=source.name, about=about)[0]


def heard(app: App, folder: Path, text: str = KOREAN, *, title: str = "주간 회의") -> Meeting:
    """A meeting that can be asked about."""
    meeting = given(app, folder, text, title=title)
    result = app.transcription.hear(
        meeting,
        language=None,
        whisper_model=None,
        check=lambda: None,
        progress=lambda share, step: None,
    )
    with app.database.writing() as session:
        app.transcription.keep(session, meeting, result, job_id="seeded")
    return app.meetings.get(meeting.user_id, meeting.id)
