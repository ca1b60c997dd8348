import pytest

from core.domain.citations import (
    checked,
    numbers_in,
    replaced,
    share_of_cited_sentences,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("We ship on Friday [12].", (12,)),
        ("두 가지입니다 [3][5], 그리고 [3].", (3, 5)),
        ("both [3, 5]", (3, 5)),
        ("a range [3-5]", (3, 4, 5)),
        ("with signs [#7; #9]", (7, 9)),
        ("no citation [see above] or [12a]", ()),
        ("a range that is none [9-3]", (9, 3)),
        ("a huge range is not counted through [1-999999]", (1, 999999)),
    ],
)
def test_numbers_are_found(text: str, numbers: tuple[int, ...]) -> None:
    assert numbers_in(text) == numbers


def test_citations_of_lines_that_do_not_exist_are_taken_out() -> None:
    found = checked("Ship it [2]. Or not [99].", allowed={2})
    assert found.text == "Ship it [2]. Or not."
    assert found.numbers == (2,)
    assert found.removed == 1


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("One [1]. Two [2].", 1.0),
        ("One [1]. Two.", 0.5),
        ("One. [1] Two. [2]", 1.0),  # the number after the full stop belongs to the sentence
        ("하나입니다. [1] 둘입니다. [9]", 0.5),
        ("", 0.0),
        ("[1] [2]", 0.0),  # numbers alone are no sentence
    ],
)
def test_the_share_of_sentences_that_cite(text: str, share: float) -> None:
    assert share_of_cited_sentences(text, allowed={1, 2}) == pytest.approx(share)


def test_citations_can_be_written_otherwise() -> None:
    assert replaced("a [1, 2] b", lambda number: f"<{number}>") == "a <1><2> b"
