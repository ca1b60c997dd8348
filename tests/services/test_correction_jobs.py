"""Asking for a correction: one at a time, another one after it, and what is to follow."""

from collections.abc import Callable

import pytest

from core.app import App
from core.services.jobs import Jobs
from core.services.wanted import WritingWanted
from core.store.tables import Meeting
from tests.services.conftest import RecordedWorkflows
from tests.services.test_jobs import end
from tests.services.test_minutes import MEETING

Make = Callable[..., Meeting]


@pytest.fixture
def workflows() -> RecordedWorkflows:
    return RecordedWorkflows()


@pytest.fixture
def jobs(app: App, workflows: RecordedWorkflows) -> Jobs:
    return Jobs(database=app.database, workflows=workflows, memory=app.memory)


def test_what_runs_is_not_asked_for_twice_and_what_failed_goes_on(
    app: App, jobs: Jobs, workflows: RecordedWorkflows, make_meeting: Make
) -> None:
    meeting = make_meeting(app, MEETING)
    first = jobs.correct(meeting, llm="ollama:a")
    assert jobs.correct(meeting, llm="ollama:b").id == first.id
    end(app, first.id, "failed", workflows)
    assert jobs.correct(meeting, llm="ollama:a").id == first.id
    assert workflows.again == [(first.id, False)]
    end(app, first.id, "finished", workflows)
    assert jobs.correct(meeting, llm="ollama:a").id != first.id


def test_a_step_that_is_run_again_asks_for_one_correction(
    app: App, jobs: Jobs, workflows: RecordedWorkflows, make_meeting: Make
) -> None:
    meeting = make_meeting(app, MEETING)
    then = WritingWanted(llm="ollama:a", style_version=None, correct=True)
    first = jobs.correct(meeting, llm="ollama:a", then=then, part_of="transcription")
    end(app, first.id, "finished", workflows)
    again = jobs.correct(meeting, llm="ollama:a", then=then, part_of="transcription")
    assert again.id == first.id
    assert len(workflows.enqueued) == 1
    following = WritingWanted.from_json(again.options["then"])
    assert not following.correct


@pytest.mark.parametrize(("chosen", "correct"), [(None, False), ("on", True)])
def test_correction_is_off_unless_it_was_chosen(
    app: App, chosen: str | None, correct: bool
) -> None:
    user_id = app.people.local_person().id
    app.people.choose(user_id, name="correct", value=chosen)
    assert app.intake.wanted(user_id).correct is correct
