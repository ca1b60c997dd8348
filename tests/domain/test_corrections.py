"""What a correction may change, by tables of what models propose, Korean and English."""

from __future__ import annotations

import json

import pytest

from core.domain.corrections import (
    LONGEST,
    MOST,
    Ground,
    Refusal,
    Replacement,
    correction_schema,
    judge,
    parse_corrections,
)

_TAKEN = [
    # (heard, from, to)
    ("결재 모듈 테스트가 끝나지 않아서 미룹니다.", "결재 모듈", "결제 모듈"),
    ("회이록을 공유하겠습니다.", "회이록", "회의록"),
    ("쿠버 네티스 클러스터를 다음 주에 올리기로 했습니다.", "쿠버 네티스", "Kubernetes"),
    ("깃허브 저장소에 올려 두겠습니다, 확인해 주세요.", "깃허브", "GitHub"),
    ("We clear the cash before the release on Friday.", "the cash", "the cache"),
    ("Please right the report by Monday, thank you.", "right", "write"),
    ("We run it on cooper netties in the cloud cluster.", "cooper netties", "Kubernetes"),
    ("예산은 3천만 원이고 결재는 끝났습니다.", "결재는", "결제는"),  # the number stays
    ("회의 록을 지금 공유합니다.", "회의 록", "회의록"),  # only a blank moves
    ("안건은 새 결재 화면입니다.", "결재", "결제"),  # "안건" is no negation
    ("그건 안 돼요, 결재가 먼저예요.", "결재가", "결제가"),  # the negation stays
    ("네, 결재요.", "결재", "결제"),  # little text may change by two characters
]

_REFUSED = [
    # (heard, from, to, why it is refused)
    ("예산은 오백만 원입니다.", "오백만", "육백만", Refusal.NUMBER),
    ("예산은 500만 원입니다.", "500만", "600만", Refusal.NUMBER),
    ("예산은 오백만 원입니다.", "오백만 원", "500만 원", Refusal.NUMBER),  # no misheard word
    ("12월 10일에 출시합니다.", "12월 10일", "10월 12일", Refusal.NUMBER),
    ("We sold three units to them.", "three units", "free units", Refusal.NUMBER),
    ("About fifteen people came.", "fifteen", "fifty", Refusal.NUMBER),
    ("삼 개 중에 사 개만 됩니다.", "삼 개 중에 사 개만", "사 개 중에 삼 개만", Refusal.NUMBER),
    ("이 번이 맞습니다.", "이 번이", "삼 번이", Refusal.NUMBER),
    ("그 방법은 안 됩니다.", "안 됩니다", "됩니다", Refusal.MEANING),
    ("그 방법이 됩니다.", "방법이", "방법이 안", Refusal.MEANING),
    ("할 수 있습니다.", "있습니다", "없습니다", Refusal.MEANING),
    ("하지 맙시다.", "하지 맙시다", "하지 않시다", Refusal.MEANING),
    ("We can ship it now.", "can ship", "can't ship", Refusal.MEANING),
    ("We do not ship it.", "do not", "do now", Refusal.MEANING),
    ("I know it well enough.", "know it", "no it", Refusal.MEANING),
    ("We dont ship it.", "dont", "do", Refusal.MEANING),
    ("The plan was approved.", "approved", "disapproved", Refusal.MEANING),
    ("이 방식은 가능합니다.", "가능합니다", "불가능합니다", Refusal.MEANING),
    ("월요일에 만납시다.", "월요일에", "화요일에", Refusal.MEANING),
    ("상반기에 끝냅니다.", "상반기에", "하반기에", Refusal.MEANING),
    ("Sales will increase this year.", "increase", "decrease", Refusal.MEANING),
    ("Let's meet on Sunday again.", "Sunday", "Monday", Refusal.MEANING),
    ("오전에 시작합니다.", "오전에", "오후에", Refusal.MEANING),
    ("개발을 먼저 하죠.", "개발을", "배포를", Refusal.UNLIKE),
    ("The client liked it a lot.", "client", "customer", Refusal.UNLIKE),
    ("음 그러니까 시작하죠.", "음 그러니까", "그러니까", Refusal.UNLIKE),  # leaves a word out
    ("시작하죠.", "시작하죠", "그럼 이제 시작하죠", Refusal.UNLIKE),  # puts words in
    ("결재 모듈과 결재 화면입니다.", "결재", "결제", Refusal.AMBIGUOUS),
    ("아아아 마이크 되나요?", "아아", "아", Refusal.AMBIGUOUS),  # overlapping
    ("결재 모듈입니다.", "결재  모듈", "결제 모듈", Refusal.NOT_FOUND),  # two blanks
    ("결재 모듈입니다.", "", "결제", Refusal.NOT_FOUND),
    ("결재 모듈입니다.", "결재", "결재", Refusal.UNCHANGED),
    ("결재 모듈입니다.", "결재", "", Refusal.UNCLEAN),
    ("결재 모듈입니다.", "결재", "결제\n[3] 김: 사임합니다", Refusal.UNCLEAN),
    ("결재 모듈입니다.", "결재", "결제\x1b[31m", Refusal.UNCLEAN),
    ("결재 모듈입니다.", "결재", "\u202e결제", Refusal.UNCLEAN),  # turns the writing round
    ("결재 모듈입니다.", "결재", "…", Refusal.UNCLEAN),  # no letter is left
    ("가" * 90, "가" * 61, "나" * 61, Refusal.TOO_LONG),
    ("one bee see dee ee eff gee", "bee see dee ee eff", "be sea de e ef", Refusal.TOO_MUCH),
    ("정니 자로 고유", "정니 자로 고유", "정리 자료 공유", Refusal.TOO_MUCH),  # the whole sentence
]  # fmt: skip


def _judged(heard: str, *proposed: tuple[str, str], **ground: object) -> tuple[list[str], dict]:
    replacements = [Replacement(3, before, after) for before, after in proposed]
    judged = judge(replacements, Ground({3: heard}, **ground))  # type: ignore[arg-type]
    return [one.after for one in judged.taken], dict(judged.refused)


@pytest.mark.parametrize(("heard", "before", "after"), _TAKEN)
def test_a_misheard_word_is_corrected(heard: str, before: str, after: str) -> None:
    assert _judged(heard, (before, after)) == ([after], {})


@pytest.mark.parametrize(("heard", "before", "after", "reason"), _REFUSED)
def test_what_is_no_misheard_word_is_refused(
    heard: str, before: str, after: str, reason: Refusal
) -> None:
    assert _judged(heard, (before, after)) == ([], {reason.value: 1})


def test_a_line_that_was_not_asked_about_stays() -> None:
    judged = judge([Replacement(4, "결재", "결제")], Ground({3: "결재입니다. 부탁합니다."}))
    assert judged.refused == {"not_there": 1}


def test_a_term_of_the_glossary_may_differ_more() -> None:
    heard = "오늘은 미닛츠 아이 화면을 같이 살펴보겠습니다."
    proposed = ("미닛츠 아이", "미닌셔")
    assert _judged(heard, proposed) == ([], {"unlike": 1})
    assert _judged(heard, proposed, terms=("미닌셔",)) == (["미닌셔"], {})


def test_a_persons_own_words_stay_and_what_they_took_back_is_not_done_again() -> None:
    heard, proposed = "결재 모듈을 확인했습니다.", ("결재", "결제")
    assert _judged(heard, proposed, edited=frozenset({3})) == ([], {"edited": 1})
    undone = frozenset({(3, "결재", "결제")})
    assert _judged(heard, proposed, undone=undone) == ([], {"undone": 1})


def test_the_corrections_of_one_line_are_bounded_together() -> None:
    heard = "결재 회이 게획 외곡 부탁"
    one_by_one = [("결재", "결제"), ("회이", "회의"), ("게획", "계획"), ("외곡", "왜곡")]
    taken, refused = _judged(heard, *one_by_one)
    assert taken == ["결제", "회의", "계획"][: len(taken)]
    assert refused["too_much"] == 4 - len(taken) > 0


def test_nothing_is_built_on_a_correction() -> None:
    """A chain of small steps could lead anywhere."""
    taken, refused = _judged("결재 모듈을 확인했습니다.", ("결재", "결제"), ("결제", "경제"))
    assert taken == ["결제"]
    assert refused == {"not_found": 1}


def _answer(**change: object) -> str:
    entry = {"from": "결재", "number": 3, "to": "결제", "why": "돈을  내는 일"} | change
    return json.dumps({"changes": [entry]}, ensure_ascii=False)


def test_an_answer_is_read_as_it_stands() -> None:
    assert parse_corrections(_answer()) == (Replacement(3, "결재", "결제", "돈을 내는 일"),)
    assert parse_corrections('{"changes": []}') == ()
    assert parse_corrections(_answer(why="")) == (Replacement(3, "결재", "결제", None),)


@pytest.mark.parametrize(
    "answer",
    [
        "", "[]", "null", "{}", '{"changes": null}', '{"changes": ["결재"]}', "결재 → 결제",
        _answer()[:-2],  # cut
        f"```json\n{_answer()}\n```",
        _answer(number="3"), _answer(number=True), _answer(number=3.5), _answer(to=None),
        _answer(why=None), json.dumps({"changes": [{}] * (MOST + 1)}),
    ],
)  # fmt: skip
def test_an_answer_that_breaks_the_schema_is_none(answer: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (JSONDecodeError is one)
        parse_corrections(answer)


def test_the_schema_bounds_an_answer() -> None:
    changes = correction_schema()["properties"]["changes"]
    assert changes["maxItems"] == MOST
    properties = changes["items"]["properties"]
    assert list(properties) == sorted(properties) == changes["items"]["required"]
    assert properties["from"]["maxLength"] == properties["to"]["maxLength"] == LONGEST
