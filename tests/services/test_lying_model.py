"""A model that lies, raves or falls silent: nothing it made up is shown as a fact, nothing is kept
half-done, its failure is one clear sentence, and the next healthy run is whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.app import App
from core.domain.minutes import Item, Minutes
from core.errors import EngineFailed, MinutesError
from core.services.jobs import error_of
from core.services.rendering import minutes_object
from core.store.tables import Meeting
from tests.doubles.ollama import ChatRequest, OllamaDouble, default_answer
from tests.services.conftest import write
from tests.services.test_chat import ask
from tests.services.test_minutes import LLM, MEETING, long_meeting
from tests.waiting import until

Make = Callable[..., Meeting]
NO_ANSWER = ["trunc_json", "garbage_json", "empty", "endless", "repeat30", "no_done"]
"""Ways not to answer at all; the reading of that part is lost."""
FALSE = ("매각", "98765", "nobody ever said", "24일", "3천만", "장준혁")
CONFIRMED_ENDS = "확인되지 않은 내용"


pytestmark = pytest.mark.usefixtures("raving_fast")


def reads(body: dict[str, Any]) -> bool:
    return "format" in body


def writes(body: dict[str, Any]) -> bool:
    return "format" not in body and bool(body["messages"])


def told(items: tuple[Item, ...]) -> set[tuple[str, str, tuple[int, ...]]]:
    return {(item.kind.value, item.text, item.utterances) for item in items if item.verified}


def assert_clear(error: MinutesError, *facts: str) -> None:
    for language in ("ko", "en"):
        sentence = error.sentence(language)
        assert sentence[-1] in ".?!"
        assert "{" not in sentence
        assert all(fact in sentence for fact in facts), sentence


def assert_nothing_false(minutes: Minutes) -> None:
    """What is printed above the heading for what could not be confirmed is true."""
    confirmed = minutes.markdown.split(CONFIRMED_ENDS)[0]
    assert not [lie for lie in FALSE if lie in confirmed + minutes.draft.summary]
    assert not [item for item in minutes.draft.items if item.verified and "98765" in item.text]


def assert_healthy_again(app: App, meeting: Meeting, double: OllamaDouble) -> Minutes:
    """The next run, with a model that answers, is complete and true."""
    double.faults.clear()
    double.answer = default_answer
    minutes: Minutes = write(app, meeting, llm=LLM, job="healthy")
    assert minutes.draft.coverage.complete
    assert minutes.draft.summary
    assert {"summary_from_items", "nothing_verified"}.isdisjoint(minutes.draft.notices)
    assert (4,) in {numbers for kind, _, numbers in told(minutes.draft.items) if kind == "decision"}
    assert_nothing_false(minutes)
    return minutes


# While it reads


@pytest.mark.parametrize("mode", NO_ANSWER)
def test_a_reader_that_never_answers_keeps_nothing(
    app_with_model: App, make_meeting: Make, double: OllamaDouble, mode: Any
) -> None:
    meeting = make_meeting(app_with_model, MEETING)
    double.fail_always(mode, when=reads)
    with pytest.raises(EngineFailed) as failed:
        write(app_with_model, meeting, llm=LLM)
    assert failed.value.code == "nothing_read"
    assert_clear(failed.value, meeting.title, "gemma3:4b")
    assert app_with_model.minutes.versions(meeting.user_id, meeting.id) == []
    until(lambda: all(one.finished_at for one in double.chats), seconds=2)
    assert assert_healthy_again(app_with_model, meeting, double).version == 1


@pytest.mark.parametrize(
    ("mode", "code"),
    [("stall", "ollama_silent"), ("midstream_error", "ollama_failed")],
)
def test_a_reader_that_breaks_down_keeps_nothing(
    app_with_model: App, make_meeting: Make, double: OllamaDouble, mode: Any, code: str
) -> None:
    meeting = make_meeting(app_with_model, MEETING)
    double.fail_always(mode, when=reads, seconds=30)
    with pytest.raises(EngineFailed) as failed:
        write(app_with_model, meeting, llm=LLM)
    assert failed.value.code == code
    assert_clear(failed.value, "gemma3:4b")
    assert app_with_model.minutes.versions(meeting.user_id, meeting.id) == []
    assert assert_healthy_again(app_with_model, meeting, double).version == 1


@pytest.mark.parametrize("mode", NO_ANSWER)
def test_a_stretch_that_was_not_answered_is_named_and_made_good(
    app_with_model: App, make_meeting: Make, double: OllamaDouble, mode: Any
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, long_meeting(60))

    def holds_line_30(body: dict[str, Any]) -> bool:
        return reads(body) and "\n[30] " in body["messages"][-1]["content"]

    double.fail_always(mode, when=holds_line_30)
    minutes = write(app, meeting, llm=LLM)
    ((first, last),) = minutes.draft.coverage.missing_utterances
    assert first <= 30 <= last
    assert minutes.draft.coverage.utterances_read == 60 - (last - first + 1)
    assert "읽지 못한 부분" in minutes.markdown
    # Nothing of the answers that were cut.
    assert not [item for item in minutes.draft.items if set(item.utterances) & {30}]
    double.faults.clear()
    again = write(app, meeting, llm=LLM, job="healthy")
    assert again.draft.coverage.complete
    assert "읽지 못한 부분" not in again.markdown
    assert [item for item in again.draft.items if 30 in item.utterances and item.verified]
    topics = {one for one in told(minutes.draft.items) if one[0] == "topic"}
    assert told(minutes.draft.items) - topics <= told(again.draft.items)


def test_a_reader_that_lies_about_everything_is_believed_nothing(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    """It drops every second item, cites lines that are not there, quotes what nobody said."""
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    double.fail_always("lies", when=reads)
    minutes = write(app, meeting, llm=LLM)
    assert minutes.draft.items
    assert not told(minutes.draft.items)
    assert not minutes.draft.summary
    assert "nothing_verified" in minutes.draft.notices
    assert not [one for one in double.chats if writes(one.body)], "there was nothing to tell"
    assert_nothing_false(minutes)
    shown = minutes_object(minutes, meeting)
    for kind in ("decisions", "actions", "questions", "facts"):
        assert not [entry for entry in shown[kind] if entry["verified"]]


def item(text: str, quote: str, *numbers: int, **more: Any) -> dict[str, Any]:
    return {"text": text, "quote": quote, "utterances": list(numbers), **more}


@pytest.mark.parametrize(
    ("kind", "lie"),
    [
        # invented outright
        ("decisions", item("회사를 매각하기로 했다", "회사를 매각하기로", 4)),
        # a true quote, another number
        ("decisions", item("12월 24일에 출시하기로 결정했습니다", "출시하기로 결정했습니다", 4)),
        ("facts", item("예산은 3천만 원입니다", "올해 예산의 80퍼센트", 7)),
        ("facts", item("올해 예산의 98765퍼센트를 사용했습니다", "예산의 80퍼센트", 7)),
        # a true quote under a false claim
        ("decisions", item("공장을 매각하고 직원을 내보냅니다", "출시하기로 결정했습니다", 4)),
        # ids that are not there, or of another line
        ("decisions", item("12월 10일에 매각 출시", "12월 10일에 출시하기로", 99)),
        ("decisions", item("회사를 매각", "12월 10일에 출시하기로 결정했습니다", 1)),
        ("facts", item("매각 대금은 80퍼센트", "80퍼센트를", 2147483647)),
        # an owner whom nobody named
        (
            "actions",
            item("장준혁이 문서를 작성합니다", "배포 문서를", 5, owner="장준혁", due_text=None),
        ),
    ],
)
def test_a_lie_among_truths_is_kept_apart(
    app_with_model: App, make_meeting: Make, double: OllamaDouble, kind: str, lie: dict[str, Any]
) -> None:
    def half_lies(request: ChatRequest) -> Any:
        answer = default_answer(request)
        if isinstance(answer, dict):
            answer[kind] = [lie, *answer[kind]]
        return answer

    double.answer = half_lies
    minutes = write(app_with_model, make_meeting(app_with_model, MEETING), llm=LLM)
    assert_nothing_false(minutes)
    assert (4,) in {numbers for of, _, numbers in told(minutes.draft.items) if of == "decision"}
    prompts = [one.messages[-1]["content"] for one in double.chats if writes(one.body)]
    assert prompts
    assert lie["text"] not in prompts[0], "the prose is written from what was verified"


def test_items_of_marks_alone_are_left_out(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    """As a real server with a random model wrote them: no decision, but no topic either."""

    def marks(request: ChatRequest) -> Any:
        answer = default_answer(request)
        if isinstance(answer, dict):
            wordless = {"text": "','", "utterances": [1]}, {"text": '"', "utterances": [4]}
            answer["topics"] = list(wordless)
        return answer

    double.answer = marks
    minutes = write(app_with_model, make_meeting(app_with_model, MEETING), llm=LLM)
    assert minutes.draft.items
    assert not [item for item in minutes.draft.items if item.kind.value == "topic"]


def test_what_a_lie_leaves_out_is_all_that_is_missing(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    """Nobody can tell that a model left out half; the other half is whole."""

    def drops_half(request: ChatRequest) -> Any:
        answer = default_answer(request)
        if isinstance(answer, dict):
            return {name: entries[::2] for name, entries in answer.items()}
        return answer

    app = app_with_model
    text = "\n".join(f"김지수: {n}번 안건을 승인하기로 결정했습니다." for n in range(1, 9))
    whole = write(app, make_meeting(app, text), llm=LLM)
    double.answer = drops_half
    half = write(app, make_meeting(app, text + "\n김지수: 끝내겠습니다."), llm=LLM, job="half")
    assert 0 < len(told(half.draft.items)) < len(told(whole.draft.items))
    decisions = {numbers for kind, _, numbers in told(half.draft.items) if kind == "decision"}
    assert decisions == {(1,), (3,), (5,), (7,)}
    assert half.draft.coverage.complete


# While it writes the prose


@pytest.mark.parametrize("mode", [*NO_ANSWER, "lies"])
def test_a_writer_that_fails_leaves_the_items_in_its_place(
    app_with_model: App, make_meeting: Make, double: OllamaDouble, mode: Any
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    double.fail_always(mode, when=writes)
    minutes = write(app, meeting, llm=LLM)
    assert "summary_from_items" in minutes.draft.notices
    assert minutes.draft.coverage.complete
    assert "12월 10일" in minutes.draft.summary
    assert "그리고" not in minutes.markdown
    assert "네 네" not in minutes.markdown
    assert_nothing_false(minutes)
    # Everything that was read stands; the prose alone is worth another try.
    after = assert_healthy_again(app, meeting, double)
    assert told(after.draft.items) == told(minutes.draft.items)
    assert after.version == 2


@pytest.mark.parametrize(
    ("mode", "code"),
    [("stall", "ollama_silent"), ("midstream_error", "ollama_failed")],
)
def test_a_writer_that_breaks_down_keeps_nothing_half_done(
    app_with_model: App, make_meeting: Make, double: OllamaDouble, mode: Any, code: str
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    double.fail_always(mode, when=writes, seconds=30)
    with pytest.raises(EngineFailed) as failed:
        write(app, meeting, llm=LLM)
    assert failed.value.code == code
    assert_clear(failed.value, "gemma3:4b")
    assert app.minutes.versions(meeting.user_id, meeting.id) == []
    read = sum(reads(one.body) for one in double.chats)
    assert_healthy_again(app, meeting, double)
    assert sum(reads(one.body) for one in double.chats) == read, "what was read is not lost"


@pytest.mark.parametrize(
    "lie",
    [
        "회사를 매각하기로 했습니다.",  # no line
        "회사를 매각하기로 했습니다 [99].",  # a line that is not there
        "출시일은 12월 24일로 정했습니다 [4].",  # another number
        "예산은 3천만 원이 남았습니다 [7].",
        "공장 매각 대금을 나누었습니다 [4].",  # another matter
    ],
)
def test_a_lie_in_the_prose_is_taken_out(
    app_with_model: App, make_meeting: Make, double: OllamaDouble, lie: str
) -> None:
    true = "회의에서 12월 10일에 출시하기로 결정했습니다 [4]."
    more = "이영희님이 다음 주 화요일까지 배포 문서를 작성합니다 [5]."
    double.answer = lambda request: (
        default_answer(request) if request.format else f"{true} {lie} {more}"
    )
    minutes = write(app_with_model, make_meeting(app_with_model, MEETING), llm=LLM)
    assert_nothing_false(minutes)
    assert "12월 10일에 출시하기로" in minutes.draft.summary
    assert "sentences_left_out" in minutes.draft.notices


ENGLISH = "They decided to release on the 10th of December [4]."
KOREAN = "12월 10일에 출시하기로 결정했습니다 [4]."


@pytest.mark.parametrize(
    ("answers", "style", "told", "notice"),
    [
        ((ENGLISH, KOREAN), None, KOREAN, False),  # mended when told
        ((ENGLISH, ENGLISH), None, ENGLISH, True),  # true, and the reader is told
        ((KOREAN,), None, KOREAN, False),
        ((ENGLISH,), "영어로 써 주세요", ENGLISH, False),  # as the person wants it
    ],
)
def test_a_summary_in_the_wrong_language_is_asked_for_again(
    app_with_model: App,
    make_meeting: Make,
    double: OllamaDouble,
    answers: tuple[str, ...],
    style: str | None,
    told: str,
    notice: bool,
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    version = app.people.save_style(meeting.user_id, style).version if style else None
    left = list(answers)
    double.answer = lambda request: default_answer(request) if request.format else left.pop(0)
    minutes = write(app, meeting, llm=LLM, style_version=version)
    assert minutes.draft.summary == told
    assert not left
    assert ("summary_language" in minutes.draft.notices) is notice


# While it answers a question


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("trunc_json", "answer_cut"),
        ("empty", "answer_empty"),
        ("endless", "answer_cut"),
        ("repeat30", "answer_unfinished"),
        ("no_done", "answer_unfinished"),
        ("stall", "ollama_silent"),
    ],
)
def test_an_answer_that_is_none_fails_and_can_be_asked_again(
    app_with_model: App, make_meeting: Make, double: OllamaDouble, mode: Any, code: str
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    double.fail_always(mode, seconds=30)
    turn = ask(app, meeting, "언제 출시하나요?")
    assert turn.state == "failed"
    error = error_of(turn.error)
    assert error is not None
    assert error.code == code
    assert_clear(error, "gemma3:4b")
    assert turn.citations == []
    double.faults.clear()
    double.requests.clear()
    app.chat.retry(meeting.user_id, turn.id, llm=LLM)
    done = app.chat.wait(meeting.user_id, turn.id, timeout=30)
    assert (done.state, done.error) == ("finished", None)
    assert done.answer == double.chats[-1].answer


def test_a_chat_that_lies_points_at_no_line_that_is_not_there(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    double.fail_always("lies")
    turn = ask(app, meeting, "언제 출시하나요?")
    assert turn.citations == []
    assert "[9" not in turn.answer
    assert any(notice["key"] == "citations_removed" for notice in turn.notices)
    double.faults.clear()
    after = ask(app, meeting, "언제 출시하나요?", thread=turn.thread_id)
    assert after.citations


def test_an_answer_of_lies_alone_is_not_remembered(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    meeting = make_meeting(app_with_model, MEETING)
    double.fail_always("lies", when=reads)
    assert "nothing_verified" in write(app_with_model, meeting, llm=LLM).draft.notices
    assert_healthy_again(app_with_model, meeting, double)


def test_a_number_that_the_cited_line_does_not_hold_is_pointed_out(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    meeting = make_meeting(app_with_model, MEETING)
    double.answer = lambda _: "12월 10일에 출시합니다 [4]. 예산은 9억 원입니다 [4]."
    turn = ask(app_with_model, meeting, "예산은 얼마인가요?")
    (notice,) = [one for one in turn.notices if one["key"] == "answer_unconfirmed"]
    assert notice["facts"] == {"count": 1, "first": "예산은 9억 원입니다."}
