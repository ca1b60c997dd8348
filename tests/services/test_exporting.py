"""All that a person has, as a zip file: whole, without a secret, on every system, and streamed."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest
from sqlmodel import SQLModel

from core.app import App
from core.errors import NotFound
from core.services.file_names import Names, safe_name
from core.store.account_rows import User
from core.store.tables import Job, Meeting
from core.store.types import now
from tests.services.backups import all_rows
from tests.services.test_leaving import everything
from tests.services.test_minutes import MEETING
from tests.services.two_people import Two, answered, given, heard, two_people, written

SPEECH = Path("tests/data/speech")


@pytest.fixture
def two(app: App, tmp_path: Path) -> Two:
    return two_people(app, tmp_path)


def exported(app: App, user_id: str, language: str = "en") -> dict[str, bytes]:
    whole = b"".join(app.exporting.stream(user_id, language=language))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def test_everything_that_is_theirs_is_in_it(two: Two) -> None:
    app = two.app
    theirs = everything(two, two.other, two.owner, "보만아는")
    mine = everything(two, two.owner, two.other, "아나만아는")
    written(app, theirs, two.owner)
    answered(app, two.owner, theirs.id, "보의 회의에서 언제?")
    said = app.meetings.transcript(two.owner, mine.id).utterances[0]
    app.text_changes.edit_text(two.owner, mine.id, said.number, "고친 말", expected=said.text)
    app.hidden_lines.hide(two.owner, mine.id, [2])

    files = exported(app, two.owner)
    day = "meetings/2026-11-23 아나만아는-file"
    assert files[f"{day}/recording/아나만아는-file.txt"].decode() == (
        MEETING + "\n김지훈: 아나만아는 일입니다.\n"
    )
    text = files[f"{day}/transcript.txt"].decode()
    assert f"고친 말 {{heard: {said.text}}}" in text
    assert "{hidden: " in text
    lines = json.loads(files[f"{day}/transcript.json"])
    assert [one["number"] for one in lines] == list(range(1, len(lines) + 1))
    assert (lines[0]["text"], lines[0]["heard_text"]) == ("고친 말", said.text)
    for version in (1, 2):
        about = json.loads(files[f"{day}/minutes/version {version}.json"])
        assert about["version"] == version
        assert about["items"]
        kept = app.minutes.version(two.owner, mine.id, version)
        assert files[f"{day}/minutes/version {version}.md"].decode() == kept.markdown
    assert "아나만아는 언제인가요?" in files[f"{day}/chats/1.md"].decode()
    assert json.loads(files[f"{day}/chats/1.json"])[0]["state"] == "finished"
    about = json.loads(files[f"{day}/meeting.json"])
    assert about["shared_with"] == [{"name": "Bo", "may_edit": True}]
    binned = json.loads(files["meetings/2026-11-23 아나만아는-bin/meeting.json"])
    assert binned["deleted_at"]
    assert files["styles/default/version 1.txt"].decode() == "아나만아는 간결하게"
    assert "아나만아는 사실입니다" in files["memory/memory.md"].decode()
    assert json.loads(files["memory/memory.json"])[0]["text"] == "아나만아는 사실입니다"
    assert json.loads(files["choices.json"])["language"] == "ko"
    for name in ("templates", "tokens", "sign-ins", "invitations", "uploads", "memory/lessons"):
        assert "아나만아는" in files[f"{name}.json"].decode(), name
    over = "shared with me/2026-11-23 보만아는-file"
    assert "언제?" in files[f"{over}/chats/1.md"].decode()
    assert json.loads(files[f"{over}/minutes/version 3.json"])["version"] == 3


def test_nothing_of_anybody_else_and_no_secret_is_in_it(two: Two) -> None:
    app = two.app
    theirs = everything(two, two.other, two.owner, "보만아는")
    everything(two, two.owner, two.other, "아나만아는")
    app.sharing.unshare(two.other, theirs.id, two.owner)
    with app.database.writing() as session:
        session.get_one(User, two.owner).password = "$argon2id$secret"
    whole = b"\n".join(exported(app, two.owner).values()).decode()
    assert "보만아는" not in whole
    for secret in ("argon2id", f"s{two.owner}", f"t{two.owner}", f"i{two.owner}", "token_hash"):
        assert secret not in whole, secret


def test_a_job_over_a_meeting_that_is_shared_no_more_is_not_in_it(two: Two) -> None:
    """Nor is it on any page: it says what somebody else's meeting is."""
    app = two.app
    theirs = heard(app, two.folder, two.other)
    app.sharing.share(two.other, theirs.id, "Ana", may_edit=False)
    with app.database.writing() as session:
        session.add(
            Job(
                id="over",
                user_id=two.owner,
                meeting_id=theirs.id,
                stage="minutes",
                state="finished",
            )
        )

    def jobs() -> list[str]:
        return [one["id"] for one in json.loads(exported(app, two.owner)["jobs.json"])]

    assert jobs() == ["over"]
    app.sharing.unshare(two.other, theirs.id, two.owner)
    assert jobs() == []


def test_no_table_that_holds_something_of_a_person_is_forgotten(two: Two) -> None:
    """A new table with a `user_id` has to be exported (or named here, with the reason)."""
    app = two.app
    everything(two, two.owner, two.other, "아나만아는")
    whole = b"\n".join(exported(app, two.owner).values()).decode()
    elsewhere = {
        "share": "the name of whom, in meeting.json",
        "sign_in": "in no backup, so not in `all_rows`; sign-ins.json",
    }
    rows = all_rows(app)
    for table in SQLModel.metadata.tables.values():
        if "user_id" in table.columns and table.name not in elsewhere:
            mine = [row for row in rows[table.name] if row["user_id"] == two.owner]
            assert mine, table.name
            assert all(row["id"] in whole for row in mine), table.name


TITLES = [
    'a/b\\c:d*e?f"g<h>i|j',
    "CON",
    "com1.txt",
    "끝에 점...",
    "  ",
    "..",
    "../../etc/passwd",
    "a\x00b\x1fc\u202egpj",
    "회의" * 200,
    "😀 회의",
    "제목",
    "제목",
    "ﾃｽﾄ",
    "TITLE",
    "title",
]


def test_names_are_safe_on_windows_and_no_two_are_one(two: Two) -> None:
    app = two.app
    for number, title in enumerate(TITLES):
        meeting = given(app, two.folder, two.owner, f"{MEETING}\n{number}", name="con.txt")
        with app.database.writing() as session:
            session.get_one(Meeting, meeting.id).title = title
    files = exported(app, two.owner)
    folders = {name.split("/")[1] for name in files if name.startswith("meetings/")}
    assert len({one.casefold() for one in folders}) == len(TITLES)
    for name in files:
        assert len(name) < 180
        for part in name.split("/"):
            assert not set(part) & set('<>:"\\|?*'), name
            assert part.isprintable(), name
            assert part == part.rstrip(" ."), name
            assert not PureWindowsPath(part).is_reserved(), name
            assert len(part.encode()) < 255


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("주간 회의", "주간 회의"),
        ("con", "_con"),
        ("Aux.md", "_Aux.md"),
        ("console", "console"),
        ("", "_"),
        ("...", "_"),
        ("a. ", "a"),
    ],
)
def test_a_safe_name_keeps_what_it_can(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_of_two_that_some_system_takes_for_one_the_later_gets_a_number() -> None:
    names = Names()
    assert [names.free(one) for one in ("A", "a", "Ａ", "b")] == ["A", "a (2)", "Ａ (3)", "b"]


def test_it_is_made_while_it_is_sent(two: Two) -> None:
    """40 MB of a recording and a long transcript never stand in memory, nor on the disk."""
    app = two.app
    long = "".join(f"[00:{n // 60:02d}:{n % 60:02d}] 김지훈: 말 {n}\n" for n in range(3000))
    heard(app, two.folder, two.owner, long)
    sound = app.recordings.keep(
        two.owner, source=SPEECH / "ko-15s.opus", name="긴.opus", about=_about()
    )[0]
    path = app.recordings.path(app.meetings.recording(two.owner, sound.id))
    size = 40 * 1024 * 1024
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.truncate(size)
    before = {one for one in app.settings.folder.rglob("*") if one.is_file()}
    tracemalloc.start()
    got, largest = 0, 0
    for piece in app.exporting.stream(two.owner, language="ko"):
        got += len(piece)
        largest = max(largest, len(piece))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert got > size
    assert largest <= 1024 * 1024
    assert most < 16 * 1024 * 1024, most
    assert {one for one in app.settings.folder.rglob("*") if one.is_file()} <= before


def test_nothing_holds_the_database_while_somebody_takes_their_time(two: Two) -> None:
    """Between two pieces anybody can write, and what they wrote is seen."""
    app = two.app
    meeting = heard(app, two.folder, two.owner)
    pieces = app.exporting.stream(two.owner, language="en")
    first = next(pieces)
    app.meetings.rename(two.owner, meeting.id, "later")
    with zipfile.ZipFile(io.BytesIO(first + b"".join(pieces))) as archive:
        assert "meetings/2026-11-23 later/meeting.json" in archive.namelist()


def test_a_recording_that_is_lost_is_said_and_the_rest_comes(two: Two) -> None:
    app = two.app
    meeting = heard(app, two.folder, two.owner)
    app.recordings.path(app.meetings.recording(two.owner, meeting.id)).unlink()
    files = exported(app, two.owner)
    about = json.loads(files["meetings/2026-11-23 회의/meeting.json"])
    assert about["recording_lost"] is True
    assert files["meetings/2026-11-23 회의/transcript.txt"]


@pytest.mark.parametrize(("language", "word"), [("ko", "데이터 전체"), ("en", "all that Ana has")])
def test_the_readme_is_in_the_persons_language(two: Two, language: str, word: str) -> None:
    readme = exported(two.app, two.owner, language)["README.txt"].decode()
    assert word in readme
    assert "{heard: ...}" in readme
    assert two.app.exporting.file_name(two.owner) == "MinutesAI Ana.zip"


def test_nobody_and_who_is_leaving_have_none(two: Two) -> None:
    with two.app.database.writing() as session:
        session.get_one(User, two.other).leaving_at = now()
    for user_id in ("nobody", two.other):
        with pytest.raises(NotFound):
            two.app.exporting.stream(user_id, language="en")


def _about() -> Any:
    from core.services.recordings import About

    return About()
