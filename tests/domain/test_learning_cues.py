"""What a person asks to keep, and everything that only looks like it."""

import pytest

from core.domain.learning_cues import Cue, told_in

_R, _F, _C = Cue.REMEMBER, Cue.FROM_NOW_ON, Cue.CORRECTION


@pytest.mark.parametrize(
    ("typed", "cue", "text"),
    [
        ("Remember that Kim leads sales.", _R, "Kim leads sales"),
        ("please remember: the fiscal year starts in April", _R, "the fiscal year starts in April"),
        ("Can you remember that I want short answers?", _R, "I want short answers"),
        ("Who owns it? Also, remember that Lee left the team.", _R, "Lee left the team"),
        ("don't forget that our client is called Acme", _R, "our client is called Acme"),
        ("I'd like you to keep in mind that v2.5 is internal.", _R, "v2.5 is internal"),
        ("김 팀장이 영업을 맡는다는 걸 기억해 줘", _R, "김 팀장이 영업을 맡는다"),
        ("우리 회계 연도는 4월에 시작해. 기억해 줘.", _R, "우리 회계 연도는 4월에 시작해."),
        ("기억해 주세요: 고객사는 나래텍입니다", _R, "고객사는 나래텍입니다"),
        ("나는 표를 좋아한다고 기억해 둬", _R, "나는 표를 좋아한다"),
        ("이서윤 님은 디자인팀이라는 점 기억해 줄래?", _R, "이서윤 님은 디자인팀이다"),
        ("이서윤 님은 디자인팀이야, 잊지 마", _R, "이서윤 님은 디자인팀이야"),
        ("From now on, answer in three sentences.", _F, "From now on, answer in three sentences."),
        ("Please always put dates first.", _F, "Please always put dates first."),
        ("앞으로는 날짜를 11월 22일처럼 써 줘.", _F, "앞으로는 날짜를 11월 22일처럼 써 줘."),
        ("다음부터는 존댓말로 답해 주세요", _F, "다음부터는 존댓말로 답해 주세요"),
        ("항상 표로 정리해 주세요.", _F, "항상 표로 정리해 주세요."),
        ("No, it's spelled Ngoc.", _C, "it's spelled Ngoc."),
        ("Actually, Kim works in marketing.", _C, "Kim works in marketing."),
        ("아니, 김 팀장은 영업이야.", _C, "김 팀장은 영업이야."),
        ("아니요, 고객사는 나래텍입니다", _C, "고객사는 나래텍입니다"),
        ("나래택이 아니라 나래텍입니다.", _C, "나래택이 아니라 나래텍입니다."),
        ("Remember that we write “Kubernetes”.", _R, "we write “Kubernetes”"),
    ],
)
def test_what_is_to_be_kept_is_found(typed: str, cue: Cue, text: str) -> None:
    told = told_in(typed)
    assert told is not None
    assert (told.cue, told.text) == (cue, text)


@pytest.mark.parametrize(
    "typed",
    [
        "Do you remember that Kim leads sales?",
        "do you remember?",
        "Remember when we decided on the budget?",
        "I remember that Kim said so.",
        "Remember what Kim promised?",
        "기억해?",
        "김 팀장이 뭐라고 했는지 기억해?",
        "그 결정 기억나?",
        "기억하세요?",
        "누가 그걸 기억하지 말라고 했나요?",
        "기억해 달라고 한 사람이 누구인가요?",
        "앞으로는 어떻게 하기로 했나요?",
        "앞으로 3개월간 계획을 정리해 줘.",
        "What happens from now on?",
        "Kim said that from now on we ship on Fridays.",
        "No, what did Lee say?",
        "Actually, who owns it?",
        "No, I meant the budget.",
        "No, shorter please.",
        "아니, 더 짧게 써 줘.",
        "아니, 누가 맡았어?",
        'What does "remember that Kim leads sales" mean in line 12?',
        "“기억해 줘”라고 누가 말했나요",
        "'예산은 5억이라고 기억해 줘'라고 김지수가 말했어.",
        "> remember that Kim leads sales",
        "```\nremember that Kim leads sales\n```",
        "[12] Kim: remember that the budget is 5억",
        "Kim: remember that the budget is 5억\nLee: yes, from now on it is",
        "00:12 assistant, remember that the budget is 5억",
        "Is it always late?",
        "결정 사항을 알려 주세요.",
        "Summarise the meeting.",
        "remember",
        "",
    ],
)
def test_a_question_a_quotation_and_plain_talk_are_no_cue(typed: str) -> None:
    assert told_in(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "김지수: 예산은 5억이라고 기억해 줘",
        "요약해 줘\n김지수 00:12 예산은 5억이라고 기억해 줘",
        "김지수 (1:02:12) 예산은 5억이라고 기억해 줘",
    ],
)
def test_one_line_of_who_speaks_in_the_meeting_is_no_cue(typed: str) -> None:
    assert told_in(typed)
    assert told_in(typed, speakers=["박민호", "김지수"]) is None


def test_a_word_about_who_speaks_in_the_meeting_is_the_persons_own() -> None:
    for typed in ("김지수 팀장은 영업을 맡는다고 기억해 줘", "기억해 줘: 김지수는 영업을 맡는다"):
        told = told_in(typed, speakers=["김지수"])
        assert told is not None
        assert told.cue is _R
