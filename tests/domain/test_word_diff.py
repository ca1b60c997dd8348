"""Two texts compared by words: both can be read back from the pieces, whatever they hold."""

from __future__ import annotations

import time

import pytest

from core.domain.word_diff import ADDED, REMOVED, SAME, word_diff

PAIRS = [
    ("", ""),
    ("", "새 글"),
    ("old text", ""),
    ("존댓말로 짧게 써 주세요.", "음슴체로 짧게 써 주세요."),
    ("Keep it short.\nDecisions first.", "Keep it long.\n\nDecisions first, please."),
    ("a  b\tc", "a b c"),
    ("<b>x</b> {a} $s", "<i>x</i> {b} $s"),
    ("😀 한 줄", "한 줄 😀\n"),
]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(one.text for one in pieces if one.kind != ADDED) == before
    assert "".join(one.text for one in pieces if one.kind != REMOVED) == after
    assert all(one.text for one in pieces)


def test_a_korean_word_is_changed_with_its_particle() -> None:
    pieces = [(one.kind, one.text) for one in word_diff(*PAIRS[3])]
    assert pieces == [
        (REMOVED, "존댓말로"),
        (ADDED, "음슴체로"),
        (SAME, " 짧게 써 주세요."),
    ]


def test_words_changed_side_by_side_are_one_change() -> None:
    pieces = [
        (one.kind, one.text) for one in word_diff("be short and dry now", "be long or wet now")
    ]
    assert pieces == [
        (SAME, "be "),
        (REMOVED, "short and dry"),
        (ADDED, "long or wet"),
        (SAME, " now"),
    ]


def test_texts_as_long_as_a_style_may_be_are_compared_at_once() -> None:
    before = "가 나 " * 666
    after = "나 다 " * 666
    begun = time.process_time()
    word_diff(before, after)
    assert time.process_time() - begun < 3
