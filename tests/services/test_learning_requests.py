"""A message that only asks to have something remembered: confirmed at once, by code, and proposed;
nothing is kept without the person's word."""

from collections.abc import Callable

import pytest

from core.app import App
from core.domain.memory import Kind, Status
from core.store.tables import Meeting
from tests.doubles.ollama import OllamaDouble
from tests.services.test_learning import ask, notices, proposals
from tests.services.test_minutes import LLM, MEETING

Make = Callable[..., Meeting]


@pytest.mark.parametrize("llm", [LLM, "extractive", "ollama:not-there"])
@pytest.mark.parametrize(
    ("typed", "kind", "text", "says"),
    [
        (
            "기억해 줘: 김 팀장은 영업을 맡는다.",
            Kind.FACT,
            "김 팀장은 영업을 맡는다.",
            "맡는다”를 기억할지",
        ),
        ("Remember that Kim leads sales.", Kind.FACT, "Kim leads sales", "Shall “Kim leads sales”"),
        (
            "앞으로 존댓말로 답해 줘",
            Kind.PREFERENCE,
            "앞으로 존댓말로 답해 줘",
            "기억할지 여쭤볼게요",
        ),
        ("From now on, use bullets.", Kind.PREFERENCE, "From now on, use bullets.", "Shall “From"),
    ],
)
def test_it_is_confirmed_without_a_model_and_proposed_for_consent(
    app_with_model: App,
    make_meeting: Make,
    double: OllamaDouble,
    llm: str,
    typed: str,
    kind: Kind,
    text: str,
    says: str,
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    turn = ask(app, meeting, typed, llm=llm)
    assert (turn.state, turn.engine, turn.citations) == ("finished", "", [])
    assert says in turn.answer
    [entry] = app.memory.entries(meeting.user_id)
    assert (entry.status, entry.kind, entry.text) == (Status.PROPOSED, kind, text)
    assert entry.source == {"way": "chat", "turn_id": turn.id}
    assert turn.notices == [
        {"key": "memory_proposed", "facts": {"entry": entry.entry_id, "text": text}}
    ]
    assert double.chats == []
    assert app.learning.lessons(meeting.user_id) == []


def test_one_with_a_question_is_answered_too(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    double.answer = lambda _: "12월 10일에 출시합니다 [4]."
    turn = ask(app, meeting, "언제 출시하나요? 앞으로는 짧게 답해 줘.")
    assert turn.answer == "12월 10일에 출시합니다 [4]."
    assert turn.engine == LLM


def test_what_is_known_or_was_refused_is_not_proposed_again(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, MEETING)
    ask(app, meeting, "Remember that Kim leads sales.", llm="extractive")
    app.memory.refuse(meeting.user_id, proposals(app, meeting.user_id)[0].entry_id)
    app.memory.add(meeting.user_id, kind=Kind.FACT, text="Lee is in Busan")
    for typed in ("Remember that Kim leads sales!", "Remember that Lee is in Busan"):
        turn = ask(app, meeting, typed, llm="extractive")
        assert turn.answer == "There is nothing new to remember."
        assert notices(turn) == ["memory_known_already"]
    assert proposals(app, meeting.user_id) == []


def test_a_line_that_somebody_said_in_the_meeting_is_answered(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, MEETING)
    turn = ask(app, meeting, "김지수: 예산은 5억이라고 기억해 줘", llm="extractive")
    assert turn.engine == "extractive"
    assert app.memory.entries(meeting.user_id) == []


def test_a_later_answer_knows_what_was_said(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    told = ask(app, meeting, "기억해 줘: 김 팀장은 영업을 맡는다")
    asked = app.chat.ask(
        meeting.user_id, meeting.id, "언제 출시하나요?", llm=LLM, thread_id=told.thread_id
    )
    app.chat.wait(meeting.user_id, asked.id, timeout=30)
    sent = double.chats[-1].messages
    assert [message["role"] for message in sent] == ["system", "user", "assistant", "user"]
    assert "영업을 맡는다" in sent[1]["content"]
    assert "영업을 맡는다" not in sent[0]["content"]


def test_one_that_broke_off_is_confirmed_when_it_is_tried_again(
    app: App, make_meeting: Make
) -> None:
    meeting = make_meeting(app, MEETING)
    turn = ask(app, meeting, "Remember that Kim leads sales.", llm="extractive")
    with app.database.writing() as session:
        held = session.merge(turn)
        held.state, held.notices, held.answer = "failed", [], ""
    app.chat.retry(meeting.user_id, turn.id, llm="extractive")
    app.chat.wait(meeting.user_id, turn.id, timeout=15)
    again = app.chat.turn(meeting.user_id, turn.id)
    assert (again.answer, notices(again)) == (turn.answer, ["memory_proposed"])
    [entry] = app.memory.entries(meeting.user_id)
    app.memory.accept(meeting.user_id, entry.entry_id)
    with app.database.writing() as session:
        session.merge(again).state = "failed"
    app.chat.retry(meeting.user_id, turn.id, llm="extractive")
    app.chat.wait(meeting.user_id, turn.id, timeout=15)
    assert "nothing new" in app.chat.turn(meeting.user_id, turn.id).answer
    assert len(app.memory.entries(meeting.user_id)) == 1
