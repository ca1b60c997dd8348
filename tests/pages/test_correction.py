"""Correcting and editing a transcript on its page, without a browser."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.app import App
from core.messages import say
from core.store.tables import Job, Meeting
from pages.parts.correction import _FIRST
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, press, words
from tests.pages.test_main import LANGUAGES

TEXT = """\
[00:00:02] 김지수: 결재 모듈 테스트가 끝나지 않았습니다.
[00:00:15] 박민호: 예산은 **3천만** 원입니다.
"""
FACTS = {
    "proposed": 3, "applied": 1, "refused": 2, "refused_for": {"number": 2}, "unread": [[2, 2]],
}  # fmt: skip


def corrected(app: App, seeds: Seeds, *, lines: int = 1) -> Meeting:
    """A meeting in which a job has corrected the first lines."""
    text = (
        "\n".join(f"김지수: 결재 모듈 {n} 이야기입니다." for n in range(lines))
        if lines > 1
        else TEXT
    )
    meeting = seeds.heard(seeds.meeting(text, title="회의"))
    taken = [[n + 1, "결재 모듈", "결제 모듈", "돈을 *내는* 일"] for n in range(lines)]
    plan = {"transcript": meeting.transcript_job, "parts": [[1, 2]]}
    with app.database.writing() as session:
        read = [{"taken": taken, "refused": {"number": 2}, "unread": []}]
        app.correction.keep(session, meeting, plan, read, job_id="c1")
        session.add(
            Job(
                id="c1", user_id=meeting.user_id, meeting_id=meeting.id, stage="correct",
                state="finished", step="corrected", step_facts=FACTS,
                options={"transcript": meeting.transcript_job},
            )
        )  # fmt: skip
    return meeting


def unfolded(meeting: Meeting, *, locale: str = "ko-KR") -> AppTest:
    """The meeting's page with the list of changes open."""
    at = opened("meeting", locale=locale, meeting=meeting.id)
    return at.toggle(key=f"changes_{meeting.id}").set_value(True).run()


def first_line(app: App, meeting: Meeting) -> str:
    return app.meetings.transcript(meeting.user_id, meeting.id).by_number()[1].text


@LANGUAGES
def test_each_change_is_shown_and_can_be_undone_and_redone(
    in_force: App, seeds: Seeds, locale: str, language: str
) -> None:
    meeting = corrected(in_force, seeds)
    at = unfolded(meeting, locale=locale)
    assert not at.exception
    shown = words(at)
    assert say("correction.changes", language, count=1) in shown
    finished = say("steps.corrected", language, proposed=3, applied=1, refused=2)
    assert finished in shown
    assert "~~결재 모듈~~ → **결제 모듈**" in shown
    assert r"돈을 \*내는\* 일" in shown
    assert say("correction.refused_number", language, count=2).split("(")[0] in shown
    assert "(#u=2)" in shown
    at = press(at, say("correction.undo", language))
    assert first_line(in_force, meeting).startswith("결재 모듈")
    shown = words(at)
    assert say("correction.undone", language) in shown
    assert say("correction.changes_some", language, count=0, rest=1) in shown
    assert finished not in shown
    facts = {"proposed": 3, "applied": 0, "rest": 1, "refused": 2}
    assert say("correction.outcome_some", language, **facts) in shown
    at = press(at, say("correction.redo", language))
    assert first_line(in_force, meeting).startswith("결제 모듈")


def test_all_corrections_can_be_undone_and_redone_at_once(in_force: App, seeds: Seeds) -> None:
    meeting = corrected(in_force, seeds, lines=_FIRST + 5)
    at = unfolded(meeting)
    undo = [button for button in at.button if button.label == say("correction.undo", "ko")]
    assert len(undo) == _FIRST  # hundreds would make a slow page
    at = press(at, say("correction.undo_all", "ko"))
    assert in_force.text_changes.heard(meeting.user_id, meeting.id) == {}
    press(at, say("correction.redo_all", "ko"))
    assert len(in_force.text_changes.heard(meeting.user_id, meeting.id)) == _FIRST + 5


@LANGUAGES
def test_a_correction_is_asked_for_once(
    in_force: App, seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="회의"))
    in_force.people.choose(meeting.user_id, name="llm", value="ollama:gemma3:4b")
    at = press(
        opened("meeting", locale=locale, meeting=meeting.id), say("correction.begin", language)
    )
    assert not at.exception
    (job,) = in_force.jobs.live(meeting.user_id)
    assert (job.stage, job.options["llm"], job.options["then"]) == (
        "correct", "ollama:gemma3:4b", None,
    )  # fmt: skip


@LANGUAGES
def test_the_built_in_engine_is_not_offered_for_correcting(
    in_force: App, seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="회의"))
    in_force.people.choose(meeting.user_id, name="llm", value="extractive")
    at = opened("meeting", locale=locale, meeting=meeting.id)
    (begin,) = [b for b in at.button if b.label == say("correction.begin", language)]
    assert begin.disabled
    assert say("correction.choose_unable", language) in words(at)
    at = opened("upload", locale=locale)
    (choice,) = [b for b in at.checkbox if b.label == say("correction.choose", language)]
    assert choice.disabled


def test_correcting_before_minutes_is_off_unless_chosen(in_force: App) -> None:
    user_id = in_force.people.local_person().id
    at = opened("upload")
    (choice,) = [b for b in at.checkbox if b.label == say("correction.choose", "en")]
    assert not choice.value
    assert not in_force.intake.wanted(user_id).correct
    choice.check().run()
    assert in_force.intake.wanted(user_id).correct
    (choice,) = [b for b in opened("upload").checkbox if b.label == say("correction.choose", "en")]
    choice.uncheck().run()
    assert not in_force.intake.wanted(user_id).correct


def editing(meeting: Meeting, app: App) -> AppTest:
    """The page with the window open for line 1, as the pencil opens it."""
    at = opened("meeting", meeting=meeting.id)
    at.session_state[f"line_edited_{meeting.id}"] = (1, first_line(app, meeting))
    return at.run()


def test_a_line_is_edited_and_goes_back_to_what_was_heard(in_force: App, seeds: Seeds) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="회의"))
    heard = first_line(in_force, meeting)
    at = editing(meeting, in_force)
    assert at.text_area[0].value == heard
    at.text_area[0].set_value("내가 쓴 문장입니다.")
    at = at.button(key="save_line").click().run()
    assert not at.exception
    assert first_line(in_force, meeting) == "내가 쓴 문장입니다."
    assert not at.text_area  # the window is closed
    at = editing(meeting, in_force)
    assert heard in words(at)
    at.button(key="restore_line").click().run()
    assert first_line(in_force, meeting) == heard


def test_an_emptied_line_gets_its_words_back(in_force: App, seeds: Seeds) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="회의"))
    at = editing(meeting, in_force)
    at.text_area[0].set_value(" ")
    at = at.button(key="save_line").click().run()
    assert at.error[0].value == say("errors.text_empty", "en")
    assert at.button(key="restore_line").label in at.error[0].value
    at = at.button(key="restore_line").click().run()
    assert not at.text_area
    assert first_line(in_force, meeting) == "결재 모듈 테스트가 끝나지 않았습니다."


@LANGUAGES
def test_a_correction_that_found_nothing_says_so(
    in_force: App, seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="회의"))
    with in_force.database.writing() as session:
        session.add(
            Job(
                id="c1", user_id=meeting.user_id, meeting_id=meeting.id, stage="correct",
                state="finished", step="corrected", options={"transcript": meeting.transcript_job},
                step_facts={"proposed": 0, "applied": 0, "refused": 0},
            )
        )  # fmt: skip
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert say("correction.nothing_found", language) in words(at)


@LANGUAGES
def test_writing_anew_over_changes_by_hand_asks_first(
    in_force: App, seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="회의"))
    seeds.written(meeting)
    in_force.editing.edit_summary(meeting.user_id, meeting.id, version=1, text="내 요약 [1]")
    in_force.text_changes.edit_text(
        meeting.user_id, meeting.id, 1, "바꾼 문장", expected=first_line(in_force, meeting)
    )
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert say("editing.hand_left", language, version=2) in [one.value for one in at.warning]
    assert say("correction.write_anew", language) not in [one.label for one in at.button]
    at.button(key="write_edited").click().run()
    (job,) = in_force.jobs.live(meeting.user_id)
    assert job.stage == "minutes"


def test_an_edit_that_comes_too_late_is_told_and_the_window_stays(
    in_force: App, seeds: Seeds
) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="회의"))
    at = editing(meeting, in_force)
    at.text_area[0].set_value("늦은 문장")
    in_force.text_changes.edit_text(
        meeting.user_id, meeting.id, 1, "먼저 쓴 문장", expected=first_line(in_force, meeting)
    )
    at = at.button(key="save_line").click().run()
    assert "Utterance 1 was changed meanwhile" in at.error[0].value
    assert at.text_area
    assert first_line(in_force, meeting) == "먼저 쓴 문장"


@LANGUAGES
def test_minutes_older_than_a_change_say_so_and_can_be_written_anew(
    in_force: App, seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="회의"))
    seeds.written(meeting)
    assert say("correction.edited", language) not in words(
        opened("meeting", locale=locale, meeting=meeting.id)
    )
    in_force.text_changes.edit_text(
        meeting.user_id, meeting.id, 1, "바꾼 문장", expected=first_line(in_force, meeting)
    )
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert say("correction.edited", language) in [one.value for one in at.warning]
    press(at, say("correction.write_anew", language))
    (job,) = in_force.jobs.live(meeting.user_id)
    assert job.stage == "minutes"
