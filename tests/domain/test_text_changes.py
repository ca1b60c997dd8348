"""Folding changes over what was heard, and marking what differs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.domain.text_changes import REPLACEMENT, TEXT, Change, fold, marked, occurrences

HEARD = "결재 모듈 테스트"
FIRST = Change(1, 3, REPLACEMENT, "결재", "결제", job_id="j")
SECOND = Change(2, 3, REPLACEMENT, "모듈", "모델", job_id="j")
BY_HAND = Change(4, 3, TEXT, "결제 모델 테스트", "결제 시험")

_FOLDS = [
    # (changes, text, which are in force)
    ([], HEARD, set()),
    ([FIRST, SECOND], "결제 모델 테스트", {1, 2}),
    ([replace(FIRST, undone=True), SECOND], "결재 모델 테스트", {2}),
    ([FIRST, SECOND, BY_HAND], "결제 시험", {4}),  # all of it was written anew
    ([FIRST, SECOND, replace(BY_HAND, undone=True)], "결제 모델 테스트", {1, 2}),
    # What a person wrote holds, even if what they saw then was taken back.
    ([replace(FIRST, undone=True), SECOND, BY_HAND], "결제 시험", {4}),
    # A replacement whose words are gone is passed over.
    ([FIRST, Change(2, 3, REPLACEMENT, "결재 모듈", "x")], "결제 모듈 테스트", {1}),
    # Another hearing: the first change was not made on these words, so none of them was.
    ([Change(1, 3, REPLACEMENT, "예산", "애산"), SECOND], HEARD, set()),
    ([Change(1, 3, TEXT, "다른 말", "내 말")], HEARD, set()),
    ([replace(FIRST, undone=True), replace(BY_HAND, before=HEARD)], "결제 시험", {4}),
]


@pytest.mark.parametrize(("changes", "text", "in_force"), _FOLDS)
def test_the_text_in_force_follows_from_the_changes(
    changes: list[Change], text: str, in_force: set[int]
) -> None:
    folded = fold(HEARD, changes)
    assert folded.text == text
    assert folded.in_force == in_force


@pytest.mark.parametrize(
    ("piece", "text", "count"),
    [("아아", "아아아", 2), ("a", "banana", 3), ("", "abc", 0), ("x", "abc", 0)],
)
def test_pieces_are_counted_where_they_overlap(piece: str, text: str, count: int) -> None:
    assert occurrences(piece, text) == count


@pytest.mark.parametrize(
    ("heard", "text", "pieces"),
    [
        ("a b c", "a b c", [("a b c", None)]),
        ("결재 모듈", "결제 모듈", [("결제 ", "결재"), ("모듈", None)]),
        (
            "the old cash is",
            "the old cache is",
            [("the old ", None), ("cache ", "cash"), ("is", None)],
        ),
        # Where words were only put in or left out, the word before shows it, else the one behind.
        ("a c", "a b c", [("a b ", "a"), ("c", None)]),
        ("a b c", "a c", [("a ", "a b"), ("c", None)]),
        ("x a b", "a b", [("a ", "x a"), ("b", None)]),
        ("b", "a b", [("a b", "b")]),
        ("alle", "other words", [("other words", "alle")]),
    ],
)  # fmt: skip
def test_changed_words_are_marked_with_what_was_heard(
    heard: str, text: str, pieces: list[tuple[str, str | None]]
) -> None:
    assert marked(heard, text) == pieces
    assert "".join(piece for piece, _ in marked(heard, text)) == text
