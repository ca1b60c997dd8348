import re
import string
from pathlib import Path

import pytest

from core.errors import EngineFailed, InvalidInput, MinutesError, error_from
from core.messages import LANGUAGES, catalogue, choose_language, say
from core.messages.particles import settle_particles

CORE = Path("core")
_RAISED = re.compile(
    r"(?:NotFound|InvalidInput|EngineUnavailable|EngineFailed|ConfigError|MinutesError|ServerBusy)"
    r"\(\s*\"([a-z_0-9]+)\""
)


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things_with_the_same_facts() -> None:
    korean, english = catalogue("ko"), catalogue("en")
    assert korean.keys() == english.keys()
    for key, text in english.items():
        # A language may need fewer facts to say the same ("2 of 3" and "3개 중 2개" need both).
        assert _slots(korean[key]) == _slots(text), key


def test_every_error_that_is_raised_has_its_sentence() -> None:
    raised = {
        code for file in CORE.rglob("*.py") for code in _RAISED.findall(file.read_text("utf-8"))
    }
    assert len(raised) > 20
    assert {f"errors.{code}" for code in raised} <= catalogue("en").keys()


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ko-KR", "ko"), ("ko_KR.UTF-8", "ko"), ("en-GB", "en"), ("fr-FR", "en"), (None, "en")],
)
def test_the_nearest_language_is_spoken(locale: str | None, language: str) -> None:
    assert choose_language(locale) == language


def test_an_unknown_key_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        say("errors.no_such_thing", "en")


def test_an_error_survives_being_stored() -> None:
    stored = InvalidInput("file_empty", name="a.wav")
    again = error_from("InvalidInput", stored.code, stored.facts)
    assert isinstance(again, InvalidInput)
    assert again.sentence("ko") == stored.sentence("ko")
    assert "a.wav" in str(again)


def test_an_error_of_an_unknown_kind_is_still_an_error() -> None:
    assert type(error_from("Gone", "title_empty", {})) is MinutesError


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("회의(을)를", "회의를"),
        ("파일(을)를", "파일을"),
        ("‘주간 회의’(이)가", "‘주간 회의’가"),
        ("버전 1(으)로", "버전 1로"),  # 일로
        ("버전 3(으)로", "버전 3으로"),  # 삼으로
        ("버전 2(이)가", "버전 2가"),
        ("gemma3:4b(은)는", "gemma3:4b는"),
        ("large-v3-turbo(이)가", "large-v3-turbo가"),
        ("a.json(을)를", "a.json을"),
        ("http://localhost:11434(은)는", "http://localhost:11434는"),
        ("🎉(을)를", "🎉을(를)"),
        ("🎉(으)로", "🎉(으)로"),
    ],
)
def test_particles_follow_the_word_before_them(written: str, read: str) -> None:
    assert settle_particles(written) == read


def test_facts_with_braces_are_not_read_as_slots() -> None:
    assert "{name}" in EngineFailed("recording_lost", name="{name}").sentence("en")


def test_languages_are_korean_and_english() -> None:
    assert set(LANGUAGES) == {"ko", "en"}
