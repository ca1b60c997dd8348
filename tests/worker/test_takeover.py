"""Workers of several machines on one PostgreSQL: what a dead one had goes on at another, once, and
what a living one has is left to it."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.app import App, build_app
from core.domain.transcript import Utterance
from core.errors import ConfigError
from core.messages import say
from core.services.recordings import About
from core.settings import read_settings
from core.store import job_records
from core.store.tables import Job, Meeting
from core.worker.identity import executor
from core.worker.liveness import Watcher
from tests.postgres import Cluster
from tests.waiting import until
from tests.worker.conftest import ended
from tests.worker.machines import Machine
from tests.worker.test_windows import long_recording, unbroken
from tests.worker.test_worker import SPEECH, WHISPER

pytestmark = pytest.mark.postgres
__all__ = ["long_recording", "unbroken"]

MakeMachine = Callable[..., Machine]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as running:
        yield running


@pytest.fixture
def office(
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[App]:
    """The server's machine, whose recordings others may share."""
    name = f"test_{abs(hash(request.node.name))}"
    monkeypatch.setenv("MINUTES_DATABASE_URL", cluster.database(name))
    monkeypatch.setenv("MINUTES_OLLAMA_URL", "http://127.0.0.1:9")
    built = build_app(read_settings())
    yield built
    built.close()


@pytest.fixture
def machine(office: App, tmp_path: Path) -> Iterator[MakeMachine]:
    """Machines that share the recordings of the office, unless told otherwise."""
    made: list[Machine] = []

    def make(name: str, *, shares: bool = True) -> Machine:
        recordings = office.settings.folder / "recordings" if shares else None
        made.append(Machine(tmp_path / name, {}, recordings))
        return made[-1]

    yield make
    for one in made:
        if one.process and one.process.poll() is None:
            one.send(signal.SIGCONT)
        one.end()


def heard(app: App, meeting: Meeting) -> tuple[Utterance, ...]:
    return app.meetings.transcript(meeting.user_id, meeting.id).utterances


def asked(app: App, source: Path) -> tuple[Meeting, Job]:
    user = app.people.local_person()
    meeting, _ = app.recordings.keep(user.id, source=source, name="회의.opus", about=About())
    return meeting, app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER)


def test_the_jobs_of_a_machine_that_died_go_on_at_another_from_the_next_window(
    office: App, machine: MakeMachine, long_recording: Path, unbroken: tuple[Utterance, ...]
) -> None:
    meeting, job = asked(office, long_recording)
    first = machine("first").start()
    first.until_logged("hearing window 1")
    second = machine("second").start()
    first.send(signal.SIGKILL)
    assert ended(office, job).state == "finished"
    assert heard(office, meeting) == unbroken
    assert f"job {job.id} of" in second.log
    assert first.windows("heard") + second.windows("heard") == [0, 1, 2]


def test_a_worker_that_slept_while_its_job_was_taken_over_writes_nothing_of_it(
    office: App, machine: MakeMachine, long_recording: Path, unbroken: tuple[Utterance, ...]
) -> None:
    meeting, job = asked(office, long_recording)
    sleeper = machine("sleeper").start()
    sleeper.until_logged("hearing window 1")
    sleeper.send(signal.SIGSTOP)
    second = machine("second").start()
    second.until_logged("hearing window 2")
    sleeper.send(signal.SIGCONT)
    sleeper.until_logged("another worker has it now")
    assert office.jobs.get(job.user_id, job.id).error is None
    assert ended(office, job).state == "finished"
    assert heard(office, meeting) == unbroken
    assert second.windows("heard") == [1, 2]
    assert sleeper.windows("heard") == [0]
    # It lives, and takes what is asked next.
    second.end()
    _, other = asked(office, SPEECH / "ko-15s.opus")
    assert ended(office, other).state == "finished"


def test_what_a_living_worker_has_is_left_to_it_while_the_database_is_away(
    office: App,
    machine: MakeMachine,
    cluster: Cluster,
    long_recording: Path,
    unbroken: tuple[Utterance, ...],
) -> None:
    """Longer than it takes to be dead: then everybody has been silent for as long."""
    meeting, job = asked(office, long_recording)
    first, second = machine("first").start(), machine("second").start()
    until(lambda: "hearing window 1" in first.log + second.log)
    busy, idle = (first, second) if first.windows("hearing") else (second, first)
    cluster.stop()
    for one in (busy, idle):
        one.until_logged("cannot watch each other now", times=12)
    cluster.start()
    assert ended(office, job).state == "finished"
    assert heard(office, meeting) == unbroken
    assert (busy.windows("heard"), idle.windows("heard")) == ([0, 1, 2], [])
    assert "goes on elsewhere" not in busy.log + idle.log
    assert all(one.process and one.process.poll() is None for one in (busy, idle))


def test_a_recording_that_a_worker_cannot_read_waits_for_one_that_can(
    office: App, machine: MakeMachine
) -> None:
    meeting, job = asked(office, SPEECH / "ko-15s.opus")
    stranger = machine("stranger", shares=False).start()
    until(lambda: office.jobs.get(job.user_id, job.id).step == "recording_not_here")
    waiting = office.jobs.get(job.user_id, job.id)
    assert waiting.state == "queued"
    for language in ("ko", "en"):
        sentence = say(f"steps.{waiting.step}", language, **waiting.step_facts)
        assert str(office.settings.folder / "recordings") in sentence
    machine("office-worker").start()
    assert ended(office, job).state == "finished"
    assert heard(office, meeting)
    assert stranger.windows("hearing") == []


def test_a_job_that_kills_every_worker_on_every_machine_is_given_up(
    office: App, machine: MakeMachine
) -> None:
    """Begun as often as it may be, by workers that died; and again after Retry."""
    _, job = asked(office, SPEECH / "ko-15s.opus")
    with office.database.writing() as session:
        for _ in range(7):
            job_records.begin_job(session, job_id=job.id)
    machine("last").start()
    failed = ended(office, job)
    assert (failed.error or {})["code"] == "job_deadly"
    for language in ("ko", "en"):
        assert say("meetings.retry", language) in say("errors.job_deadly", language, tries=7)
    assert ended(office, office.jobs.retry(job.user_id, job.id)).state == "finished"


def test_of_two_workers_with_one_name_the_elder_ends_and_says_why(
    office: App, machine: MakeMachine
) -> None:
    first, second = machine("first"), machine("second")
    for one in (first, second):
        (one.folder / "worker.name").write_text("copied")
    first.start().until_logged("checkpoints of")
    second.start()
    assert first.process is not None
    until(lambda: first.process and first.process.poll() is not None)
    assert first.process.returncode == 78
    assert str(ConfigError("worker_twin", folder=str(first.folder))) in first.log


class Clock:
    """A steady clock that a test moves on."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def watching(clock: Clock) -> Watcher:
    return Watcher(dead_after=30, most_between=20, clock=clock)


def test_who_stands_still_is_dead_and_who_counts_on_is_not() -> None:
    clock = Clock()
    watcher = watching(clock)
    for step in range(7):
        clock.at = step * 5.0
        watcher.look({"living": step, "dead": 3})
        assert watcher.dead() == ({"dead"} if step == 6 else set())
        assert watcher.alive() == ({"living"} if step == 6 else None)


@pytest.mark.parametrize("blind", ["slept", "away"])
def test_who_could_not_see_for_a_while_judges_nobody_until_it_has_seen_enough(blind: str) -> None:
    """Everybody stood still for a watcher that did not look."""
    clock = Clock()
    watcher = watching(clock)
    watcher.look({"other": 1})
    clock.at = 10.0
    if blind == "away":
        watcher.saw_nothing()
    else:
        clock.at = 600.0
    watcher.look({"other": 1})
    assert watcher.dead() == set()
    clock.at += 15.0
    watcher.look({"other": 1})
    assert watcher.dead() == set()
    clock.at += 15.0
    watcher.look({"other": 1})
    assert watcher.dead() == {"other"}


def test_two_folders_of_one_host_are_two_workers_and_one_folder_is_one(
    office: App, tmp_path: Path
) -> None:
    here = executor(office.settings)
    assert executor(office.settings) == here
    assert executor(read_settings(data=tmp_path / "other")) != here
