"""Content terms: what finds what, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.engines.korean import Korean, shared_korean
from core.engines.words import content_terms, english_words, stem


@pytest.fixture(scope="module", autouse=True)
def _end_child() -> Iterator[None]:
    yield
    shared_korean().release()


def terms(text: str) -> set[str]:
    return set(content_terms([text])[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("decided", "deciding"),
        ("the LAUNCHES", "launch"),
        ("David's", "david"),
        ("fifteen percent", "15 percent"),
        ("forty-two thousand", "42,000"),
        ("one hundred and fifty", "100 50"),  # "and" parts them: no grammar is tried
        ("two million", "2000000"),
        ("십오 퍼센트", "15 퍼센트"),
        ("삼백오십 명", "350명"),
        ("천만 원", "10000000원"),
        ("비용이 늘었습니다", "비용을 늘리다 늘다"),
        ("회의록을 정리하겠습니다", "회의록 정리"),
        ("ＡＰＩ 서버", "API 서버를"),  # full-width letters
        ("서버", "서버".encode().decode()),
        ("정책", "정책"),  # decomposed Hangul, as macOS writes it
        ("API를 배포", "배포 api"),
    ],
)
def test_two_ways_to_say_it_share_their_terms(one: str, other: str) -> None:
    assert terms(one) <= terms(other)
    assert terms(one)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "okay, thanks",
        "uh you know",
        "네 음",
        "그렇습니다",
        "the one of us",
        "!!!",
        "I'll don’t",
    ],
)
def test_what_says_nothing_has_no_terms(text: str) -> None:
    assert terms(text) == set()


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("café in Zürich", "zürich"),
        ("version 2.1", "2.1"),
        ("일일 보고", "일일"),  # "daily", and not eleven
        ("이사 회의", "이사"),  # a director, and not twenty-four
        ("전체의 이 퍼센트", "2"),
        ("AWS 비용", "비용"),
        ("プロジェクト", "プロジェクト"),
    ],
)
def test_a_term_is_kept(text: str, term: str) -> None:
    assert term in terms(text)


def test_each_text_has_its_own_terms() -> None:
    assert content_terms(["budget", "", "예산"]) == [("budget",), (), ("예산",)]


def test_english_loads_no_korean() -> None:
    korean = Korean()
    content_terms(["The budget grew", "by 15 %"], korean=korean)
    assert korean.child_id is None


def test_words_come_in_order_and_lower_case() -> None:
    assert english_words("Don’t ship v2, 예산 API 3.5%!") == ["don't", "ship", "v2", "api", "3.5"]


def test_an_endless_word_is_bounded() -> None:
    assert len(stem("a" * 100_000)) <= 40
