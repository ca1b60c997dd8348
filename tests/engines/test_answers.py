"""Which lines answer a question: what it wants to hear, and that answers stand behind questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.domain.transcript import Utterance
from core.engines import words
from core.engines.extractive import answers
from core.engines.extractive.answers import WANTS, Want, wanted
from core.engines.extractive.cues import Cues, plain
from core.engines.extractive.engine import ExtractiveEngine
from core.engines.korean import Morpheme

ENGINE = ExtractiveEngine()
SAMPLES = Path(__file__).parents[2] / "data" / "samples"
KOREAN = (
    ("출시일은 언제로 정했나요?", ("결정하겠습니다. 이견", "그럼 정리할게요")),
    ("캠페인 예산은 얼마로 승인됐나요?", ("3천2백만 원으로 승인", "그럼 정리할게요")),
    ("다음 회의는 언제 하나요?", ("다음 회의는 20일",)),
    ("온보딩은 어떤 안으로 하기로 했나요?", ("비 안, 세 단계로 가는", "그럼 정리할게요")),
    ("환불 문의가 왜 늘었나요?", ("자동 갱신 때문",)),
    ("결제 모듈 테스트는 누가 언제까지 하나요?", ("10월 23일까지 마쳐", "23일까지 끝내고")),
    ("로그 보관 기간은 어떻게 되나요?", ("90일인데", "법무팀에 19일", "로그 보관 기간이랑")),
    ("베타 사용자는 몇 명인가요?", ("3백 명이니까",)),
    ("서버는 언제 늘리나요?", ("11월 2일에", "출시 전날에")),
    ("서버 비용은 얼마인가요?", ("80만 원",)),
    ("평균 답변 시간 목표는?", ("목표가 네 시간",)),
    ("최종 시안은 언제 나오나요?", ("16일까지 최종 시안",)),
    ("체험 부스에는 누가 가나요?", ("아직 누가 갈지는",)),
    ("오늘 결정된 것은 무엇인가요?", ("그럼 정리할게요",)),
    ("왜 27일 출시가 어려운가요?", ("27일은 어렵습니다",)),
    ("광고 매체에는 누가 연락하나요?", ("광고 매체 쪽에 일정", "바로 연락하겠습니다")),
    ("동영상 광고는 누가 만드나요?", ("외주 제작사",)),
    ("수정한 예산안은 언제까지 공유하나요?", ("내일까지 공유", "14일 오전")),
    ("구독 갱신 알림은 며칠 전에 보내나요?", ("7일 전에 앱 알림", "그럼 정리할게요")),
    ("9월 문의는 몇 건이었나요?", ("2천백 건",)),
)
ENGLISH = (
    (
        "When will invoice export be released?",
        ("moves from October thirtieth to November tenth", "Okay, let me sum up"),
    ),
    ("How much does the conference cost?", ("thirty one thousand",)),
    ("Which version of the pricing page was chosen?", ("let's go with version two",)),
    (
        "When does the new pricing page go live?",
        ("goes live on November third", "go live on November third", "Okay, let me sum up"),
    ),
    ("Who sets up the demo account?", ("separate demo account",)),
    ("What was decided about phone support?", ("can't decide that today", "still open")),
    ("Why do so many people need password resets?", ("ends up in spam",)),
    ("How many leads did we get last year?", ("two hundred and ten leads",)),
    ("Who will run next week's meeting?", ("Grace is going to run it",)),
    ("When will the rewrite be ready for testing?", ("November fourth",)),
    ("What is the problem with invoice export?", ("runs out of memory",)),
    ("How many tickets were there in September?", ("one thousand three hundred",)),
    ("By when does Elena check the support schedule?", ("Wednesday, the twenty first",)),
    ("What was decided today?", ("Okay, let me sum up",)),
    ("Where is the conference?", ("Expo in Chicago",)),
    ("Who goes to the conference?", ("So far it's me", "I'd love to be there")),
    (
        "When will the text of the pricing page be finished?",
        ("until the twenty seventh", "text by the twenty seventh"),
    ),
    ("What share of new customers picks Starter?", ("four percent of new sign-ups",)),
    (
        "Who writes to the customers about the new date?",
        ("I'll write to them", "let the customers"),
    ),
    ("Was the budget corrected?", ("I gave you the wrong number", "corrected sheet")),
)
"""Questions about the sample meetings, and parts of the lines that answer them; written before the
code that is measured on them."""


def said(*texts: str, speakers: tuple[str, ...] = ("김서연", "박준호")) -> tuple[Utterance, ...]:
    return tuple(
        Utterance(number, None, None, speakers[number % len(speakers)], text)
        for number, text in enumerate(texts, 1)
    )


def sample(language: str) -> tuple[Utterance, ...]:
    lines = (SAMPLES / f"script-{language}.txt").read_text(encoding="utf-8").splitlines()
    turns = [line.split(": ", 1) for line in lines if ": " in line]
    return tuple(
        Utterance(number, None, None, speaker, text)
        for number, (speaker, text) in enumerate(turns, 1)
    )


@pytest.mark.parametrize("want", list(Want))
def test_every_row_finds_its_own_example(want: Want) -> None:
    for row in WANTS[want].rows:
        assert Cues(row).search(plain(row[1])), row
        assert want in wanted(row[1])


@pytest.mark.parametrize(
    "question",
    ["예산", "출시 일정 설명해 줘", "왜가리 사진", "whole page", ""],
)
def test_other_questions_want_nothing_in_particular(question: str) -> None:
    assert wanted(question) == frozenset()


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("배포는 언제 하나요?", 3),
        ("배포는 누가 하나요?", 5),
        ("배포에 얼마가 드나요?", 4),
        ("배포가 왜 늦어졌나요?", 2),
    ],
)
def test_a_line_that_can_say_it_goes_first(question: str, number: int) -> None:
    lines = said(
        "배포 이야기를 해 보죠.",
        "배포가 늦어진 것은 인증 오류 때문입니다.",
        "배포는 다음 주 화요일에 합니다.",
        "배포에는 서버 비용 80만 원이 듭니다.",
        "배포는 제가 맡겠습니다.",
        "배포 문서도 봐야 합니다.",
    )
    assert ENGINE.passages(lines, question, limit=1)[0].utterance.number == number


@pytest.mark.parametrize("speakers", [("Priya", "Tom Baker"), ("Speaker 1", "Tom Baker")])
def test_who_is_answered_by_a_line_that_names_a_speaker(speakers: tuple[str, ...]) -> None:
    lines = said(
        "The demo account costs 1 dollar, says the speaker.",
        "The demo account is for Tom to make.",
        speakers=speakers,
    )
    found = ENGINE.passages(lines, "Who makes the demo account?", limit=1)
    assert found[0].utterance.number == 2


def test_an_english_question_needs_no_korean_analyser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting one takes a second."""
    asked: list[str] = []

    class Watched:
        def morphemes(self, texts: Sequence[str]) -> list[list[Morpheme]]:
            asked.extend(text for text in texts if re.search("[가-힣]", text))
            return [[] for _ in texts]

    answers._terms.cache_clear()
    monkeypatch.setattr(words, "shared_korean", Watched)
    lines = said("We decided on the blue logo.", "The weather is nice.", speakers=("Ann",))
    found = ENGINE.passages(lines, "Who decided on the logo, and why?", limit=1)
    answers._terms.cache_clear()
    assert found[0].utterance.number == 1
    assert asked == []


def test_an_answer_stands_behind_its_question() -> None:
    lines = said(
        "What does the greenhouse glass cost us?",
        "Nine hundred dollars.",
        "The greenhouse is nice.",
        "Let us go on.",
        "The weather was nice on our last trip.",
    )
    found = ENGINE.passages(lines, "How much does the greenhouse glass cost?", limit=2)
    assert found[0].utterance.number == 2


def test_what_was_decided_is_found_in_whatever_words() -> None:
    lines = said(
        "날짜를 정하기가 참 어렵네요.",
        "점심은 뭘 먹을까요?",
        "그럼 11월 3일에 출시하는 걸로 하겠습니다.",
        "날씨가 좋습니다.",
    )
    found = ENGINE.passages(lines, "무엇이 결정됐나요?", limit=1)
    assert [one.utterance.number for one in found] == [3]


def test_a_question_of_nothing_but_such_words_looks_for_them() -> None:
    lines = said("점심 먹죠.", "제 생각에 이유는 서버입니다.")
    found = ENGINE.passages(lines, "이유가 뭔가요?", limit=1)
    assert [one.utterance.number for one in found] == [2]


def test_a_kind_of_answer_alone_is_no_match() -> None:
    lines = said("다음 주 화요일에 만나요.", "80만 원입니다.")
    assert ENGINE.passages(lines, "양자역학은 언제 누가 얼마에 왜 만들었나요?", limit=5) == ()


@pytest.mark.parametrize(
    ("language", "questions"), [("ko", KOREAN), ("en", ENGLISH)], ids=["ko", "en"]
)
def test_questions_about_the_samples_are_answered(
    language: str, questions: tuple[tuple[str, tuple[str, ...]], ...]
) -> None:
    """The share whose answer is among the five lines that the app quotes, and in the first."""
    lines = sample(language)
    among = first = 0
    for question, told in questions:
        found = ENGINE.passages(lines, question, limit=5)
        right = [any(one in line.utterance.text for one in told) for line in found]
        among += any(right)
        first += right[:1] == [True]
    assert among >= 0.75 * len(questions)
    assert first >= 0.5 * len(questions)
