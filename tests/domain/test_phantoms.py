"""What is hidden as never said, with its reason; and what stays, which matters more. Segments are
made by hand: the model of our tests has no sense of no-speech."""

from __future__ import annotations

import time
import zlib
from dataclasses import asdict, replace

import pytest

from core.domain.phantom_lines import is_courtesy, is_credit
from core.domain.phantoms import (
    KNOWN_LINE,
    LOOP,
    NO_SPEECH,
    NO_WORDS,
    OTHER_SCRIPT,
    REASONS,
    REPEATED,
    TOO_FAST,
    TOO_SLOW,
    judge,
)
from core.domain.speech_evidence import Evidence, Segment
from core.domain.syllables import syllables


def segment(
    text: str,
    seconds: float = 2.0,
    *,
    at: float = 0.0,
    voice: float = 0.85,
    voiced: float | None = None,
    loudness: float = -25.0,
    no_speech: float = 0.05,
    log_probability: float = -0.3,
) -> Segment:
    """A line over speech, unless told otherwise."""
    content = text.encode()
    evidence = Evidence(
        voice=voice,
        voiced=voice * seconds if voiced is None else voiced,
        loudness=loudness,
        no_speech=no_speech,
        log_probability=log_probability,
        compression=round(len(content) / len(zlib.compress(content)), 2),
    )
    return Segment(at, at + seconds, text, evidence)


def reason(said: Segment) -> str | None:
    """What is said of a line among others that are believed."""
    before = segment("그럼 다음 안건으로 넘어가겠습니다.", at=said.start - 4)
    after = segment("일정은 제가 정리해서 공유하겠습니다.", at=said.end + 2)
    return judge([before, said, after]).get(1)


MADE_UP = [
    # Nobody speaks there, whatever is written.
    (segment("출시는 12월로 정했습니다.", voice=0.01), NO_SPEECH),
    (segment("We agreed on forty thousand dollars.", voice=0.1, voiced=0.0), NO_SPEECH),
    (segment("네.", 1.0, voice=0.03, voiced=0.0), NO_SPEECH),
    # The model says so itself, and the sound hardly contradicts.
    (segment("회의록을 씁니다.", voice=0.4, no_speech=0.9, log_probability=-1.4), NO_SPEECH),
    (segment("회의록을 씁니다.", voice=0.25, loudness=-75.0), NO_SPEECH),
    # Lines that are known, over music or noise.
    (segment("시청해주셔서 감사합니다.", voice=0.5), KNOWN_LINE),
    (segment("오늘도 영상 시청해 주셔서 감사합니다!", voice=0.5), KNOWN_LINE),
    (segment("구독과 좋아요 부탁드립니다.", voice=0.5), KNOWN_LINE),
    (segment("구독, 좋아요, 알림설정까지 부탁드려요~", voice=0.5), KNOWN_LINE),
    (segment("MBC 뉴스 이덕영입니다.", voice=0.5), KNOWN_LINE),
    (segment("워싱턴에서 MBC 뉴스 이덕영입니다.", voice=0.5), KNOWN_LINE),
    (segment("한글자막 by 한효정", voice=0.5), KNOWN_LINE),
    (segment("자막 제공 및 광고를 포함하고 있습니다.", voice=0.5), KNOWN_LINE),
    (segment("다음 영상에서 만나요!", voice=0.5), KNOWN_LINE),
    (segment("Thank you for watching!", voice=0.5), KNOWN_LINE),
    (segment("Thanks for watching, and I'll see you next time.", voice=0.5), KNOWN_LINE),
    (segment("Please like and subscribe to my channel.", voice=0.5), KNOWN_LINE),
    (segment("Subtitles by the Amara.org community", voice=0.5), KNOWN_LINE),
    (segment("I'll see you guys in the next video. Bye bye!", voice=0.5), KNOWN_LINE),
    (segment("ご視聴ありがとうございました", voice=0.5), KNOWN_LINE),
    (segment("감사합니다.", 1.0, voice=0.3), KNOWN_LINE),
    (segment("Thank you.", 1.0, voice=0.3), KNOWN_LINE),
    (segment("you", 1.0, voice=0.3), KNOWN_LINE),
    (segment("감사합니다.", 1.0, voice=0.6, no_speech=0.8), KNOWN_LINE),
    # Loops: over weak speech, faster than anybody speaks, or without end.
    (segment("그리고 그리고 그리고 그리고 그리고 그리고", 4.0, voice=0.4), LOOP),
    (segment("thank you, Mr. President, " * 8, 3.5), LOOP),
    (segment("어떻게 " * 40, 28.0), LOOP),
    (segment("아" * 200, 6.0), LOOP),
    (segment("하하하하하하하하하하하하하하하하하하하하하하하하하하하하", 1.0), LOOP),
    # Rates that nobody speaks at.
    (segment("이번 분기 목표는 지난 회의에서 말씀드린 대로입니다.", 0.3), TOO_FAST),
    (segment("We should move the launch and tell the whole team today.", 0.2), TOO_FAST),
    (segment("네.", 25.0), TOO_SLOW),
    (segment("Okay.", 25.0, voice=0.4), TOO_SLOW),
    # Neither language, and hardly a voice.
    (segment("今天的会议到此结束", voice=0.4), OTHER_SCRIPT),
    (segment("Спасибо за внимание", voice=0.4), OTHER_SCRIPT),
    # Nothing that could be said.
    (segment("[음악]"), NO_WORDS),
    (segment("(박수) (웃음)"), NO_WORDS),
    (segment("♪♪"), NO_WORDS),
    (segment("..."), NO_WORDS),
]


@pytest.mark.parametrize(("said", "why"), MADE_UP, ids=lambda one: getattr(one, "text", one)[:30])
def test_what_nobody_said_has_its_reason(said: Segment, why: str) -> None:
    assert reason(said) == why


SAID = [
    segment("네.", 0.4, voice=0.5),  # short answers, whose pauses are counted in
    segment("네.", 5.0, voice=0.06, voiced=0.26),
    segment("응.", 20.0, voice=0.02, voiced=0.3),  # a time that is stretched over a long pause
    segment("Yes.", 0.3, voice=0.4),
    segment("네 네 네 네", 1.5),
    segment("네, 네, 네, 네, 네, 네, 네.", 1.6, voice=0.4),
    segment("No no no no no no.", 1.2),
    segment("하하하하하하", 2.0, voice=0.3),  # laughter has little voice
    segment("하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉 열", 5.0),
    segment("하나 둘, 하나 둘, 하나 둘, 하나 둘, 하나 둘, 하나 둘", 6.0),
    segment("대한민국! 대한민국! 대한민국! 대한민국! 대한민국!", 8.0),
    segment("010 1234 5678, 02 555 0199", 5.0),
    segment("3, 3, 3, 3, 3, 3", 3.0),
    segment("일정은 다음 주 화요일까지 제가 정리해서 전체 공유드리겠습니다.", 3.3),  # 8 a second
    segment("Let's get this out of the way before we run out of time, okay?", 2.0),
    # What phantoms say can be said.
    segment("감사합니다.", 0.9, voice=0.6),
    segment("네 감사합니다.", 1.2),
    segment("고맙습니다. 수고하셨습니다.", 1.5),
    segment("Thank you.", 0.7, voice=0.55),
    segment("Bye bye.", 0.8, voice=0.5),
    segment("Thank you for watching the demo.", 1.8, voice=0.55),
    segment("시청해주셔서 감사합니다.", 1.6),
    segment("구독과 좋아요 버튼은 다음 스프린트에 넣겠습니다.", 2.8),
    segment("자막은 다음 배포에 제공합니다.", 2.0, voice=0.5),
    segment("MBC 뉴스에 우리 제품이 나왔습니다.", 2.4, voice=0.5),
    segment("We subscribe to the news feed and see what comes.", 2.6, voice=0.5),
    # Hard to hear is not unsaid.
    segment("가격은 오만 원으로 하겠습니다.", 3.0, voice=0.35, loudness=-50.0),
    segment("가격은 오만 원으로 하겠습니다.", 3.0, voice=0.2),
    segment("가격은 오만 원으로 하겠습니다.", 3.0, voice=0.4, loudness=-75.0),
    segment("가격은 오만 원으로 하겠습니다.", 3.0, no_speech=0.95, log_probability=-1.5),
    segment("The last point.", 1.5, voice=0.2, voiced=0.3),
    segment("谢谢，我们明天见", 2.0),  # a guest's line
    segment("[김지수] 시작하겠습니다.", 2.0),
    segment("(웃음) 그건 아니고요.", 2.0),
    segment("일", 16.0, voice=0.1, voiced=1.5),
]


@pytest.mark.parametrize("said", SAID, ids=lambda one: one.text[:30])
def test_what_may_have_been_said_stays(said: Segment) -> None:
    assert reason(said) is None


def test_without_evidence_everything_is_believed() -> None:
    """Windows that an earlier release heard, and transcripts of other recognisers, have none."""
    bare = [replace(said, evidence=None) for said, _ in MADE_UP]
    assert judge(bare) == {}
    assert judge([Segment(0, 1, "네.")] * 9) == {}


def in_a_row(text: str, count: int, **evidence: float) -> list[Segment]:
    return [segment(text, at=3.0 * place, **evidence) for place in range(count)]


def test_a_line_that_is_repeated_over_weak_speech_is_hidden_each_time() -> None:
    rest = [segment("회의를 마치겠습니다.", at=60)]
    assert judge(in_a_row("그렇습니다.", 3, voice=0.4) + rest) == dict.fromkeys(range(3), REPEATED)
    assert judge(in_a_row("그렇습니다.", 2, voice=0.4) + rest) == {}
    assert judge(in_a_row("그렇습니다.", 3) + rest) == {}


def test_of_a_sentence_without_end_the_first_stays() -> None:
    found = judge(in_a_row("제 말이 들리시나요?", 8))
    assert found == dict.fromkeys(range(1, 8), REPEATED)
    assert judge(in_a_row("네.", 8)) == {}
    assert judge(in_a_row("제 말이 들리시나요?", 4)) == {}


def test_marks_do_not_make_two_lines_of_one() -> None:
    run = [
        segment(text, at=3.0 * place, voice=0.4)
        for place, text in enumerate(["그렇습니다.", "그렇습니다", "그렇습니다!"])
    ]
    assert len(judge(run)) == 3


@pytest.mark.parametrize(
    ("text", "voice"), [("시청해주셔서 감사합니다.", 0.65), ("감사합니다.", 0.45), ("Bye.", 0.45)]
)
def test_a_known_line_is_doubted_sooner_where_nobody_is_near(text: str, voice: float) -> None:
    talk = [segment("그럼 마치겠습니다.", at=3.0 * place) for place in range(2)]
    after = segment(text, at=60.0, voice=voice)
    assert judge([*talk, after]) == {2: KNOWN_LINE}
    near = segment(text, at=12.0, voice=voice)
    assert judge([*talk, near]) == {}
    well_supported = segment(text, at=60.0, voice=0.75)
    assert judge([*talk, well_supported]) == {}


def test_two_known_lines_do_not_support_each_other() -> None:
    talk = segment("그럼 마치겠습니다.")
    last = [segment("감사합니다.", at=at, voice=0.45) for at in (60.0, 63.0)]
    assert judge([talk, *last]) == {1: KNOWN_LINE, 2: KNOWN_LINE}


def test_another_script_is_only_strange_where_the_rest_is_ours() -> None:
    line = segment("今天的会议到此结束", voice=0.4)
    others = [segment(text, at=at) for text, at in (("我们开始吧", 10.0), ("好的，谢谢", 20.0))]
    assert judge([line, *others]) == {}
    assert judge([line, segment("시작합시다.", at=10.0), segment("네.", at=20.0)]) == {
        0: OTHER_SCRIPT
    }


def test_every_reason_is_tried() -> None:
    assert {why for _, why in MADE_UP} | {REPEATED} == set(REASONS)


def test_evidence_goes_through_json() -> None:
    made = segment("네.")
    assert Segment.from_json(asdict(made)) == made
    assert Segment.from_json({"start": 1.0, "end": 2.0, "text": "네."}) == Segment(1.0, 2.0, "네.")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("회의를 시작하겠습니다", 10),
        ("release note", 3),
        ("the people were late", 5),
        ("2026", 4),
        ("hmm", 1),
        ("", 0),
        ("!?", 0),
    ],
)
def test_syllables_are_counted_low(text: str, count: int) -> None:
    assert syllables(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "시청률 조사 결과를 공유합니다.",
        "다음 시간에 예산을 다시 보겠습니다.",
        "감사 일정이 잡혔습니다.",
        "KBS 인터뷰는 김 팀장이 갑니다.",
        "Please subscribe the whole team to the alerts channel today.",
        "Captions are missing in the demo.",
        "See you at the review.",
    ],
)
def test_a_sentence_that_only_begins_like_a_known_line_is_none(text: str) -> None:
    assert not is_credit(text)
    assert not is_courtesy(text)


def test_ten_thousand_segments_are_judged_in_no_time() -> None:
    lines = [one for one, _ in MADE_UP] + SAID
    many = [replace(lines[at % len(lines)], start=at, end=at + 2.0) for at in range(10_000)]
    begun = time.process_time()
    judge(many)
    assert time.process_time() - begun < 5.0
