"""Numbers by their values, whichever way and language they are said in."""

from __future__ import annotations

from fractions import Fraction

import pytest

from core.domain.numerals import claimed, missing, said

_SAME = [
    # (claim, what was said)
    ("12월 10일", "십이월 십일에 하죠"),  # 십일 behind a month is the tenth
    ("십이월 십일", "12월 10일"),
    ("12월 11일", "십이월 십일일"),
    ("December 10", "tenth of December"),
    ("December 10", "십이월 십일"),
    ("12월 10일", "on December tenth"),
    ("6월 3일", "유월 삼일"),
    ("10월", "시월까지"),
    ("11월", "십일월 말"),
    ("24일", "이십사일까지"),
    ("40", "forty people"),
    ("forty", "40"),
    ("fourty", "forty"),  # people misspell it
    ("two", "2"),
    ("2 weeks", "two weeks"),
    ("2주", "이 주 뒤에"),
    ("80%", "팔십 퍼센트"),
    ("80%", "팔십프로"),
    ("5%", "오 퍼센트"),
    ("팔십 퍼센트", "80 percent"),
    ("5,000,000원", "오백만 원"),
    ("오백만 원", "500만원"),
    ("500만원", "오백 만 원"),
    ("5백만", "오백만"),
    ("10,000,000", "천만 원"),
    ("천만 원", "1000만 원"),
    ("35,000원", "삼만 오천 원"),
    ("3만5천원", "삼만오천 원"),
    ("1억 2천만 원", "120,000,000원"),
    ("120,000,000원", "일억 이천만 원"),
    ("2조 3000억", "2,300,000,000,000"),
    ("1,200", "천 이백 개"),
    ("천이백 개", "1,200개"),
    ("백오십 명", "150명"),
    ("24명", "스물네 명"),
    ("40살", "마흔 살"),
    ("15명", "열다섯 명"),
    ("서른다섯 살", "35살"),
    ("2명", "두 명"),
    ("3가지", "세 가지"),
    ("2~3명", "두세 명"),
    ("3~4일", "서너 일"),
    ("20~30명", "이삼십 명"),
    ("3일", "사흘 안에"),
    ("10일", "열흘"),
    ("3.5%", "삼 점 오 퍼센트"),
    ("0.5", "영점오"),
    ("2/3", "삼분의 이"),
    ("2026년", "이공이육년"),
    ("2026년", "이천이십육년"),
    ("2026", "twenty twenty-six"),
    ("1999", "nineteen ninety-nine"),
    ("2.5시간", "두 시간 반"),
    ("2.5 hours", "two and a half hours"),
    ("2:30", "두 시 반"),
    ("12시 30분", "열두 시 반"),
    ("10:30", "half past ten"),
    ("10:45", "quarter to eleven, so ten forty-five"),
    ("14:00", "오후 두 시에"),
    ("14:00", "at two pm"),
    ("3 pm", "15시"),
    ("오후 3시", "fifteen hundred, I mean three pm"),
    ("50%", "half of them"),
    ("50%", "절반"),
    ("12 eggs", "a dozen"),
    ("$1.2M", "1.2 million dollars"),
    ("15,000", "15 thousand"),
    ("10k", "ten thousand"),
    ("5m", "five metres"),  # m may be million or metres
    ("3,200,000", "three point two million"),
    ("350", "three hundred and fifty"),
    ("350", "three fifty"),
    ("1,250", "one thousand two hundred fifty"),
    ("2500", "twenty-five hundred"),
    ("21st", "the twenty-first"),
    ("3.14", "three point one four"),
    ("Q3", "the third quarter"),
    ("0 defects", "no defects"),
    ("0건", "없었습니다"),
    ("5만 남았다", "다섯 개만"),  # 5만 is fifty thousand, or only five
    ("1", "a single one"),
    ("25", "스물다섯"),
    ("참석자 2", "참석자 2"),
    ("2026-12-10", "2026년 12월 10일"),
    ("12/10", "십이월 십일"),
    ("10/12", "the tenth of December"),
    ("2026. 12. 10.", "이천이십육년 십이월 십일"),
    ("2-3 weeks", "two or three weeks"),
    ("8,200", "one for eighty-two hundred and one for eleven thousand"),  # or is it 8201?
    ("8,201", "eighty-two hundred and one"),
    ("1억 2천만 원", "일억 이천이 나와서"),  # short for 이천만; 이 is a particle
    ("3억 5천만", "3억 5천"),
    ("32", "삼십이 됩니다"),
    ("30", "삼십이 됩니다"),
]  # fmt: skip

_OTHER = [
    ("50", "forty"),
    ("오백만 원", "오십만 원"),
    ("5,000,000", "5,000"),
    ("12월 11일", "십이월 십일"),
    ("12월 10일", "십일월 십일"),
    ("80%", "팔 퍼센트"),
    ("8%", "팔십 퍼센트"),
    ("three", "four"),
    ("thirteen", "thirty"),  # the classic mishearing
    ("15", "fifty"),
    ("24명", "스물세 명"),
    ("3일", "나흘 안에"),
    ("2주", "삼 주 뒤에"),
    ("2027년", "2026년"),
    ("3.5%", "35%"),
    ("35%", "삼 점 오 퍼센트"),
    ("1억 2천만", "일억 삼천만"),
    ("$1.2M", "1.3 million"),
    ("10k", "ten hundred"),
    ("9:30", "10:30"),
    ("the twelfth", "the twentieth"),
    ("백만 원", "천만 원"),
    ("마흔", "서른"),
    ("열두 시", "열한 시"),
    ("December", "November"),
    ("December 12", "the tenth of December"),  # the month's number is no day
    ("12월 12일", "십이월 십일"),
    ("12 people", "in December"),
    ("1억 3천만 원", "일억 이천이 나와서"),
    ("3월", "세 명"),
    ("사월 십오일", "삼월 십오일"),
]

_NO_CLAIMS = [
    # words that sound like numbers
    "이번 주에 진행합니다",
    "일을 이만 마치겠습니다",
    "만일의 경우",
    "천천히 조만간 사이에",
    "이 사장님이 오전에",
    "구조를 바꾸고 천만에요",
    "네 좋습니다 세부 사항",
    "우리는 한 번 더 열심히",
    "일이 많다",
    "이사회에서 두루 논의",
    "세대 교체와 열세",
    "이천 공장",
    "오이와 구두",
    "담당 일정 이동",
    "사실 일부는 조사 중",
    "오전에 사무실로",
    "영업팀과 공유",
    "백화점 조건",
    "만약 만족하면",
    "조금만 기다려",
    "육아 휴직",
    "칠판과 팔찌",
    "구매 부서",
    "삼성 제품",
    "하나의 방법",
    "두 말할 필요",
    "First, the second one may march on",
    "someone or anyone",
    "a moment, often attended",
    "weight and height",
    "He listened",
    "no comment",
    "",
]


@pytest.mark.parametrize(("claim", "source"), _SAME)
def test_the_same_number_is_found(claim: str, source: str) -> None:
    assert claimed(claim), "the claim states a number"
    assert missing(claim, source=source) == []


@pytest.mark.parametrize(("claim", "source"), _OTHER)
def test_another_number_is_missed(claim: str, source: str) -> None:
    assert missing(claim, source=source) != []


@pytest.mark.parametrize("text", _NO_CLAIMS)
def test_words_are_no_numbers(text: str) -> None:
    assert claimed(text) == []


def test_every_number_of_a_claim_is_looked_for() -> None:
    assert missing("from 10 to 20 to 30", source="ten, then thirty") == [frozenset((Fraction(20),))]


_SINO = ["", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"]


def _in_korean(value: int) -> str:
    """Sino-Korean below 100,000,000, as it is spoken (no 일 before a unit)."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        return ("" if high == 1 else _in_korean(high)) + "만" + (_in_korean(low) if low else "")
    words = ""
    for size, unit in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
        digit, value = divmod(value, size)
        words += ("" if digit == 1 and unit else _SINO[digit]) + (unit if digit else "")
    return words


def test_spoken_korean_numbers_have_the_value_of_their_figures() -> None:
    for value in [*range(10, 400), *range(990, 1210), 3456, 10_000, 35_000, 123_456, 99_999_999]:
        assert Fraction(value) in said(f"{_in_korean(value)} 원"), value
        assert missing(f"{value:,}원", source=f"{_in_korean(value)} 원") == []


_ENGLISH = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def _in_english(value: int) -> str:
    if value >= 1000:
        high, low = divmod(value, 1000)
        return f"{_in_english(high)} thousand" + (f" {_in_english(low)}" if low else "")
    if value >= 100:
        high, low = divmod(value, 100)
        return f"{_ENGLISH[high]} hundred" + (f" and {_in_english(low)}" if low else "")
    if value >= 20:
        return _TENS[value // 10 - 2] + (f"-{_ENGLISH[value % 10]}" if value % 10 else "")
    return _ENGLISH[value]


def test_spoken_english_numbers_have_the_value_of_their_figures() -> None:
    for value in [*range(2, 400), 1000, 1234, 25_000, 999_999]:
        assert missing(f"{value:,} dollars", source=f"{_in_english(value)} dollars") == []
        assert missing(f"{_in_english(value)} dollars", source=f"{value} dollars") == []


@pytest.mark.parametrize(
    "text", ["9" * 5000, "만" * 5000, "two " * 5000, "1," * 5000, "점오" * 5000]
)
def test_nonsense_ends(text: str) -> None:
    said(text)
    claimed(text)
