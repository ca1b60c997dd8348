"""The composition root: the only place that knows every part. Importing it opens nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from core.domain.templates import Template
from core.engines.factory import AUTO, Engines
from core.engines.model_loop import ModelLoop
from core.errors import ConfigError
from core.services.calls import ModelCalls
from core.services.chat import Chat
from core.services.chat_context import ChatContexts
from core.services.correction import Correction
from core.services.doctor import Doctor
from core.services.gate import Gate
from core.services.hearing import WindowedHearing
from core.services.jobs import Jobs
from core.services.meetings import Meetings
from core.services.minutes import MinutesService
from core.services.minutes_editing import MinutesEditing
from core.services.narration import Narration
from core.services.people import People
from core.services.pulls import Pulls
from core.services.recordings import Recordings
from core.services.samples import Samples
from core.services.speed import SpeedTests
from core.services.templates import Templates
from core.services.text_changes import TextChanges
from core.services.transcription import Transcription
from core.services.wanted import MEETINGS_OWN, WritingWanted
from core.settings import Settings, read_settings
from core.store.calibrations import StoredRatios
from core.store.database import Database, open_database
from core.store.jobs import DurableJobs

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder."""


@dataclass(frozen=True)
class App:
    """Every service, built once a process."""

    settings: Settings
    database: Database
    engines: Engines
    people: People
    recordings: Recordings
    meetings: Meetings
    jobs: Jobs
    transcription: Transcription
    hearing: WindowedHearing
    minutes: MinutesService
    chat: Chat
    narration: Narration
    samples: Samples
    doctor: Doctor
    pulls: Pulls
    speed: SpeedTests
    templates: Templates
    editing: MinutesEditing
    correction: Correction
    text_changes: TextChanges

    def wanted(
        self,
        user_id: str,
        *,
        llm: str | None = None,
        template: Template | None = None,
        language: str | None = None,
    ) -> WritingWanted:
        """How this person wants minutes written now: engine, style version, kind of minutes and
        language (MEETINGS_OWN, "ko" or "en"), each as they chose it unless given here."""
        style = self.people.style(user_id)
        language = language or self.people.choice(user_id, name="minutes_language")
        return WritingWanted(
            llm=llm or self.people.choice(user_id, name="llm") or AUTO,
            style_version=style.version if style else None,
            template=template or self.templates.default(user_id, language=language or "en"),
            language=None if language == MEETINGS_OWN else language,
            correct=self.people.choice(user_id, name="correct") is not None,
        )

    def close(self) -> None:
        """Let go of the databases."""
        self.database.dispose()


def build_app(settings: Settings) -> App:
    """Open the database and put the parts together."""
    folder = settings.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError("data_folder", folder=str(folder), reason=error.strerror) from error
    database = open_database(settings.database)
    people = People(database=database, settings=settings)
    engines = Engines(
        ollama_url=settings.ollama_address,
        ollama_is_remote=settings.ollama_is_remote,
        allow_remote=settings.allow_remote,
        num_ctx=people.context_window,
        models_folder=folder / "models",
        ratios=StoredRatios(database),
    )
    calls = ModelCalls(
        gate=Gate(database=database, parallel=settings.llm_parallel), loop=ModelLoop()
    )
    recordings = Recordings(database=database, folder=folder, limit=settings.upload_limit)
    workflows = DurableJobs(settings.jobs_database)
    meetings = Meetings(database=database, recordings=recordings, workflows=workflows)
    minutes = MinutesService(
        database=database,
        meetings=meetings,
        people=people,
        engines=engines,
        calls=calls,
        parallel=settings.llm_parallel,
    )
    contexts = ChatContexts(
        database=database, meetings=meetings, minutes=minutes, people=people, engines=engines
    )
    transcription = Transcription(meetings=meetings, recordings=recordings, engines=engines)
    return App(
        settings=settings,
        database=database,
        engines=engines,
        people=people,
        recordings=recordings,
        meetings=meetings,
        jobs=Jobs(database=database, workflows=workflows),
        transcription=transcription,
        hearing=WindowedHearing(transcription),
        minutes=minutes,
        chat=Chat(
            database=database, meetings=meetings, engines=engines, calls=calls, contexts=contexts
        ),
        narration=Narration(engines=engines, folder=folder / "narration"),
        samples=Samples(folder=ROOT / "data" / "samples"),
        doctor=Doctor(settings=settings, engines=engines, people=people),
        pulls=Pulls(engines=engines, loop=calls.loop),
        speed=SpeedTests(engines=engines, calls=calls),
        templates=Templates(database=database, people=people),
        editing=MinutesEditing(database=database, meetings=meetings),
        correction=Correction(database=database, meetings=meetings, engines=engines, calls=calls),
        text_changes=TextChanges(database=database),
    )


_lock = threading.Lock()
_app: App | None = None


def get_app() -> App:
    """The process's App, built on first use; never twice, whatever the threads do."""
    global _app
    with _lock:
        if _app is None:
            _app = build_app(read_settings())
        return _app
