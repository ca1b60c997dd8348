import pytest

from core.domain.transcript import clock, language_of, numbered, written_in


def test_blank_texts_get_no_number() -> None:
    spoken = numbered([(0, 1, "A", " one "), (1, 2, "A", "  "), (2, 3, None, "two\nthree")])
    assert [(one.number, one.text) for one in spoken] == [(1, "one"), (2, "two three")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("회의를 시작하겠습니다", "ko"),
        ("이번 sprint의 backlog는 API migration 먼저 합시다", "ko"),  # Korean with English terms
        ("Let us start", "en"),
        ("The team at 삼성 will ship the new release next quarter, as planned", "en"),
        ("12345", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_told_by_letters(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "00:00"), (61.9, "01:01"), (3600, "1:00:00"), (None, "")]
)
def test_times_are_shown_as_clocks(seconds: float | None, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(
    ("text", "language", "may"),
    [
        ("12월 10일에 출시합니다.", "ko", True),
        ("API gateway를 v2로 migration하기로 했습니다.", "ko", True),
        ("They release on the 10th.", "ko", False),
        ("They release on the 10th.", "en", True),
        ("김지수 writes the 배포 문서 by Tuesday.", "en", True),
        ("12월 10일에 release합니다.", "en", False),
        ("[4]", "ko", True),  # nothing to judge
        ("[4]", "en", True),
    ],
)
def test_a_language_is_judged_by_most_of_the_letters(text: str, language: str, may: bool) -> None:
    assert written_in(text, language) is may
