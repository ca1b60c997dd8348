import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.app import App, build_app
from core.engines.ollama import chat
from core.services.recordings import About
from core.services.wanted import WritingWanted
from core.settings import Settings
from core.store.tables import Meeting
from tests.doubles.ollama import OllamaDouble, generation
from tests.services.doors import Doors

HELD = datetime(2026, 11, 23, 10, tzinfo=UTC)


def nothing() -> None:
    """A check that never cancels."""


@pytest.fixture
def raving_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A raving model raves fast, and a silent one is given up after a second."""

    async def endless() -> AsyncIterator[tuple[str, str]]:
        for number in itertools.count():
            yield "content", f"그리고 {number}번 "
            await asyncio.sleep(0)

    monkeypatch.setattr(generation, "_endless", endless)
    monkeypatch.setattr(chat, "TIMEOUT", httpx.Timeout(connect=2, read=1.2, write=2, pool=None))


@pytest.fixture
def app_with_model(tmp_path: Path, double: OllamaDouble) -> Iterator[App]:
    """A whole App whose Ollama is the double; num_ctx 4096."""
    built = build_app(
        Settings(
            data=tmp_path / "data", ollama_url=double.url, num_ctx=4096, llm="ollama:gemma3:4b"
        )
    )
    yield built
    built.close()


@pytest.fixture
def doors(app: App) -> Doors:
    """Kim, an admin, and Lee, who is none. For files whose `settings` have accounts on."""
    made = Doors(app)
    made.add("Kim", admin=True)
    made.add("Lee")
    return made


@pytest.fixture
def make_meeting(tmp_path: Path) -> Callable[..., Meeting]:
    """Import a transcript and have it read, without a worker."""

    def make(
        app: App, text: str, *, name: str = "회의.txt", held_at: datetime | None = HELD
    ) -> Meeting:
        source = tmp_path / "source.txt"
        source.write_text(text, encoding="utf-8")
        user = app.people.local_person()
        meeting, _ = app.recordings.keep(
            user.id, source=source, name=name, about=About(held_at=held_at, time_zone="Asia/Seoul")
        )
        result = app.transcription.hear(
            meeting, language=None, whisper_model=None, check=nothing, progress=lambda *_: None
        )
        with app.database.writing() as session:
            app.transcription.keep(session, meeting, result, job_id="read")
        return app.meetings.get(user.id, meeting.id)

    return make


def write(
    app: App,
    meeting: Meeting,
    *,
    llm: str,
    style_version: int | None = None,
    job: str = "job",
    **more: Any,
) -> Any:
    """Write minutes as a job does, step by step, without a worker. `more` of WritingWanted."""
    wanted = WritingWanted(llm=llm, style_version=style_version, **more)
    plan = app.minutes.plan(meeting, wanted=wanted, check=nothing)
    readings = app.minutes.read_all(meeting, plan, check=nothing, tell=lambda _standing: None)
    composed = app.minutes.compose(meeting, plan, readings, wanted=wanted, check=nothing)
    with app.database.writing() as session:
        app.minutes.keep(session, meeting, composed, job_id=job)
    return app.minutes.newest(meeting.user_id, meeting.id)


class RecordedWorkflows:
    """Remembers what was asked of the job engine (services.jobs.Workflows)."""

    def __init__(self) -> None:
        self.enqueued: list[str] = []
        self.cancelled: list[str] = []
        self.again: list[tuple[str, bool]] = []
        self.states: dict[str, str] = {}
        self.priorities: dict[str, int] = {}

    def ensure_enqueued(self, *, job_id: str, stage: str, arguments: object, priority: int) -> None:
        self.enqueued.append(job_id)
        self.priorities[job_id] = priority
        self.states.setdefault(job_id, "queued")

    def status(self, job_id: str) -> str | None:
        return self.states.get(job_id)

    def cancel(self, job_id: str) -> None:
        self.cancelled.append(job_id)
        self.states[job_id] = "cancelled"

    def close(self) -> None:
        """Holds nothing."""

    def run_again(self, *, job_id: str, stage: str, whole: bool = False) -> None:
        self.again.append((job_id, whole))
        self.states[job_id] = "queued"

    def forget(self, job_ids: object) -> None:
        self.cancelled.extend(job_ids)  # type: ignore[arg-type]
