import pytest

from core.app import App, build_app
from core.messages import say
from core.settings import Settings
from tests.pages.opening import opened, words

LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("ko-KR", "ko"), ("en-US", "en")])


@LANGUAGES
def test_the_frame_speaks_the_browsers_language(in_force: App, locale: str, language: str) -> None:
    at = opened(locale=locale)
    assert not at.exception
    assert at.title[0].value == say("nav.meetings", language)
    assert say("nav.engine_fallback", language) in words(at)


def test_a_chosen_language_is_remembered_against_the_browser(in_force: App) -> None:
    at = opened(locale="en-US")
    at.segmented_control(key="frame_language").set_value("ko").run()
    assert at.title[0].value == "회의"
    assert opened(locale="en-US").title[0].value == "회의"
    user_id = in_force.people.local_person().id
    assert in_force.people.choice(user_id, name="language") == "ko"


def test_a_language_of_the_environment_cannot_be_changed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = build_app(settings.model_copy(update={"language": "ko"}))
    monkeypatch.setattr("core.app._app", built)
    at = opened(locale="en-US")
    assert at.segmented_control(key="frame_language").disabled
    assert at.title[0].value == "회의"
    built.close()


def test_the_engine_in_force_is_shown(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    built = build_app(settings.model_copy(update={"llm": "extractive"}))
    monkeypatch.setattr("core.app._app", built)
    assert say("nav.engine_extractive", "en") in words(opened())
    built.close()
