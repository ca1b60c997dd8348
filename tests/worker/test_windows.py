"""A recording is heard in windows, each of which is heard once whatever is killed or cancelled; the
transcript is that of a run that nobody disturbed. The worker's log proves what was heard when."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.app import ROOT, App
from core.domain.transcript import Utterance, numbered
from core.engines.whisper import WhisperTranscriber
from core.messages import say
from core.services.job_standing import hearing_speed
from core.services.jobs import error_of
from core.services.recordings import About
from core.store import heard_windows
from core.store.tables import Job, Meeting
from core.worker.supervisor import Supervisor
from tests.media_files import remux
from tests.waiting import until
from tests.worker.conftest import ended
from tests.worker.first_release import HEARD
from tests.worker.test_worker import SPEECH, WHISPER, child_pid

OLDER = {
    "language": "en",
    "utterances": [{"number": 1, "start": None, "end": None, "speaker": None, "text": "Older."}],
}


@pytest.fixture(scope="session")
def long_recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight minutes of sentences: three windows."""
    return remux(SPEECH / "ko-2min.opus", tmp_path_factory.mktemp("sound") / "long.opus", times=4)


@pytest.fixture(scope="session")
def unbroken(long_recording: Path) -> tuple[Utterance, ...]:
    """What one pass over it hears, without a worker."""
    whisper = WhisperTranscriber(WHISPER, Path("/nonexistent"), "cpu")
    hearing = whisper.hear(long_recording, language=None, check=lambda: None)
    return numbered((one.start, one.end, None, one.text) for one in hearing.segments)


@pytest.fixture
def logged(app: App, tmp_path: Path) -> Iterator["Logged"]:
    """A real worker process and its log."""
    supervisor = Supervisor(
        folder=app.settings.folder, root=Path(ROOT), log=tmp_path / "worker.log"
    )
    supervisor.start()
    yield Logged(supervisor)
    supervisor.stop()


class Logged:
    """A worker that can be asked what it heard."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor

    def windows(self, word: str) -> list[int]:
        """The windows it began ("hearing") or ended ("heard"), in order."""
        return [int(number) for number in re.findall(rf": {word} window (\d+)", self.text)]

    @property
    def text(self) -> str:
        log = self.supervisor.log
        return log.read_text(encoding="utf-8") if log and log.exists() else ""

    def until_hearing(self, window: int, *, times: int = 1) -> None:
        """Wait until it hears this window for that time, and is in the middle of it."""
        until(lambda: self.windows("hearing").count(window) >= times)

    def kill(self) -> None:
        """Kill the process as a power cut would."""
        child = self.supervisor._child
        assert child is not None
        os.kill(child_pid(self.supervisor), signal.SIGKILL)
        child.wait(10)


def taken_in(app: App, source: Path) -> Meeting:
    user = app.people.local_person()
    return app.recordings.keep(user.id, source=source, name="회의.opus", about=About())[0]


def heard_by(app: App, meeting: Meeting, result: dict[str, Any], job_id: str) -> None:
    """A transcript that another job made."""
    with app.database.writing() as session:
        app.transcription.keep(session, meeting, result, job_id=job_id)


def spoken_in(app: App, meeting: Meeting) -> tuple[Utterance, ...]:
    return app.meetings.transcript(meeting.user_id, meeting.id).utterances


def windows_kept(app: App, job: Job) -> float | None:
    so_far = app.hearing.so_far(job.user_id, job.id, lines=20)
    return so_far.until if so_far else None


def test_a_worker_that_is_killed_twice_hears_no_window_twice(
    app: App, logged: Logged, long_recording: Path, unbroken: tuple[Utterance, ...]
) -> None:
    meeting = taken_in(app, long_recording)
    heard_by(app, meeting, OLDER, "older")
    job = app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER)
    logged.until_hearing(1)
    so_far = app.hearing.so_far(meeting.user_id, job.id, lines=20)
    assert so_far is not None
    said_before = [one for one in unbroken if (one.start or 0) < so_far.until]
    assert so_far.lines == tuple((one.start, one.text) for one in said_before[-20:])
    assert app.hearing.so_far("somebody else", job.id, lines=20) is None
    logged.kill()
    logged.until_hearing(1, times=2)
    assert [one.text for one in spoken_in(app, meeting)] == ["Older."]
    until(lambda: hearing_speed(app.jobs.get(job.user_id, job.id)))
    assert app.jobs.get(job.user_id, job.id).step_facts["seconds_left"] > 0
    logged.until_hearing(2)
    logged.kill()

    assert ended(app, job).state == "finished"
    assert spoken_in(app, meeting) == unbroken
    assert logged.windows("heard") == [0, 1, 2]
    assert logged.windows("hearing")[:6] == [0, 1, 1, 2, 2, 3]  # 3 is the look for another one
    now = app.meetings.get(meeting.user_id, meeting.id)
    assert (now.transcript_job, now.language, now.cut_at) == (job.id, "ko", None)
    assert windows_kept(app, job) is None


def test_a_cancelled_transcription_stops_within_a_window_and_goes_on_with_it(
    app: App, logged: Logged, long_recording: Path, unbroken: tuple[Utterance, ...]
) -> None:
    meeting = taken_in(app, long_recording)
    job = app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER)
    logged.until_hearing(1)
    app.jobs.cancel(meeting.user_id, job.id)
    until(lambda: f"job {job.id} stopped" in logged.text, seconds=2)
    until(lambda: app.jobs.get(job.user_id, job.id).step == "cancelled", seconds=1)
    assert logged.windows("heard") == [0]
    assert spoken_in(app, meeting) == ()
    # Another job's transcript takes the place of what this one had heard …
    assert windows_kept(app, job)
    heard_by(app, meeting, OLDER, "another")
    assert windows_kept(app, job) is None
    # … and is no loss for it. Nor is a file that was brought back from a backup.
    os.utime(app.recordings.path(app.meetings.recording(meeting.user_id, meeting.id)))
    assert ended(app, app.jobs.retry(meeting.user_id, job.id)).state == "finished"
    assert spoken_in(app, meeting) == unbroken
    assert logged.windows("heard") == [0, 1, 2]


def test_a_transcription_that_is_cancelled_and_goes_on_at_once_hears_no_window_twice(
    app: App, logged: Logged, long_recording: Path, unbroken: tuple[Utterance, ...]
) -> None:
    """The worker has not noticed yet that it was cancelled when it is to go on."""
    meeting = taken_in(app, long_recording)
    job = app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER)
    logged.until_hearing(1)
    app.jobs.cancel(meeting.user_id, job.id)
    again = app.jobs.retry(meeting.user_id, job.id)
    assert f"job {job.id} stopped" in logged.text
    assert ended(app, again).state == "finished"
    assert spoken_in(app, meeting) == unbroken
    assert logged.windows("heard") == [0, 1, 2]
    assert logged.windows("hearing")[:4] == [0, 1, 1, 2]


def replace(path: Path) -> Callable[[], None]:
    """Other bytes in the place of a recording; what is answered puts the old ones back."""
    kept, other = path.with_suffix(".kept"), path.with_suffix(".other")
    kept.hardlink_to(path)
    other.write_bytes((SPEECH / "en-2min.opus").read_bytes())
    other.replace(path)
    return lambda: kept.replace(path) and None


def remove(path: Path) -> Callable[[], None]:
    """No bytes in their place."""
    kept = path.rename(path.with_suffix(".kept"))
    return lambda: kept.replace(path) and None


@pytest.mark.parametrize(
    ("harm", "codes"),
    [(replace, {"media_changed"}), (remove, {"media_vanished", "recording_lost"})],
)
def test_a_file_that_changes_or_vanishes_is_named_and_nothing_is_lost(
    app: App,
    logged: Logged,
    long_recording: Path,
    unbroken: tuple[Utterance, ...],
    harm: Callable[[Path], Callable[[], None]],
    codes: set[str],
) -> None:
    meeting = taken_in(app, long_recording)
    path = app.recordings.path(app.meetings.recording(meeting.user_id, meeting.id))
    job = app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER)
    logged.until_hearing(1)
    mend = harm(path)
    failed = ended(app, job)
    assert failed.state == "failed"
    error = error_of(failed.error)
    assert error is not None
    assert error.code in codes
    for language in ("ko", "en"):
        assert "회의.opus" in error.sentence(language)
    assert windows_kept(app, job)
    assert spoken_in(app, meeting) == ()

    mend()
    assert ended(app, app.jobs.retry(meeting.user_id, job.id)).state == "finished"
    assert spoken_in(app, meeting) == unbroken
    assert logged.windows("heard") == [0, 1, 2]


@pytest.mark.parametrize("reached", ["heard", "hearing"])
def test_a_half_done_job_of_the_first_release_ends_well(
    app: App, tmp_path: Path, reached: str
) -> None:
    """What it had heard is taken over; what it had not is heard by windows."""
    meeting = taken_in(app, SPEECH / "ko-15s.opus")
    job = app.jobs.transcribe(meeting, language="ko", whisper_model=WHISPER)
    with (tmp_path / "first.log").open("wb") as log:
        first = subprocess.Popen(
            [sys.executable, "-m", "tests.worker.first_release", reached],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
    share = 1.0 if reached == "heard" else 0.0

    def is_there() -> bool:
        now = app.jobs.get(job.user_id, job.id)
        return now.state == "running" and now.progress == share

    until(is_there)
    first.kill()
    first.communicate()
    supervisor = Supervisor(folder=app.settings.folder, root=Path(ROOT))
    supervisor.start()
    try:
        assert ended(app, job).state == "finished"
    finally:
        supervisor.stop()
    texts = [one.text for one in spoken_in(app, meeting)]
    assert (texts == [HEARD["utterances"][0]["text"]]) is (reached == "heard")
    assert texts


def test_a_window_that_kills_every_worker_is_given_up_until_somebody_retries(
    app: App, tmp_path: Path
) -> None:
    meeting = taken_in(app, SPEECH / "ko-15s.opus")
    job = app.jobs.transcribe(meeting, language="ko", whisper_model=WHISPER)
    for _ in range(5):  # as five workers left it that died
        with app.database.writing() as session:
            heard_windows.begin_window(
                session, meeting_id=meeting.id, job_id=job.id, ordinal=0, start=0.0
            )
    assert windows_kept(app, job) is None
    supervisor = Supervisor(folder=app.settings.folder, root=Path(ROOT), log=tmp_path / "log")
    supervisor.start()
    try:
        failed = ended(app, job)
        assert (failed.error or {})["code"] == "window_deadly"
        assert Logged(supervisor).windows("hearing") == []
        assert ended(app, app.jobs.retry(meeting.user_id, job.id)).state == "finished"
    finally:
        supervisor.stop()
    assert spoken_in(app, meeting)


@pytest.mark.parametrize("code", ["media_changed", "window_deadly"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_sentence_says_what_to_press(code: str, language: str) -> None:
    sentence = say(f"errors.{code}", language, name="회의.opus", at="12:34")
    assert say("meetings.retry", language) in sentence
