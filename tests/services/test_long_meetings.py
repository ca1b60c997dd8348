"""Three hours and forty thousand tokens through windows of three sizes: all of it is read, what was
planted at the start, in the middle and at the end is found, and the server never saw an overflow
or a reload."""

from collections.abc import Callable
from itertools import cycle, islice, product
from pathlib import Path

import pytest

from core.app import build_app
from core.domain.kinds import ItemKind
from core.services.wanted import WritingWanted
from core.settings import Settings
from core.store.tables import Meeting
from tests.doubles.ollama import OllamaDouble
from tests.services.conftest import nothing, write
from tests.services.test_minutes import LLM

_UTTERANCES = 1400
_SPEAKERS = ("김지수", "박민호", "이영희", "Tom")
_SUBJECTS = (
    "결제 화면", "물류 창고", "신입 교육", "고객 문의", "보안 점검", "광고 소재", "가격 정책",
    "the onboarding flow", "the mobile build", "our vendor contract", "the support queue",
)  # fmt: skip
_KOREAN = (
    "{subject} 쪽은 지난주에 말씀드린 것과 크게 다르지 않고, 담당자분들이 계속 살펴보고 계십니다.",
    "{subject} 이야기를 조금 더 하면, 현장에서 들은 의견이 서로 달라서 정리가 필요해 보입니다.",
    "저는 {subject} 관련해서 자료를 읽어 봤는데, 배경 설명이 길어서 요점만 말씀드리겠습니다.",
)
_ENGLISH = (
    "On {subject} there is nothing new from my side, it looks about the same as it did before.",
    "People keep asking me about {subject}, and I tell them that we are still looking into it.",
)
_PLANTED = {
    31: ("본사 이전", "논의 끝에 본사를 판교로 이전하기로 결정했습니다."),
    77: ("pricing", "We decided to drop the free plan in January."),
    690: ("서버", "서버 공급사는 한빛으로 바꾸기로 결정했습니다."),
    725: ("audit", "We agreed to run the security audit in March."),
    1330: ("채용", "하반기 채용은 열두 명으로 확정하기로 결정했습니다."),
    1399: ("launch", "It is decided that the launch moves to May."),
}


def three_hours() -> str:
    """A WebVTT of three hours; each line is unlike the ones near it."""
    lines = [
        template.format(subject=subject)
        for template, subject in product((*_KOREAN, *_ENGLISH), _SUBJECTS)
        if ("{subject} 쪽" not in template and "관련" not in template) or subject > "가"
    ]
    said = list(islice(cycle(lines), _UTTERANCES))
    for number, (_, text) in _PLANTED.items():
        said[number - 1] = text
    step = 3 * 3600 / _UTTERANCES
    cues = [
        f"{_clock(place * step)} --> {_clock((place + 1) * step)}\n<v {_SPEAKERS[place % 4]}>{text}"
        for place, text in enumerate(said)
    ]
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def _clock(seconds: float) -> str:
    return f"{int(seconds // 3600):02d}:{int(seconds // 60) % 60:02d}:{seconds % 60:06.3f}"


@pytest.mark.parametrize("num_ctx", [4096, 8192, 32768])
def test_nothing_of_a_long_meeting_is_lost(
    tmp_path: Path, double: OllamaDouble, make_meeting: Callable[..., Meeting], num_ctx: int
) -> None:
    app = build_app(Settings(data=tmp_path / "data", ollama_url=double.url, num_ctx=num_ctx))
    meeting = make_meeting(app, three_hours(), name="세 시간.vtt")
    wanted = WritingWanted(llm=LLM, style_version=None)
    plan = app.minutes.plan(meeting, wanted=wanted, check=nothing)
    readings = app.minutes.read_all(meeting, plan, check=nothing, tell=lambda _: None)
    minutes = app.minutes.compose(meeting, plan, readings, wanted=wanted, check=nothing)
    app.close()

    read = [record for record in double.chats if "format" in record.body]
    assert sum(record.prompt_tokens for record in read) > 40_000
    coverage = minutes.draft.coverage
    assert coverage.complete
    assert coverage.utterances_total == _UTTERANCES
    assert coverage.seconds == pytest.approx(3 * 3600, abs=1)
    assert coverage.parts == len(plan["parts"])
    decisions = minutes.draft.of(ItemKind.DECISION)
    for number, (_, text) in _PLANTED.items():
        (found,) = [item for item in decisions if number in item.utterances]
        assert found.verified
        assert found.quote
        assert found.quote in text
        assert found.text in minutes.markdown.replace("\\", "")
    assert "03:00:00" in minutes.markdown
    assert f"{coverage.tokens:,}" in minutes.markdown

    assert double.violations() == []
    assert not any(record.overflowed or record.reloaded for record in double.requests)
    assert {record.body["options"]["num_ctx"] for record in double.chats} == {num_ctx}
    asked = "\n".join(record.messages[-1]["content"] for record in read)
    assert all(f"\n[{number}] " in asked for number in range(1, _UTTERANCES + 1))


@pytest.mark.parametrize("num_ctx", [4096, 32768])
def test_a_list_that_is_full_hides_nothing(
    tmp_path: Path, double: OllamaDouble, make_meeting: Callable[..., Meeting], num_ctx: int
) -> None:
    """150 decisions, many more than the schema's lists hold for a part of a large window."""
    app = build_app(Settings(data=tmp_path / "data", ollama_url=double.url, num_ctx=num_ctx))
    names = [f"품목{chr(0xAC00 + 37 * n)}{chr(0xAC07 + 53 * n)}" for n in range(150)]
    lines = [
        f"지수: {names[n // 4]} 안건은 승인." if n % 4 == 0 else "민호: 네 그렇군요 알겠습니다."
        for n in range(600)
    ]
    minutes = write(app, make_meeting(app, "\n".join(lines)), llm=LLM)
    app.close()
    decisions = minutes.draft.of(ItemKind.DECISION)
    assert [item.utterances for item in decisions] == [(n,) for n in range(1, 601, 4)]
    assert all(item.verified for item in decisions)
    assert minutes.draft.coverage.complete
    assert double.violations() == []
