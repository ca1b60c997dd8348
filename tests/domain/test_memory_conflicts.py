"""Which entries contradict each other. A wrong conflict would hide a true fact, so whatever may
hold beside another is none."""

from datetime import UTC, datetime, timedelta

import pytest

from core.domain.memory import Entry, Kind, Status, checked
from core.domain.memory_conflicts import Conflicts

DAY = datetime(2026, 11, 22, tzinfo=UTC)


def entry(number: int, kind: Kind, text: str, *heard: str) -> Entry:
    at = DAY + timedelta(days=number)
    return Entry(f"e{number}", kind, Status.ACTIVE, text, heard, None, {}, at, at)


def contradicts(kind: Kind, old: str, new: str) -> bool:
    found = Conflicts.among([entry(1, kind, old)]).of(checked(kind, new))
    return found is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Kim leads sales", "Kim leads marketing."),
        ("Kim heads sales", "kim is in charge of marketing"),
        ("Kim is the head of sales", "Kim leads marketing"),
        ("Kim is the sales lead", "Kim is the marketing lead"),
        ("Kim is the CTO", "Kim is our CFO"),
        ("The budget is 5억", "Our budget is 7억"),
        ("the release date is Friday", "The release date is now Monday"),
        ("Lee reports to Kim", "Lee reports to Park"),
        ("The standup starts at 10", "The standup starts at 9:30"),
        ("김 팀장은 영업을 맡는다", "김 팀장은 마케팅을 맡는다"),
        ("김 팀장은 영업을 맡는다", "김 팀장은 마케팅 담당입니다."),
        ("김 팀장이 영업을 담당한다", "김 팀장은 마케팅을 맡고 있다"),
        ("예산은 5억이다", "예산은 7억입니다"),
        ("회의 장소는 3층이다", "회의 장소는 5층이에요"),
        ("이 과장은 기획팀 소속이다", "이 과장은 개발팀 소속이다"),
    ],
)
def test_two_claims_on_the_same_thing_contradict(old: str, new: str) -> None:
    assert contradicts(Kind.FACT, old, new)
    assert contradicts(Kind.FACT, new, old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Kim likes tea", "Kim likes coffee"),
        ("Kim speaks Korean", "Kim speaks English"),
        ("Kim owns billing", "Kim owns search"),  # two services, one owner
        ("Kim leads sales", "Lee leads sales"),  # two may
        ("Kim leads sales", "Kim leads domestic sales"),  # says more of the same
        ("Kim leads sales in Korea", "Kim leads marketing in Japan"),
        ("Kim led sales", "Kim leads marketing"),
        ("Kim does not lead sales", "Kim leads sales"),
        ("Kim leads sales and support", "Kim leads marketing"),
        ("The Q3 budget is 5억", "The Q4 budget is 7억"),
        ("Kim is tall", "Kim is Korean"),
        ("김 팀장은 영업을 맡는다", "이 팀장은 마케팅을 맡는다"),
        ("김 팀장은 영업을 맡는다", "김 팀장은 국내 영업을 맡는다"),
        ("김 팀장은 영업을 맡는다", "김 팀장은 영업을 맡지 않는다"),
        ("김 팀장은 작년에 영업을 맡았다", "김 팀장은 마케팅을 맡는다"),
        ("김 팀장은 한국어를 한다", "김 팀장은 영어를 한다"),
        ("3분기 예산은 5억이다", "4분기 예산은 7억이다"),
        ("김 팀장은 영업과 기획을 맡는다", "김 팀장은 마케팅을 맡는다"),
        ("예산은 5억이 아니다", "예산은 7억이다"),
    ],
)
def test_what_may_both_be_true_does_not_contradict(old: str, new: str) -> None:
    assert not contradicts(Kind.FACT, old, new)
    assert not contradicts(Kind.FACT, new, old)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("I want dates as 11월 22일", "I want dates as 2026-11-22", True),
        ("날짜는 11월 22일처럼 써 줘", "날짜는 2026-11-22로 적어 줘", True),
        ("I want dates as 11월 22일", "I want names as initials", False),
        ("Write short sentences", "Write long sentences", False),  # no shape that code knows
    ],
)
def test_preferences_contradict_where_they_say_how_one_thing_is_written(
    old: str, new: str, expected: bool
) -> None:
    assert contradicts(Kind.PREFERENCE, old, new) is expected


def test_two_terms_with_one_misheard_form_contradict_and_the_newest_is_named() -> None:
    known = [
        entry(1, Kind.GLOSSARY, "캐시", "cash", "캐쉬"),
        entry(2, Kind.GLOSSARY, "Cassie", "캐 쉬"),
        entry(3, Kind.GLOSSARY, "Redis", "레디스"),
    ]
    found = Conflicts.among(known).of(checked(Kind.GLOSSARY, "cache", heard=["캐쉬"]))
    assert found is known[1]


def test_a_term_does_not_contradict_itself_or_a_fact() -> None:
    known = [entry(1, Kind.GLOSSARY, "cache", "cash"), entry(2, Kind.FACT, "Kim leads sales")]
    index = Conflicts.among(known)
    assert index.of(checked(Kind.GLOSSARY, "Cache", heard=["cash"])) is None
    assert index.of(checked(Kind.PREFERENCE, "Kim leads marketing")) is None
    assert index.of(checked(Kind.FACT, "Kim leads marketing"), but="e2") is None
