"""Due dates out of spoken words; None wherever two people could understand two days."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.dates import resolve_due

THURSDAY = date(2026, 11, 12)
SATURDAY = date(2026, 1, 31)
MONDAY = date(2026, 3, 2)

_KOREAN = [
    ("다음 주 화요일까지", "2026-11-17"),
    ("이번 주 금요일", "2026-11-13"),
    ("내일", "2026-11-13"),
    ("모레", "2026-11-14"),
    ("내일모레까지", "2026-11-14"),
    ("글피", "2026-11-15"),
    ("월말", "2026-11-30"),
    ("월말까지", "2026-11-30"),
    ("십이월 십일", "2026-12-10"),  # 십일 behind a month is the tenth
    ("12월 10일", "2026-12-10"),
    ("십이월 십일일까지", "2026-12-11"),  # the eleventh
    ("십이월 이십오일", "2026-12-25"),
    ("다음 달 초", None),  # vague
    ("십일월 말", "2026-11-30"),
    ("이 주 뒤", "2026-11-26"),
    ("2주 후까지", "2026-11-26"),
    ("이십사일", "2026-11-24"),
    ("24일까지", "2026-11-24"),
    ("5일까지", "2026-12-05"),  # of next month, this one's is over
    ("금요일까지", "2026-11-13"),
    ("목요일까지", None),  # today or in a week?
    ("이번 주 화요일", None),  # already over
    ("다다음 주 수요일", "2026-11-25"),
    ("다음주 월욜", "2026-11-16"),
    ("차주 금요일", "2026-11-20"),
    ("금주 금요일", "2026-11-13"),
    ("다음 주", None),  # a week is no day
    ("다음 주 중", None),
    ("주말까지", None),  # Saturday or Sunday
    ("이번 주 안에", None),  # Friday or Sunday
    ("이번 달 말", "2026-11-30"),
    ("이번 달 안에", "2026-11-30"),
    ("다음 달 말까지", "2026-12-31"),
    ("다음 달 5일", "2026-12-05"),
    ("내달 십오일까지", "2026-12-15"),
    ("내년 3월 10일", "2027-03-10"),
    ("1월 15일", "2027-01-15"),
    ("11월 10일", None),  # two days ago: a slip?
    ("2월 30일", None),  # no such day
    ("연말까지", "2026-12-31"),
    ("올해 안에", "2026-12-31"),
    ("3일 안에", "2026-11-15"),
    ("사흘 뒤", "2026-11-15"),
    ("일주일 뒤", "2026-11-19"),
    ("일주일 안에", "2026-11-19"),
    ("열흘 후", "2026-11-22"),
    ("한 달 뒤", "2026-12-12"),
    ("삼 개월 후", "2027-02-12"),
    ("두세 주 뒤", None),  # two or three
    ("이삼일 안에", None),  # two or three
    ("금요일쯤", None),  # about
    ("12월 10일경", None),  # about
    ("12월 중순", None),
    ("12월 초까지", None),
    ("매주 금요일", None),  # every week
    ("금요일이나 월요일", None),  # two days
    ("금요일 전까지", None),  # before, so Thursday?
    ("12월 10일 목요일", "2026-12-10"),
    ("12월 10일 금요일", None),  # it is a Thursday
    ("12월 10일(목)까지", "2026-12-10"),
    ("12/10까지", "2026-12-10"),
    ("12.10(목)", "2026-12-10"),
    ("오늘 중으로", "2026-11-12"),
    ("오늘까지", "2026-11-12"),
    ("월요일 오전까지", "2026-11-16"),  # 오전 is morning, not before
    ("다음 회의까지", None),
    ("빠른 시일 내에", None),
    ("다음 화요일", "2026-11-17"),  # coming and next week's are one
    ("다음 금요일", None),  # tomorrow, or in a week
    ("유월 삼일", "2027-06-03"),  # next year's
    ("시월 말", None),  # just over
    ("2026년 12월 10일", "2026-12-10"),
    ("12월까지", None),  # its beginning or its end
    ("초안은 금요일까지", "2026-11-13"),  # 초안 is a draft, not the start
    ("영업일 기준 3일 안에", None),  # holidays are not known
]

_ENGLISH = [
    ("by Friday", "2026-11-13"),
    ("next Tuesday", "2026-11-17"),  # of next calendar week
    ("tomorrow", "2026-11-13"),
    ("end of November", "2026-11-30"),
    ("in two weeks", "2026-11-26"),
    ("December tenth", "2026-12-10"),
    ("10 Dec 2026", "2026-12-10"),
    ("2026-12-10", "2026-12-10"),
    ("the 24th", "2026-11-24"),
    ("by the fifth", "2026-12-05"),  # of next month, this one's is over
    ("by Thursday", None),  # today or in a week?
    ("this Thursday", "2026-11-12"),
    ("2026. 12. 10.", "2026-12-10"),
    ("by next Friday", "2026-11-20"),
    ("by the end of the month", "2026-11-30"),
    ("end of next month", "2026-12-31"),
    ("by end of year", "2026-12-31"),
    ("end of the week", None),  # Friday or Sunday
    ("EOD", "2026-11-12"),
    ("by end of day Friday", "2026-11-13"),
    ("by EOD tomorrow", "2026-11-13"),
    ("day after tomorrow", "2026-11-14"),
    ("the day after tomorrow", "2026-11-14"),
    ("in a week", "2026-11-19"),
    ("in three days", "2026-11-15"),
    ("within 10 days", "2026-11-22"),
    ("in a month", "2026-12-12"),
    ("two weeks from now", "2026-11-26"),
    ("a week from Friday", "2026-11-20"),
    ("Friday week", "2026-11-20"),
    ("Tuesday next week", "2026-11-17"),
    ("next week on Wednesday", "2026-11-18"),
    ("the week after next, Monday", "2026-11-23"),
    ("next week", None),
    ("next month", None),
    ("sometime next week", None),
    ("early December", None),
    ("mid-December", None),
    ("around the 24th", None),
    ("before Friday", None),  # is Friday too late?
    ("Friday or Monday", None),
    ("every Friday", None),
    ("in a few days", None),
    ("in a couple of weeks", None),  # two, or some
    ("in two or three weeks", None),
    ("in 5 business days", None),  # holidays are not known
    ("Monday", "2026-11-16"),
    ("no later than Monday", "2026-11-16"),
    ("Tuesday, December 10", None),  # it is a Thursday
    ("Thursday, December 10", "2026-12-10"),
    ("Friday the 13th", "2026-11-13"),
    ("December 10th, 2027", "2027-12-10"),
    ("10th of December", "2026-12-10"),
    ("the tenth of December", "2026-12-10"),
    ("twenty-fourth of December", "2026-12-24"),
    ("January 15", "2027-01-15"),
    ("November 10", None),  # two days ago: a slip?
    ("February 30", None),
    ("12/25", "2026-12-25"),
    ("10/12", None),  # October or December
    ("25/12/2026", "2026-12-25"),  # only December has 25
    ("the 5th of next month", "2026-12-05"),
    ("next month on the 5th", "2026-12-05"),
    ("last day of November", "2026-11-30"),
    ("in December", None),
    ("ASAP", None),
    ("when ready", None),
    ("", None),
    ("today", "2026-11-12"),
    ("tonight", "2026-11-12"),
    ("this afternoon", "2026-11-12"),
    ("by noon", None),
    ("last Friday", None),
    ("a week from tomorrow", "2026-11-20"),
    ("end of Q4", None),  # whose fourth quarter?
    ("by the thirty-first", None),  # November has none
    ("from Monday to Friday", None),
    ("this coming Friday", "2026-11-13"),
    ("weekend", None),
    ("the second of March", "2027-03-02"),
    ("in 3 hours", None),
    ("May 5", "2027-05-05"),
    ("he may do it", None),  # no month
    ("Sept 30", None),  # just over
    ("end of September", None),
    ("by 30 June", "2027-06-30"),
]

_SAID_ON_OTHER_DAYS = [
    # On a Saturday, the last day of its month
    (SATURDAY, "한 달 뒤", "2026-02-28"),  # the month's last day
    (SATURDAY, "in a month", "2026-02-28"),
    (SATURDAY, "next Tuesday", "2026-02-03"),
    (SATURDAY, "다음 주 월요일", "2026-02-02"),
    (SATURDAY, "이번 주 일요일", "2026-02-01"),  # weeks begin on Monday
    (SATURDAY, "말일까지", "2026-01-31"),
    (SATURDAY, "다음 달 마지막 날", "2026-02-28"),
    (SATURDAY, "the 30th", None),  # over, and February has none
    (SATURDAY, "31일", "2026-01-31"),
    (SATURDAY, "Feb 29", None),  # not in 2026
    (SATURDAY, "2028년 2월 29일", "2028-02-29"),
    (SATURDAY, "이번 주 금요일 오후 6시까지 이메일로", None),  # over
    (SATURDAY, "next Friday at 3 pm", "2026-02-06"),
    (SATURDAY, "화요일까지 초안을 드릴게요", "2026-02-03"),
    (SATURDAY, "by end of business Monday", "2026-02-02"),
    (SATURDAY, "늦어도 금요일까지는", "2026-02-06"),
    (SATURDAY, "the first of the month", None),
    (SATURDAY, "2월 첫째 주", None),
    (SATURDAY, "in 2 weeks' time", "2026-02-14"),
    (SATURDAY, "in thirty days", "2026-03-02"),
    (SATURDAY, "30일 이내", "2026-03-02"),
    (SATURDAY, "보름 뒤", "2026-02-15"),
    (SATURDAY, "사월 십오일", "2026-04-15"),
    (SATURDAY, "thirty-first of March", "2026-03-31"),
    (SATURDAY, "2/14", "2026-02-14"),
    (SATURDAY, "the Tuesday after next", "2026-02-10"),
    (SATURDAY, "the week of the 9th", None),
    (SATURDAY, "Feb 10-12", None),  # three days
    (SATURDAY, "2월 3일에서 5일 사이", None),
    (SATURDAY, "월요일과 수요일", None),
    (SATURDAY, "돌아오는 수요일", "2026-02-04"),
    # On a Monday "next Tuesday" is not tomorrow
    (MONDAY, "next Tuesday", "2026-03-10"),
    (MONDAY, "다음 주 화요일", "2026-03-10"),
    (MONDAY, "this Tuesday", "2026-03-03"),
    (MONDAY, "Tuesday", "2026-03-03"),
    (MONDAY, "다음 화요일", None),  # without "주": tomorrow, or in eight days
    (MONDAY, "월요일까지", None),  # today, or in a week
    (MONDAY, "this Monday", "2026-03-02"),
    (MONDAY, "오는 금요일", "2026-03-06"),
    (MONDAY, "5월 5일", "2026-05-05"),
    (MONDAY, "May 5th", "2026-05-05"),
    (MONDAY, "연말", "2026-12-31"),
    (MONDAY, "end of March", "2026-03-31"),
    (MONDAY, "십이월 삼십일일", "2026-12-31"),
    (MONDAY, "12월 25일", "2026-12-25"),
    (MONDAY, "February 27", None),  # three days ago
    (MONDAY, "내년 1월 5일", "2027-01-05"),
    (MONDAY, "January 5", None),  # eight weeks ago: a slip, or in ten months?
    # At the ends of years and of the calendar
    (date(2026, 12, 31), "내일", "2027-01-01"),
    (date(2026, 12, 31), "the 5th", "2027-01-05"),
    (date(2026, 12, 28), "next Friday", "2027-01-08"),
    (date(2026, 12, 28), "다음 달 말", "2027-01-31"),
    (date(2027, 12, 1), "석 달 뒤", "2028-03-01"),
    (date(2028, 2, 28), "tomorrow", "2028-02-29"),
    (date(9999, 12, 31), "tomorrow", None),
    (date(9999, 12, 1), "다음 달 말", None),
    (date(9999, 6, 1), "in 999 days", None),
    (date(9999, 12, 1), "next month on the 5th", None),
]


@pytest.mark.parametrize(("words", "due"), [*_KOREAN, *_ENGLISH])
def test_words_for_a_day_become_the_day(words: str, due: str | None) -> None:
    assert resolve_due(words, held_at=THURSDAY) == due


@pytest.mark.parametrize(("held_at", "words", "due"), _SAID_ON_OTHER_DAYS)
def test_a_day_is_counted_from_the_meeting(held_at: date, words: str, due: str | None) -> None:
    assert resolve_due(words, held_at=held_at) == due


@pytest.mark.parametrize(
    "words", ["9" * 5000, "in " * 70, "월 " * 60, "일" * 150, "the 99th of May"]
)
def test_nonsense_is_no_day(words: str) -> None:
    assert resolve_due(words, held_at=THURSDAY) is None


def test_every_day_of_a_year_is_read_back_in_both_languages() -> None:
    start = date(2026, 1, 1)
    for offset in range(365):
        day = date.fromordinal(start.toordinal() + offset)
        for words in (f"{day.month}월 {day.day}일까지", f"by {day:%B} {day.day}", day.isoformat()):
            assert resolve_due(words, held_at=start) == day.isoformat()
