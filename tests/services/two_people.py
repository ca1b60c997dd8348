"""Two people on one App, and what one of them has, for the tests of sharing, leaving, export and
isolation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.app import App
from core.services.recordings import About
from core.services.wanted import WritingWanted
from core.store import people
from core.store.tables import Meeting
from tests.services.conftest import nothing
from tests.services.test_minutes import MEETING

HELD = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Two:
    """The ids of two people: who owns things, and somebody else."""

    app: App
    folder: Path
    owner: str
    other: str


def person(app: App, name: str, *, admin: bool = False) -> str:
    """A person of that name; returns the id."""
    with app.database.writing() as session:
        user = people.ensure_user(session, name=name)
        user.admin = admin
        session.add(user)
        return user.id


def two_people(app: App, folder: Path) -> Two:
    """Ana owns, Bo is the other."""
    return Two(app, folder, person(app, "Ana", admin=True), person(app, "Bo"))


def given(
    app: App, folder: Path, user_id: str, text: str = MEETING, *, name: str = "회의.txt"
) -> Meeting:
    """A transcript that somebody gave, as rows; not read yet."""
    source = folder / "given.txt"
    source.write_text(text, encoding="utf-8")
    about = About(held_at=HELD, time_zone="Asia/Seoul")
    return app.recordings.keep(user_id, source=source, name=name, about=about)[0]


def heard(
    app: App, folder: Path, user_id: str, text: str = MEETING, *, name: str = "회의.txt"
) -> Meeting:
    """A meeting with its transcript, without a worker."""
    meeting = given(app, folder, user_id, text, name=name)
    result = app.transcription.hear(
        meeting, language=None, whisper_model=None, check=nothing, progress=lambda *_: None
    )
    with app.database.writing() as session:
        app.transcription.keep(session, meeting, result, job_id=f"t-{meeting.id}")
    return app.meetings.get(user_id, meeting.id)


def written(
    app: App, meeting: Meeting, user_id: str, *, llm: str = "extractive", job: str = "job"
) -> int:
    """Minutes of this person over a meeting, as a job writes them; returns the version."""
    style = app.people.style(user_id)
    wanted = WritingWanted(llm=llm, style_version=style.version if style else None)
    plan = app.minutes.plan(meeting, wanted=wanted, check=nothing, user_id=user_id)
    readings = app.minutes.read_all(meeting, plan, check=nothing, tell=lambda _standing: None)
    composed = app.minutes.compose(
        meeting, plan, readings, wanted=wanted, check=nothing, user_id=user_id
    )
    with app.database.writing() as session:
        return app.minutes.keep(session, meeting, composed, job_id=f"{job}-{user_id}-{meeting.id}")


def answered(app: App, user_id: str, meeting_id: str, question: str, *, llm: str = "extractive"):  # type: ignore[no-untyped-def]
    """A turn that has ended."""
    turn = app.chat.ask(user_id, meeting_id, question, llm=llm)
    return app.chat.wait(user_id, turn.id, timeout=30)
