"""What a model drops is asked for once more: the lines that sound like a decision or an action, and
nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.app import App
from core.domain.minutes import Minutes
from core.store.tables import Meeting
from tests.doubles.ollama import ChatRequest, OllamaDouble, default_answer
from tests.services.conftest import write
from tests.services.test_minutes import LLM

Make = Callable[..., Meeting]
EIGHT = "\n".join(f"김지수: {n}번 안건을 승인하기로 결정했습니다." for n in range(1, 9))
LOOKS = "Look again at"
pytestmark = pytest.mark.usefixtures("raving_fast")


def looks_again(body: dict[str, Any]) -> bool:
    return any(LOOKS in message["content"] for message in body.get("messages", []))


def drops_half(request: ChatRequest) -> Any:
    """An honest model that overlooks every second thing when it reads much at once."""
    answer = default_answer(request)
    if isinstance(answer, dict) and LOOKS not in request.last_user:
        return {name: entries[::2] for name, entries in answer.items()}
    return answer


def decided(minutes: Minutes) -> set[tuple[int, ...]]:
    return {
        item.utterances
        for item in minutes.draft.items
        if item.kind.value == "decision" and item.verified
    }


def test_what_was_overlooked_is_found_at_the_second_look(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    double.answer = drops_half
    minutes = write(app_with_model, make_meeting(app_with_model, EIGHT), llm=LLM)
    assert decided(minutes) == {(number,) for number in range(1, 9)}
    (asked,) = [one.messages[-1]["content"] for one in double.chats if looks_again(one.body)]
    assert "Look again at [2], [4], [6], [8]." in asked
    assert double.violations() == []


def test_nobody_asks_again_where_nothing_is_missing(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    write(app_with_model, make_meeting(app_with_model, EIGHT), llm=LLM)
    assert not [one for one in double.chats if looks_again(one.body)]


def test_the_second_look_is_remembered(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    meeting = make_meeting(app_with_model, EIGHT)
    double.answer = drops_half
    first = write(app_with_model, meeting, llm=LLM)
    again = write(app_with_model, meeting, llm=LLM, job="again")
    assert len([one for one in double.chats if looks_again(one.body)]) == 1
    assert decided(again) == decided(first)
    assert again.draft.coverage.tokens == first.draft.coverage.tokens


@pytest.mark.parametrize("mode", ["trunc_json", "empty", "endless", "no_done", "lies"])
def test_a_second_look_that_fails_costs_nothing(
    app_with_model: App, make_meeting: Make, double: OllamaDouble, mode: Any
) -> None:
    meeting = make_meeting(app_with_model, EIGHT)
    double.answer = drops_half
    double.fail_always(mode, when=looks_again)
    minutes = write(app_with_model, meeting, llm=LLM)
    assert decided(minutes) == {(1,), (3,), (5,), (7,)}
    assert minutes.draft.coverage.complete
    assert "98765" not in minutes.draft.summary
    double.faults.clear()
    if mode != "lies":
        again = write(app_with_model, meeting, llm=LLM, job="healthy")
        assert decided(again) == {(number,) for number in range(1, 9)}, "it is asked again"


def test_nothing_is_taken_from_lines_that_nobody_asked_about(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    """The lines around it are shown for their sense; what they hold was read before."""

    def adds(request: ChatRequest) -> Any:
        answer = drops_half(request)
        if isinstance(answer, dict) and LOOKS in request.last_user:
            said = "김지수: 커피가 식었습니다."
            entry = {"text": said, "quote": "커피가 식었습니다", "utterances": [9]}
            answer["facts"].append(entry)
        return answer

    double.answer = adds
    text = f"{EIGHT}\n김지수: 커피가 식었습니다."
    minutes = write(app_with_model, make_meeting(app_with_model, text), llm=LLM)
    assert (8,) in decided(minutes)
    assert not [item for item in minutes.draft.items if "커피" in item.text]


def test_what_could_not_be_read_is_named_and_not_asked_about_again(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    chat = "\n".join(f"이영희: 오늘 {n}번째로 날씨 이야기를 나누었어요." for n in range(1, 60))
    meeting = make_meeting(app_with_model, f"{chat}\n{EIGHT}")
    double.fail_always(
        "trunc_json",
        when=lambda body: (
            "format" in body
            and not looks_again(body)
            and "[67] " in body["messages"][-1]["content"]
        ),
    )
    minutes = write(app_with_model, meeting, llm=LLM)
    ((first, last),) = minutes.draft.coverage.missing_utterances
    assert first <= 67 <= last
    asked = [one.messages[-1]["content"] for one in double.chats if looks_again(one.body)]
    assert not [text for text in asked if "[67]" in text.partition(LOOKS)[2]]


def test_many_lines_are_asked_about_in_several_questions(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    def nothing_at_first(request: ChatRequest) -> Any:
        answer = default_answer(request)
        if isinstance(answer, dict) and LOOKS not in request.last_user:
            return {name: [] for name in answer}
        return answer

    double.answer = nothing_at_first
    text = "\n".join(f"김지수: {n}번 안건을 승인하기로 결정했습니다." for n in range(1, 41))
    minutes = write(app_with_model, make_meeting(app_with_model, text), llm=LLM)
    assert len([one for one in double.chats if looks_again(one.body)]) >= 3
    assert decided(minutes) == {(number,) for number in range(1, 41)}
    assert double.violations() == []
