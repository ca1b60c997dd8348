"""One meeting shared with another person: what they find, what they may do, and when it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from core.app import App
from core.domain.templates import GENERAL
from core.errors import InvalidInput, MinutesError, NotFound
from core.services.minutes_wording import Wording
from core.services.wanted import WritingWanted
from core.store.account_rows import Share, User
from core.store.memory_rows import Lesson
from core.store.tables import Job, Meeting, MinutesRow, Thread, Turn
from core.store.types import now
from tests.services.conftest import RecordedWorkflows
from tests.services.two_people import Two, answered, given, heard, two_people, written

EXTRACTIVE = WritingWanted(llm="extractive", style_version=None)


@pytest.fixture
def two(app: App, tmp_path: Path) -> Two:
    return two_people(app, tmp_path)


@pytest.fixture
def meeting(two: Two) -> Meeting:
    """Ana's, with minutes in her style."""
    two.app.people.save_style(two.owner, "ANA-STYLE")
    made = heard(two.app, two.folder, two.owner)
    written(two.app, made, two.owner)
    return made


def refused(work: Callable[[], object], code: str) -> None:
    with pytest.raises(MinutesError) as caught:
        work()
    assert caught.value.code == code


def readings(two: Two, meeting: Meeting) -> list[Callable[[], object]]:
    """All that a reader may do without changing anything."""
    app, bo = two.app, two.other
    return [
        lambda: app.meetings.get(bo, meeting.id),
        lambda: app.meetings.transcript(bo, meeting.id),
        lambda: app.meetings.recording(bo, meeting.id),
        lambda: app.meetings.sound(bo, meeting.id),
        lambda: app.minutes.newest(bo, meeting.id),
        lambda: app.minutes.version(bo, meeting.id, 1),
        lambda: app.minutes.versions(bo, meeting.id),
        lambda: app.editing.history(bo, meeting.id),
        lambda: app.text_changes.of(bo, meeting.id),
        lambda: app.text_changes.heard(bo, meeting.id),
        lambda: app.hidden_lines.of(bo, meeting.id),
        lambda: app.chat.threads(bo, meeting.id),
        lambda: app.sharing.owner(bo, meeting.id),
        lambda: app.sharing.role(bo, meeting.id),
    ]


def edits(two: Two, meeting: Meeting) -> list[Callable[[], object]]:
    """All that an editor may do besides. Each can be done before the one that follows it."""
    app, bo = two.app, two.other
    said = app.meetings.transcript(two.owner, meeting.id).utterances
    return [
        lambda: app.meetings.rename(bo, meeting.id, "다른 제목"),
        lambda: app.meetings.set_date(bo, meeting.id, held_at=now(), time_zone="UTC"),
        lambda: app.text_changes.edit_text(
            bo, meeting.id, said[0].number, "고친 말입니다", expected=said[0].text
        ),
        lambda: app.text_changes.restore_heard(bo, meeting.id, said[0].number),
        lambda: app.hidden_lines.hide(bo, meeting.id, [said[1].number]),
        lambda: app.hidden_lines.bring_back(bo, meeting.id, [said[1].number]),
        lambda: app.editing.edit_summary(bo, meeting.id, version=1, text="보의 글"),
        lambda: app.editing.edit_item(
            bo, meeting.id, version=2, position=0, wording=Wording(text="보의 항목")
        ),
        lambda: app.editing.delete_item(bo, meeting.id, version=3, position=0),
        lambda: app.editing.restore(bo, meeting.id, version=1, newest=4),
    ]


def owners_alone(two: Two, meeting: Meeting) -> list[Callable[[], object]]:
    """What is the owner's whatever is shared."""
    app, bo = two.app, two.other
    return [
        lambda: app.meetings.get(bo, meeting.id, may="own"),
        lambda: app.meetings.delete(bo, meeting.id),
        lambda: app.sharing.share(bo, meeting.id, "Cy", may_edit=False),
        lambda: app.sharing.shares(bo, meeting.id),
        lambda: app.sharing.unshare(bo, meeting.id, two.owner),
    ]


def test_before_it_is_shared_there_is_no_such_meeting(two: Two, meeting: Meeting) -> None:
    for work in (*readings(two, meeting), *edits(two, meeting), *owners_alone(two, meeting)):
        refused(work, "meeting_missing")
    assert two.app.sharing.shared_with_me(two.other) == []


def test_a_reader_reads_everything_and_changes_nothing(two: Two, meeting: Meeting) -> None:
    two.app.sharing.share(two.owner, meeting.id, "Bo", may_edit=False)
    for work in readings(two, meeting):
        work()
    for work in edits(two, meeting):
        refused(work, "meeting_read_only")
    for work in owners_alone(two, meeting):
        refused(work, "meeting_of_another")
    assert two.app.minutes.versions(two.owner, meeting.id) == [1]
    assert two.app.meetings.get(two.owner, meeting.id) == meeting
    assert two.app.sharing.role(two.other, meeting.id) == "read"
    [mine] = two.app.sharing.shared_with_me(two.other)
    assert (mine.meeting.id, mine.owner, mine.may_edit) == (meeting.id, "Ana", False)
    assert two.app.meetings.all(two.other) == []


def test_an_editor_edits_what_is_the_owners_and_owns_nothing(two: Two, meeting: Meeting) -> None:
    two.app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    for work in (*readings(two, meeting), *edits(two, meeting)):
        work()
    for work in owners_alone(two, meeting):
        refused(work, "meeting_of_another")
    newest = two.app.minutes.newest(two.owner, meeting.id)
    assert newest is not None
    assert (newest.version, newest.user_id, newest.origin) == (5, two.owner, "restored")
    assert newest.style_version == 1  # Ana's own, through every change of Bo's
    assert two.app.meetings.get(two.owner, meeting.id).title == "다른 제목"


def test_changing_what_was_granted_holds_at_once(two: Two, meeting: Meeting) -> None:
    share = two.app.sharing.share
    share(two.owner, meeting.id, "Bo", may_edit=True)
    two.app.meetings.rename(two.other, meeting.id, "하나")
    share(two.owner, meeting.id, "bo", may_edit=False)  # names are the same whatever their case
    refused(lambda: two.app.meetings.rename(two.other, meeting.id, "둘"), "meeting_read_only")
    [granted] = two.app.sharing.shares(two.owner, meeting.id)
    assert (granted.user_id, granted.name, granted.may_edit) == (two.other, "Bo", False)


def test_each_has_minutes_of_their_own_and_no_style_of_the_other(
    two: Two, meeting: Meeting
) -> None:
    app = two.app
    with app.database.writing() as session:  # as a model's minutes have it
        for row in session.exec(select(MinutesRow)):
            row.system, row.memory = "ANA-STYLE and memory", {"entries": ["ana"]}
            row.template = replace(GENERAL, key="k", name="Ana's", focus="ANA-FOCUS").as_json()
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    seen = app.minutes.newest(two.other, meeting.id)
    assert seen is not None
    assert (seen.user_id, seen.style_version) == (two.owner, None)
    assert (seen.draft.system, seen.draft.memory) == (None, {})
    assert (seen.template.name, seen.template.focus) == ("Ana's", "")
    edited = app.editing.edit_summary(two.other, meeting.id, version=1, text="보가 고침")
    assert (edited.version, edited.draft.system, edited.draft.memory) == (2, None, {})
    whole = app.minutes.newest(two.owner, meeting.id)
    assert whole is not None
    assert whole.draft.system == "ANA-STYLE and memory"  # what Bo changed is Ana's still, whole
    assert whole.draft.memory == {"entries": ["ana"]}
    assert whole.template.focus == "ANA-FOCUS"

    app.people.save_style(two.other, "BO-STYLE")
    assert written(app, meeting, two.other) == 3
    assert app.minutes.versions(two.owner, meeting.id) == [2, 1]
    assert app.minutes.versions(two.other, meeting.id) == [3, 2, 1]
    app.editing.edit_summary(two.owner, meeting.id, version=2, text="아나가 고침")
    mine = app.minutes.newest(two.other, meeting.id)
    assert mine is not None
    assert (mine.version, mine.user_id) == (3, two.other)
    assert [one.version for one in app.editing.history(two.other, meeting.id)] == [3, 4, 2, 1]
    refused(lambda: app.minutes.version(two.owner, meeting.id, 3), "minutes_missing")
    refused(
        lambda: app.minutes.by_job(two.owner, meeting.id, f"job-{two.other}-{meeting.id}"),
        "minutes_missing",
    )


def test_a_reader_changes_minutes_of_their_own(two: Two, meeting: Meeting) -> None:
    app = two.app
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=False)
    mine = written(app, meeting, two.other)
    changed = app.editing.edit_summary(two.other, meeting.id, version=mine, text="내 글")
    assert (changed.version, changed.user_id) == (3, two.other)
    refused(
        lambda: app.editing.restore(two.other, meeting.id, version=1, newest=3), "minutes_missing"
    )
    newest = app.minutes.newest(two.owner, meeting.id)
    assert newest is not None
    assert newest.version == 1


def test_a_gap_is_read_again_by_whose_minutes_they_are(two: Two, meeting: Meeting) -> None:
    two.app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    with two.app.database.writing() as session:
        row = session.exec(select(MinutesRow)).one()
        row.coverage = row.coverage | {"missing_utterances": [[1, 2]]}
    again = two.app.minutes.wanted_again
    assert again(two.owner, meeting.id, version=1, gap=(1, 2)).gap == (1, 2)
    refused(lambda: again(two.other, meeting.id, version=1, gap=(1, 2)), "gap_missing")


@pytest.mark.parametrize(
    "name", ["", "Nobody", "B", "Bo Jr", "%", "Ana\x00", "Bo'; --", "보" * 9999]
)
def test_nobody_of_that_name_is_said_without_names(two: Two, meeting: Meeting, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        two.app.sharing.share(two.owner, meeting.id, name, may_edit=False)
    assert caught.value.code == "share_name_unknown"
    for language in ("ko", "en"):
        sentence = caught.value.sentence(language)
        assert len(sentence) < 400
        assert "Ana" not in sentence.replace(name[:64], "")
    assert two.app.sharing.shares(two.owner, meeting.id) == []


def test_whoever_is_leaving_cannot_be_reached(two: Two, meeting: Meeting) -> None:
    two.app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    with two.app.database.writing() as session:
        session.get_one(User, two.other).leaving_at = now()
    for work in readings(two, meeting):
        refused(work, "meeting_missing")
    share = two.app.sharing.share
    refused(lambda: share(two.owner, meeting.id, "Bo", may_edit=False), "share_name_unknown")
    assert two.app.sharing.shares(two.owner, meeting.id) == []


def test_one_does_not_share_with_oneself(two: Two, meeting: Meeting) -> None:
    share = two.app.sharing.share
    refused(lambda: share(two.owner, meeting.id, " ana ", may_edit=False), "share_with_oneself")


def test_taken_back_nothing_is_found_any_more(two: Two, meeting: Meeting) -> None:
    app = two.app
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    turn = answered(app, two.other, meeting.id, "언제 출시하나요?")
    version = written(app, meeting, two.other)
    jobs = replace(app.jobs, workflows=RecordedWorkflows())
    done = jobs.write(meeting, user_id=two.other, wanted=EXTRACTIVE)
    assert jobs.get(two.other, done.id).user_id == two.other
    assert app.chat.turn(two.other, turn.id).state == "finished"

    app.sharing.unshare(two.owner, meeting.id, two.other)
    for work in (*readings(two, meeting), *edits(two, meeting), *owners_alone(two, meeting)):
        refused(work, "meeting_missing")
    refused(lambda: app.minutes.version(two.other, meeting.id, version), "meeting_missing")
    refused(lambda: app.chat.turn(two.other, turn.id), "turn_missing")
    refused(lambda: app.chat.turns(two.other, turn.thread_id), "thread_missing")
    refused(lambda: app.chat.retry(two.other, turn.id, llm="extractive"), "turn_missing")
    refused(lambda: jobs.get(two.other, done.id), "job_missing")
    refused(lambda: jobs.retry(two.other, done.id), "job_missing")
    assert jobs.all(two.other) == jobs.live(two.other) == []
    assert jobs.of_meeting(two.other, meeting.id) == []
    refused(lambda: jobs.write(meeting, user_id=two.other, wanted=EXTRACTIVE), "meeting_missing")
    assert app.meetings.durations(two.other) == {}
    with app.database.reading() as session:  # kept all the same
        assert session.exec(select(Thread.user_id)).all() == [two.other]
        assert session.exec(select(Job.state)).all() == ["cancelled"]

    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=False)
    assert app.chat.turn(two.other, turn.id).answer == turn.answer
    assert version in app.minutes.versions(two.other, meeting.id)


def test_taken_back_no_piece_of_it_waits_to_be_learned_from(two: Two, meeting: Meeting) -> None:
    app = two.app
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    with app.database.writing() as session:
        for who in (two.owner, two.other):
            material = {"before": "아나의 요약", "after": "고친 요약", "what": "summary"}
            session.add(
                Lesson(
                    user_id=who, meeting_id=meeting.id, way="minutes", key="k", material=material
                )
            )
    app.sharing.unshare(two.owner, meeting.id, two.other)
    assert app.learning.lessons(two.other) == []
    assert len(app.learning.lessons(two.owner)) == 1


def test_an_answer_that_is_being_written_stops_with_the_share(two: Two, meeting: Meeting) -> None:
    app = two.app
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=False)
    with app.database.writing() as session:
        for user_id in (two.other, two.owner):
            thread = Thread(user_id=user_id, meeting_id=meeting.id)
            session.add(thread)
            session.flush()
            session.add(Turn(thread_id=thread.id, number=1, question="?", state="running"))
    app.sharing.unshare(two.owner, meeting.id, two.other)
    with app.database.reading() as session:
        query = select(Thread.user_id, Turn.state).join(Turn)
        assert dict(session.exec(query).all()) == {two.other: "cancelled", two.owner: "running"}


def test_what_is_shared_may_be_given_back_but_not_taken_twice(two: Two, meeting: Meeting) -> None:
    app = two.app
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=False)
    app.sharing.unshare(two.other, meeting.id, two.other)
    assert app.sharing.shares(two.owner, meeting.id) == []
    refused(lambda: app.sharing.unshare(two.owner, meeting.id, two.other), "share_missing")


def test_a_meeting_in_the_bin_is_shared_with_nobody_until_it_is_back(
    two: Two, meeting: Meeting
) -> None:
    app = two.app
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    turn = answered(app, two.other, meeting.id, "언제 출시하나요?")
    app.meetings.delete(two.owner, meeting.id)
    assert app.sharing.shared_with_me(two.other) == []
    for work in readings(two, meeting):
        refused(work, "meeting_missing")
    refused(lambda: app.chat.turns(two.other, turn.thread_id), "thread_missing")
    refused(lambda: app.meetings.restore(two.other, meeting.id), "meeting_missing")
    app.meetings.restore(two.owner, meeting.id)
    assert [one.meeting.id for one in app.sharing.shared_with_me(two.other)] == [meeting.id]


def test_with_the_meeting_goes_what_everybody_made_of_it(two: Two, meeting: Meeting) -> None:
    app = two.app
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    answered(app, two.other, meeting.id, "언제 출시하나요?")
    written(app, meeting, two.other)
    jobs = replace(app.jobs, workflows=RecordedWorkflows())
    jobs.write(meeting, user_id=two.other, wanted=EXTRACTIVE)
    with app.database.writing() as session:
        session.add(Lesson(user_id=two.other, meeting_id=meeting.id, way="chat", key="k"))
    app.meetings.delete(two.owner, meeting.id)
    app.meetings.delete_for_good(two.owner, meeting.id)
    with app.database.reading() as session:
        for row in (Meeting, MinutesRow, Thread, Turn, Job, Share, Lesson):
            assert session.exec(select(row)).all() == [], row


def test_nobody_elses_transcription_is_asked_for_anew(two: Two) -> None:
    """While Ana's recording is being heard anew, Bo, too, is told so."""
    app = two.app
    meeting = heard(app, two.folder, two.owner)
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    with app.database.writing() as session:
        session.add(
            Job(
                id="j",
                user_id=two.owner,
                meeting_id=meeting.id,
                stage="transcribe",
                state="running",
            )
        )
    refused(lambda: app.hidden_lines.hide(two.other, meeting.id, [1]), "transcribing_anew")


def test_what_is_said_of_a_file_again_reaches_ones_own_meeting_only(two: Two) -> None:
    app = two.app
    meeting = given(app, two.folder, two.owner)
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    from core.services.recordings import About

    with pytest.raises(NotFound):
        app.recordings.describe(two.other, meeting.id, about=About(title="Bo's"))
    mine = given(app, two.folder, two.other)
    assert mine.id != meeting.id
    assert app.recordings.known(
        two.other, sha256=None, size=(two.folder / "given.txt").stat().st_size
    )


def test_what_each_asks_the_other_does_not_find(two: Two, meeting: Meeting) -> None:
    app = two.app
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    turns = {one: answered(app, one, meeting.id, "언제?") for one in (two.owner, two.other)}
    for mine, theirs in ((two.owner, two.other), (two.other, two.owner)):
        strange = turns[theirs]
        assert [one.id for one in app.chat.threads(mine, meeting.id)] == [turns[mine].thread_id]
        refused(lambda: app.chat.turn(mine, strange.id), "turn_missing")  # noqa: B023 (used at once)
        refused(lambda: app.chat.turns(mine, strange.thread_id), "thread_missing")  # noqa: B023
