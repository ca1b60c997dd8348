"""Somebody leaves: everything of theirs goes for good, and nothing of anybody else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from core.api.tidying import tidy
from core.app import App, build_app
from core.domain.memory import Kind
from core.domain.templates import GENERAL
from core.errors import InvalidInput, NotFound
from core.services.arrivals import Said
from core.services.recordings import About
from core.store import belongings
from core.store.account_rows import ApiToken, Invitation, SignIn, User
from core.store.memory_rows import Lesson
from core.store.tables import Job, Meeting, MinutesRow, Recording, TemplateRow
from core.store.types import now
from core.worker.supervisor import Supervisor
from tests.doubles.ollama import OllamaDouble
from tests.services.backups import all_rows
from tests.services.test_deletion import sweep, traces
from tests.services.test_minutes import MEETING
from tests.services.two_people import Two, answered, given, heard, person, two_people, written
from tests.waiting import until
from tests.worker.conftest import app, ended
from tests.worker.test_worker import MODEL

__all__ = ["app"]

SECRETS = ("아나만아는", "ana-only-file", "보만아는")
ANAS = MEETING + "\n김지훈: 아나만아는 일입니다.\n"


@pytest.fixture
def two(app: App, tmp_path: Path) -> Two:
    made = two_people(app, tmp_path)
    person(app, "Cy", admin=True)
    return made


def everything(two: Two, user_id: str, other_id: str, word: str) -> Meeting:
    """One of each thing that a person may have, each with `word` in it."""
    app = two.app
    text = MEETING + f"\n김지훈: {word} 일입니다.\n"
    mine = heard(app, two.folder, user_id, text, name=f"{word}-file.txt")
    written(app, mine, user_id)
    app.editing.edit_summary(user_id, mine.id, version=1, text=f"{word} 요약")
    answered(app, user_id, mine.id, f"{word} 언제인가요?")
    app.people.save_style(user_id, f"{word} 간결하게")
    app.people.choose(user_id, name="language", value="ko")
    app.memory.add(user_id, kind=Kind.FACT, text=f"{word} 사실입니다")
    app.uploads.begin(
        user_id, name=f"{word}.wav", kind="file", size=100, said=Said(about=About(), language=None)
    )
    binned = given(app, two.folder, user_id, text + "bin", name=f"{word}-bin.txt")
    app.meetings.delete(user_id, binned.id)
    with app.database.writing() as session:
        content = GENERAL.as_json()
        session.add_all(
            [
                TemplateRow(user_id=user_id, name=word, content=content),
                Lesson(user_id=user_id, meeting_id=mine.id, way="chat", key=word),
                SignIn(user_id=user_id, token_hash=f"s{user_id}", expires_at=now(), agent=word),
                ApiToken(
                    user_id=user_id,
                    token_hash=f"t{user_id}",
                    name=word,
                    hint="m",
                    scopes=["read"],
                ),
                Invitation(user_id=user_id, token_hash=f"i{user_id}", note=word, expires_at=now()),
                Job(
                    id=f"j{user_id}",
                    user_id=user_id,
                    meeting_id=mine.id,
                    stage="minutes",
                    options={"word": word},
                ),
            ]
        )
    with app.database.reading() as session:
        name = session.get_one(User, other_id).name
    app.sharing.share(user_id, mine.id, name, may_edit=True)
    return mine


def of_person(app: App, user_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every row in which this person's id stands anywhere."""
    found = {
        table: [row for row in rows if user_id in str(row)] for table, rows in all_rows(app).items()
    }
    return {table: rows for table, rows in found.items() if rows}


@pytest.fixture
def both(two: Two) -> tuple[Meeting, Meeting]:
    """Both have everything, and made minutes and conversations over each other's meetings."""
    theirs = everything(two, two.other, two.owner, "보만아는")
    mine = everything(two, two.owner, two.other, "아나만아는")
    for meeting, user_id in ((theirs, two.owner), (mine, two.other)):
        written(two.app, meeting, user_id)
        answered(two.app, user_id, meeting.id, "다른 사람의 회의에서 언제?")
    return mine, theirs


def test_every_kind_of_row_that_a_person_has_is_there_to_be_deleted(
    two: Two, both: tuple[Meeting, Meeting]
) -> None:
    """A new table with a `user_id` has to be thought of in store.belongings, and seeded here."""
    owned = {
        table.name for table in SQLModel.metadata.tables.values() if "user_id" in table.columns
    }
    seeded = {table for table, rows in of_person(two.app, two.owner).items() if rows}
    assert owned - {"sign_in"} <= seeded  # sign-ins are in no backup, so not in `all_rows`


def test_all_that_is_theirs_goes_and_nothing_else(two: Two, both: tuple[Meeting, Meeting]) -> None:
    app = two.app
    mine, theirs = both
    anas_minutes = app.minutes.versions(two.owner, theirs.id)
    before = of_person(app, two.other)
    app.leaving.leave(two.owner)

    assert set(of_person(app, two.owner)) == {"choice"}  # what `sweep` crosses out
    with app.database.reading() as session:
        assert session.exec(select(SignIn.user_id)).all() == [two.other]
        assert session.get(User, two.owner) is None
    after = of_person(app, two.other)
    assert anas_minutes == [3, 2, 1]
    assert app.minutes.versions(two.other, theirs.id) == [2, 1]
    gone = {
        table: [row for row in rows if row not in after.get(table, [])]
        for table, rows in before.items()
    }
    left = {table: rows for table, rows in gone.items() if rows}
    assert all(
        mine.id in str(row) or two.owner in str(row) for rows in left.values() for row in rows
    )
    assert set(left) <= {"share", "minutes", "thread", "turn", "job", "lesson", "choice"}, left
    assert app.sharing.shared_with_me(two.other) == []
    assert app.sharing.shares(two.other, theirs.id) == []
    assert app.meetings.transcript(two.other, theirs.id).utterances
    assert app.recordings.path(app.meetings.recording(two.other, theirs.id)).is_file()


def test_no_file_holds_a_word_of_who_left(two: Two, both: tuple[Meeting, Meeting]) -> None:
    secrets = ("아나만아는",)
    assert traces(two.app, secrets)
    two.app.leaving.leave(two.owner)
    assert sweep(two.app) >= 1
    assert traces(two.app, secrets) == {}
    assert traces(two.app, ("보만아는",))
    assert of_person(two.app, two.owner) == {}


def test_who_has_no_meeting_leaves_no_trace_either(two: Two) -> None:
    two.app.people.save_style(two.other, "보만아는 문체")
    two.app.leaving.leave(two.other)
    assert sweep(two.app) == 1
    assert traces(two.app, ("보만아는",)) == {}


def test_bytes_that_somebody_else_keeps_stay(two: Two) -> None:
    app = two.app
    given(app, two.folder, two.owner)
    theirs = given(app, two.folder, two.other)
    app.leaving.leave(two.owner)
    assert sweep(app) >= 1
    path = app.recordings.path(app.meetings.recording(two.other, theirs.id))
    assert path.read_text("utf-8") == MEETING
    with app.database.reading() as session:
        assert session.exec(select(Recording.user_id)).all() == [two.other]


def test_the_last_admin_stays_while_others_are_there(app: App, tmp_path: Path) -> None:
    two = two_people(app, tmp_path)
    with pytest.raises(InvalidInput) as caught:
        app.leaving.leave(two.owner)
    assert caught.value.code == "leaving_last_admin"
    assert app.people.choice(two.owner, name="language") is None
    with app.database.reading() as session:
        assert session.get_one(User, two.owner).leaving_at is None
    app.leaving.leave(two.other)
    app.leaving.leave(two.owner)  # nobody is left behind
    with pytest.raises(NotFound):
        app.leaving.leave(two.owner)


STEPS = ("stop_over", "erase", "erase_outside", "delete_made", "forget", "delete_person")


@pytest.mark.parametrize("step", STEPS)
def test_what_a_crash_left_is_finished_at_the_next_start(
    two: Two, both: tuple[Meeting, Meeting], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends at each step, before or after its work."""

    class Killed(BaseException):
        pass

    from core.services.chat import Chat
    from core.services.erasing import Erasing
    from core.services.upload_keeping import UploadKeeping

    owners: dict[str, Any] = {
        "stop_over": Chat,
        "erase": Erasing,
        "erase_outside": Erasing,
        "forget": UploadKeeping,
        "delete_made": belongings,
        "delete_person": belongings,
    }
    place = owners[step]
    real = getattr(place, step)

    def dies(*given: Any, **named: Any) -> None:
        if step in ("erase", "forget"):
            real(*given, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(place, step, dies)
        with pytest.raises(Killed):
            two.app.leaving.leave(two.owner)
    with two.app.database.reading() as session:
        assert session.get_one(User, two.owner).leaving_at is not None
        assert session.exec(select(SignIn.user_id)).all() == [two.other]
    with pytest.raises(NotFound):
        two.app.meetings.get(two.owner, both[0].id)
    again = build_app(two.app.settings)  # another process
    tidy(again)
    assert sweep(again) >= 1
    assert of_person(again, two.owner) == {}
    assert traces(again, ("아나만아는",)) == {}
    again.close()


def test_what_comes_in_while_somebody_leaves_goes_as_well(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = two.app
    real = belongings.delete_made

    def meanwhile(session: Any, *, user_id: str) -> None:
        real(session, user_id=user_id)
        monkeypatch.setattr(belongings, "delete_made", real)
        session.commit()
        given(app, two.folder, user_id, name="late.txt")

    monkeypatch.setattr(belongings, "delete_made", meanwhile)
    app.leaving.leave(two.owner)
    with app.database.reading() as session:
        assert session.get_one(User, two.owner).leaving_at is not None
    assert app.leaving.finish_all() == 1
    assert set(of_person(app, two.owner)) == {"choice"}
    assert app.leaving.finish_all() == 0


@pytest.mark.parametrize("whose", ["their own", "another's"])
def test_a_worker_in_the_middle_of_their_job_stops_and_keeps_nothing(
    two: Two, double: OllamaDouble, whose: str
) -> None:
    app = two.app
    owner = two.owner if whose == "their own" else two.other
    meeting = heard(app, two.folder, owner, ANAS)
    if whose != "their own":
        app.sharing.share(owner, meeting.id, "Ana", may_edit=False)
    worker = Supervisor(folder=app.settings.folder, root=Path.cwd())
    worker.start()
    try:
        double.delay_first = 30
        job = app.jobs.write(meeting, user_id=two.owner, wanted=MODEL)
        until(lambda: double.chats)
        app.leaving.leave(two.owner)
        until(lambda: double.chats[-1].disconnected, seconds=5)
        double.delay_first = 0
        # The worker is free for somebody else's work.
        other = heard(app, two.folder, two.other, MEETING + "\n다른 회의", name="b.txt")
        done = app.jobs.write(other, user_id=two.other, wanted=MODEL)
        assert ended(app, done).state == "finished"
    finally:
        worker.stop()
    assert app.jobs.workflows.status(job.id) is None
    with app.database.reading() as session:
        assert session.exec(select(MinutesRow.user_id)).all() == [two.other]
        assert session.get(User, two.owner) is None
        kept = {one.id for one in session.exec(select(Meeting))}
    assert kept == ({other.id} if whose == "their own" else {other.id, meeting.id})
    assert sweep(app) >= 1


def test_a_step_that_runs_on_finds_nothing_to_keep_into(two: Two) -> None:
    """The worker has composed minutes just as the person leaves."""
    app = two.app
    meeting = heard(app, two.folder, two.other)
    app.sharing.share(two.other, meeting.id, "Ana", may_edit=False)
    version = written(app, meeting, two.owner)
    minutes = app.minutes.version(two.owner, meeting.id, version)
    app.leaving.leave(two.owner)
    with pytest.raises(NotFound), app.database.writing() as session:
        app.minutes.keep(session, meeting, replace(minutes, minutes_id=""), job_id="late")
    assert app.minutes.versions(two.other, meeting.id) == []
