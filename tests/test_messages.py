import re
import string
from pathlib import Path

import pytest

from core.errors import EngineFailed, InvalidInput, MinutesError, error_from
from core.messages import LANGUAGES, catalogue, choose_language, say

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


def test_facts_with_braces_are_not_read_as_slots() -> None:
    assert "{name}" in EngineFailed("recording_lost", name="{name}").sentence("en")


def test_languages_are_korean_and_english() -> None:
    assert set(LANGUAGES) == {"ko", "en"}
