"""A model that lies or raves, through the whole job: see tests/services/test_lying_model.py."""

from pathlib import Path

from core.app import App
from core.services.jobs import error_of
from core.worker.supervisor import Supervisor
from tests.doubles.ollama import OllamaDouble
from tests.services.test_minutes import MEETING, long_meeting
from tests.worker.conftest import ended
from tests.worker.test_worker import MODEL, kept, transcribed


def test_a_job_whose_model_only_raves_fails_and_is_whole_when_tried_again(
    app: App, worker: Supervisor, double: OllamaDouble, tmp_path: Path
) -> None:
    meeting = transcribed(app, kept(app, tmp_path, MEETING))
    double.fail_always("repeat30", when=lambda body: "format" in body)
    failed = ended(app, app.jobs.write(meeting, wanted=MODEL))
    assert failed.state == "failed"
    error = error_of(failed.error)
    assert error is not None
    assert error.code == "nothing_read"
    assert app.minutes.versions(meeting.user_id, meeting.id) == []
    double.faults.clear()
    assert ended(app, app.jobs.retry(meeting.user_id, failed.id)).state == "finished"
    minutes = app.minutes.newest(meeting.user_id, meeting.id)
    assert minutes is not None
    assert minutes.version == 1
    assert minutes.draft.coverage.complete
    assert any(item.verified for item in minutes.draft.items)


def test_a_job_whose_model_is_cut_in_one_part_names_the_gap_and_makes_it_good(
    app: App, worker: Supervisor, double: OllamaDouble, tmp_path: Path
) -> None:
    meeting = transcribed(app, kept(app, tmp_path, long_meeting(120)))
    double.fail_always(
        "trunc_json",
        when=lambda body: "format" in body and "\n[60] " in body["messages"][-1]["content"],
    )
    assert ended(app, app.jobs.write(meeting, wanted=MODEL)).state == "finished"
    minutes = app.minutes.newest(meeting.user_id, meeting.id)
    assert minutes is not None
    (gap,) = minutes.draft.coverage.missing_utterances
    assert gap[0] <= 60 <= gap[1]
    assert not [item for item in minutes.draft.items if 60 in item.utterances]
    double.faults.clear()
    wanted = app.minutes.wanted_again(meeting.user_id, meeting.id, version=1, gap=gap)
    assert ended(app, app.jobs.write(meeting, wanted=wanted)).state == "finished"
    after = app.minutes.newest(meeting.user_id, meeting.id)
    assert after is not None
    assert after.version == 2
    assert after.draft.coverage.complete
    assert [item for item in after.draft.items if 60 in item.utterances and item.verified]
