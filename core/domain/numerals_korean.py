"""Korean number words: Sino-Korean ("팔십", "십이월 십일", "삼 점 오"), native ("스물네", "두세"),
days ("사흘"). Most syllables are words too (이, 일, 만), so a numeral is sure only where its length
or the counter behind it leaves no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from core.domain.numerals_figures import (
    KOREAN_UNITS,
    Found,
    found,
    hour_values,
    korean_value,
    month_value,
    short_hundred_millions,
)

_ONES = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "석": 3, "넷": 4, "네": 4, "넉": 4,
    "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
}  # fmt: skip
_TENS = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70,
    "여든": 80, "아흔": 90,
}  # fmt: skip
_PAIRS = {
    "한두": (1, 2), "두세": (2, 3), "두서너": (2, 3, 4), "서너": (3, 4), "네댓": (4, 5),
    "너댓": (4, 5), "네다섯": (4, 5), "대여섯": (5, 6), "예닐곱": (6, 7), "일고여덟": (7, 8),
    "일이": (1, 2), "이삼": (2, 3), "삼사": (3, 4), "사오": (4, 5), "오륙": (5, 6),
    "육칠": (6, 7), "칠팔": (7, 8), "팔구": (8, 9),
}  # fmt: skip
_DAYS = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8,
    "아흐레": 9, "열흘": 10, "보름": 15,
}  # fmt: skip
_SURE_DAYS = frozenset(("이틀", "사흘", "나흘", "열흘"))
_COUNTER = (
    "원|명|개월|개|월|년|시간|시|분기|분|초|퍼센트|프로|주일|주|달러|달|유로|엔|위안|회|번|차|배|건|대|층|호|킬로|"
    "미터|센티|평|페이지|장|쪽|점|살|위|등|팀|가지|군데|곳|사람|단계|단|박|일|줄|칸|편|곡|권|병|잔|통|쌍|마리|"
    "벌|채|척|톤|그램|리터|기가|메가|테라|바이트|포인트|세대|인|석|자리|과목|문항|세트|박스|도|차례|여|째|시리즈"
)
_COUNTED = re.compile(rf"\s?(?:{_COUNTER})")
_NEXT_COUNTED = re.compile(rf"\s(?:{_COUNTER})")
_TAIL = re.compile(
    r"(?:은|는|이|가|을|를|의|에|로|으로|도|만|과|와|쯤|정도|까지|부터|씩|입니다|이에요|예요|이고|이며|이나|보다|이상"
    r"|이하|안에|대|여)*(?=[^가-힣]|$)"
)
_SINO = re.compile(r"(?<![가-힣])[일이삼사오육륙칠팔구십백천만억조]{1,24}")
_DIGITS = {syllable: str(value) for value, syllable in enumerate("영일이삼사오육칠팔구")}
_DIGITS |= {"공": "0", "륙": "6", "빵": "0"}
_RUN = re.compile(r"[공영일이삼사오육륙칠팔구](?:\s?[공영일이삼사오육륙칠팔구]){2,10}")
_NATIVE = re.compile(
    rf"(?<![가-힣])(?P<hundred>[일이삼사오육칠팔구]?백)?(?P<tens>{'|'.join(_TENS)})?"
    rf"(?P<ones>{'|'.join(_ONES)})?(?=[^가-힣]|$|[가-힣])"
)
_PAIR = re.compile(rf"(?<![가-힣])(?P<pair>{'|'.join(_PAIRS)})(?P<unit>[십백천만억]*)")
_DAY = re.compile(rf"(?<![가-힣])(?:{'|'.join(_DAYS)})")
_POINT = re.compile(
    r"(?P<whole>[일이삼사오육칠팔구십백영공]+|\d+)\s?점\s?(?P<part>[공영일이삼사오육륙칠팔구]{1,4})"
)
_PARTS_OF = re.compile(r"분의\s?(?P<share>[일이삼사오육칠팔구십백]+)")
_JOIN = re.compile(
    r"(?<![가-힣])([일이삼사오육칠팔구십백천만억조]{1,12}) "
    r"([일이삼사오육칠팔구십백천만억조]{1,12})(?=원|명|개|달러|이|가|은|는|을|를|에|으?로|정도|쯤|짜리|[^가-힣]|$)"
)
_IS_MONTH = re.compile(r"\s?월(?!급|세|요|드)")
# Numerals in form, words in fact.
_WORDS = frozenset(
    ("이만", "오만", "만일", "만이", "만사", "천일", "백일", "천사", "백사", "이조", "사조", "구조")
) | {"이천", "사천", "조만"}
_MONTHS = {"일월": 1, "삼월": 3, "사월": 4, "오월": 5, "유월": 6, "칠월": 7, "팔월": 8, "구월": 9}
_MONTHS |= {"시월": 10}
_MONTH = re.compile(rf"(?<![가-힣])(?:{'|'.join(_MONTHS)})")


def read_korean(text: str) -> Iterator[Found]:
    """All number words of a text."""
    joined = _JOIN.sub(_joined, _JOIN.sub(_joined, text))
    yield from _read_sino(joined)
    yield from _read_native(joined)
    yield from _read_spelled(text)
    yield from _read_words(text)


def _joined(match: re.Match[str]) -> str:
    """ "일억 이천만" as one word; "오백만 이백만" stay two."""
    last_is_unit = match[1][-1] in KOREAN_UNITS
    one = last_is_unit and korean_value(match[1] + match[2]) is not None
    return match[1] + match[2] if one else match.group()


def _read_sino(text: str) -> Iterator[Found]:
    for match in _SINO.finditer(text):
        for length in range(len(match.group()), 0, -1):
            number = _sino_number(text, match.start(), match.start() + length)
            if number is not None:
                yield number
                break


def _sino_number(text: str, start: int, end: int) -> Found | None:
    numeral = text[start:end]
    value = korean_value(numeral)
    counted = _COUNTED.match(text, end) is not None
    if value is None or (len(numeral) == 1 and not counted):
        return None
    sure = _is_sure(numeral, text, end, counted=counted)
    if numeral.endswith("이") and not counted and len(numeral) > 2:
        # "일억 이천이 나와서": the last syllable is a particle, or two.
        without = korean_value(numeral[:-1]) or value
        return found(value, without, *short_hundred_millions(numeral[:-1]), sure=sure)
    if numeral.endswith("일") and not counted:
        # "십일" is eleven or the tenth day; behind a month it is the day.
        day = korean_value(numeral[:-1]) or value
        behind_month = re.search(r"월\s?$", text[max(0, start - 2) : start]) is not None
        return found(day, sure=True) if behind_month else found(value, day, sure=sure)
    if _IS_MONTH.match(text, end) and 1 <= value <= 12:
        return found(month_value(int(value)), sure=sure)
    if re.compile(r"\s?시(?!간)").match(text, end):
        return found(*hour_values(int(value)), sure=sure)
    return found(value, *short_hundred_millions(numeral), sure=sure)


def _is_sure(numeral: str, text: str, end: int, *, counted: bool) -> bool:
    if len(numeral) == 1:
        return re.compile(r"\s?(?:퍼센트|프로(?=[^가-힣]|$|는|가|를))").match(text, end) is not None
    if not set(numeral) & set("십백천만억조") or (numeral in _WORDS and not counted):
        return False
    begins_with_unit = numeral[0] in "백천만억조"
    ends = _TAIL.match(text, end) is not None
    return counted or (ends and not (begins_with_unit and len(numeral) < 3 and numeral != "천만"))


def _read_native(text: str) -> Iterator[Found]:
    for match in _NATIVE.finditer(text):
        tens, ones = match["tens"], match["ones"]
        if not tens and not ones:
            continue
        hundred = korean_value(match["hundred"]) if match["hundred"] else None
        value = (hundred or 0) + _TENS.get(tens or "", 0) + _ONES.get(ones or "", 0)
        counted = _COUNTED.match(text, match.end()) is not None
        hours = hour_values(int(value)) if _is_hour(text, match.end()) else ()
        if counted or _stands_alone(tens, ones, text, match.end()):
            sure = _is_sure_native(tens, ones, text, match.end())
            yield found(value, *hours, sure=sure)


def _is_hour(text: str, end: int) -> bool:
    return re.compile(r"\s?시(?!간)").match(text, end) is not None


def _stands_alone(tens: str | None, ones: str | None, text: str, end: int) -> bool:
    whole = _TAIL.match(text, end) is not None
    return whole and (bool(tens) or len(ones or "") > 1 or ones in ("둘", "셋", "넷"))


def _is_sure_native(tens: str | None, ones: str | None, text: str, end: int) -> bool:
    if ones in ("한", "하나") and not tens:
        return False
    spaced = _NEXT_COUNTED.match(text, end) is not None
    if tens in ("열", "쉰") or (
        not tens and len(ones or "") == 1 and ones not in ("둘", "셋", "넷")
    ):
        return spaced or (bool(tens) and len(ones or "") > 1)
    return True


def _read_spelled(text: str) -> Iterator[Found]:
    """Digits one by one ("이공이육년"), decimals ("삼 점 오"), fractions ("삼분의 일")."""
    for match in _RUN.finditer(text):
        digits = "".join(_DIGITS[syllable] for syllable in match.group() if syllable in _DIGITS)
        year = text.startswith("년", match.end()) and len(digits) == 4
        yield found(int(digits), sure=year and " " not in match.group())
    for match in _POINT.finditer(text):
        whole = match["whole"].replace("공", "").replace("영", "")
        value = korean_value(whole) if whole else Fraction(0)
        digits = "".join(_DIGITS[syllable] for syllable in match["part"])
        if value is not None:
            yield found(value + Fraction(f"0.{digits}"), sure=False)
    for match in _PARTS_OF.finditer(text):
        share = korean_value(match["share"])
        yield found(share or 0, sure=False)


def _read_words(text: str) -> Iterator[Found]:
    for match in _PAIR.finditer(text):
        unit = korean_value(match["unit"]) if match["unit"] else Fraction(1)
        if unit is not None:
            yield found(*(value * unit for value in _PAIRS[match["pair"]]), sure=False)
    for match in _DAY.finditer(text):
        yield found(_DAYS[match.group()], sure=match.group() in _SURE_DAYS)
    for match in _MONTH.finditer(text):
        yield found(month_value(_MONTHS[match.group()]))
    if re.search(r"없|제로|무료", text):
        yield found(0, sure=False)
    if re.search(r"(?<![가-힣])(?:첫|첫째|배로|두배|갑절)", text):
        yield found(1, 2, sure=False)
