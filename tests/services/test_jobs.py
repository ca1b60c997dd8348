"""Jobs as a person sees them, before an engine that only remembers what it was asked."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.app import App
from core.errors import InvalidInput, NotFound
from core.services.job_runs import STOPPING
from core.services.job_upkeep import JobUpkeep
from core.services.jobs import Jobs
from core.services.wanted import WritingWanted
from core.store import job_records, people
from core.store.tables import Job, Meeting
from core.store.types import now
from tests.services.conftest import RecordedWorkflows
from tests.services.test_minutes import MEETING

Make = Callable[..., Meeting]
WANTED = WritingWanted(llm="extractive", style_version=None)


@pytest.fixture
def workflows() -> RecordedWorkflows:
    return RecordedWorkflows()


@pytest.fixture
def jobs(app: App, workflows: RecordedWorkflows) -> Jobs:
    return Jobs(database=app.database, workflows=workflows, memory=app.memory)


def end(app: App, job_id: str, state: str, workflows: RecordedWorkflows) -> None:
    with app.database.writing() as session:
        job_records.update_job(session, job_id=job_id, state=state)
    workflows.states[job_id] = state


def test_the_same_wish_is_one_job_and_every_option_makes_another(
    app: App, jobs: Jobs, workflows: RecordedWorkflows, make_meeting: Make
) -> None:
    meeting = make_meeting(app, MEETING)
    first = jobs.write(meeting, wanted=WANTED)
    assert jobs.write(meeting, wanted=WANTED).id == first.id
    others = {
        jobs.write(meeting, wanted=replace(WANTED, llm="ollama:a")).id,
        jobs.write(meeting, wanted=replace(WANTED, style_version=2)).id,
        jobs.write(meeting, wanted=WANTED, part_of="another command").id,
    }
    assert len(others | {first.id}) == 4
    assert len(workflows.enqueued) == 4


def test_a_transcript_is_not_read_again_for_another_speech_model(
    app: App, jobs: Jobs, make_meeting: Make
) -> None:
    meeting = make_meeting(app, MEETING)
    first = jobs.transcribe(meeting, language=None, whisper_model=None)
    assert jobs.transcribe(meeting, language=None, whisper_model="tiny").id == first.id


def test_retrying_goes_on_where_it_failed(
    app: App, jobs: Jobs, workflows: RecordedWorkflows, make_meeting: Make
) -> None:
    job = jobs.write(make_meeting(app, MEETING), wanted=WANTED)
    end(app, job.id, "failed", workflows)
    assert jobs.retry(job.user_id, job.id).state == "queued"
    assert workflows.again == [(job.id, False)]


@pytest.mark.parametrize("state", ["queued", "running", "finished"])
def test_retrying_what_another_tab_has_retried_is_that_retry(
    app: App, jobs: Jobs, workflows: RecordedWorkflows, make_meeting: Make, state: str
) -> None:
    job = jobs.write(make_meeting(app, MEETING), wanted=WANTED)
    end(app, job.id, "failed", workflows)
    jobs.retry(job.user_id, job.id)
    end(app, job.id, state, workflows)
    again = jobs.retry(job.user_id, job.id)
    assert (again.id, again.state) == (job.id, state)
    assert len(workflows.again) == 1


def test_what_nobody_works_on_any_more_is_retried_without_waiting(
    app: App, jobs: Jobs, workflows: RecordedWorkflows, make_meeting: Make
) -> None:
    """Cancelled before anybody began it; and by now, when its worker died without a word."""
    job = jobs.write(make_meeting(app, MEETING), wanted=WANTED)
    for running in (False, True):
        with app.database.writing() as session:
            job_records.update_job(session, job_id=job.id, state="running" if running else "queued")
        jobs.cancel(job.user_id, job.id)
        if running:
            with app.database.writing() as session:
                row = session.get(Job, job.id)
                assert row is not None
                assert row.step == STOPPING
                row.updated_at = now() - timedelta(minutes=1)
        told = time.monotonic()
        assert jobs.retry(job.user_id, job.id).state == "queued"
        assert time.monotonic() - told < 1.5
    assert workflows.again == [(job.id, False)] * 2


def test_a_transcript_is_its_owners_to_have_made_anew(
    app: App, jobs: Jobs, workflows: RecordedWorkflows, make_meeting: Make
) -> None:
    """Also where somebody else may edit it; and who may not read it learns nothing of it."""
    meeting = make_meeting(app, MEETING)
    friend, stranger = _somebody(app, "friend"), _somebody(app, "stranger")
    app.sharing.share(meeting.user_id, meeting.id, "friend", may_edit=True)
    ways: list[Callable[[str], Job]] = [
        lambda who: jobs.transcribe(meeting, language="en", whisper_model=None, user_id=who),
        lambda who: jobs.correct(meeting, llm="ollama:a", user_id=who),
    ]
    for ask in ways:
        with pytest.raises(InvalidInput) as refused:
            ask(friend)
        assert refused.value.code == "meeting_of_another"
        with pytest.raises(NotFound):
            ask(stranger)
        assert workflows.enqueued == []
    for ask in ways:
        assert ask(meeting.user_id).user_id == meeting.user_id


def test_a_model_that_gave_nothing_is_asked_from_the_beginning(
    app: App, jobs: Jobs, workflows: RecordedWorkflows, make_meeting: Make
) -> None:
    job = jobs.write(make_meeting(app, MEETING), wanted=WANTED)
    end(app, job.id, "failed", workflows)
    with app.database.writing() as session:
        error = {"kind": "EngineFailed", "code": "nothing_read", "facts": {}}
        job_records.update_job(session, job_id=job.id, error=error)
    jobs.retry(job.user_id, job.id)
    assert workflows.again == [(job.id, True)]


def test_cancelling_stops_the_work_and_what_has_ended_stays_ended(
    app: App, jobs: Jobs, workflows: RecordedWorkflows, make_meeting: Make
) -> None:
    meeting = make_meeting(app, MEETING)
    done = jobs.write(meeting, wanted=WANTED)
    end(app, done.id, "finished", workflows)
    live = jobs.write(meeting, wanted=replace(WANTED, llm="auto"))
    jobs.cancel_all(meeting.user_id, meeting.id)
    assert workflows.cancelled == [live.id]
    assert jobs.get(meeting.user_id, done.id).state == "finished"
    assert jobs.live(meeting.user_id) == []


def test_a_row_without_its_workflow_is_started_again(
    app: App, jobs: Jobs, workflows: RecordedWorkflows, make_meeting: Make
) -> None:
    """The process died between writing the row and asking the engine."""
    job = jobs.write(make_meeting(app, MEETING), wanted=WANTED)
    workflows.states.clear()
    workflows.enqueued.clear()
    upkeep = JobUpkeep(
        database=app.database,
        workflows=workflows,
        now=lambda: now() + timedelta(minutes=1),
    )
    upkeep.reconcile()
    assert workflows.enqueued == [job.id]
    workflows.states[job.id] = "failed"
    upkeep.reconcile()
    failed = jobs.get(job.user_id, job.id)
    assert failed.state == "failed"
    assert (failed.error or {})["code"] == "job_died"


def test_a_job_of_nobody_is_not_found(jobs: Jobs, app: App) -> None:
    with pytest.raises(NotFound):
        jobs.get(app.people.local_person().id, "no such job")


def test_what_a_person_asks_for_goes_before_what_follows_and_one_person_does_not_block_another(
    app: App, jobs: Jobs, workflows: RecordedWorkflows, make_meeting: Make
) -> None:
    meeting = make_meeting(app, MEETING)
    following = [
        jobs.write(meeting, wanted=WANTED, part_of=f"upload {number}", follows=True)
        for number in range(3)
    ]
    by_hand = jobs.write(meeting, wanted=WANTED)
    first, second, third = (workflows.priorities[job.id] for job in following)
    assert workflows.priorities[by_hand.id] < first < second < third
    with app.database.writing() as session:
        job_records.update_job(session, job_id=by_hand.id, user_id=_somebody(app, "somebody else"))
    # Others' jobs do not count: who has one that waits is before who has three.
    again = jobs.write(meeting, wanted=WANTED, part_of="upload 4", follows=True)
    assert workflows.priorities[again.id] == third + 1


def _somebody(app: App, name: str) -> str:
    with app.database.writing() as session:
        return people.ensure_user(session, name=name).id
