"""The speed test: through the gate, with the one context window, no longer than it has to be."""

from __future__ import annotations

import asyncio

import pytest

from core.app import App
from core.services import speed
from core.services.gate import Priority
from core.services.model_tasks import CANCELLED, FAILED, FINISHED
from core.services.speed import LIVE, MEASURING, WAITING, SpeedTest
from tests.doubles.ollama import OllamaDouble
from tests.waiting import until

MODEL = "gemma3:4b"
STORY = " ".join(["word"] * 2000)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second instead of five."""
    monkeypatch.setattr(speed, "SECONDS", 0.5)
    monkeypatch.setattr(speed, "_LEAST_WRITING", 0.2)


def found_for(app: App, model: str = MODEL) -> SpeedTest:
    found = app.speed.of(model)
    assert found is not None
    return found


def ended(app: App, double: OllamaDouble, model: str = MODEL) -> SpeedTest:
    until(lambda: found_for(app, model).state not in LIVE, seconds=30)
    return found_for(app, model)


def test_reading_and_writing_are_measured_with_the_window_of_every_call(
    app_with_model: App, double: OllamaDouble
) -> None:
    double.answer = lambda request: STORY
    double.delay_piece = 0.02
    app_with_model.speed.start("local", MODEL)
    found = ended(app_with_model, double)
    assert found.state == FINISHED
    assert found.speed is not None
    assert found.speed.num_ctx == 4096
    assert 10 < found.speed.answer_rate < 60  # 50 pieces a second, less what a busy machine takes
    assert found.speed.prompt_rate > 0
    assert found.speed.first_token > 0
    assert {chat.body["options"]["num_ctx"] for chat in double.chats} == {4096}
    assert double.violations() == []
    assert double.chats[-1].disconnected  # it was stopped: the story is far longer


def test_no_prompt_begins_like_another_so_no_cache_flatters(
    app_with_model: App, double: OllamaDouble
) -> None:
    double.answer = lambda request: STORY
    app_with_model.speed.start("local", MODEL)
    ended(app_with_model, double)
    heads = [chat.body["messages"][0]["content"][:60] for chat in double.chats]
    assert len(heads) == len(set(heads)) > 1


def test_an_answer_that_runs_into_its_limit_is_a_measurement_too(
    app_with_model: App, double: OllamaDouble
) -> None:
    double.answer = lambda request: STORY  # without delay it is over at once
    app_with_model.speed.start("local", MODEL)
    assert ended(app_with_model, double).state == FINISHED


def test_an_hour_is_estimated_from_both_rates() -> None:
    made = speed.Speed(
        prompt_rate=100,
        answer_rate=10,
        first_token=1,
        prompt_tokens=100,
        num_ctx=4096,
        measured_at=speed.now(),
    )
    assert made.hour_seconds == 14_000 / 100 + 2_500 / 10


def test_it_waits_for_a_running_job_and_says_its_place(
    app_with_model: App, double: OllamaDouble
) -> None:
    double.answer = lambda request: STORY
    release = asyncio.Event()
    held = asyncio.Event()

    async def job() -> None:
        async with app_with_model.minutes.calls.gate.lease(priority=Priority.MINUTES):
            held.set()
            await release.wait()

    loop = app_with_model.minutes.calls.loop
    running = loop.spawn(job())
    until(held.is_set)
    app_with_model.speed.start("local", MODEL)
    until(lambda: found_for(app_with_model).place == 1)
    assert found_for(app_with_model).state == WAITING
    assert double.chats == []

    async def let_go() -> None:
        release.set()

    loop.spawn(let_go()).result(timeout=5)
    running.result(timeout=5)
    assert ended(app_with_model, double).state == FINISHED


def test_it_can_be_cancelled_and_the_model_is_free_at_once(
    app_with_model: App, double: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "SECONDS", 30.0)
    double.answer = lambda request: STORY
    double.delay_piece = 0.05
    app_with_model.speed.start("local", MODEL)
    until(
        lambda: found_for(app_with_model).state == MEASURING and len(double.chats) == 3, seconds=20
    )
    app_with_model.speed.cancel("local", MODEL)
    assert found_for(app_with_model).state == CANCELLED
    until(lambda: double.chats[-1].disconnected)
    double.delay_piece = 0
    monkeypatch.setattr(speed, "SECONDS", 0.5)
    app_with_model.speed.start("local", MODEL)
    assert ended(app_with_model, double).state == FINISHED


def test_what_was_found_stays_in_view_when_the_next_test_fails(
    app_with_model: App, double: OllamaDouble
) -> None:
    double.answer = lambda request: STORY
    app_with_model.speed.start("local", MODEL)
    before = ended(app_with_model, double).speed
    double.fail_always("html_502")
    app_with_model.speed.start("local", MODEL)
    after = ended(app_with_model, double)
    assert (after.state, after.speed) == (FAILED, before)
    assert after.error is not None
    assert after.error.sentence("ko")


def test_a_model_that_writes_nothing_has_no_speed(
    app_with_model: App, double: OllamaDouble
) -> None:
    double.answer = lambda request: "ok"
    app_with_model.speed.start("local", MODEL)
    found = ended(app_with_model, double)
    assert found.state == FAILED
    assert found.error is not None
    assert found.error.code == "speed_no_answer"


def test_a_model_that_does_not_begin_is_told_to_be_too_heavy(
    app_with_model: App, double: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "_LOADING_LIMIT", 0.3)
    double.delay_first = 30
    app_with_model.speed.start("local", MODEL)
    found = ended(app_with_model, double)
    assert found.error is not None
    assert found.error.code == "speed_too_slow"


def test_a_slow_machine_is_not_asked_for_a_longer_prompt(
    app_with_model: App, double: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "_SLOW_READING", 0.0)
    double.answer = lambda request: STORY
    app_with_model.speed.start("local", MODEL)
    assert ended(app_with_model, double).state == FINISHED
    assert len(double.chats) == 2  # one that loads, one that measures


def test_a_model_that_is_not_there_is_named(app_with_model: App, double: OllamaDouble) -> None:
    app_with_model.speed.start("local", "nothere:1b")
    found = ended(app_with_model, double, "nothere:1b")
    assert found.error is not None
    assert found.error.code == "model_missing"
