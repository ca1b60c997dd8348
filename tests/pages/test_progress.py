"""A running job says how long it will take and what it has found; a gap can be read again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.domain.minutes import Coverage
from core.messages import say
from core.services.job_standing import found_so_far, seconds_left
from core.store.tables import Job
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, press, words
from tests.pages.test_main import LANGUAGES

TEXT = """\
[00:00:03] Kim: Let us begin with the budget.
[00:00:12] Park: We decided to launch in May.
[00:00:31] Lee: I will write the report by Friday.
"""
FOUND = [
    {"kind": "decision", "text": "We launch in May :smile:", "utterances": [2]},
    {"kind": "topic", "text": "budget", "utterances": [1]},
]


@LANGUAGES
def test_a_running_job_says_what_it_found_and_how_long_it_takes(
    seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="Launch"))
    facts = {"part": 3, "parts": 7, "seconds_left": 400.0}
    seeds.job(
        meeting,
        stage="minutes",
        state="running",
        progress=0.4,
        step="reading_part",
        step_facts=facts,
        found=FOUND,
    )
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert not at.exception
    labels = [one.label for one in at.expander]
    assert say("steps.found", language, count=1) in labels, "a topic is no finding"
    shown = words(at)
    assert "We launch in May" in shown
    assert "[00:12](#u=2)" in shown
    assert ":smile:" not in shown.replace("\\", "§")
    bars = [str(one.proto.text) for one in at.get("progress")]
    assert any(say("steps.left_minutes", language, minutes=7) in bar for bar in bars)
    assert any("40%" in bar for bar in bars)


@LANGUAGES
def test_a_meeting_that_is_read_in_one_part_is_just_read(
    seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="Short"))
    facts = {"part": 1, "parts": 1}
    seeds.job(meeting, stage="minutes", state="running", step="reading_part", step_facts=facts)
    at = opened("meeting", locale=locale, meeting=meeting.id)
    [bar] = [str(one.proto.text) for one in at.get("progress")]
    assert bar == say("steps.reading", language)


@LANGUAGES
def test_a_job_behind_another_says_what_it_waits_for(
    seeds: Seeds, locale: str, language: str
) -> None:
    first, second = seeds.meeting(TEXT, title="First"), seeds.meeting(TEXT, title="Second")
    seeds.job(second, stage="transcribe", state="queued")

    def told() -> str:
        at = opened("meeting", locale=locale, meeting=second.id)
        return "".join(str(one.proto.text) for one in at.get("progress"))

    assert say("steps.queued", language) in told()
    seeds.job(first, stage="minutes", state="running", step="reading")
    assert say("steps.queued_behind", language) in told()


def test_before_anything_was_found_nothing_is_shown(seeds: Seeds) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="Launch"))
    seeds.job(meeting, stage="minutes", state="running", progress=0.0, step="planning")
    at = opened("meeting", meeting=meeting.id)
    assert not at.expander
    assert "left" not in "".join(str(one.proto.text) for one in at.get("progress"))


@pytest.mark.parametrize(
    ("state", "facts", "passed", "left"),
    [
        ("running", {"seconds_left": 100.0}, 0, 100),
        # it counts down between two reports, and never below nothing
        ("running", {"seconds_left": 100.0}, 30, 70),
        ("running", {"seconds_left": 100.0}, 300, 0),
        ("running", {"seconds_left": None}, 0, None),
        ("running", {}, 0, None),
        ("failed", {"seconds_left": 100.0}, 0, None),
    ],
)
def test_the_time_left(
    state: str, facts: dict[str, float | None], passed: int, left: float | None
) -> None:
    then = datetime(2026, 11, 23, tzinfo=UTC)
    job = Job(id="j", user_id="u", meeting_id="m", stage="minutes", state=state, step_facts=facts)
    job.updated_at = then
    assert seconds_left(job, at=then + timedelta(seconds=passed)) == left
    assert found_so_far(job) == ()


@LANGUAGES
def test_a_range_that_was_not_read_is_read_again_at_a_press(
    seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="Launch"))
    seeds.written(meeting)
    kept = seeds.app.minutes.newest(meeting.user_id, meeting.id)
    assert kept is not None
    gap = Coverage(
        utterances_read=2, utterances_total=4, missing=((3.0, 31.0),), missing_utterances=((1, 2),)
    )
    lacking = replace(kept, draft=replace(kept.draft, coverage=gap, engine="ollama:gemma3:4b"))
    with seeds.app.database.writing() as session:
        seeds.app.minutes.keep(session, meeting, lacking, job_id="with a gap")
    at = opened("meeting", locale=locale, meeting=meeting.id)
    label = say("meeting.read_gap", language, range="00:03–00:12")
    assert label in [button.label for button in at.button]
    assert not press(at, label).exception
    (job,) = seeds.app.jobs.live(meeting.user_id)
    assert (job.options["base"], job.options["gap"]) == (2, [1, 2])
    assert job.options["llm"] == "ollama:gemma3:4b"
