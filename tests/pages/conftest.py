"""The App behind pages that are run without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import streamlit as st

from core.app import App, build_app
from core.errors import MinutesError
from core.services.jobs import stored_error
from core.services.minutes_json import composed_json, minutes_from_composed
from core.services.recordings import About
from core.services.wanted import WritingWanted
from core.settings import Settings
from core.store import people
from core.store.tables import Job, Meeting
from tests.pages.signing import Signing


@pytest.fixture
def in_force(app: App, monkeypatch: pytest.MonkeyPatch) -> App:
    """The fresh App, as the one that pages find."""
    st.cache_data.clear()
    monkeypatch.setattr("core.app._app", app)
    return app


@dataclass
class Seeds:
    """Puts meetings into an App as uploads and jobs would."""

    app: App
    folder: Any
    kept: list[Meeting] = field(default_factory=list)

    @property
    def user_id(self) -> str:
        """The local person."""
        return self.app.people.local_person().id

    def meeting(self, text: str = "Kim: Hello.", *, title: str, owner: str = "local") -> Meeting:
        """A meeting that nobody has read yet."""
        with self.app.database.writing() as session:
            user = people.ensure_user(session, name=owner)
        source = self.folder / f"{len(self.kept)}.txt"
        source.write_text(f"{text}\nAnd this is file number {len(self.kept)}.", encoding="utf-8")
        meeting, _ = self.app.recordings.keep(
            user.id, source=source, name=source.name, about=About(title=title)
        )
        self.kept.append(meeting)
        return meeting

    def heard(self, meeting: Meeting) -> Meeting:
        """The meeting with its transcript."""
        result = self.app.transcription.hear(
            meeting, language=None, whisper_model=None, check=_never, progress=_silent
        )
        with self.app.database.writing() as session:
            self.app.transcription.keep(session, meeting, result, job_id=f"t-{meeting.id}")
        return self.app.meetings.get(meeting.user_id, meeting.id)

    def written(self, meeting: Meeting, *, version: int = 1) -> None:
        """Minutes by the built-in engine."""
        service = self.app.minutes
        wanted = WritingWanted(llm="extractive", style_version=None)
        plan = service.plan(meeting, wanted=wanted, check=_never)
        read = [
            service.read(meeting, plan, number=number, check=_never)
            for number in range(1, len(plan["parts"]) + 1)
        ]
        composed = service.compose(meeting, plan, read, wanted=wanted, check=_never)
        stored = minutes_from_composed(composed_json(composed))
        with self.app.database.writing() as session:
            service.keep(session, meeting, stored, job_id=f"m-{meeting.id}-{version}")

    def job(
        self,
        meeting: Meeting,
        *,
        stage: str = "transcribe",
        state: str = "queued",
        error: MinutesError | None = None,
        **values: Any,
    ) -> Job:
        """A job's row, as the worker would have left it."""
        job = Job(
            id=f"{stage}-{meeting.id}",
            user_id=meeting.user_id,
            meeting_id=meeting.id,
            stage=stage,
            options={"language": None, "whisper_model": None, "then": None},
            state=state,
            error=stored_error(error) if error else None,
            **values,
        )
        with self.app.database.writing() as session:
            session.add(job)
        return job


@pytest.fixture
def seeds(in_force: App, tmp_path: Any) -> Seeds:
    """Somebody who puts meetings into the App."""
    return Seeds(app=in_force, folder=tmp_path)


def _never() -> None: ...


def _silent(share: float, step: str) -> None: ...


@pytest.fixture
def signing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Signing]:
    """A server with accounts, and nobody in it."""
    st.cache_data.clear()
    built = build_app(settings.model_copy(update={"accounts": True, "llm": None}))
    monkeypatch.setattr("core.app._app", built)
    yield Signing(app=built, monkeypatch=monkeypatch)
    built.close()
