"""The same work on PostgreSQL, by changing one address: with the server's own worker, and with
`make worker` alone."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from core.app import App, build_app
from core.domain.transcript import Utterance
from core.services.recordings import About
from core.services.wanted import WritingWanted
from core.settings import read_settings
from core.worker.supervisor import Supervisor, supervisor_for
from tests.doubles.ollama import OllamaDouble
from tests.postgres import Cluster
from tests.services.test_minutes import LLM, MEETING, long_meeting
from tests.waiting import until
from tests.worker.conftest import ended
from tests.worker.machines import Machine
from tests.worker.test_windows import long_recording, unbroken
from tests.worker.test_worker import EXTRACTIVE, MODEL, SPEECH, WHISPER, child_pid, kept

pytestmark = pytest.mark.postgres
__all__ = ["long_recording", "unbroken"]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as running:
        yield running


@pytest.fixture
def app(
    cluster: Cluster,
    double: OllamaDouble,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[App]:
    name = f"jobs_{abs(hash(request.node.name))}"
    monkeypatch.setenv("MINUTES_DATABASE_URL", cluster.database(name))
    monkeypatch.setenv("MINUTES_OLLAMA_URL", double.url)
    monkeypatch.setenv("MINUTES_NUM_CTX", "4096")
    built = build_app(read_settings())
    yield built
    built.close()


@pytest.fixture
def worker(app: App) -> Iterator[Supervisor]:
    """As the server starts it."""
    supervisor = supervisor_for(app.settings)
    supervisor.start()
    yield supervisor
    supervisor.stop()


def test_a_transcript_becomes_corrected_minutes_with_a_model(
    app: App, worker: Supervisor, tmp_path: Path
) -> None:
    meeting = kept(app, tmp_path, MEETING)
    wanted = WritingWanted(llm=LLM, style_version=None, correct=True)
    job = app.jobs.transcribe(meeting, language=None, whisper_model=None, then=wanted)
    assert ended(app, job).state == "finished"
    until(lambda: app.minutes.versions(meeting.user_id, meeting.id) == [1])
    written, corrected, _ = app.jobs.of_meeting(meeting.user_id, meeting.id)
    assert [ended(app, one).state for one in (written, corrected)] == ["finished", "finished"]
    minutes = app.minutes.newest(meeting.user_id, meeting.id)
    assert minutes is not None
    assert minutes.draft.coverage.complete
    assert any(item.verified for item in minutes.draft.items)
    # What was written can be asked for again from its beginning: the first steps are forgotten.
    app.jobs.transcribe(meeting, language="en", whisper_model=None)
    first = app.jobs.transcribe(
        app.meetings.get(meeting.user_id, meeting.id), language=None, whisper_model=None
    )
    assert ended(app, first).state == "finished"


def test_make_worker_alone_does_what_a_server_without_a_worker_is_asked(
    app: App, tmp_path: Path
) -> None:
    user = app.people.local_person()
    meeting, _ = app.recordings.keep(
        user.id, source=SPEECH / "ko-2min.opus", name="녹음.opus", about=About()
    )
    job = app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER, then=EXTRACTIVE)
    alone = subprocess.Popen([sys.executable, "-m", "core.worker.watch"])
    try:
        assert ended(app, job).state == "finished"
        until(lambda: app.minutes.versions(user.id, meeting.id))
        told = time.monotonic()
        alone.send_signal(signal.SIGTERM)
        assert alone.wait(10) == 0
        assert time.monotonic() - told < 2
    finally:
        alone.kill()
        alone.wait(10)
    heard = " ".join(one.text for one in app.meetings.transcript(user.id, meeting.id).utterances)
    truth = [row["text"] for row in json.loads((SPEECH / "ko-2min.json").read_text("utf-8"))]
    assert sum(text in heard for text in truth) >= 0.95 * len(truth)


def test_the_same_asked_for_by_many_at_the_same_moment_is_one_job(app: App, tmp_path: Path) -> None:
    """Two tabs, two servers: PostgreSQL has no single writer that would let one wait."""
    meeting = kept(app, tmp_path, MEETING)

    def ask(language: str) -> str:
        everybody.wait()
        return app.jobs.transcribe(meeting, language=language, whisper_model=None).id

    many = 8
    everybody = Barrier(many)
    with ThreadPoolExecutor(many) as asking:
        for language in ("ko", "en"):
            assert len(set(asking.map(ask, [language] * many))) == 1
    assert len(app.jobs.of_meeting(meeting.user_id, meeting.id)) == 2


def test_a_job_that_waits_for_the_model_survives_a_database_that_is_started_again(
    app: App, worker: Supervisor, cluster: Cluster, double: OllamaDouble, tmp_path: Path
) -> None:
    meeting = kept(app, tmp_path, long_meeting(120))
    imported = app.jobs.transcribe(meeting, language=None, whisper_model=None)
    assert ended(app, imported).state == "finished"
    double.delay_first = 0.3
    job = app.jobs.write(app.meetings.get(meeting.user_id, meeting.id), wanted=MODEL)
    until(lambda: len(double.chats) > 1)
    before = child_pid(worker)
    cluster.stop()
    cluster.start()
    done = ended(app, job, seconds=120)
    assert done.state == "finished", done.error
    assert child_pid(worker) == before
    assert app.minutes.versions(meeting.user_id, meeting.id) == [1]


def test_a_worker_that_is_told_to_end_ends_at_once_and_the_next_goes_on(
    app: App, tmp_path: Path, long_recording: Path, unbroken: tuple[Utterance, ...]
) -> None:
    user = app.people.local_person()
    meeting, _ = app.recordings.keep(
        user.id, source=long_recording, name="회의.opus", about=About()
    )
    job = app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER)
    first = Machine(app.settings.folder, {}).start()
    try:
        first.until_logged("hearing window 1")
        assert first.process is not None
        told = time.monotonic()
        os.kill(first.process.pid, signal.SIGTERM)
        assert first.process.wait(10) == 0
        assert time.monotonic() - told < 2
        first.start()
        assert ended(app, job).state == "finished"
        assert app.meetings.transcript(user.id, meeting.id).utterances == unbroken
        # The same folder, so the same name: it goes on at once, and nobody had to notice a death.
        assert first.windows("heard") == [0, 1, 2]
        assert "goes on elsewhere" not in first.log
    finally:
        first.end()
