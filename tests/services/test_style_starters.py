"""The texts to begin a style with: what they ask for stands beside the rules of minutes."""

from __future__ import annotations

import re

import pytest

from core.domain import citations
from core.messages import LANGUAGES
from core.prompts import neutral
from core.services.model_writer import _A_LANGUAGE
from core.services.style_starters import STARTERS, starter
from core.services.styles import NAME_LIMIT
from core.services.system_prompt import STYLE_LIMIT

EACH = pytest.mark.parametrize(
    ("key", "language"), [(key, language) for key in STARTERS for language in LANGUAGES]
)
_DROPS = re.compile(
    r"빼고|빼 주|제외|무시|생략|(?:결정|할 일).{0,12}(?:쓰지|적지|넣지)"
    r"|\b(?:leave out|omit|skip|drop|ignore)\b",
    re.IGNORECASE,
)
"""What would ask to drop something that was said."""
_ABOUT_A_LANGUAGE = {"ko": {"english"}, "en": {"english", "notes", "polite"}}
WRITTEN = {
    "bullets": "- 출시: 12월 10일로 정했습니다 [4]\n- 문서: 이영희가 화요일까지 씁니다 [5][6]",
    "executive": "출시는 12월 10일로 정했습니다 [4]. 반대가 없었습니다 [4]. 예산은 미정입니다 [6].",
    "notes": "출시일을 12월 10일로 정함 [4]. 이영희가 배포 문서를 작성하기로 함 [5].",
    "actions": "이영희 님이 화요일까지 문서를 씁니다 [5]. 담당자는 정해지지 않았습니다 [6].",
    "english": "김지수 proposed December 10 [3]. The launch is on December 10 [4].",
}
"""What a model writes that does as it is told."""


@EACH
def test_a_starter_is_short_plain_and_drops_nothing(key: str, language: str) -> None:
    one = starter(key, language)
    assert 0 < len(one.name) <= NAME_LIMIT
    assert one.what
    assert 3 <= len(one.text.splitlines()) <= 6
    assert len(one.text) < STYLE_LIMIT / 4
    assert not _DROPS.search(one.text)
    assert neutral(one.text) == one.text
    assert one.text == one.text.strip()


@EACH
def test_only_a_starter_about_a_language_names_one(key: str, language: str) -> None:
    """A style that names a language switches off the check of the language (model_writer)."""
    named = bool(_A_LANGUAGE.search(starter(key, language).text))
    assert named == (key in _ABOUT_A_LANGUAGE[language])


@EACH
def test_a_starter_is_in_the_language_of_who_chooses(key: str, language: str) -> None:
    text = starter(key, language).text
    hangul = sum("가" <= letter <= "힣" for letter in text) / len(text)
    assert (hangul > 0.4) == (language == "ko")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_starters_are_called_alike(language: str) -> None:
    assert len({starter(key, language).name for key in STARTERS}) == len(STARTERS)


@pytest.mark.parametrize("key", WRITTEN)
def test_what_a_starter_asks_for_passes_the_check_of_citations(key: str) -> None:
    share = citations.share_of_cited_sentences(WRITTEN[key], allowed={3, 4, 5, 6})
    assert share == 1
