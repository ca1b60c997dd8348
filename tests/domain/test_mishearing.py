"""Corrections that sound right and are wrong: names, opposites, pronouns, other real words; and the
true ones beside them, by what the meeting knows."""

from __future__ import annotations

import pytest

from core.domain.corrections import Ground, Refusal, Replacement, judge
from core.domain.mishearing import vocabulary

NAME, MEANING, UNLIKE = Refusal.NAME, Refusal.MEANING, Refusal.UNLIKE

_WRONG = [
    # (heard, from, to, why it is refused)
    ("We agreed to hire Kim for the role.", "Kim", "Tim", NAME),
    ("We agreed to hire Jon for the role in the team.", "Jon", "John", NAME),  # sounds the same
    ("We asked Kim and Tim to do it, and Kim agreed.", "and Kim", "and Tim", NAME),
    ("We asked Anna and Hanna to do it by Monday.", "Anna", "Hanna", NAME),  # two people
    ("I met Dr lee in the clinic about the device.", "lee", "leigh", NAME),
    ("We ship to Austria in the spring of next year.", "Austria", "Australia", NAME),
    ("김민수 대리가 계약서를 보내기로 했습니다.", "김민수", "김민서", NAME),
    ("박지훈 님이 발표 자료를 준비합니다 이번 회의에서.", "박지훈", "박지은", NAME),
    ("이영희 팀장이 계약서를 봤습니다 어제 회의에서요.", "이영희", "이영호", NAME),
    ("김해진대리가 계약서를 보내기로 했습니다.", "김해진대리가", "김혜진대리가", NAME),
    ("민수님이 보내 주시기로 했어요 내일 오후에.", "민수님이", "민서님이", NAME),
    ("매출이 늘었습니다 작년 같은 기간보다 훨씬.", "늘었습니다", "줄었습니다", MEANING),
    ("가격을 올립니다 다음 달부터 모든 고객에게.", "올립니다", "내립니다", MEANING),
    ("서비스를 켜 두겠습니다 오늘 밤에 점검하는 동안.", "켜 두", "꺼 두", MEANING),
    ("유상 지원을 제공합니다 모든 기업 고객에게요.", "유상", "무상", MEANING),
    ("고객사가 해지했습니다 지난달 말에 계약을.", "해지", "해제", MEANING),
    ("고객이 선불로 냅니다 계약서에 적힌 대로 매달요.", "선불로", "후불로", MEANING),
    ("She said that to the client in the meeting.", "She", "He", MEANING),
    ("We'll do it before the release of the app.", "We'll", "We", MEANING),
    ("내가 하겠습니다 수요일까지 정리해서요.", "내가", "네가", MEANING),  # sounds the same
    ("We raise the price for all customers next month.", "raise", "erase", MEANING),
    ("We gain ten points in the survey this year.", "gain", "again", MEANING),
    ("The vendor will affect the price in a good way.", "affect", "effect", UNLIKE),
    ("We adopt the plan as it was written by the team.", "adopt", "adapt", UNLIKE),
    ("They agree on the price for the next two years.", "agree", "agreed", UNLIKE),
    ("부산 지점을 먼저 열기로 했습니다 내년 봄에요.", "부산", "북산", UNLIKE),
    ("주가 전망을 봅시다 이번 발표 이후에는 다시.", "주가", "추가", UNLIKE),
    ("계약을 검토합니다 이번 주에 법무팀과 함께.", "검토합니다", "검토했습니다", UNLIKE),
]

_RIGHT = [
    # (heard, from, to, what else is said, who speaks)
    ("결재 모듈을 다음 주에 배포합니다 고객사에도요.", "결재 모듈", "결제 모듈", "", ""),
    ("회이록을 공유해 주세요 다음 회의 전까지요.", "회이록을", "회의록을", "", ""),
    ("쿠버네티즈 클러스터를 옮깁니다 이번 주에요.", "쿠버네티즈", "쿠버네티스", "", ""),
    ("We clear the cash in the CDN after each deploy.", "cash", "cache", "", ""),
    ("The principle engineer joins us for the review.", "principle", "principal", "", ""),
    ("Lets roll it out after there review of the plan.", "there", "their", "", ""),
    ("Please cue the jobs for the night on the server.", "cue", "queue", "", ""),
    ("We use post gress for the billing data of clients.", "post gress", "Postgres", "", ""),
    ("매출 예칙을 다시 봅시다 다음 회의 전까지는요.", "예칙을", "예측을", "예측이 맞나요?", ""),
    ("컨테이나를 옮깁니다 이번 주 배포 때 같이.", "컨테이나를", "컨테이너를", "컨테이너도요.", ""),
    ("김민수 대리가 계약서를 보내기로 했습니다.", "김민수", "김민서", "", "김민서"),
    ("민수 님이 계약서를 보내기로 했습니다 오늘요.", "민수", "민서", "", "김민서"),
    ("We agreed to hire Jon for the role.", "Jon", "John", "", "John Smith"),
    ("We agreed to ship it to Brenner in the spring.", "Brenner", "Bremen", "Bremen? Bremen!", ""),
]


def _judged(
    heard: str, before: str, after: str, *, said: str = "", speaker: str = "", term: str = ""
) -> dict[str, int] | str:
    """What is taken, or why it was refused."""
    ground = Ground(
        {1: heard},
        terms=(term,) if term else (),
        knows=vocabulary(speakers=[speaker], texts=[heard, said]),
    )
    judged = judge([Replacement(1, before, after)], ground)
    return judged.taken[0].after if judged.taken else dict(judged.refused)


@pytest.mark.parametrize(("heard", "before", "after", "reason"), _WRONG)
def test_a_word_that_might_as_well_have_been_said_stays(
    heard: str, before: str, after: str, reason: Refusal
) -> None:
    assert _judged(heard, before, after) == {reason.value: 1}


@pytest.mark.parametrize(("heard", "before", "after", "said", "speaker"), _RIGHT)
def test_a_misheard_word_is_still_corrected(
    heard: str, before: str, after: str, said: str, speaker: str
) -> None:
    assert _judged(heard, before, after, said=said, speaker=speaker) == after


@pytest.mark.parametrize(
    ("heard", "before", "after", "said"),
    [
        ("매출 예칙을 다시 봅시다 다음 회의 전까지는요.", "예칙을", "예측을", "예측이 맞나요?"),
        ("We agreed to ship it to Brenner in May.", "Brenner", "Bremen", "Bremen? Bremen!"),
    ],
)
def test_what_the_meeting_does_not_say_is_not_known(
    heard: str, before: str, after: str, said: str
) -> None:
    assert _judged(heard, before, after, said=said) == after
    assert isinstance(_judged(heard, before, after), dict)
    often = f"{before} {before} {said}"  # then it is a word of its own
    assert isinstance(_judged(heard, before, after, said=often), dict)


def test_a_speakers_name_is_only_left_for_the_glossarys() -> None:
    heard = "김민수 대리가 계약서를 보내기로 했습니다."
    change = (heard, "김민수", "김민서")
    said = "김민서 김민서 김민서"
    assert _judged(*change, said=said) == "김민서"
    assert _judged(*change, said=said, speaker="김민수") == {"name": 1}
    assert _judged(*change, term="김민서", speaker="김민수") == "김민서"
    assert _judged(*change, term="김민서") == "김민서"


def test_opposites_stay_even_where_both_are_said() -> None:
    said = "무상 무상 무상 무상으로 합니다."
    change = ("유상 지원을 제공합니다 모든 고객에게요.", "유상", "무상")
    assert _judged(*change, said=said, term="무상") == {"meaning": 1}
