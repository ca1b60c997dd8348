"""What a page offers after a failure: going on first, and writing without the model."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import EngineUnavailable, MinutesError
from core.messages import say
from core.services.wanted import WritingWanted
from core.store.tables import Job, Meeting
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, press, words
from tests.pages.test_main import LANGUAGES

TEXT = "[00:00:02] Alice: We decided to launch in May."
OFF = EngineUnavailable("ollama_unreachable", url="http://127.0.0.1:11434")


def ended(
    seeds: Seeds,
    *,
    error: MinutesError | None = OFF,
    stage: str = "minutes",
    llm: str = "ollama:gemma3:4b",
    gap: tuple[int, int] | None = None,
) -> tuple[Meeting, Job]:
    """A meeting whose last job was not finished; without an error it was cancelled."""
    meeting = seeds.heard(seeds.meeting(TEXT, title="Launch"))
    wanted = WritingWanted(llm=llm, style_version=None, language="ko", gap=gap).as_json()
    options: dict[str, Any] = {**wanted, "transcript": meeting.transcript_job, "for": "version 1"}
    if stage == "correct":
        options = {"llm": llm, "transcript": meeting.transcript_job, "then": wanted}
    state = "failed" if error else "cancelled"
    job = seeds.job(meeting, stage=stage, state=state, error=error)
    job.options = options
    with seeds.app.database.writing() as session:
        session.merge(job)
    return meeting, job


def look(at: AppTest, label: str) -> str:
    """How a button looks."""
    [found] = [one for one in at.button if one.label == label]
    return str(found.proto.type)


@LANGUAGES
@pytest.mark.parametrize("stage", ["minutes", "correct"])
def test_without_the_model_the_built_in_engine_writes_the_same(
    seeds: Seeds, locale: str, language: str, stage: str
) -> None:
    meeting, failed = ended(seeds, stage=stage)
    at = opened("meeting", locale=locale, meeting=meeting.id)
    at = press(at, say("meetings.write_built_in", language))
    assert not at.exception
    [job] = seeds.app.jobs.live(seeds.user_id)
    assert (job.stage, job.options["llm"], job.options["language"]) == (
        "minutes",
        "extractive",
        "ko",
    )
    assert job.id != failed.id


@pytest.mark.parametrize(
    "more",
    [
        {"error": EngineUnavailable("recording_lost", name="a.wav")},
        {"error": None},
        {"gap": (1, 1)},  # quotations would not fit among what a model wrote
    ],
)
def test_the_built_in_engine_is_offered_only_where_a_model_is_missing(
    seeds: Seeds, more: dict[str, Any]
) -> None:
    meeting, _ = ended(seeds, **more)
    at = opened("meeting", meeting=meeting.id)
    labels = [one.label for one in at.button]
    assert say("meetings.write_built_in", "en") not in labels


def test_an_engine_that_the_environment_fixes_is_not_gone_round(
    seeds: Seeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting, _ = ended(seeds)
    monkeypatch.setattr(type(seeds.app.people), "locked", lambda self, name: "ollama:gemma3:4b")
    at = opened("meeting", meeting=meeting.id)
    assert say("meetings.write_built_in", "en") not in [one.label for one in at.button]


@LANGUAGES
def test_going_on_comes_first_and_says_with_what(seeds: Seeds, locale: str, language: str) -> None:
    model = say("meetings.engine_model", language, model="gemma3:4b")
    for error, button, told in (
        (OFF, "retry", "retry_with"),
        (EngineUnavailable("nothing_read", model="gemma3:4b", title="x"), "retry", "retry_anew"),
        (None, "go_on", "go_on_with"),
    ):
        meeting, _ = ended(seeds, error=error)
        at = opened("meeting", locale=locale, meeting=meeting.id)
        assert say(f"meetings.{told}", language, engine=model) in words(at)
        assert look(at, say(f"meetings.{button}", language)) == "primary"
        assert look(at, say("meeting.ask", language)) == "secondary"


def test_the_engine_that_was_chosen_by_itself_is_called_so(seeds: Seeds) -> None:
    meeting, _ = ended(seeds, error=None, llm="auto")
    shown = words(opened("meeting", meeting=meeting.id))
    assert say("meetings.engine_auto", "en") in shown
