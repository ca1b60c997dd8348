"""Each thing once, whatever the parts are; what differs in a number, an owner or a day is two."""

import pytest

from core.domain.grounding import check
from core.domain.kinds import ItemKind
from core.domain.merging import merge
from core.domain.minutes import Item
from tests.domain.meetings import meeting

ACTION, DECISION, FACT, QUESTION = (
    ItemKind.ACTION,
    ItemKind.DECISION,
    ItemKind.FACT,
    ItemKind.QUESTION,
)


def _fact(text: str, *cites: int, **more: str) -> Item:
    return Item(FACT, text, cites, text, **more)  # type: ignore[arg-type]


_MERGED = [
    # the same in two overlapping parts
    ([_fact("The beta has 40 users.", 2), _fact("Beta: forty users", 2, 3)], 1),
    ([_fact("예산을 500만 원으로 줄임", 2), _fact("예산을 오백만 원으로 줄이기로 함", 2)], 1),
    # word for word
    ([_fact("Ship it.", 3), _fact("Ship it", 3)], 1),
    # other numbers are other things
    ([_fact("The beta has 40 users.", 2), _fact("The beta has 50 users.", 2)], 2),
    # said again at the end of the meeting
    ([_fact("The beta has 40 users.", 2), _fact("So the beta has 40 users.", 30)], 1),
    ([_fact("출시는 12월 10일로 결정함", 2), _fact("출시는 12월 10일로 결정했음", 300)], 1),
    # said of another thing
    ([_fact("The beta has 40 users.", 2), _fact("The alpha release has 40 users.", 30)], 2),
    ([_fact("보고서를 작성함", 2), _fact("제안서를 작성함", 30)], 2),
    # the same work, to be done by another day
    (
        [
            Item(ACTION, "Send the weekly sales report", (2,), "x", due_text="by Friday"),
            Item(ACTION, "Send the weekly sales report", (30,), "x", due_text="by Monday"),
        ],
        2,
    ),
    # asked twice is two questions
    ([Item(QUESTION, "Who owns it?", (2,), "x"), Item(QUESTION, "Who owns it?", (30,), "x")], 2),
    # another matter in the same line
    ([_fact("The beta has many users.", 2), _fact("Churn is falling.", 2)], 2),
    # two people each do it
    ([_fact("Send a report.", 5, owner="Kim"), _fact("Send a report.", 5, owner="Lee")], 2),
    ([_fact("Send a report.", 5, owner="Kim"), _fact("Send a report.", 5)], 1),
    # another kind
    ([_fact("Launch in May.", 3), Item(DECISION, "Launch in May.", (3,), "launch in May")], 2),
    ([], 0),
]  # fmt: skip


@pytest.mark.parametrize(("items", "left"), _MERGED)
def test_each_thing_is_kept_once(items: list[Item], left: int) -> None:
    made = merge([[item] for item in items])
    assert len(made) == left
    assert {number for item in made for number in item.utterances} == {
        number for item in items for number in item.utterances
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("해외영업팀 신규 인력 채용 계획을 승인했다", "해외법인 신규 인력 채용 계획을 승인했다"),
        ("인천공항 물류 창고 임대 계약을 연장한다", "인천항 물류 창고 임대 계약을 연장한다"),
        ("고객센터 야간 상담 운영을 중단한다", "고객사 야간 상담 운영을 중단한다"),
        ("요금 인상의 원칙을 검토하기로 함", "요금 인상의 원인을 검토하기로 함"),
        ("김민수가 분기 보고서 초안을 작성한다", "김민지가 분기 보고서 초안을 작성한다"),
        ("김민준이 분기 보고서 초안을 작성한다", "김민주가 분기 보고서 초안을 작성한다"),
        ("신규 채용 공고를 온라인에 올리기로 함", "신규 채용 공고를 온라인에 올리지 않기로 함"),
        ("해외 지사 출장 예산안을 승인했다", "해외 지사 출장 예산안을 반려했다"),
        ("We will migrate the billing database", "We will not migrate the billing database"),
        (
            "The mobile payments review moves to Tuesday",
            "The mobile payments review moves to Thursday",
        ),
        ("The Seoul store renovation starts in March", "The Seoul store renovation starts in May"),
        ("Customers in Korea get the refund by card", "Customers in Japan get the refund by card"),
        ("Team A moves to the new office", "Team B moves to the new office"),
    ],
)
@pytest.mark.parametrize("lines", [((1,), (40,)), ((1,), (1,))])
def test_like_statements_of_two_things_stay_two(
    one: str, other: str, lines: tuple[tuple[int, ...], tuple[int, ...]]
) -> None:
    first, second = (_fact(text, *cites) for text, cites in zip((one, other), lines, strict=True))
    assert len(merge([[first], [second]])) == 2
    assert len(merge([[first, second]])) == 2


def test_a_false_item_does_not_take_a_true_one_with_it() -> None:
    true = _fact("Server cost rises 20 percent next year", 1).checked(verified=True, start=None)
    lie = _fact("Server cost rises 20 percent next year as the board agreed", 1)
    assert [item.verified for item in merge([[true, lie]])] == [True, False]


def test_what_a_person_wrote_stays_theirs() -> None:
    theirs = Item(FACT, "The beta has 40 users", (2,), "x", verified=True, edited=True)
    again = _fact("The beta has 40 users in total", 2).checked(verified=True, start=None)
    (made,) = merge([[theirs], [again]])
    assert (made.text, made.edited, made.verified) == ("The beta has 40 users", True, True)


def test_across_parts_one_quote_is_one_thing_in_other_words() -> None:
    one = Item(DECISION, "출시를 미루기로 했다", (98, 99), "그렇게 미루는 걸로 하죠")
    other = Item(DECISION, "일정 연기에 합의함", (99, 101), "미루는 걸로 하죠")
    (made,) = merge([[one], [other]])
    assert made.utterances == (98, 99, 101)
    assert len(merge([[one, other]])) == 2, "within a part a model may quote a line for two things"


def test_merging_keeps_the_fuller_text_and_what_either_knew() -> None:
    short = Item(ACTION, "Send the price list", (5,), "send", owner="Bob")
    full = Item(ACTION, "Send the price list to finance", (5, 6), None, due_text="by Friday")
    (made,) = merge([[short], [full]])
    assert made == Item(
        ACTION, "Send the price list to finance", (5, 6), "send", owner="Bob", due_text="by Friday"
    )


def test_merged_items_stand_in_the_order_they_were_said() -> None:
    items = [_fact("c", 9), _fact("none"), _fact("a", 1, 20), _fact("b", 2)]
    assert [item.text for item in merge([items])] == ["a", "b", "c", "none"]


def test_many_items_are_merged_and_checked_in_time() -> None:
    lines = [(f"P{place % 5}", f"Point {place} about subject {place}") for place in range(1000)]
    items = [_fact(text, number) for number, (_, text) in enumerate(lines, start=1)]
    assert all(item.verified for item in check(merge([items]), meeting(*lines)))
