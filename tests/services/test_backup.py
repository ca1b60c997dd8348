"""A backup holds everything, is whole or not there, and is believed only after it was checked."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from core.app import ROOT, App, build_app
from core.domain.transcript import Utterance
from core.errors import ConfigError, InvalidInput, MinutesError
from core.messages import say
from core.services.archive import MANIFEST
from core.services.arrivals import Said
from core.services.backup import Backup, Kept
from core.services.recordings import About
from core.services.restoring import Restored, Restoring
from core.settings import Settings, read_settings
from core.store import backup as rows
from core.store.database import connect, upgrade
from core.store.tables import Meeting
from core.worker.supervisor import Supervisor
from tests.postgres import Cluster
from tests.services.conftest import write
from tests.services.test_minutes import MEETING
from tests.worker.conftest import ended, until
from tests.worker.test_worker import EXTRACTIVE, SPEECH, WHISPER

Make = Callable[..., Meeting]
BY_HAND = "손으로 고친 말"


def quiet(_step: str, _share: float) -> None:
    """Nobody watches."""


def save(app: App, target: Path, **wanted: Any) -> Kept:
    wanted = {"replace": False, "with_recordings": True, "tell": quiet} | wanted
    return Backup(app.database, app.settings.folder).write(target, **wanted)


def restoring(folder: Path, database: str | None = None) -> Restoring:
    settings = Settings(data=folder, database_url=database)
    return Restoring(settings.folder, settings.database, settings.jobs_database)


def put_back(source: Path, folder: Path, *, force: bool = False) -> Restored:
    return restoring(folder).restore(source, force=force, tell=quiet)


def opened_on(folder: Path) -> App:
    return build_app(Settings(data=folder, ollama_url="http://127.0.0.1:9"))


def all_rows(app: App) -> dict[str, list[dict[str, Any]]]:
    with rows.snapshot(app.database.engine) as connection:
        return {
            table.name: [json.loads(line) for line in rows.lines(connection, table)]
            for table in rows.kept_tables()
        }


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


def fill(app: App, folder: Path) -> App:
    """Minutes, a conversation, a style, choices, a change by hand, a meeting in the bin."""
    user = app.people.local_person().id
    source = folder / "source.txt"
    source.write_text(MEETING, encoding="utf-8")
    taken, _ = app.recordings.keep(user, source=source, name="회의.txt", about=About())
    result = app.transcription.hear(
        taken, language=None, whisper_model=None, check=lambda: None, progress=lambda *_: None
    )
    with app.database.writing() as session:
        app.transcription.keep(session, taken, result, job_id="read")
    meeting = app.meetings.get(user, taken.id)
    write(app, meeting, llm="extractive")
    app.people.save_style(user, "간결하게 😀")
    app.people.choose(user, name="language", value="ko")
    asked = app.chat.ask(user, meeting.id, "언제 출시하나요?", llm="extractive")
    app.chat.wait(user, asked.id, timeout=30)
    change(app, 2, BY_HAND)
    binned, _ = app.recordings.keep(
        user, source=SPEECH / "ko-15s.opus", name="녹음.opus", about=About()
    )
    app.meetings.delete(user, binned.id)
    return app


def change(app: App, number: int, text: str) -> None:
    """Write an utterance anew."""
    user = app.people.local_person().id
    meeting = app.meetings.all(user)[0]
    said = app.meetings.transcript(user, meeting.id).utterances[number - 1].text
    app.text_changes.edit_text(user, meeting.id, number, text, expected=said)


@pytest.fixture
def filled(app: App, tmp_path: Path) -> App:
    return fill(app, tmp_path)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good backup."""
    folder = tmp_path_factory.mktemp("good")
    app = fill(opened_on(folder / "data"), folder)
    save(app, folder / "good.zip")
    app.close()
    return folder / "good.zip"


def test_everything_comes_back_in_another_folder(filled: App, tmp_path: Path) -> None:
    kept = save(filled, tmp_path / "b.zip")
    assert (kept.meetings, kept.recordings, kept.lost, kept.damaged) == (2, 2, (), ())
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0  # only its owner reads it
    done = put_back(tmp_path / "b.zip", tmp_path / "new")
    assert (done.meetings, done.recordings, done.aside) == (2, 2, None)
    there = opened_on(tmp_path / "new")
    try:
        before = all_rows(filled)
        assert all_rows(there) == before
        empty = {name for name, found in before.items() if not found}
        assert empty <= {"calibration", "template", "upload", "reading", "job"}
        for folder in ("recordings",):
            old, new = filled.settings.folder / folder, there.settings.folder / folder
            assert files_in(new) == files_in(old)
        user = there.people.local_person().id
        meeting = there.meetings.all(user)[0]
        assert there.chat.ask(user, meeting.id, "예산은?", llm="extractive").number == 1
        assert len(there.meetings.deleted(user)) == 1
    finally:
        there.close()


def test_a_job_that_ran_meanwhile_ends_in_the_new_folder_like_the_unbroken_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MINUTES_OLLAMA_URL", "http://127.0.0.1:9")

    def ended_there(app: App, job_id: str | None = None) -> tuple[tuple[Utterance, ...], Any]:
        user = app.people.local_person().id
        jobs = app.jobs.all(user)
        assert ended(app, next(job for job in jobs if job.stage == "transcribe")).error is None
        meeting = app.meetings.all(user)[0]
        until(lambda: app.minutes.newest(user, meeting.id) is not None)
        written = app.minutes.newest(user, meeting.id)
        assert written is not None
        assert app.minutes.versions(user, meeting.id) == [1]
        return app.meetings.transcript(user, meeting.id).utterances, written.draft

    app = build_app(read_settings())
    user = app.people.local_person().id
    meeting, _ = app.recordings.keep(
        user, source=SPEECH / "ko-2min.opus", name="회의.opus", about=About()
    )
    job = app.jobs.transcribe(meeting, language=None, whisper_model=WHISPER, then=EXTRACTIVE)
    supervisor = Supervisor(folder=app.settings.folder, root=ROOT, log=tmp_path / "1.log")
    supervisor.start()
    try:
        until(lambda: app.jobs.get(user, job.id).step == "hearing")
        save(app, tmp_path / "b.zip")
        assert app.jobs.get(user, job.id).state == "running"  # it was not disturbed
        unbroken = ended_there(app)
    finally:
        supervisor.stop()
        app.close()

    put_back(tmp_path / "b.zip", tmp_path / "new")
    monkeypatch.setenv("MINUTES_DATA", str(tmp_path / "new"))
    there = build_app(read_settings())
    assert there.jobs.get(user, job.id).state == "queued"
    supervisor = Supervisor(folder=there.settings.folder, root=ROOT, log=tmp_path / "2.log")
    supervisor.start()
    try:
        assert ended_there(there) == unbroken
    finally:
        supervisor.stop()
        there.close()


def test_what_is_deleted_while_the_backup_is_made_is_not_restored(
    filled: App, tmp_path: Path
) -> None:
    user = filled.people.local_person().id
    stays = filled.meetings.all(user)[0]
    goes = filled.meetings.deleted(user)[0]

    def deleting(step: str, share: float) -> None:
        if step == "rows" and share > 0.5 and filled.meetings.deleted(user):
            filled.meetings.delete_for_good(user, goes.id)

    assert save(filled, tmp_path / "b.zip", tell=deleting).lost == ()
    done = put_back(tmp_path / "b.zip", tmp_path / "new")
    there = opened_on(tmp_path / "new")
    assert [one.id for one in there.meetings.all(user)] == [stays.id]
    assert there.meetings.deleted(user) == []
    assert (done.meetings, done.recordings) == (1, 1)
    there.close()


def test_what_is_still_arriving_can_go_on_arriving(app: App, tmp_path: Path) -> None:
    """A recording that broke off in a browser is in no other place."""
    user = app.people.local_person().id
    begun = app.uploads.begin(user, name="녹음.webm", kind="microphone", size=None, said=Said())
    place = app.recordings.incoming() / f"{begun.upload_id}.upload"
    place.write_bytes(b"what has come")
    assert save(app, tmp_path / "b.zip").meetings == 0
    place.write_bytes(b"what has come and more")
    put_back(tmp_path / "b.zip", tmp_path / "new")
    there = opened_on(tmp_path / "new")
    (found,) = there.uploads.unfinished(user)
    assert (found.upload_id, found.name, found.offset) == (
        begun.upload_id,
        "녹음.webm",
        len(b"what has come"),
    )
    there.close()


def test_lost_and_damaged_recordings_are_named_and_stop_nothing(
    filled: App, tmp_path: Path
) -> None:
    user = filled.people.local_person().id
    meeting = filled.meetings.all(user)[0]
    path = filled.recordings.path(filled.meetings.recording(user, meeting.id))
    path.write_bytes(b"rotten")
    assert save(filled, tmp_path / "1.zip").damaged == ("회의.txt",)
    path.unlink()
    assert save(filled, tmp_path / "2.zip").lost == ("회의.txt",)
    for name in ("1.zip", "2.zip"):
        assert put_back(tmp_path / name, tmp_path / f"new-{name}").meetings == 2
    assert save(filled, tmp_path / "3.zip", with_recordings=False).recordings == 0
    assert put_back(tmp_path / "3.zip", tmp_path / "new-3").recordings == 0


def test_a_backup_is_whole_or_not_there(filled: App, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "b.zip"
    left = folder / ".b.zip.999999999.part"
    left.write_bytes(b"by a process that was killed")

    def interrupted(step: str, _share: float) -> None:
        assert not target.exists()
        if step == "recordings":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(filled, target, tell=interrupted)
    assert list(folder.iterdir()) == []
    save(filled, target)
    first = target.read_bytes()
    with pytest.raises(InvalidInput) as refused:
        save(filled, target)
    assert refused.value.code == "backup_exists"
    assert target.read_bytes() == first
    with pytest.raises(KeyboardInterrupt):
        save(filled, target, replace=True, tell=lambda *_: _interrupt())
    assert target.read_bytes() == first  # the old one stays until the new one is whole
    assert [one.name for one in folder.iterdir()] == ["b.zip"]
    for bad, code in ((folder, "backup_is_folder"), (folder / "no" / "b.zip", "backup_unwritable")):
        with pytest.raises(InvalidInput) as refused:
            save(filled, bad)
        assert refused.value.code == code


def _interrupt() -> None:
    raise KeyboardInterrupt


_LIMITED = """
import resource, sys
from core.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(main(["backup", sys.argv[2]]))
"""


def test_a_disk_that_takes_no_more_is_one_sentence_and_nothing_is_left(
    filled: App, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    for limit in (1, 1_000, 20_000):  # in the rows' first member, in a later one, in a recording
        failed = subprocess.run(
            [sys.executable, "-c", _LIMITED, str(limit), str(folder / "b.zip")],
            env={**os.environ, "MINUTES_LANGUAGE": "en"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert failed.returncode == 1, failed.stderr
        assert "not enough room for the backup" in failed.stderr.splitlines()[-1]
        assert "Traceback" not in failed.stderr
        assert list(folder.iterdir()) == []


def test_a_large_recording_costs_no_memory(app: App, make_meeting: Make, tmp_path: Path) -> None:
    meeting = make_meeting(app, MEETING)
    path = app.recordings.path(app.meetings.recording(meeting.user_id, meeting.id))
    with path.open("r+b") as file:
        file.truncate(64 * 1024**2)
    tracemalloc.start()
    try:
        save(app, tmp_path / "b.zip")
        put_back(tmp_path / "b.zip", tmp_path / "new")
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024**2
    finally:
        tracemalloc.stop()


# --- what is no good backup


def rewritten(
    source: Path,
    target: Path,
    *,
    told: Callable[[dict[str, Any]], None] = lambda _: None,
    change: Callable[[str, bytes], bytes] = lambda _, data: data,
    extra: Callable[[zipfile.ZipFile], None] = lambda _: None,
) -> Path:
    """A backup by another hand: `change` the members (sizes and hashes are told truly), then what
    is `told` in the manifest, then put in something `extra`."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        manifest = json.loads(old.read(MANIFEST))
        for info in old.infolist():
            if info.filename == MANIFEST:
                continue
            data = change(info.filename, old.read(info))
            manifest["members"][info.filename] = {
                "size": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            new.writestr(info, data)
        told(manifest)
        extra(new)
        new.writestr(MANIFEST, json.dumps(manifest))
    return target


def tried(source: Path, folder: Path) -> str | None:
    """The code that a restore is refused with."""
    try:
        put_back(source, folder)
    except InvalidInput as error:
        return error.code
    return None


def refused(source: Path, folder: Path) -> MinutesError:
    """What a restore says that must touch nothing."""
    before = files_in(folder)
    with pytest.raises(MinutesError) as failure:
        put_back(source, folder, force=True)
    assert files_in(folder) == before
    for language in ("ko", "en"):
        failure.value.sentence(language)
    return failure.value


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A data folder with something in it, which nobody has open."""
    app = opened_on(tmp_path / "used")
    app.people.save_style(app.people.local_person().id, "mine")
    app.close()
    rows.is_in_use(tmp_path / "used" / "minutes.sqlite")
    return tmp_path / "used"


def test_a_cut_or_damaged_file_is_refused_wherever_it_is(
    good: Path, used: Path, tmp_path: Path
) -> None:
    put_back(good, tmp_path / "new")
    sound = opened_on(tmp_path / "new")
    wanted = all_rows(sound)
    sound.close()
    whole = good.read_bytes()
    bad = tmp_path / "bad.zip"
    for part in (0.1, 0.5, 0.9, 0.999):
        bad.write_bytes(whole[: int(len(whole) * part)])
        assert refused(bad, used).code == "backup_damaged", part
    for part in range(1, 40):
        place = int(len(whole) * part / 40)
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        code = tried(bad, tmp_path / f"new-{part}")
        assert code in (None, "backup_damaged", "backup_foreign"), part
        if code:
            assert files_in(tmp_path / f"new-{part}") == {}
        else:  # a byte that says nothing, such as a time
            there = opened_on(tmp_path / f"new-{part}")
            assert all_rows(there) == wanted
            there.close()


_FOREIGN = [
    (b"", "backup_foreign"),
    (b"no zip at all", "backup_foreign"),
    (b"SQLite format 3\x00" + b"\x00" * 5000, "backup_foreign"),
]


@pytest.mark.parametrize(("content", "code"), _FOREIGN)
def test_a_foreign_file_is_refused(content: bytes, code: str, used: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    assert refused(other, used).code == code
    assert refused(tmp_path / "nowhere.zip", used).code == "file_missing"
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as some:
        some.writestr("readme.txt", "hello")
    assert refused(tmp_path / "some.zip", used).code == "backup_foreign"


def _told(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: manifest.update(values)


def _named(name: str, *, mode: int = 0) -> dict[str, Any]:
    """A member of that name, which the manifest knows as well."""
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16

    def told(manifest: dict[str, Any]) -> None:
        manifest["members"][name] = {"size": 1, "sha256": hashlib.sha256(b"x").hexdigest()}

    return {"told": told, "extra": lambda new: new.writestr(info, b"x")}


def _in_rows(name: str, old: str, new: str) -> dict[str, Any]:
    def change(member: str, data: bytes) -> bytes:
        if member != f"rows/{name}.jsonl":
            return data
        assert old in data.decode()
        return data.decode().replace(old, new).encode()

    return {"change": change}


def _larger(manifest: dict[str, Any]) -> None:
    member = next(one for one in manifest["members"] if one.startswith("recordings/"))
    manifest["members"][member]["size"] += 1


def _other_bytes(manifest: dict[str, Any]) -> None:
    member = next(one for one in manifest["members"] if one.startswith("recordings/"))
    manifest["members"][member]["sha256"] = "0" * 64


_SHA = "a" * 64
_HOSTILE = [
    # (how the file differs from a good one, the code it is refused with)
    ({"told": _told(format="zip")}, "backup_foreign"),
    ({"told": _told(layout=2, release="9.9")}, "backup_newer"),
    ({"told": _told(revision="9999")}, "backup_newer"),
    ({"told": _told(members={})}, "backup_damaged"),
    ({"told": _told(members=[])}, "backup_foreign"),
    ({"told": _told(something="else")}, "backup_foreign"),
    ({"told": _larger}, "backup_damaged"),
    ({"told": _other_bytes}, "backup_damaged"),
    ({"told": lambda m: m["rows"].update(meeting=1)}, "backup_damaged"),
    ({"extra": lambda new: new.writestr("rows/more.jsonl", "")}, "backup_damaged"),
    (_named("../../outside"), "backup_foreign"),
    (_named("/etc/outside"), "backup_foreign"),
    (_named("recordings/../../outside"), "backup_foreign"),
    (_named(f"recordings/bb/{_SHA}"), "backup_foreign"),
    (_named(f"recordings/aa/{_SHA}", mode=0o120777), "backup_foreign"),  # a link
    (_named("rows/sqlite_master.jsonl"), "backup_damaged"),
    (_in_rows("recording", '"sha256": "', '"sha256": "../../../etc/passwd'), "backup_damaged"),
    (_in_rows("minutes", '{"id": "', '{"id": "../'), "backup_damaged"),
    (_in_rows("user", '"name": "local"', '"name": {"a": 1}'), "backup_damaged"),
    (_in_rows("user", '"name": "local"', '"nome": "local"'), "backup_damaged"),
    (_in_rows("user", "created_at", "made_at"), "backup_damaged"),
    (_in_rows("user", "{", "[" * 100_000), "backup_damaged"),
    (_in_rows("meeting", '"held_at": "2', '"held_at": "x'), "backup_damaged"),
    (_in_rows("meeting", '"recording_id": "', '"recording_id": "0'), "backup_damaged"),
]


@pytest.mark.parametrize(("difference", "code"), _HOSTILE)
def test_a_hostile_or_newer_file_is_refused(
    difference: dict[str, Any], code: str, good: Path, used: Path, tmp_path: Path
) -> None:
    bad = rewritten(good, tmp_path / "bad.zip", **difference)
    assert refused(bad, used).code == code
    assert not (tmp_path / "outside").exists()


def test_a_file_that_says_to_be_more_than_the_disk_holds_is_refused(
    good: Path, used: Path, tmp_path: Path
) -> None:
    """Its declared sizes are looked at before anything is unpacked."""
    huge = 2**60

    def declare(new: zipfile.ZipFile) -> None:
        new.filelist[-1].file_size = huge

    def told(manifest: dict[str, Any]) -> None:
        manifest["members"][list(manifest["members"])[-1]]["size"] = huge

    bomb = rewritten(good, tmp_path / "bomb.zip", told=told, extra=declare)
    assert refused(bomb, used).code == "backup_no_room"


def test_an_older_schema_is_brought_up_to_date(good: Path, tmp_path: Path) -> None:
    old = connect(f"sqlite:///{tmp_path / 'old.sqlite'}")
    upgrade(old, "0001")
    known = {
        name: {column["name"] for column in inspect(old).get_columns(name)}
        for name in inspect(old).get_table_names()
    }
    old.dispose()
    older = tmp_path / "older.zip"
    with zipfile.ZipFile(good) as now, zipfile.ZipFile(older, "w") as then:
        manifest = json.loads(now.read(MANIFEST))
        manifest |= {"revision": "0001", "members": {}, "rows": {}}
        for info in now.infolist():
            name = info.filename.removeprefix("rows/").removesuffix(".jsonl")
            data = now.read(info)
            if info.filename.startswith("rows/"):
                if name not in known:
                    continue
                lines = [json.loads(line) for line in data.splitlines()]
                kept = [
                    {key: row[key] for key in row if key in known[name]}
                    | dict.fromkeys(known[name] - set(row))
                    for row in lines
                ]
                data = "".join(json.dumps(row) + "\n" for row in kept).encode()
                manifest["rows"][name] = len(kept)
            elif info.filename == MANIFEST:
                continue
            digest = hashlib.sha256(data).hexdigest()
            manifest["members"][info.filename] = {"size": len(data), "sha256": digest}
            then.writestr(info.filename, data)
        then.writestr(MANIFEST, json.dumps(manifest))
    put_back(older, tmp_path / "new")
    there = opened_on(tmp_path / "new")
    user = there.people.local_person().id
    meeting = there.meetings.all(user)[0]
    assert BY_HAND in [one.text for one in there.meetings.transcript(user, meeting.id).utterances]
    assert there.minutes.newest(user, meeting.id) is not None
    there.close()


# --- what is there already


def test_data_that_is_there_is_kept_unless_told_and_then_moved_aside(
    good: Path, used: Path
) -> None:
    (used / "recordings" / "aa").mkdir(parents=True)
    (used / "recordings" / "aa" / "old").write_bytes(b"old")
    (used / "models").mkdir()
    with pytest.raises(InvalidInput) as failure:
        put_back(good, used)
    assert failure.value.code == "backup_data_there"
    before = files_in(used)
    done = put_back(good, used, force=True)
    assert done.aside is not None
    aside = files_in(done.aside)
    assert aside == {name: before[name] for name in aside}
    assert {"minutes.sqlite", "recordings/aa/old"} <= set(aside)
    assert (used / "models").is_dir()
    there = opened_on(used)
    assert len(there.meetings.all(there.people.local_person().id)) == 1
    there.close()


def test_a_machine_that_was_only_looked_at_counts_as_empty(good: Path, tmp_path: Path) -> None:
    fresh = opened_on(tmp_path / "fresh")
    fresh.people.local_person()
    fresh.close()
    assert put_back(good, tmp_path / "fresh").meetings == 2


def test_a_folder_in_use_is_refused(good: Path, tmp_path: Path) -> None:
    running = opened_on(tmp_path / "running")
    running.people.local_person()
    for force in (False, True):
        with pytest.raises(InvalidInput) as failure:
            put_back(good, tmp_path / "running", force=force)
        assert failure.value.code == "backup_in_use"
    running.close()
    assert put_back(good, tmp_path / "running").meetings == 2


def test_what_fails_in_the_last_moment_is_moved_back(
    good: Path, used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_in(used)
    move, moves = shutil.move, list[str]()

    def failing(source: Path, target: Path) -> None:
        moves.append(target.name)
        if moves.count("minutes.sqlite") == 2 and len(moves) == moves.index("recordings") + 2:
            raise OSError(5, "Input/output error")  # the new database, after all else
        move(source, target)

    monkeypatch.setattr(shutil, "move", failing)
    with pytest.raises(ConfigError):
        put_back(good, used, force=True)
    assert {name: files_in(used).get(name) for name in before} == before


@pytest.mark.parametrize("code", ["backup_damaged", "backup_foreign", "backup_newer"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_refusal_says_that_nothing_was_changed(code: str, language: str) -> None:
    sentence = say(f"errors.{code}", language, file="b.zip", release="2.0")
    assert "b.zip" in sentence
    assert ("바뀐 것은 없습니다" if language == "ko" else "Nothing was changed") in sentence


# --- the other database


@pytest.mark.postgres
def test_rows_go_from_sqlite_into_postgresql_and_back(filled: App, tmp_path: Path) -> None:
    with Cluster() as cluster:
        _there_and_back(filled, cluster.database("backup"), tmp_path)


def _there_and_back(filled: App, postgres: str, tmp_path: Path) -> None:
    save(filled, tmp_path / "1.zip")
    into = restoring(tmp_path / "server", postgres)
    into.restore(tmp_path / "1.zip", force=False, tell=quiet)
    there = build_app(Settings(data=tmp_path / "server", database_url=postgres))
    try:
        assert all_rows(there) == all_rows(filled)
        change(there, 3, "새로 고친 말")  # ids go on counting
        save(there, tmp_path / "2.zip")
        after = all_rows(there)
        with pytest.raises(InvalidInput) as failure:
            into.restore(tmp_path / "1.zip", force=True, tell=quiet)
        assert failure.value.code == "backup_in_use"
    finally:
        there.close()
    with pytest.raises(MinutesError) as failed:
        into.restore(tmp_path / "1.zip", force=True, tell=quiet)
    assert failed.value.code in ("backup_database_there", "backup_in_use")
    put_back(tmp_path / "2.zip", tmp_path / "back")
    back = opened_on(tmp_path / "back")
    assert all_rows(back) == after
    back.close()
    assert make_url(postgres).get_backend_name() == "postgresql"
