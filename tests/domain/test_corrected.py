"""The later statement stands and names the earlier one; like things that differ stay two."""

import pytest

from core.domain.corrected import link_corrections
from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.transcript import Transcript, numbered

D, F, A = ItemKind.DECISION, ItemKind.FACT, ItemKind.ACTION


def items(*lines: str, kind: ItemKind) -> tuple[tuple[Item, ...], Transcript]:
    transcript = Transcript(numbered((None, None, "김지수", line) for line in lines))
    made = tuple(
        Item(kind=kind, text=line, utterances=(number,), quote=line, verified=True)
        for number, line in enumerate(lines, start=1)
    )
    return made, transcript


@pytest.mark.parametrize(
    ("kind", "earlier", "later"),
    [
        (D, "예산은 5백만 원으로 하기로 했습니다.", "예산은 4백만 원으로 줄이기로 정정합니다."),
        (F, "이탈률은 3퍼센트입니다.", "아까 이탈률은 3퍼센트가 아니라 5퍼센트입니다."),
        (D, "출시는 12월 10일로 결정했습니다.", "출시는 12월 17일로 미루기로 했습니다."),
        (F, "The churn rate is three percent.", "Sorry, the churn rate is five percent."),
        (D, "We launch on December 10.", "We move the launch to December 17."),
        (A, "Send the report by Friday.", "Actually, send the report by Monday."),
        (
            D,
            "We will sell the warehouse.",
            "We cancel the sale of the warehouse, we will not sell.",
        ),
    ],
)
def test_a_correction_stands_for_what_it_corrects(kind: ItemKind, earlier: str, later: str) -> None:
    made, transcript = items(earlier, "다른 이야기입니다.", later, kind=kind)
    linked = link_corrections(made, transcript)
    assert [item.text for item in linked] == ["다른 이야기입니다.", later]
    assert linked[-1].replaces == earlier
    assert linked[-1].replaces_at == (1,)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        # nothing says that it is corrected
        (F, "봄 예산은 5백만 원입니다.", "가을 예산은 4백만 원입니다."),
        # other quarters, other teams, other versions
        (F, "1분기 매출은 5억입니다.", "아, 정정하면 2분기 매출은 7억입니다."),
        (F, "A팀은 다섯 명입니다.", "아까 말씀드린 B팀은 일곱 명으로 변경됐습니다."),
        (F, "Team A has five people.", "Sorry, team B has seven people."),
        # another matter
        (D, "출시는 12월 10일로 결정했습니다.", "회식은 12월 17일로 변경하기로 했습니다."),
        (F, "The price is 5 dollars.", "Actually we hired 7 people."),
        # the same said again
        (F, "이탈률은 3퍼센트입니다.", "다시 확인해 보니 이탈률은 3퍼센트입니다."),
    ],
)
def test_like_things_stay_two(kind: ItemKind, one: str, other: str) -> None:
    made, transcript = items(one, other, kind=kind)
    assert link_corrections(made, transcript) == made


def test_a_chain_keeps_all_of_its_past() -> None:
    made, transcript = items(
        "예산은 5백만 원입니다.",
        "예산은 4백만 원으로 수정합니다.",
        "예산은 3백만 원으로 다시 조정합니다.",
        kind=F,
    )
    (linked,) = link_corrections(made, transcript)
    assert linked.text == "예산은 3백만 원으로 다시 조정합니다."
    assert linked.replaces == "예산은 5백만 원입니다. → 예산은 4백만 원으로 수정합니다."
    assert linked.replaces_at == (1, 2)


def test_what_is_not_verified_corrects_nothing() -> None:
    made, transcript = items("예산은 5백만 원입니다.", "예산은 4백만 원으로 정정합니다.", kind=F)
    loose = (made[0], made[1].checked(verified=False, start=None))
    assert link_corrections(loose, transcript) == loose
