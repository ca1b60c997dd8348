import pytest

from core.domain.transcript import clock, language_of, numbered


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
