"""True numbers beside the wrong nouns are found."""

import pytest

from core.domain.paired_numbers import misstates, units_met

_LEADS = "Last year we had two hundred and ten leads, and nineteen of them became customers."
_MOVES = "The export moves from October thirtieth to November tenth, for all customers."
_COSTS = "Fifteen thousand for the booth itself, six thousand for travel and hotels."
_ADS = "총액은 3천만 원이고요, 검색 광고에 천2백만 원, 동영상 광고에 천만 원입니다."
_SIGNUPS = "그때는 신규 가입이 만 천 명 정도였습니다. 이번 목표는 만 5천 명이에요."
_OPTIONS = "에이 안은 버튼을 넣은 거고요, 비 안은 단계를 줄인 겁니다."


@pytest.mark.parametrize(
    ("claim", "said", "wrong"),
    [
        ("There were nineteen leads.", _LEADS, True),
        ("There were 210 leads, 19 of whom bought.", _LEADS, False),
        ("The export moves from November 10 to October 30.", _MOVES, True),
        ("The export moved from October 30 to November 10.", _MOVES, False),
        # a number of another kind beside the words, a clause that is little but the number
        (
            "출시 캠페인 예산 총액은 3천만 원",
            "네, 3.0 출시 캠페인 예산안입니다. 총액은 3천만 원이고요, 검색 광고에 천2백만 원.",
            False,
        ),
        ("캠페인 예산은 3천2백만 원", "예산이 3천만 원이라고 했는데 3천2백만 원입니다.", False),
        ("The booth costs six thousand.", _COSTS, True),
        ("The booth costs $15,000, travel and hotels $6,000.", _COSTS, False),
        ("검색 광고에 천만 원, 동영상 광고에 천2백만 원을 씁니다.", _ADS, True),
        ("동영상 광고에 1,000만 원, 검색 광고에 1,200만 원을 씁니다.", _ADS, False),
        ("신규 가입 만 5천 명, 목표 만 천 명", _SIGNUPS, True),
        ("신규 가입 약 11,000명, 목표 15,000명", _SIGNUPS, False),
        # the direction of a change
        ("이탈률이 40%에서 80%로 바뀌었다.", "이탈률이 80%에서 40%로 바뀌었어요.", True),
        ("이탈률이 80%에서 40%로 바뀌었다.", "이탈률이 80%에서 40%로 바뀌었어요.", False),
        # options have letters for numbers
        ("온보딩은 A안으로 결정했습니다.", "그럼 온보딩은 비 안으로 결정하죠.", True),
        ("온보딩은 B안으로 결정했습니다.", "그럼 온보딩은 비 안으로 결정하죠.", False),
        ("B안은 버튼을 넣은 것입니다.", _OPTIONS, True),
        ("A안은 버튼을 넣은 것입니다.", _OPTIONS, False),
    ],
)
def test_numbers_stay_with_their_nouns(claim: str, said: str, wrong: bool) -> None:
    assert misstates(claim, said) is wrong


@pytest.mark.parametrize(
    ("claim", "said", "met"),
    [
        ("이탈률 38%", "사용자의 38퍼센트가 나갑니다", True),
        ("Churn is 38%", "사용자의 38퍼센트가 나갑니다", True),
        ("다음 회의는 오후 3시", "세 시로 옮기겠습니다", True),
        ("15,000명", "만 5천 명이에요", True),
        ("38명이 참석", "사용자의 38퍼센트가 나갑니다", False),
        ("이탈률 39%", "사용자의 38퍼센트가 나갑니다", False),
    ],
)
def test_a_number_is_met_with_its_unit(claim: str, said: str, met: bool) -> None:
    assert units_met(claim, said) is met
