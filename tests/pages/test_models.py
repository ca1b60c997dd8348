"""The models on the system page, and the context window among the settings, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.app import App, build_app
from core.engines.ollama.pulling import PullProgress, PullStage
from core.errors import EngineFailed, InvalidInput
from core.messages import say
from core.services.model_tasks import CANCELLED, FAILED, FINISHED
from core.services.pulls import Pull
from core.services.speed import Speed, SpeedTest
from core.settings import Settings
from pages.parts.words import literal, size_words
from tests.doubles.ollama import OllamaDouble
from tests.pages import opening
from tests.waiting import until

LOCALES = pytest.mark.parametrize(("locale", "language"), [("ko-KR", "ko"), ("en-US", "en")])


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        for model in running.library.newest_first():
            running.remove(model.name)
        running.install(
            "gemma3:4b",
            family="gemma3",
            capabilities=["completion", "vision"],
            context_length=131072,
            size=1_000_000,
        )
        yield running


@pytest.fixture
def machine(
    settings: Settings, double: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> Iterator[App]:
    """The App in force, with the double as its Ollama."""
    st.cache_data.clear()
    app = build_app(settings.model_copy(update={"ollama_url": double.url}))
    monkeypatch.setattr("core.app._app", app)
    yield app
    app.close()


def opened(page: str = "system", locale: str = "en-US") -> AppTest:
    at = opening.opened(page, locale=locale)
    assert not at.exception
    return at


def texts(at: AppTest) -> str:
    kinds = (at.markdown, at.caption, at.error, at.info, at.warning, at.success, at.code)
    return "\n".join(element.value for kind in kinds for element in kind)


def pressed(at: AppTest, label: str) -> AppTest:
    return next(one for one in at.button if one.label == label).click().run()


def put(app: App, pull: Pull) -> None:
    app.pulls._tasks._kept[pull.model] = pull


@LOCALES
def test_a_model_is_told_in_words(machine: App, locale: str, language: str) -> None:
    (one,) = machine.engines.suitable()
    read = texts(opened(locale=locale))
    assert f"**gemma3:4b** :green-badge[{say('models.state_usable', language)}]" in read
    facts = {"context": f"{one.num_ctx:,}", "trained": "131,072"}
    assert say("models.context_facts", language, **facts) in read
    abilities = ", ".join(say(f"models.can_{name}", language) for name in ("completion", "vision"))
    assert say("models.can", language, abilities=abilities) in read


@LOCALES
def test_a_model_that_lacks_memory_says_how_much_and_what_to_do(
    machine: App, double: OllamaDouble, locale: str, language: str
) -> None:
    double.install("huge:1t", family="qwen3", size=10**15)
    huge = next(one for one in machine.engines.suitable() if one.model.name == "huge:1t")
    assert (huge.reason, huge.usable) == ("no_memory", False)
    assert huge.needed > 10**15 > huge.free > 0
    read = texts(opened(locale=locale))
    sentence = say("models.why_no_memory", language, needed="NEEDED", free="FREE")
    for part in sentence.replace("FREE", "NEEDED").split("NEEDED"):
        assert part in read
    assert size_words(huge.needed) in read


def test_an_old_server_that_tells_no_abilities_is_guessed_at_and_said_so(
    machine: App, double: OllamaDouble
) -> None:
    double.install("old:1b", family="llama", capabilities=[], size=1000)
    told = say("models.can_guessed", "en", abilities=say("models.can_completion", "en"))
    assert told in texts(opened())


@LOCALES
def test_without_models_one_is_suggested_and_its_name_filled_in(
    machine: App, double: OllamaDouble, locale: str, language: str
) -> None:
    double.remove("gemma3:4b")
    at = opened(locale=locale)
    assert say("models.none_title", language) in texts(at)
    pressed(at, say("models.none_fill", language, model="gemma3:4b"))
    assert at.text_input(key="pull_name").value == "gemma3:4b"
    assert machine.pulls.all() == []  # nothing is fetched by looking or filling in


def test_an_ollama_that_is_down_is_told_with_the_command(
    machine: App, double: OllamaDouble
) -> None:
    double.stop()
    at = opened()
    assert [code.value for code in at.code].count("ollama serve") == 2  # doctor's and the list's


@pytest.mark.parametrize(
    ("given", "share", "expected", "warned"),
    [
        (None, 0, "models.card_none", False),
        (2048, 100, "models.card_whole", True),
        (65536, 40, "models.card_part", False),
    ],
)
def test_a_loaded_model_tells_its_real_window_and_where_it_lies(
    machine: App,
    monkeypatch: pytest.MonkeyPatch,
    given: int | None,
    share: int,
    expected: str,
    warned: bool,
) -> None:
    from core.engines.factory import Engines
    from core.engines.ollama.catalogue import Loaded

    (one,) = machine.engines.suitable()
    real = given or one.num_ctx
    loaded = Loaded(
        "gemma3:4b", context_length=real, size=2_000_000_000, size_vram=share * 10**7 * 2
    )
    monkeypatch.setattr(Engines, "loaded", lambda self: (loaded,))
    at = opened()
    facts = {"memory": "2.0\u00a0GB", "context": f"{real:,}"}
    card = say(expected, "en", share=share)
    assert say("models.in_memory", "en", card=card, **facts) in texts(at)
    lower = say("models.context_lower", "en", asked=f"{one.num_ctx:,}", given=f"{real:,}")
    assert (lower in [warning.value for warning in at.warning]) is warned


@LOCALES
def test_a_download_begins_at_the_button_and_is_seen_on_every_page(
    machine: App, double: OllamaDouble, locale: str, language: str
) -> None:
    double.offer("small:1b", family="llama", size=10_000_000)
    double.delay_piece = 0.5
    at = opened(locale=locale)
    at.text_input(key="pull_name").set_value("small:1b")
    pressed(at, say("models.pull_start", language))
    assert not at.exception
    (pull,) = machine.pulls.all()
    until(lambda: machine.pulls.all()[0].progress.done > 0)
    other = opened(locale=locale)
    told = other.get("progress")[0].proto.text
    assert "small:1b" in told
    assert "registry.ollama.ai" in told
    pressed(other, say("models.pull_cancel", language))
    assert machine.pulls.all()[0].state == CANCELLED
    assert say("models.pull_cancelled", language, model="small:1b") in texts(other)
    double.delay_piece = 0
    pressed(other, say("models.pull_again", language))
    until(lambda: machine.pulls.all()[0].state == FINISHED, seconds=20)
    assert machine.pulls.all()[0].key != pull.key
    done = opened(locale=locale)
    assert "**small:1b**" in texts(done)
    pressed(done, say("models.pull_forget", language))
    assert machine.pulls.all() == []


@LOCALES
def test_a_bad_name_is_refused_beside_the_field(machine: App, locale: str, language: str) -> None:
    at = opened(locale=locale)
    at.text_input(key="pull_name").set_value("../etc")
    pressed(at, say("models.pull_start", language))
    expected = InvalidInput("model_name_invalid", model="../etc").sentence(language)
    assert literal(expected) == at.error[0].value
    assert machine.pulls.all() == []


@LOCALES
def test_a_model_that_is_there_is_fetched_again_only_when_asked_twice(
    machine: App, locale: str, language: str
) -> None:
    at = opened(locale=locale)
    at.text_input(key="pull_name").set_value("gemma3:4b")
    at = pressed(at, say("models.pull_start", language))
    assert machine.pulls.all() == []
    told = literal(say("models.pull_installed", language, model="gemma3:4b"))
    assert told in [one.value for one in at.info]
    pressed(at, say("models.pull_start", language))
    assert [one.model for one in machine.pulls.all()] == ["gemma3:4b"]


def test_a_name_that_no_model_has_is_not_resumed(machine: App) -> None:
    error = EngineFailed("pull_unknown", model="gone:1b", source="registry.ollama.ai")
    put(machine, Pull("key", "gone:1b", FAILED, error, source="registry.ollama.ai"))
    labels = [one.label for one in opened().button]
    assert say("models.pull_again", "en") not in labels
    assert say("models.pull_forget", "en") in labels


def test_a_failed_download_says_why_and_can_go_on(machine: App) -> None:
    error = EngineFailed("pull_disk_full", model="big:70b")
    progress = PullProgress(PullStage.FETCHING, done=5, total=10, share=0.5)
    put(machine, Pull("key", "big:70b", FAILED, error, "registry.ollama.ai", progress))
    at = opened()
    assert "The disk is full" in at.error[0].value
    assert say("models.pull_again", "en") in [one.label for one in at.button]


@LOCALES
def test_a_measured_speed_is_shown_with_what_it_means_and_when(
    machine: App, locale: str, language: str
) -> None:
    speed = Speed(
        prompt_rate=100.0,
        answer_rate=10.0,
        first_token=1.24,
        prompt_tokens=200,
        num_ctx=16384,
        measured_at=datetime(2026, 11, 23, 1, 5, tzinfo=UTC),
    )
    measured = SpeedTest("key", "gemma3:4b", "finished", speed=speed)
    machine.speed._tasks._kept["gemma3:4b"] = measured
    read = texts(opened(locale=locale))
    seven = say("models.time_minutes", language, count=7)  # 140 s to read, 250 s to write
    assert say("models.speed_means", language, time=seven) in read
    rates = {"prompt": "100", "answer": "10", "first": "1.2", "tokens": "200"}
    assert say("models.speed_rates", language, **rates) in read
    assert say("models.speed_when", language, when="2026-11-23 10:05", context="16,384") in read


def test_a_test_that_waits_says_its_place_and_can_be_cancelled(machine: App) -> None:
    waiting = SpeedTest("key", "gemma3:4b", "waiting", place=2)
    machine.speed._tasks._kept["gemma3:4b"] = waiting
    at = opened()
    told = say("models.speed_waiting", "en", model="gemma3:4b", place=2)
    assert literal(told) in texts(at)
    start = next(one for one in at.button if one.label == say("models.speed_start", "en"))
    assert start.disabled
    assert say("models.speed_cancel", "en") in [one.label for one in at.button]


@LOCALES
def test_the_window_is_chosen_for_the_machine_and_its_cost_is_told(
    machine: App, locale: str, language: str
) -> None:
    at = opened("settings", locale)
    box = next(one for one in at.selectbox if one.label == say("models.context_choose", language))
    before = machine.engines.writer("ollama:gemma3:4b").context_window
    box.select("32768").run()
    assert machine.people.context_window() == 32768
    assert machine.people.choice("somebody else", name="num_ctx") == "32768"
    assert before != 32768
    assert machine.engines.writer("ollama:gemma3:4b").context_window == 32768
    (one,) = machine.engines.suitable()
    assert one.num_ctx == 32768
    assert "32,768" in texts(at)


def test_a_window_from_the_environment_is_locked(
    settings: Settings, double: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = build_app(settings.model_copy(update={"ollama_url": double.url, "num_ctx": 6000}))
    monkeypatch.setattr("core.app._app", app)
    app.people.choose(app.people.local_person().id, name="num_ctx", value="32768")
    at = opened("settings")
    box = next(one for one in at.selectbox if one.label == say("models.context_choose", "en"))
    assert box.disabled
    assert box.value == "6000"
    assert "MINUTES_NUM_CTX" in texts(at)
    assert app.engines.writer("ollama:gemma3:4b").context_window == 6000
    app.close()
