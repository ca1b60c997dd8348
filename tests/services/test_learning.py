"""Learning with consent: what is done becomes a proposal at most."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.app import App
from core.domain.memory import Entry, Kind, Status
from core.domain.minutes import Minutes
from core.errors import InvalidInput, NotFound
from core.services.learning import Learning
from core.services.minutes_wording import Wording
from core.store import people
from core.store.memory_rows import Lesson
from core.store.tables import Meeting, Turn
from core.store.types import now
from tests.doubles.ollama import ChatRequest, OllamaDouble
from tests.services.conftest import write
from tests.services.test_minutes import LLM, MEETING

Make = Callable[..., Meeting]
HEARD = "김지수: 쿠버 넷이스를 도입합시다.\n박민호: 네, 좋습니다.\n김지수: 쿠버 넷이스 말이죠.\n"
FORM = {"about": "form", "text": "날짜는 “11월 22일”처럼 써 주세요."}
NOTHING = {"about": "content", "text": ""}


def edit(app: App, meeting: Meeting, text: str, *, number: int = 1) -> None:
    seen = app.meetings.transcript(meeting.user_id, meeting.id).by_number()[number].text
    app.text_changes.edit_text(meeting.user_id, meeting.id, number, text, expected=seen)


def proposals(app: App, user_id: str) -> list[Entry]:
    return app.memory.entries(user_id, status=Status.PROPOSED)


def terms(app: App, user_id: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.text, one.heard) for one in proposals(app, user_id)]


def ask(app: App, meeting: Meeting, question: str, *, llm: str = LLM) -> Turn:
    turn = app.chat.ask(meeting.user_id, meeting.id, question, llm=llm)
    app.chat.wait(meeting.user_id, turn.id, timeout=30)
    app.learning.wait(meeting.user_id, timeout=30)
    return app.chat.turn(meeting.user_id, turn.id)


def notices(turn: Turn) -> list[str]:
    return [notice["key"] for notice in turn.notices if notice["key"].startswith("memory_")]


def teaches(double: OllamaDouble, answer: object) -> None:
    """Let the model answer lessons with `answer` and everything else as it does."""
    usual = double.answer

    def say(request: ChatRequest) -> object:
        if "propose to keep" in request.system:
            return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        return usual(request) if usual else "12월 10일에 출시합니다 [4]."

    double.answer = say  # type: ignore[assignment]


def taught(double: OllamaDouble) -> list[str]:
    """What the model was given in lessons."""
    return [
        record.messages[-1]["content"]
        for record in double.chats
        if "propose to keep" in record.messages[0]["content"]
    ]


def at_once(app: App) -> Learning:
    """Learning that waits for no further edits; its work is the app's own no more."""
    return replace(app.learning, settled=timedelta(0))


def test_an_edit_proposes_a_term_and_says_where_it_came_from(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    edit(app, meeting, "쿠버네티스를 도입합시다.")
    [entry] = proposals(app, meeting.user_id)
    assert (entry.kind, entry.text, entry.heard) == (Kind.GLOSSARY, "쿠버네티스", ("쿠버 넷이스",))
    assert entry.source == {"way": "transcript", "meeting_id": meeting.id, "number": 1}
    assert app.learning.lessons(meeting.user_id) == []  # no model was needed


def test_undoing_an_edit_withdraws_its_proposal_and_redoing_brings_it_back(
    app: App, make_meeting: Make
) -> None:
    meeting = make_meeting(app, HEARD)
    edit(app, meeting, "쿠버네티스를 도입합시다.")
    [seen] = app.text_changes.of(meeting.user_id, meeting.id)
    app.text_changes.undo(meeting.user_id, meeting.id, seen.change.change_id)
    assert app.memory.entries(meeting.user_id) == []
    app.text_changes.redo(meeting.user_id, meeting.id, seen.change.change_id)
    assert terms(app, meeting.user_id) == [("쿠버네티스", ("쿠버 넷이스",))]
    app.text_changes.restore_heard(meeting.user_id, meeting.id, 1)
    assert app.memory.entries(meeting.user_id) == []


def test_a_proposal_stays_while_another_edit_shows_the_same(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    edit(app, meeting, "쿠버네티스를 도입합시다.")
    edit(app, meeting, "쿠버네티스 말이죠.", number=3)
    app.text_changes.restore_heard(meeting.user_id, meeting.id, 1)
    assert terms(app, meeting.user_id) == [("쿠버네티스", ("쿠버 넷이스",))]
    app.text_changes.restore_heard(meeting.user_id, meeting.id, 3)
    assert terms(app, meeting.user_id) == []


def test_typing_the_old_words_again_teaches_nothing(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    edit(app, meeting, "쿠버네티스를 도입합시다.")
    edit(app, meeting, "쿠버 넷이스를 도입합시다.")
    assert app.memory.entries(meeting.user_id) == []


def test_an_edit_of_an_edit_teaches_its_last_word(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    edit(app, meeting, "쿠버네티즈를 도입합시다.")
    edit(app, meeting, "쿠버네티스를 도입합시다.")
    assert terms(app, meeting.user_id) == [("쿠버네티스", ("쿠버 넷이스",))]


def test_an_accepted_term_stays_when_its_edit_is_undone(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    edit(app, meeting, "쿠버네티스를 도입합시다.")
    app.memory.accept(meeting.user_id, proposals(app, meeting.user_id)[0].entry_id)
    app.text_changes.restore_heard(meeting.user_id, meeting.id, 1)
    [entry] = app.memory.entries(meeting.user_id)
    assert entry.status is Status.ACTIVE


def test_a_new_misheard_form_of_a_known_term_is_proposed_as_an_addition(
    app: App, make_meeting: Make
) -> None:
    meeting = make_meeting(app, HEARD)
    user_id = meeting.user_id
    known = app.memory.add(user_id, kind=Kind.GLOSSARY, text="쿠버네티스", heard=("큐버네스",))
    edit(app, meeting, "쿠버네티스를 도입합시다.")
    [entry] = proposals(app, user_id)
    assert (entry.replaces, entry.heard) == (known.entry_id, ("쿠버 넷이스",))
    assert app.memory.entry(user_id, known.entry_id).heard == ("큐버네스",)
    app.memory.accept(user_id, entry.entry_id)
    assert app.memory.entry(user_id, known.entry_id).heard == ("큐버네스", "쿠버 넷이스")


def test_a_refused_term_is_not_proposed_again_in_another_spelling_neither(
    app: App, make_meeting: Make
) -> None:
    meeting = make_meeting(app, HEARD)
    edit(app, meeting, "쿠버네티스를 도입합시다.")
    app.memory.refuse(meeting.user_id, proposals(app, meeting.user_id)[0].entry_id)
    edit(app, meeting, "쿠버네티스 말이죠.", number=3)
    edit(app, meeting, "쿠버네티즈를 도입합시다.")
    assert proposals(app, meeting.user_id) == []


def test_the_same_exchange_in_two_lines_makes_a_common_word_a_term(
    app: App, make_meeting: Make
) -> None:
    meeting = make_meeting(app, "김지수: 결재 모듈입니다.\n김지수: 결재 화면도 봅시다.\n")
    edit(app, meeting, "결제 모듈입니다.")
    assert proposals(app, meeting.user_id) == []
    edit(app, meeting, "결제 화면도 봅시다.", number=2)
    assert terms(app, meeting.user_id) == [("결제", ("결재",))]


def test_what_a_model_corrected_is_not_taken_for_the_persons(app: App, make_meeting: Make) -> None:
    from core.store import text_changes as rows  # only this test writes a model's change

    meeting = make_meeting(app, HEARD)
    with app.database.writing() as session:
        held = session.merge(meeting)
        rows.add_change(
            session,
            meeting=held,
            number=1,
            kind="replacement",
            before="쿠버 넷이스",
            after="쿠버네티스",
            job_id="a job",
        )
        rows.refold(session, meeting=held, numbers=[1])
    edit(app, meeting, "쿠버네티스를 도입합시다!")
    assert app.memory.entries(meeting.user_id) == []


def test_nobody_learns_from_somebody_elses_meeting(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    edit(app, meeting, "쿠버네티스를 도입합시다.")
    with app.database.writing() as session:
        other = people.ensure_user(session, name="other").id
    app.learning.noticed_text_change(other, meeting.id, number=1)
    app.learning.noticed_minutes_edit(
        other, meeting.id, before="김치우 대리", after="김지우 대리", what="summary"
    )
    assert app.memory.entries(other) == []
    assert app.learning.lessons(other) == []


def edit_summary(app: App, minutes: Minutes, text: str) -> Minutes:
    user_id = app.people.local_person().id
    return app.editing.edit_summary(user_id, minutes.meeting_id, version=minutes.version, text=text)


def test_a_name_put_right_in_minutes_is_proposed_without_a_model(
    app: App, make_meeting: Make
) -> None:
    meeting = make_meeting(app, MEETING)
    app.people.choose(meeting.user_id, name="llm", value="extractive")
    minutes = write(app, meeting, llm="extractive")
    minutes = edit_summary(app, minutes, "나래택 주식회사와 계약하고 김치우 대리가 맡는다.")
    edit_summary(app, minutes, "나래텍 주식회사와 계약하고 김지우 대리가 맡는다.")
    assert {term for term, _ in terms(app, meeting.user_id)} == {"나래텍", "김지우"}
    assert app.learning.lessons(meeting.user_id) == []  # nobody could word a style


def test_bringing_an_earlier_version_back_withdraws_what_its_edit_showed(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    minutes = write(app, meeting, llm="extractive")
    wrong = edit_summary(
        app, minutes, "나래택 주식회사와 2026-11-22에 계약하고 김치우 대리가 맡는다."
    )
    app.memory.propose(
        meeting.user_id,
        kind=Kind.PREFERENCE,
        text=FORM["text"],
        source={"way": "minutes", "meeting_id": meeting.id, "what": "summary"},
    )
    right = edit_summary(
        app, wrong, "나래텍 주식회사와 2026-11-22에 계약하고 김지우 대리가 맡는다."
    )
    found = {one.text for one in proposals(app, meeting.user_id)}
    assert found == {"나래텍", "김지우", FORM["text"]}  # an edit of other words takes nothing back
    assert len(app.learning.lessons(meeting.user_id)) == 1
    app.editing.restore(meeting.user_id, meeting.id, version=minutes.version, newest=right.version)
    assert app.memory.entries(meeting.user_id) == []
    assert app.learning.lessons(meeting.user_id) == []


def test_typing_a_name_back_is_no_mishearing_of_the_other(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, MEETING)
    minutes = write(app, meeting, llm="extractive")
    for name in ("김치우", "김지우", "김치우"):
        minutes = edit_summary(app, minutes, f"견적은 {name} 대리가 맡기로 했다.")
    assert app.memory.entries(meeting.user_id) == []


def test_an_owner_put_right_in_an_item_is_proposed(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, MEETING)
    minutes = write(app, meeting, llm="extractive")
    item = minutes.draft.items[0]
    for owner in ("김치우 대리", "김지우 대리"):
        wording = Wording(text=item.text, owner=owner)
        minutes = app.editing.edit_item(
            meeting.user_id, meeting.id, version=minutes.version, position=0, wording=wording
        )
    assert terms(app, meeting.user_id) == [("김지우", ("김치우",))]


def lesson_of(app: App, meeting: Meeting, before: str, after: str) -> Lesson:
    learning = at_once(app)
    learning.noticed_minutes_edit(
        meeting.user_id, meeting.id, before=before, after=after, what="summary"
    )
    learning.wait(meeting.user_id, timeout=30)
    return learning.lessons(meeting.user_id)[0]


def test_an_edit_of_minutes_becomes_one_preference(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    teaches(double, FORM)
    lesson = lesson_of(app, meeting, "2026-11-22까지 견적 송부", "11월 22일까지 견적 송부")
    assert (lesson.state, lesson.proposed, lesson.error) == ("finished", 1, None)
    [entry] = proposals(app, meeting.user_id)
    assert (entry.kind, entry.text) == (Kind.PREFERENCE, FORM["text"])
    assert entry.source["way"] == "minutes"
    [given] = taught(double)
    assert "2026-11-22까지" in given
    assert double.violations() == []


@pytest.mark.parametrize(
    "answer",
    [
        "날짜를 이렇게",  # no JSON
        {"about": "form"},
        {"about": "style", "text": "날짜는 짧게"},
        {"about": "form", "text": "김지수가 견적을 보냅니다."},  # a fact, and not about form
        {"about": "form", "text": "김지수의 이름을 먼저 써 주세요."},  # names somebody
        {"about": "form", "text": "Write dates like that."},  # in another language
        {"about": "form", "text": "짧게 " * 80},
        {"about": "form", "text": "견적 송부 금액 보고를 목록으로 써 주세요."},  # the subject
    ],
)
def test_a_bad_answer_keeps_nothing_and_says_so(
    app_with_model: App, make_meeting: Make, double: OllamaDouble, answer: object
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    teaches(double, answer)
    before, after = "2026-11-22까지 견적 송부 금액 보고", "11월 22일까지 견적 송부 금액 보고"
    lesson = lesson_of(app, meeting, before, after)
    assert (lesson.state, lesson.proposed) == ("failed", 0)
    assert lesson.error is not None
    assert lesson.error["code"] == "learning_bad_answer"
    assert app.memory.entries(meeting.user_id) == []


def test_an_edit_of_what_was_said_teaches_nothing(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    teaches(double, NOTHING)
    lesson = lesson_of(app, meeting, "견적을 보낸다.", "견적과 계약서를 보낸다.")
    assert (lesson.state, lesson.proposed, lesson.error) == ("finished", 0, None)
    assert app.memory.entries(meeting.user_id) == []


def test_several_edits_of_one_thing_are_one_lesson_with_the_first_before_and_the_last_after(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    teaches(double, FORM)
    clock = [now()]

    def moment() -> datetime:
        return clock[0]

    learning = replace(app.learning, now=moment)
    for before, after in (("2026-11-22까지", "11/22까지"), ("11/22까지", "11월 22일까지")):
        learning.noticed_minutes_edit(
            meeting.user_id, meeting.id, before=before, after=after, what="summary"
        )
        clock[0] += timedelta(seconds=50)
    [lesson] = learning.lessons(meeting.user_id)
    assert lesson.state == "queued"  # it waits for a minute without an edit
    assert taught(double) == []
    clock[0] += timedelta(seconds=50)
    learning.wait(meeting.user_id, timeout=30)
    [given] = taught(double)
    assert "2026-11-22까지" in given
    assert "11월 22일까지" in given
    assert "11/22" not in given


def test_an_edit_that_was_taken_back_in_time_is_no_lesson(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    for before, after in (("2026-11-22", "11월 22일"), ("11월 22일", "2026-11-22")):
        app.learning.noticed_minutes_edit(
            meeting.user_id, meeting.id, before=before, after=after, what="summary"
        )
    assert app.learning.lessons(meeting.user_id) == []


def test_a_failed_lesson_can_be_done_again(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    teaches(double, "no JSON")
    lesson = lesson_of(app, meeting, "2026-11-22까지", "11월 22일까지")
    teaches(double, FORM)
    app.learning.retry(meeting.user_id, lesson.id)
    app.learning.wait(meeting.user_id, timeout=30)
    [again] = app.learning.lessons(meeting.user_id)
    assert (again.id, again.state, again.error) == (lesson.id, "finished", None)
    assert [one.text for one in proposals(app, meeting.user_id)] == [FORM["text"]]
    with pytest.raises(InvalidInput, match="failed"):
        app.learning.retry(meeting.user_id, lesson.id)
    with pytest.raises(NotFound):
        app.learning.retry("nobody", lesson.id)


def test_a_lesson_that_broke_off_is_taken_up_at_the_next_start(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    teaches(double, FORM)
    left = Lesson(
        user_id=meeting.user_id,
        meeting_id=meeting.id,
        way="minutes",
        key="k",
        material={"before": "2026-11-22까지", "after": "11월 22일까지", "what": "summary"},
        state="running",
        created_at=now() - timedelta(hours=1),
    )
    with app.database.writing() as session:
        session.add(left)
    app.learning.take_up()
    app.learning.wait(meeting.user_id, timeout=30)
    [lesson] = app.learning.lessons(meeting.user_id)
    assert (lesson.state, lesson.proposed) == ("finished", 1)


def test_what_a_person_refused_is_not_proposed_in_other_words(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    teaches(double, FORM)
    lesson_of(app, meeting, "2026-11-22까지", "11월 22일까지")
    app.memory.refuse(meeting.user_id, proposals(app, meeting.user_id)[0].entry_id)
    teaches(double, {"about": "form", "text": "날짜를 “11월 22일”처럼 써 주세요!"})
    lesson = lesson_of(app, meeting, "2026-11-22 회의", "11월 22일 회의")
    assert (lesson.state, lesson.proposed) == ("finished", 0)
    assert proposals(app, meeting.user_id) == []
