"""A correction as durable work, on a real worker process that is really killed."""

import os
import signal
from dataclasses import replace
from pathlib import Path

from core.app import App
from core.services.jobs import ENDED, error_of
from core.services.wanted import WritingWanted
from core.worker.supervisor import Supervisor
from tests.doubles.ollama import OllamaDouble
from tests.services.test_correction import HEARD, texts
from tests.services.test_minutes import LLM
from tests.waiting import until
from tests.worker.conftest import ended
from tests.worker.test_worker import child_pid, kept, transcribed

WANTED = WritingWanted(llm=LLM, style_version=None, correct=True)


def test_what_was_heard_is_corrected_before_the_minutes_are_written(
    app: App, worker: Supervisor, tmp_path: Path
) -> None:
    meeting = kept(app, tmp_path, HEARD)
    job = app.jobs.transcribe(meeting, language=None, whisper_model=None, then=WANTED)
    assert ended(app, job).state == "finished"
    until(lambda: app.minutes.versions(meeting.user_id, meeting.id))
    written, corrected, _ = app.jobs.of_meeting(meeting.user_id, meeting.id)
    assert (written.stage, corrected.stage) == ("minutes", "correct")
    done = ended(app, corrected)
    assert (done.state, done.step) == ("finished", "corrected")
    assert (done.step_facts["proposed"], done.step_facts["applied"]) == (2, 2)
    minutes = app.minutes.newest(meeting.user_id, meeting.id)
    assert minutes is not None
    assert any("회의록은" in item.text for item in minutes.draft.items)
    assert not minutes.transcript_edited


def test_without_a_model_the_minutes_are_written_all_the_same(
    app: App, worker: Supervisor, tmp_path: Path
) -> None:
    meeting = kept(app, tmp_path, HEARD)
    wanted = replace(WANTED, llm="extractive")
    app.jobs.transcribe(meeting, language=None, whisper_model=None, then=wanted)
    until(lambda: app.minutes.versions(meeting.user_id, meeting.id))
    corrected = app.jobs.of_meeting(meeting.user_id, meeting.id)[1]
    assert ended(app, corrected).step == "correction_impossible"


def test_a_killed_correction_goes_on_and_changes_nothing_twice(
    app: App, worker: Supervisor, double: OllamaDouble, tmp_path: Path
) -> None:
    meeting = transcribed(app, kept(app, tmp_path, HEARD))
    double.delay_first = 0.5
    job = app.jobs.correct(meeting, llm=LLM)
    until(lambda: app.jobs.get(job.user_id, job.id).step == "correcting_part")
    os.kill(child_pid(worker), signal.SIGKILL)
    assert ended(app, job).state == "finished"
    changes = app.text_changes.of(meeting.user_id, meeting.id)
    assert sorted(seen.change.number for seen in changes) == [1, 3]
    assert all(seen.in_force for seen in changes)


def test_a_dead_ollama_fails_it_and_it_can_be_tried_again(
    app: App, worker: Supervisor, double: OllamaDouble, tmp_path: Path
) -> None:
    meeting = transcribed(app, kept(app, tmp_path, HEARD))
    heard = texts(app, meeting)
    double.fail_always("oom_500")
    job = app.jobs.correct(meeting, llm=LLM)
    failed = ended(app, job)
    assert failed.state == "failed"
    failure = error_of(failed.error)
    assert failure is not None
    assert failure.code == "model_out_of_memory"
    assert texts(app, meeting) == heard
    double.faults.clear()
    app.jobs.retry(job.user_id, job.id)
    assert ended(app, job).state in ENDED
    assert texts(app, meeting) != heard
