"""The composition root: the only place that knows every part. Importing it opens nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from core.engines.factory import Engines
from core.engines.model_loop import ModelLoop
from core.errors import ConfigError
from core.services.accounts import Accounts
from core.services.adoption import Adoption
from core.services.api_tokens import ApiTokens
from core.services.arrivals import Arrivals
from core.services.attempts import Throttle
from core.services.calls import ModelCalls
from core.services.chat import Chat
from core.services.chat_context import ChatContexts
from core.services.correction import Correction
from core.services.doctor import Doctor
from core.services.exporting import Exporting
from core.services.gate import Gate
from core.services.hearing import WindowedHearing
from core.services.hidden_lines import HiddenLines
from core.services.intake import Intake
from core.services.invitations import Invitations
from core.services.jobs import Jobs
from core.services.learning import Learning
from core.services.leaving import Leaving
from core.services.meetings import Meetings
from core.services.memory import Memory
from core.services.minutes import MinutesService
from core.services.minutes_editing import MinutesEditing
from core.services.narration import Narration
from core.services.passwords import Passwords
from core.services.people import People
from core.services.pulls import Pulls
from core.services.recordings import Recordings
from core.services.remembering import Remembering
from core.services.samples import Samples
from core.services.sharing import Sharing
from core.services.sign_ins import SignIns
from core.services.speed import SpeedTests
from core.services.style_trial import StyleTrials
from core.services.styles import Styles
from core.services.templates import Templates
from core.services.text_changes import TextChanges
from core.services.transcription import Transcription
from core.services.upload_keeping import UploadKeeping
from core.services.uploads import Uploads
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
    accounts: Accounts
    invitations: Invitations
    tokens: ApiTokens
    adoption: Adoption
    recordings: Recordings
    intake: Intake
    uploads: Uploads
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
    hidden_lines: HiddenLines
    memory: Memory
    styles: Styles
    trials: StyleTrials
    learning: Learning
    sharing: Sharing
    leaving: Leaving
    exporting: Exporting

    def close(self) -> None:
        """End what asks models, and let go of the databases."""
        self.chat.calls.loop.close()
        self.jobs.workflows.close()
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
    memory = Memory(database)
    workflows = DurableJobs(settings.jobs_database, folder / "recordings")
    meetings = Meetings(database=database, recordings=recordings, workflows=workflows)
    minutes = MinutesService(
        database=database,
        meetings=meetings,
        people=people,
        engines=engines,
        calls=calls,
        remembering=Remembering(memory),
        parallel=settings.llm_parallel,
    )
    contexts = ChatContexts(
        database=database,
        meetings=meetings,
        minutes=minutes,
        people=people,
        engines=engines,
        remembering=Remembering(memory),
    )
    learning = Learning(
        database=database, memory=memory, people=people, engines=engines, calls=calls
    )
    chat = Chat(
        database=database,
        meetings=meetings,
        engines=engines,
        calls=calls,
        contexts=contexts,
        learning=learning,
    )
    jobs = Jobs(database=database, workflows=workflows, memory=memory)
    templates = Templates(database=database, people=people)
    styles = Styles(database=database)
    intake = Intake(
        recordings=recordings,
        jobs=jobs,
        people=people,
        templates=templates,
        styles=styles,
    )
    arrivals = Arrivals(database=database, recordings=recordings)
    keeping = UploadKeeping(arrivals=arrivals, intake=intake)
    transcription = Transcription(meetings=meetings, recordings=recordings, engines=engines)
    accounts = _accounts(settings, database, people)
    return App(
        settings=settings,
        database=database,
        engines=engines,
        people=people,
        accounts=accounts,
        invitations=accounts.invitations,
        tokens=ApiTokens(database=database),
        adoption=Adoption(database=database, passwords=accounts.passwords),
        recordings=recordings,
        intake=intake,
        uploads=Uploads(arrivals=arrivals, keeping=keeping),
        meetings=meetings,
        jobs=jobs,
        transcription=transcription,
        hearing=WindowedHearing(transcription),
        minutes=minutes,
        chat=chat,
        narration=Narration(engines=engines, folder=folder / "narration"),
        samples=Samples(folder=ROOT / "data" / "samples"),
        doctor=Doctor(settings=settings, engines=engines, people=people),
        pulls=Pulls(engines=engines, loop=calls.loop, people=people),
        speed=SpeedTests(engines=engines, calls=calls, people=people),
        templates=templates,
        editing=MinutesEditing(database=database, meetings=meetings, learning=learning),
        correction=Correction(
            database=database,
            meetings=meetings,
            engines=engines,
            calls=calls,
            remembering=Remembering(memory),
        ),
        text_changes=TextChanges(database=database, learning=learning),
        hidden_lines=HiddenLines(database=database),
        memory=memory,
        styles=styles,
        trials=StyleTrials(
            database=database,
            meetings=meetings,
            minutes=minutes,
            people=people,
            engines=engines,
            calls=calls,
            remembering=minutes.remembering,
        ),
        learning=learning,
        sharing=Sharing(database=database, chat=chat, jobs=jobs),
        leaving=Leaving(
            database=database, recordings=recordings, keeping=keeping, jobs=jobs, chat=chat
        ),
        exporting=Exporting(database=database, recordings=recordings, memory=memory),
    )


def _accounts(settings: Settings, database: Database, people: People) -> Accounts:
    """How people get in."""
    passwords, browsers = Passwords(), SignIns(database=database)
    return Accounts(
        database=database,
        settings=settings,
        people_here=people,
        passwords=passwords,
        throttle=Throttle(database=database),
        browsers=browsers,
        invitations=Invitations(
            database=database, people=people, passwords=passwords, browsers=browsers
        ),
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
