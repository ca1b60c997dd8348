"""The settings page, run without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.app import App, build_app
from core.messages import say
from core.settings import Settings
from pages.parts.words import literal
from tests.doubles.ollama import OllamaDouble
from tests.pages import opening

LOCALES = pytest.mark.parametrize(("locale", "language"), [("ko-KR", "ko"), ("en-US", "en")])


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        yield running


@pytest.fixture
def machine(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[App]]:
    """Hands out the App in force; `change` builds another."""
    st.cache_data.clear()
    built: list[App] = [build_app(settings)]
    monkeypatch.setattr("core.app._app", built[0])
    yield built
    for app in built:
        app.close()


def change(machine: list[App], monkeypatch: pytest.MonkeyPatch, **facts: object) -> App:
    """The same machine with other environment variables."""
    machine.append(build_app(machine[0].settings.model_copy(update=facts)))
    monkeypatch.setattr("core.app._app", machine[-1])
    return machine[-1]


def opened(locale: str = "en-US") -> AppTest:
    return opening.opened("settings", locale=locale)


def speech_box(at: AppTest) -> Any:
    label = say("settings.speech_choose", "en")
    return next(box for box in at.selectbox if box.label == label)


def texts(at: AppTest) -> str:
    kinds = (at.markdown, at.caption, at.error, at.info, at.warning, at.code)
    return "\n".join(element.value for kind in kinds for element in kind)


@LOCALES
def test_without_ollama_the_page_works_and_says_what_steps_in(
    machine: list[App], locale: str, language: str
) -> None:
    at = opened(locale)
    assert not at.exception
    assert "127.0.0.1:9" in at.warning[0].value
    assert say("settings.llm_falls_back", language) in texts(at)
    assert at.radio[0].options == [
        say("settings.llm_auto", language),
        say("settings.llm_extractive", language),
    ]


def test_each_installed_model_can_be_chosen_unless_it_cannot_write(
    machine: list[App], double: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = change(machine, monkeypatch, ollama_url=double.url)
    double.install("away:cloud", family="qwen3", remote_host="https://ollama.com")
    at = opened()
    assert "tiny-gemma3:latest" in at.radio[0].options
    assert "tiny-bert:latest" not in at.radio[0].options
    assert "away:cloud" not in at.radio[0].options
    assert f"**tiny-bert:latest** · {say('models.why_embedding', 'en')}" in texts(at)
    assert f"**away:cloud** · {say('models.why_remote', 'en')}" in texts(at)
    at.radio[0].set_value("ollama:tiny-gemma3:latest").run()
    person = app.people.local_person().id
    assert app.people.choice(person, name="llm") == "ollama:tiny-gemma3:latest"
    assert say("settings.llm_insist", "en") in texts(at)
    assert not at.exception


def test_a_chosen_model_that_is_gone_stays_in_view(
    machine: list[App], double: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = change(machine, monkeypatch, ollama_url=double.url)
    app.people.choose(app.people.local_person().id, name="llm", value="ollama:gone:1b")
    at = opened()
    assert at.radio[0].value == "ollama:gone:1b"
    assert not at.exception


@pytest.mark.parametrize(
    ("facts", "variable"),
    [
        ({"llm": "extractive"}, "MINUTES_LLM"),
        ({"whisper_model": "small"}, "MINUTES_WHISPER_MODEL"),
        ({"language": "en"}, "MINUTES_LANGUAGE"),
    ],
)
def test_what_the_environment_dictates_is_shown_as_locked(
    machine: list[App], monkeypatch: pytest.MonkeyPatch, facts: dict[str, str], variable: str
) -> None:
    change(machine, monkeypatch, **facts)
    at = opened()
    assert [variable in info.value.replace("\\", "") for info in at.info] == [True]
    assert at.radio[0].disabled == (variable == "MINUTES_LLM")


@pytest.mark.parametrize(("allowed", "key"), [(False, "where_refused"), (True, "where_remote")])
def test_another_machine_is_named(
    machine: list[App], monkeypatch: pytest.MonkeyPatch, allowed: bool, key: str
) -> None:
    # 127.0.0.1 under a name that is not known as this machine: nothing leaves the test.
    facts = {"ollama_url": "http://0x7f000001:9", "allow_remote": allowed}
    change(machine, monkeypatch, **facts)
    at = opened()
    shown = "\n".join(one.value for one in (*at.info, *at.warning)).replace("\\", "")
    assert say(f"settings.{key}", "en", url="`http://0x7f000001:9`") in shown


def _app_language(at: AppTest) -> Any:
    labels = {say("settings.language", language) for language in ("ko", "en")}
    return next(one for one in at.button_group if one.label in labels)


def test_the_apps_language_can_be_chosen(machine: list[App]) -> None:
    at = opened("en-US")
    assert at.title[0].value == "Settings"
    _app_language(at).set_value("ko").run()
    assert at.title[0].value == "설정"
    _app_language(at).set_value("browser").run()
    assert at.title[0].value == "Settings"


def test_a_speech_model_is_chosen_by_name_or_folder(machine: list[App], tmp_path: Path) -> None:
    people = machine[0].people
    person = people.local_person().id
    at = opened()
    speech_box(at).set_value("small").run()
    assert people.choice(person, name="whisper_model") == "small"
    speech_box(at).set_value("/").run()
    at.text_input[0].set_value(str(tmp_path))
    at.button[-1].click().run()
    assert literal(str(tmp_path)) in at.error[0].value
    for name in ("config.json", "model.bin", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    at.text_input[0].set_value(str(tmp_path))
    at.button[-1].click().run()
    assert people.choice(person, name="whisper_model") == str(tmp_path)
    assert not at.exception
