"""A person's own changes of a transcript: kept, undone, refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core.app import App
from core.errors import InvalidInput, MinutesError, NotFound
from core.store import people
from core.store.tables import Job, Meeting
from core.store.types import now
from tests.services.conftest import write

HEARD = "김지수: 결재 모듈 테스트입니다.\n박민호: 네.\n"
Make = Callable[..., Meeting]


def text(app: App, meeting: Meeting, number: int = 1) -> str:
    return app.meetings.transcript(meeting.user_id, meeting.id).by_number()[number].text


def edit(app: App, meeting: Meeting, new: str, *, number: int = 1) -> bool:
    seen = text(app, meeting, number)
    return app.text_changes.edit_text(meeting.user_id, meeting.id, number, new, expected=seen)


def test_an_edit_keeps_what_was_heard(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    heard = text(app, meeting)
    assert edit(app, meeting, "  결제 모듈\n테스트입니다. ")
    assert text(app, meeting) == "결제 모듈 테스트입니다."
    assert app.text_changes.heard(meeting.user_id, meeting.id) == {1: heard}
    assert app.meetings.get(meeting.user_id, meeting.id).edited_at is not None
    (seen,) = app.text_changes.of(meeting.user_id, meeting.id)
    app.text_changes.undo(meeting.user_id, meeting.id, seen.change.change_id)
    assert text(app, meeting) == heard
    assert app.text_changes.heard(meeting.user_id, meeting.id) == {}


def test_the_last_of_several_edits_holds_and_each_can_be_undone(
    app: App, make_meeting: Make
) -> None:
    meeting = make_meeting(app, HEARD)
    heard = text(app, meeting)
    edit(app, meeting, "하나")
    edit(app, meeting, "둘")
    first, second = app.text_changes.of(meeting.user_id, meeting.id)
    assert (first.in_force, second.in_force) == (False, True)
    app.text_changes.undo(meeting.user_id, meeting.id, second.change.change_id)
    assert text(app, meeting) == "하나"
    assert app.text_changes.restore_heard(meeting.user_id, meeting.id, 1) == 1
    assert text(app, meeting) == heard
    app.text_changes.redo(meeting.user_id, meeting.id, second.change.change_id)
    assert text(app, meeting) == "둘"


def test_the_same_text_is_no_change(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    assert not edit(app, meeting, text(app, meeting))
    assert app.text_changes.of(meeting.user_id, meeting.id) == []
    assert app.meetings.get(meeting.user_id, meeting.id).edited_at is None


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("", "text_empty"),
        (" \n\t ", "text_empty"),
        ("가" * 501, "text_too_long"),  # ten times what was heard is less than what always fits
        ("a\x00b", "text_unclean"),
        ("\u202egnol", "text_unclean"),
        ("…", "text_unclean"),
    ],
)
def test_what_cannot_be_an_utterance_is_refused(
    app: App, make_meeting: Make, new: str, code: str
) -> None:
    meeting = make_meeting(app, HEARD)
    heard = text(app, meeting)
    with pytest.raises(InvalidInput) as refused:
        edit(app, meeting, new)
    assert refused.value.code == code
    assert text(app, meeting) == heard


def test_special_tokens_are_text(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    edit(app, meeting, "<|im_start|> [12] </transcript>")
    assert text(app, meeting) == "<|im_start|> [12] </transcript>"


def test_of_two_edits_at_once_one_is_told(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    seen = text(app, meeting)

    def save(new: str) -> str:
        try:
            app.text_changes.edit_text(meeting.user_id, meeting.id, 1, new, expected=seen)
        except InvalidInput as refused:
            return refused.code
        return "saved"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(save, ["하나", "둘", "셋", "넷"]))
    assert outcomes == ["saved", "text_changed", "text_changed", "text_changed"]
    assert len(app.text_changes.of(meeting.user_id, meeting.id)) == 1


@pytest.mark.parametrize("state", ["queued", "running"])
def test_nothing_is_changed_while_the_meeting_is_heard_anew(
    app: App, make_meeting: Make, state: str
) -> None:
    meeting = make_meeting(app, HEARD)
    edit(app, meeting, "하나")
    (seen,) = app.text_changes.of(meeting.user_id, meeting.id)
    job = Job(id="t", user_id=meeting.user_id, meeting_id=meeting.id, stage="transcribe")
    job.state = state
    with app.database.writing() as session:
        session.add(job)
    refused = [
        lambda: edit(app, meeting, "둘"),
        lambda: app.text_changes.undo(meeting.user_id, meeting.id, seen.change.change_id),
        lambda: app.text_changes.restore_heard(meeting.user_id, meeting.id, 1),
    ]
    for attempt in refused:
        with pytest.raises(InvalidInput, match="transcribed anew"):
            attempt()
    assert text(app, meeting) == "하나"


def test_nobody_else_reads_or_changes_anything(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    heard = text(app, meeting)
    edit(app, meeting, "하나")
    (seen,) = app.text_changes.of(meeting.user_id, meeting.id)
    with app.database.writing() as session:
        other = people.ensure_user(session, name="somebody else").id
    service, number = app.text_changes, seen.change.change_id
    attempts: list[Callable[[], object]] = [
        lambda: service.of(other, meeting.id),
        lambda: service.heard(other, meeting.id),
        lambda: service.edit_text(other, meeting.id, 1, "둘", expected="하나"),
        lambda: service.undo(other, meeting.id, number),
        lambda: service.redo(other, meeting.id, number),
        lambda: service.undo_all(other, meeting.id, "c1"),
        lambda: service.redo_all(other, meeting.id, "c1"),
        lambda: service.restore_heard(other, meeting.id, 1),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert text(app, meeting) == "하나"
    assert heard != "하나"


def test_a_change_of_another_meeting_is_not_found(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, HEARD)
    edit(app, meeting, "하나")
    (seen,) = app.text_changes.of(meeting.user_id, meeting.id)
    other = make_meeting(app, f"{HEARD}이영희: 다른 회의입니다.\n", name="다른.txt")
    attempts: list[Callable[[], object]] = [
        lambda: app.text_changes.undo(other.user_id, other.id, seen.change.change_id),
        lambda: app.text_changes.undo(meeting.user_id, meeting.id, 10**9),
        lambda: app.text_changes.undo_all(meeting.user_id, meeting.id, "no job"),
        lambda: (
            edit(app, meeting, "둘", number=2)
            and app.text_changes.edit_text(meeting.user_id, meeting.id, 99, "x", expected="y")
        ),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert text(app, meeting) == "하나"


def test_errors_are_sentences_in_both_languages() -> None:
    error: MinutesError = InvalidInput("text_changed", number=3)
    assert "3번 발언이" in error.sentence("ko")
    assert "Utterance 3" in error.sentence("en")


def test_minutes_that_were_being_written_meanwhile_are_older(app: App, make_meeting: Make) -> None:
    """They read the text before it was changed, and were kept after."""
    meeting = make_meeting(app, HEARD)
    with app.database.writing() as session:
        session.add(
            Job(
                id="slow",
                user_id=meeting.user_id,
                meeting_id=meeting.id,
                stage="minutes",
                created_at=now() - timedelta(minutes=5),
            )
        )
    edit(app, meeting, "결제 모듈 테스트입니다.")
    assert write(app, meeting, llm="extractive", job="slow").transcript_edited
    assert not write(app, meeting, llm="extractive", job="later").transcript_edited
