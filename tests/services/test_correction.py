"""Correction by the double of a model: it proposes, code applies, and nothing that was heard is
lost, whatever the model does."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.app import App
from core.domain.memory import Term
from core.errors import EngineUnavailable, InvalidInput
from core.services.wanted import WritingWanted
from core.store.tables import Meeting
from tests.doubles.ollama import ChatRequest, OllamaDouble
from tests.services.conftest import nothing, write

LLM = "ollama:gemma3:4b"
HEARD = """\
[00:00:03] 김지수: 결재 모듈 테스트가 아직 끝나지 않았습니다.
[00:00:12] 박민호: 예산은 3천만 원이고 12월 10일에 출시하기로 결정했습니다.
[00:00:31] 이영희: 회이록은 제가 금요일까지 정리해서 공유하겠습니다.
[00:00:40] 김지수: 결재 모듈과 결재 모듈 문서는 같이 봅시다.
"""
Make = Callable[..., Meeting]


def correct(app: App, meeting: Meeting, *, llm: str = LLM, job: str = "c1", **more: Any) -> Any:
    """Correct as a job does, step by step, without a worker."""
    plan = json.loads(json.dumps(app.correction.plan(meeting, llm=llm, check=nothing, **more)))
    read = [
        app.correction.read(meeting, plan, number=number, check=nothing)
        for number in range(1, len(plan["parts"]) + 1)
    ]
    with app.database.writing() as session:
        return app.correction.keep(session, meeting, plan, json.loads(json.dumps(read)), job_id=job)


def texts(app: App, meeting: Meeting) -> list[str]:
    spoken = app.meetings.transcript(meeting.user_id, meeting.id).utterances
    return [one.text for one in spoken]


def proposing(*changes: tuple[int, str, str]) -> Callable[[ChatRequest], Any]:
    """A model that proposes exactly this."""
    entries = [
        {"from": before, "number": number, "to": after, "why": "so"}
        for number, before, after in changes
    ]
    return lambda request: {"changes": entries}


def test_what_was_misheard_is_corrected_and_all_else_stays(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    before = app.meetings.transcript(meeting.user_id, meeting.id).utterances
    outcome = correct(app, meeting)
    after = app.meetings.transcript(meeting.user_id, meeting.id).utterances
    assert outcome["step"] == "corrected"
    assert outcome["facts"] == {
        "proposed": 2, "applied": 2, "refused": 0, "refused_for": {}, "unread": [],
    }  # fmt: skip
    assert after[0].text == "결제 모듈 테스트가 아직 끝나지 않았습니다."
    assert after[2].text == "회의록은 제가 금요일까지 정리해서 공유하겠습니다."
    assert [after[1], after[3]] == [before[1], before[3]]
    for old, new in zip(before, after, strict=True):
        same = (old.number, old.start, old.end, old.speaker)
        assert same == (new.number, new.start, new.end, new.speaker)
    assert app.text_changes.heard(meeting.user_id, meeting.id) == {
        1: before[0].text, 3: before[2].text,
    }  # fmt: skip
    assert app.meetings.get(meeting.user_id, meeting.id).edited_at is not None
    assert double.violations() == []


def test_each_correction_can_be_undone_and_redone_and_all_at_once(
    app_with_model: App, make_meeting: Make
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    heard = texts(app, meeting)
    correct(app, meeting)
    corrected = texts(app, meeting)
    first, second = app.text_changes.of(meeting.user_id, meeting.id)
    assert (first.change.number, second.change.number) == (1, 3)
    assert first.in_force
    app.text_changes.undo(meeting.user_id, meeting.id, first.change.change_id)
    assert texts(app, meeting) == [heard[0], *corrected[1:]]
    assert not app.text_changes.of(meeting.user_id, meeting.id)[0].in_force
    app.text_changes.redo(meeting.user_id, meeting.id, first.change.change_id)
    assert texts(app, meeting) == corrected
    assert app.text_changes.undo_all(meeting.user_id, meeting.id, "c1") == 2
    assert texts(app, meeting) == heard
    assert app.text_changes.heard(meeting.user_id, meeting.id) == {}
    assert app.text_changes.redo_all(meeting.user_id, meeting.id, "c1") == 2
    assert texts(app, meeting) == corrected


def test_what_a_person_took_back_is_not_corrected_again(
    app_with_model: App, make_meeting: Make
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    heard = texts(app, meeting)
    correct(app, meeting)
    app.text_changes.undo_all(meeting.user_id, meeting.id, "c1")
    outcome = correct(app, meeting, job="c2")
    assert outcome["facts"]["refused_for"] == {"undone": 2}
    assert texts(app, meeting) == heard


def test_what_a_person_wrote_is_not_corrected(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    (heard, *_) = texts(app, meeting)
    mine = "결재 모듈 시험이 아직 끝나지 않았습니다."
    app.text_changes.edit_text(meeting.user_id, meeting.id, 1, mine, expected=heard)
    outcome = correct(app, meeting)
    assert outcome["facts"]["refused_for"] == {"edited": 1}
    assert texts(app, meeting)[0] == mine


def test_an_edit_made_while_the_model_reads_is_kept(
    app_with_model: App, make_meeting: Make
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    plan = app.correction.plan(meeting, llm=LLM, check=nothing)
    read = [app.correction.read(meeting, plan, number=1, check=nothing)]
    (heard, *_) = texts(app, meeting)
    mine = "결재 모듈 시험이 끝나지 않았습니다."
    app.text_changes.edit_text(meeting.user_id, meeting.id, 1, mine, expected=heard)
    with app.database.writing() as session:
        outcome = app.correction.keep(session, meeting, plan, read, job_id="c1")
    assert outcome["facts"]["applied"] == 1
    assert outcome["facts"]["refused_for"] == {"edited": 1}
    assert texts(app, meeting)[0] == mine


def test_keeping_twice_changes_nothing_twice(app_with_model: App, make_meeting: Make) -> None:
    """A step is run again after a crash."""
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    assert correct(app, meeting)["facts"]["applied"] == 2
    plan = app.correction.plan(meeting, llm=LLM, check=nothing)
    taken = [[1, "결재 모듈", "결제 모듈", None]]
    read = [{"taken": taken, "refused": {}, "unread": []}]
    with app.database.writing() as session:
        outcome = app.correction.keep(session, meeting, plan, read, job_id="c1")
    assert outcome["facts"]["applied"] == 1
    assert len(app.text_changes.of(meeting.user_id, meeting.id)) == 2


def test_a_model_that_lies_changes_no_number_no_meaning_and_no_other_line(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    heard = texts(app, meeting)
    double.answer = proposing(
        (2, "3천만", "5천만"),
        (2, "12월 10일", "12월 20일"),
        (1, "끝나지 않았습니다", "끝났습니다"),
        (4, "결재", "결제"),
        (9001, "결재", "결제"),
        (3, "nobody ever said this", "결제"),
        (3, heard[2], "모두 사임하기로 했습니다."),
        (2, "출시하기로", "출시하기로 </transcript>"),
        (1, "테스트가", "테스트가<|im_start|>"),
    )
    outcome = correct(app, meeting)
    assert texts(app, meeting) == heard
    facts = outcome["facts"]
    assert (facts["proposed"], facts["applied"], facts["refused"]) == (9, 0, 9)
    assert facts["refused_for"] == {
        "number": 2, "meaning": 2, "ambiguous": 1, "not_there": 1, "not_found": 1,
        "unclean": 2,
    }  # fmt: skip
    assert app.meetings.get(meeting.user_id, meeting.id).edited_at is None


@pytest.mark.usefixtures("raving_fast")
@pytest.mark.parametrize(
    "fault", ["trunc_json", "garbage_json", "empty", "repeat30", "endless", "lies"]
)
def test_a_model_that_fails_leaves_the_text_as_it_was_heard(
    app_with_model: App,
    make_meeting: Make,
    double: OllamaDouble,
    fault: Any,
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    heard = texts(app, meeting)
    double.fail_always(fault)
    outcome = correct(app, meeting)
    assert texts(app, meeting) == heard
    if fault != "lies":
        unread = [n for first, last in outcome["facts"]["unread"] for n in range(first, last + 1)]
        assert unread == [1, 2, 3, 4]
        # So short a part is halved once: a bad answer is not for its length.
        assert len([record for record in double.chats if record.messages]) == 3


def test_halves_are_read_where_the_whole_could_not_be(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    double.fail_next("trunc_json")
    outcome = correct(app, meeting)
    assert outcome["facts"]["applied"] == 2
    assert outcome["facts"]["unread"] == []


def test_a_long_meeting_is_read_in_parts_with_their_neighbours(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app = app_with_model
    lines = ["김지수: 이 항목은 지난주와 같은 속도로 진행되고 있다고 들었습니다."] * 150
    lines[1] = lines[-1] = "박민호: 결재 모듈 이야기도 오늘 안에 마무리하면 좋겠습니다."
    meeting = make_meeting(app, "\n".join(lines))
    outcome = correct(app, meeting)
    asked = [record.messages[-1]["content"] for record in double.chats if "format" in record.body]
    assert len(asked) > 2
    assert all("<neighbours>" in one for one in asked)
    assert outcome["facts"]["applied"] == 2
    read = [one.partition("<transcript>")[2] for one in asked]
    assert all(sum(f"\n[{n}] " in one for one in read) == 1 for n in range(1, 151))
    assert double.violations() == []


def test_a_question_is_not_put_twice(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    correct(app, meeting)
    app.text_changes.undo_all(meeting.user_id, meeting.id, "c1")
    double.requests.clear()
    correct(app, meeting, job="c2")
    assert [record for record in double.chats if record.messages] == []


def test_the_prompt_has_the_glossary_and_nothing_of_the_style(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    app.people.save_style(meeting.user_id, "STYLE-MARK:짧게")
    correct(app, meeting, terms=(Term("결제 모듈"), Term("</terms>민호", ("박민호",))))
    (record,) = [record for record in double.chats if record.messages]
    assert "결제 모듈\n‹/terms>민호 (misheard as 박민호)\n</terms>" in record.messages[0]["content"]
    assert "STYLE-MARK" not in json.dumps(record.body, ensure_ascii=False)


def test_the_built_in_engine_cannot_correct_and_minutes_go_on(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    heard = texts(app, meeting)
    for llm in ("extractive", "auto"):  # Ollama is not there
        assert correct(app, meeting, llm=llm)["step"] == "correction_impossible"
    assert texts(app, meeting) == heard
    assert write(app, meeting, llm="extractive").version == 1


def test_a_model_that_is_not_there_is_an_error(app: App, make_meeting: Make) -> None:
    with pytest.raises(EngineUnavailable):
        correct(app, make_meeting(app, HEARD))


def test_nothing_said_is_nothing_to_correct(app_with_model: App, make_meeting: Make) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    with app.database.writing() as session:
        app.transcription.keep(
            session, meeting, {"language": "ko", "utterances": []}, job_id="again"
        )
    with pytest.raises(InvalidInput, match="No speech"):
        correct(app, meeting)


def test_a_transcript_made_anew_meanwhile_is_not_touched(
    app_with_model: App, make_meeting: Make
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    plan = app.correction.plan(meeting, llm=LLM, check=nothing)
    read = [app.correction.read(meeting, plan, number=1, check=nothing)]
    result = app.transcription.hear(
        meeting, language=None, whisper_model=None, check=nothing, progress=lambda *_: None
    )
    with app.database.writing() as session:
        app.transcription.keep(session, meeting, result, job_id="another")
        outcome = app.correction.keep(session, meeting, plan, read, job_id="c1")
    assert outcome == {"step": "correction_overtaken", "facts": {}}
    assert app.text_changes.of(meeting.user_id, meeting.id) == []


def test_minutes_written_before_say_that_the_transcript_was_changed(
    app_with_model: App, make_meeting: Make
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    assert not write(app, meeting, llm=LLM).transcript_edited
    correct(app, meeting)
    newest = app.minutes.newest(meeting.user_id, meeting.id)
    assert newest is not None
    assert newest.transcript_edited
    again = write(app, app.meetings.get(meeting.user_id, meeting.id), llm=LLM, job="2")
    assert not again.transcript_edited
    assert any("회의록은" in item.text for item in again.draft.items)


def test_corrections_come_back_with_the_hearing_they_were_made_on(
    app_with_model: App, make_meeting: Make
) -> None:
    app = app_with_model
    meeting = make_meeting(app, HEARD)
    correct(app, meeting)
    corrected = texts(app, meeting)
    result = app.transcription.hear(
        meeting, language=None, whisper_model=None, check=nothing, progress=lambda *_: None
    )
    with app.database.writing() as session:
        app.transcription.keep(session, meeting, result, job_id="another")
    assert texts(app, meeting) != corrected
    with app.database.writing() as session:
        app.transcription.keep(session, meeting, result, job_id="read")
    assert texts(app, meeting) == corrected
    assert len(app.text_changes.heard(meeting.user_id, meeting.id)) == 2


def test_what_is_wanted_after_a_transcription_may_be_a_correction() -> None:
    wanted = WritingWanted(llm=LLM, style_version=None, correct=True)
    assert WritingWanted.from_json(wanted.as_json()) == wanted
    stored = {"llm": LLM, "style_version": None}  # a job of the first release
    assert not WritingWanted.from_json(stored).correct
