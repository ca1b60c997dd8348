"""A summary keeps the sentences that rest on what was said, and loses the others."""

import pytest

from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.prose import check_prose, doubtful
from core.domain.transcript import Transcript
from tests.domain.meetings import BUDGET, LAUNCH


def held(text: str, transcript: Transcript, *items: Item, known: str = "") -> str:
    allowed = transcript.by_number().keys()
    return check_prose(text, transcript, items=items, allowed=allowed, known=known).text


@pytest.mark.parametrize(
    ("transcript", "text"),
    [
        (LAUNCH, "The beta has forty users [2]. The launch is on December 10 [3][4]."),
        (BUDGET, "예산은 500만 원으로 줄이기로 했습니다 [2][3]."),
        # a number written in figures, said in words; a decimal is no end of a sentence
        (BUDGET, "이탈률이 80%에서 40%로 떨어졌습니다 [7]."),
        # numbers and names have to do across languages
        (LAUNCH, "12월 10일에 출시하기로 했습니다 [3]."),
        # in other words, but of the same matter
        (LAUNCH, "Bob takes care of sending prices to finance [5]."),
        # headings and lists stay
        (LAUNCH, "## Launch\n\n- The launch is in December [3].\n- The beta has forty users [2]."),
        # no citation of its own, but the paragraph's next one bears it out
        (LAUNCH, "The beta has forty users. Churn is about three percent [2]."),
    ],
)
def test_what_was_said_stays(transcript: Transcript, text: str) -> None:
    assert held(text, transcript) == text


@pytest.mark.parametrize(
    ("transcript", "text", "left"),
    [
        # another number beside a true citation
        (LAUNCH, "The beta has forty users [2]. The beta has 400 users [2].", "forty users [2]."),
        (BUDGET, "예산은 5천만 원으로 줄이기로 했습니다 [2].", ""),
        # nothing of it was said there
        (LAUNCH, "The company will be sold to a rival [3].", ""),
        (BUDGET, "사장이 사임했습니다 [3].", ""),
        # somebody of whom nobody spoke
        (BUDGET, "장준혁 님이 견적서를 보냅니다 [4].", ""),
        (BUDGET, "장준혁님이 견적서를 보냅니다 [4].", ""),
        # a speaker who neither speaks there nor is named
        (LAUNCH, "Dan has forty beta users [2].", ""),
        # an invented number in a sentence that cites nothing, a paragraph that cites nothing
        (LAUNCH, "The price is 99 dollars. The beta has forty users [2].", "forty users [2]."),
        (LAUNCH, "Everybody was happy with the beta.", ""),
        # a citation of a line that is not there
        (LAUNCH, "The beta has forty users [99].", ""),
        # a heading above nothing
        (LAUNCH, "## Sale\n\nThe company will be sold [3].\n\n## Beta\n\nForty users [2].", "## B"),
    ],
)
def test_what_was_not_said_goes(transcript: Transcript, text: str, left: str) -> None:
    kept = held(text, transcript)
    if left:
        assert left in kept
        assert len(kept) < len(text)
        assert not any(lie in kept for lie in ("400", "99", "sold", "Sale"))
    else:
        assert kept == ""


def test_it_counts_what_it_took_out() -> None:
    text = "The beta has forty users [2]. The beta has 400 users [2]. It has 500 users [2]."
    checked = check_prose(text, LAUNCH, items=(), allowed={2})
    assert (checked.kept, checked.dropped) == (1, 2)
    assert checked.share == pytest.approx(1 / 3)


def test_a_verified_item_bears_out_what_its_lines_do_not_say_alone() -> None:
    owned = Item(
        ItemKind.ACTION,
        "Carol books the venue",
        (6, 7),
        "book the venue",
        owner="Carol",
        due_text="by 5 May",
        verified=True,
    )
    text = "The venue is booked by 5 May [6]."
    assert held(text, LAUNCH) == ""
    assert held(text, LAUNCH, owned) == text


def test_title_and_date_need_no_line() -> None:
    text = "On 23 November the team met about 3.0: the beta has forty users [2]."
    assert held(text, LAUNCH) == ""
    assert held(text, LAUNCH, known="App 3.0\n23 November 2026") == text


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("예산은 500만 원으로 줄입니다 [2].", False),
        ("예산은 9억 원입니다 [2].", True),
        ("9억 원 이야기는 없었습니다.", False),  # the question's own number, and no line is cited
        ("아마 7억 원일 것입니다.", True),
        ("장준혁 님이 견적서를 보냅니다 [4].", True),
        ("박지훈 님이 견적서를 다음 주 화요일까지 보냅니다 [4].", False),
        ("지훈 씨가 견적서를 보냅니다 [4].", False),
        ("김 대리가 고객사 미팅을 잡습니다 [6].", False),
        ("고객님께 안내했습니다 [6].", False),
        ("더 궁금한 점이 있으면 물어보세요.", False),
    ],
)
def test_an_answers_doubtful_sentences_are_found(text: str, doubted: bool) -> None:
    found = doubtful(text, BUDGET, items=(), known="", asked="예산이 9억 원 맞나요?")
    assert found == ([text] if doubted else [])


@pytest.mark.parametrize(
    ("heading", "stays"),
    [
        ("## Launch", True),
        ("## Key numbers", True),
        ("**Launch date**", True),
        ("## 400 users", False),
        ("## Boston office", False),
        ("## The launch is cancelled for good", False),
        ("**The company will be sold**", False),
        ("The board fired Tom:", False),
    ],
)
def test_a_heading_says_no_more_than_its_lines(heading: str, stays: bool) -> None:
    body = "The beta has forty users [2]. The launch is on December 10 [3][4]."
    assert held(f"{heading}\n\n{body}", LAUNCH) == (f"{heading}\n\n{body}" if stays else body)


def test_a_number_that_was_corrected_goes_unless_the_new_one_is_told() -> None:
    corrected = Item(
        ItemKind.FACT,
        "Churn is 5%",
        (2,),
        verified=True,
        replaces="Churn is 3%",
    )
    old, both = "Churn is 3% [2].", "Churn is 5%, not 3% [2]."
    assert held(old, LAUNCH) == old
    assert held(old, LAUNCH, corrected) == ""
    assert held(both, LAUNCH, corrected) == both


def test_a_number_of_a_line_beside_is_not_borrowed() -> None:
    assert held("The launch has forty users [3].", LAUNCH) == ""


@pytest.mark.parametrize("text", ["Dan will book the venue [6][7].", "Send it to Dan [5]."])
def test_a_promise_of_somebody_elsewhere_goes(text: str) -> None:
    assert held(text, LAUNCH) == ""
