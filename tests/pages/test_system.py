"""The system page, run without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import core
from core.app import App, build_app
from core.messages import say
from core.settings import Settings
from tests.doubles.ollama import OllamaDouble

LOCALES = pytest.mark.parametrize(("locale", "language"), [("ko-KR", "ko"), ("en-US", "en")])
PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "system.py")


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        yield running


def opened(locale: str = "en-US") -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=20)
    at.context = {"locale": locale, "timezone": "Asia/Seoul"}
    return at.run()


def texts(at: AppTest) -> str:
    return "\n".join(element.value for kind in (at.markdown, at.caption) for element in kind)


@LOCALES
def test_what_is_missing_is_named_with_the_command_that_mends_it(
    app: App, monkeypatch: pytest.MonkeyPatch, locale: str, language: str
) -> None:
    monkeypatch.setattr("core.app._app", app)
    at = opened(locale)
    assert not at.exception
    assert f"**{say('system.missing', language)}**" in texts(at)
    assert "ollama serve" in [code.value for code in at.code]
    assert say("doctor.engine_extractive", language) in texts(at)
    assert not at.error  # what is missing is told once, above


def test_models_memory_storage_and_version_are_shown(
    settings: Settings, double: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = build_app(settings.model_copy(update={"ollama_url": double.url}))
    monkeypatch.setattr("core.app._app", app)
    at = opened()
    read = texts(at)
    assert "**tiny-gemma3\\:latest**" in read
    assert say("models.why_embedding", "en") in read
    assert say("system.loaded_none", "en") in read
    assert say("system.storage_database", "en") in read
    assert core.__version__ in read
    assert str(settings.folder) in [code.value for code in at.code]
    app.close()


def test_looking_again_sees_what_has_changed(
    settings: Settings, double: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = build_app(settings.model_copy(update={"ollama_url": double.url}))
    monkeypatch.setattr("core.app._app", app)
    at = opened()
    assert "ollama serve" not in [code.value for code in at.code]
    double.stop()
    next(one for one in at.button if one.label == say("system.again", "en")).click().run()
    assert "ollama serve" in [code.value for code in at.code]
    app.close()
