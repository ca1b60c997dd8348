"""What becomes of files that arrive: kept once, whatever is killed, full or forgotten meanwhile."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.app import App, build_app
from core.errors import EngineFailed, InvalidInput, NotFound
from core.services import byte_store
from core.services.arrivals import Arrival, Said
from core.services.intake import Intake
from core.services.recordings import About, Recordings
from core.settings import Settings
from core.store import people
from core.store.tables import Upload
from core.store.types import now
from tests.media_files import remux

TEXT = "김지수: 시작하겠습니다.\n박민호: 네, 예산은 80퍼센트를 썼습니다.\n".encode()
NOISE = b"\x00\x01\x02\x03" * 500


class Killed(BaseException):
    """The process ends here: nothing that would handle a failure runs."""


@pytest.fixture
def person(app: App) -> str:
    return app.people.local_person().id


@pytest.fixture
def begin(app: App, person: str) -> Callable[..., Arrival]:
    """Begin an upload, with some bytes already there."""

    def begun(
        content: bytes = b"",
        *,
        size: int | None = len(TEXT),
        kind: str = "file",
        name: str = "회의.txt",
    ) -> Arrival:
        arrival = app.uploads.begin(person, name=name, kind=kind, size=size, said=Said())
        if content:
            _send(app, arrival, content)
        return app.uploads.get(person, arrival.upload_id)

    return begun


def _send(app: App, arrival: Arrival, content: bytes) -> None:
    sending = app.uploads.hold(app.people.local_person().id, arrival.upload_id)
    try:
        sending.write(content)
    finally:
        sending.close()


def _kept(app: App) -> list[Path]:
    folder = app.settings.folder / "recordings"
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def _arriving(app: App) -> list[str]:
    return [one.name for one in app.recordings.incoming().iterdir() if one.suffix != ".lock"]


def _age(app: App, arrival: Arrival, *, days: float) -> None:
    path = app.uploads.arrivals.path(arrival.upload_id)
    then = (now() - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def test_a_whole_file_becomes_a_meeting_once(
    app: App, person: str, begin: Callable[..., Arrival]
) -> None:
    arrival = begin(TEXT)
    assert arrival.state == "keeping"
    for _ in range(3):
        app.uploads.keeping.keep(arrival.upload_id)
    done = app.uploads.get(person, arrival.upload_id)
    assert (done.state, done.new) == ("kept", True)
    assert [one.id for one in app.meetings.all(person)] == [done.meeting_id]
    assert len(app.jobs.of_meeting(person, done.meeting_id or "")) == 1
    assert _arriving(app) == []


_DEATHS = [
    # (where the server is killed while it keeps a file)
    (Recordings, "_judge"),
    (byte_store.ByteStore, "_put"),
    (byte_store, "sync_folder"),
    (Intake, "wanted"),
]


@pytest.mark.parametrize(("holder", "name"), _DEATHS)
def test_a_server_that_was_killed_while_it_kept_a_file_keeps_it_at_its_next_start(
    app: App,
    person: str,
    begin: Callable[..., Arrival],
    monkeypatch: pytest.MonkeyPatch,
    holder: object,
    name: str,
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise Killed

    arrival = begin(TEXT)
    with monkeypatch.context() as patched:
        patched.setattr(holder, name, killed)
        with pytest.raises(Killed):
            app.uploads.keeping.keep(arrival.upload_id)
    assert app.uploads.get(person, arrival.upload_id).state == "keeping"
    _next_start(app)
    done = app.uploads.get(person, arrival.upload_id)
    assert done.state == "kept"
    assert [one.id for one in app.meetings.all(person)] == [done.meeting_id]
    assert [job.id for job in app.jobs.of_meeting(person, done.meeting_id or "")] == [done.job_id]
    assert [one.read_bytes() for one in _kept(app)] == [TEXT]
    assert _arriving(app) == []


def _next_start(app: App) -> None:
    app.uploads.keeping.keep_waiting()
    app.uploads.keeping.tidy()


def test_a_killed_keeping_is_tried_again_when_its_person_asks_too(
    app: App, person: str, begin: Callable[..., Arrival]
) -> None:
    arrival = begin(TEXT)
    assert app.uploads.end(person, arrival.upload_id).state == "kept"


def test_a_file_that_kills_the_server_every_time_is_given_up_and_its_bytes_stay(
    app: App, person: str, begin: Callable[..., Arrival], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def killed(*_: object, **__: object) -> None:
        tries.append(1)
        raise Killed

    arrival = begin(TEXT)
    with monkeypatch.context() as patched:
        patched.setattr(Recordings, "_judge", killed)
        for _ in range(3):
            with pytest.raises(Killed):
                app.uploads.keeping.keep_waiting()
        for _ in range(3):
            app.uploads.keeping.keep_waiting()
    assert len(tries) == 3
    failed = app.uploads.get(person, arrival.upload_id)
    assert (failed.state, failed.error and failed.error.code) == ("failed", "upload_deadly")
    assert [one.upload_id for one in app.uploads.unfinished(person)] == [arrival.upload_id]
    assert app.uploads.end(person, arrival.upload_id).state == "kept"  # the person tries once more


def test_keeping_writes_no_second_copy(
    app: App, begin: Callable[..., Arrival], monkeypatch: pytest.MonkeyPatch
) -> None:
    arrival = begin(TEXT)
    number = app.uploads.arrivals.path(arrival.upload_id).stat().st_ino
    app.uploads.keeping.keep(arrival.upload_id)
    (kept,) = _kept(app)
    assert (kept.stat().st_ino, kept.stat().st_nlink) == (number, 1)
    assert kept.read_bytes() == TEXT


def test_where_a_disk_knows_no_second_names_the_bytes_are_copied(
    app: App, person: str, begin: Callable[..., Arrival], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", unknown)
    arrival = begin(TEXT)
    app.uploads.keeping.keep(arrival.upload_id)
    assert app.uploads.get(person, arrival.upload_id).state == "kept"
    assert [one.read_bytes() for one in _kept(app)] == [TEXT]
    assert _arriving(app) == []


def test_the_same_file_again_mends_what_was_kept_of_it(
    app: App, begin: Callable[..., Arrival]
) -> None:
    app.uploads.keeping.keep(begin(TEXT).upload_id)
    (kept,) = _kept(app)
    kept.write_bytes(b"x" * len(TEXT))
    app.uploads.keeping.keep(begin(TEXT).upload_id)
    assert kept.read_bytes() == TEXT


def test_a_disk_that_is_full_while_a_file_is_kept_is_tried_again(
    app: App, person: str, begin: Callable[..., Arrival], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    arrival = begin(TEXT)
    with monkeypatch.context() as patched:
        patched.setattr(os, "link", full)
        app.uploads.keeping.keep(arrival.upload_id)
    failed = app.uploads.get(person, arrival.upload_id)
    assert (failed.state, failed.error and failed.error.code) == ("failed", "disk_full")
    assert app.meetings.all(person) == []
    _next_start(app)
    assert app.uploads.get(person, arrival.upload_id).state == "kept"


class Disk:
    """Lets `room` bytes be written, then is full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, room: int) -> None:
        self.room = room
        self._open = Path.open
        disk = self

        def opened(path: Path, mode: str = "r", **how: int) -> object:
            file = disk._open(path, mode, **how)  # type: ignore[call-overload]
            return _Narrow(file, disk) if mode == "r+b" else file

        monkeypatch.setattr(Path, "open", opened)


class _Narrow:
    def __init__(self, file: object, disk: Disk) -> None:
        self._file = file
        self._disk = disk

    def __enter__(self) -> "_Narrow":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def write(self, piece: memoryview) -> int:
        if not self._disk.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        fits = piece[: self._disk.room]
        self._disk.room -= len(fits)
        return int(self._file.write(fits))  # type: ignore[attr-defined]


def test_a_disk_that_fills_up_keeps_what_fitted_and_goes_on_when_there_is_room(
    app: App, person: str, begin: Callable[..., Arrival], monkeypatch: pytest.MonkeyPatch
) -> None:
    arrival = begin()
    with monkeypatch.context() as patched:
        Disk(patched, room=10)
        sending = app.uploads.hold(person, arrival.upload_id)
        with pytest.raises(InvalidInput) as full:
            sending.write(TEXT)
        sending.close()
        assert (full.value.code, sending.offset) == ("upload_disk_full", 10)
    there = app.uploads.get(person, arrival.upload_id)
    assert (there.state, there.offset) == ("arriving", 10)
    _send(app, arrival, TEXT[10:])
    app.uploads.keeping.keep(arrival.upload_id)
    assert [one.read_bytes() for one in _kept(app)] == [TEXT]


_SMALL_FILES = """
import resource, signal, sys
from pathlib import Path
from core.app import build_app
from core.errors import EngineFailed
from core.services.arrivals import Said
from core.settings import Settings

app = build_app(Settings(data=Path(sys.argv[1])))
person = app.people.local_person().id
arrival = app.uploads.begin(person, name="a.wav", kind="file", size=3 << 20, said=Said())
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
sending = app.uploads.hold(person, arrival.upload_id)
try:
    sending.write(b"x" * (2 << 20))
except EngineFailed as error:
    print(error.code, app.uploads.get(person, arrival.upload_id).offset)
"""


def test_a_disk_that_takes_no_file_so_large_says_so(tmp_path: Path) -> None:
    """FAT ends at 4 GiB; here the process is told to end at 1 MiB."""
    program = [sys.executable, "-c", _SMALL_FILES, str(tmp_path / "data")]
    said = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.split() == ["upload_file_limit", str(1 << 20)]
    assert "1.0 MB" in EngineFailed("upload_file_limit", name="a", size="1.0 MB").sentence("ko")


def test_a_recording_from_a_microphone_is_not_thrown_away_where_it_cannot_be_used(
    app: App, person: str, begin: Callable[..., Arrival]
) -> None:
    heard = begin(NOISE, size=None, kind="microphone", name="녹음.webm")
    failed = app.uploads.end(person, heard.upload_id)
    assert (failed.state, failed.has_bytes) == ("failed", True)
    assert [one.upload_id for one in app.uploads.unfinished(person)] == [heard.upload_id]
    assert app.uploads.arrivals.path(heard.upload_id).read_bytes() == NOISE
    _next_start(app)
    assert app.uploads.get(person, heard.upload_id).state == "failed"
    app.uploads.discard(person, heard.upload_id)
    assert _arriving(app) == []


def test_a_recording_without_a_byte_is_none(
    app: App, person: str, begin: Callable[..., Arrival]
) -> None:
    empty = begin(size=None, kind="microphone")
    ended = app.uploads.end(person, empty.upload_id)
    assert (ended.state, ended.has_bytes) == ("failed", False)
    assert app.uploads.unfinished(person) == []


def test_a_microphone_that_broke_off_may_be_ended_before_the_length_it_had_said(
    app: App, person: str, begin: Callable[..., Arrival]
) -> None:
    broken = begin(TEXT, size=len(TEXT) + 100, kind="microphone")
    assert app.uploads.end(person, broken.upload_id).state == "kept"


def test_a_recording_whose_length_a_browser_left_out_is_kept(
    app: App, person: str, begin: Callable[..., Arrival], tmp_path: Path
) -> None:
    source = remux(Path("tests/data/speech/ko-15s.opus"), tmp_path / "a.webm")
    content = source.read_bytes()
    heard = begin(content[: len(content) * 2 // 3], size=None, kind="microphone", name="녹음.webm")
    done = app.uploads.end(person, heard.upload_id)
    assert done.state == "kept", done.error
    assert app.meetings.recording(person, done.meeting_id or "").kind in ("audio", "video")


_WAITS = [
    # (kind, days since its last byte, is it still there)
    ("file", 6.9, True),
    ("file", 7.1, False),
    ("microphone", 29.9, True),
    ("microphone", 30.1, False),
]


@pytest.mark.parametrize(("kind", "days", "there"), _WAITS)
def test_what_nobody_goes_on_with_goes_with_its_bytes(
    app: App, person: str, begin: Callable[..., Arrival], kind: str, days: float, there: bool
) -> None:
    arrival = begin(TEXT[:9], kind=kind)
    _age(app, arrival, days=days)
    app.uploads.keeping.tidy()
    assert bool(app.uploads.unfinished(person)) is there
    assert bool(_arriving(app)) is there
    if not there:
        with pytest.raises(NotFound):
            app.uploads.get(person, arrival.upload_id)


def test_a_recording_that_pauses_and_says_so_stays(
    app: App, person: str, begin: Callable[..., Arrival]
) -> None:
    arrival = begin(TEXT[:9], size=None, kind="microphone")
    _age(app, arrival, days=31)
    app.uploads.hold(person, arrival.upload_id).close()  # a piece without a byte
    app.uploads.keeping.tidy()
    assert app.uploads.get(person, arrival.upload_id).offset == 9


def test_what_is_being_sent_is_never_tidied_away(
    app: App, person: str, begin: Callable[..., Arrival]
) -> None:
    arrival = begin(TEXT[:9])
    sending = app.uploads.hold(person, arrival.upload_id)
    _age(app, arrival, days=8)
    app.uploads.keeping.tidy()
    sending.write(TEXT[9:])
    sending.close()
    assert app.uploads.end(person, arrival.upload_id).state == "kept"


def test_what_has_ended_can_be_asked_about_for_a_day(
    app: App, person: str, begin: Callable[..., Arrival]
) -> None:
    arrival = begin(TEXT)
    app.uploads.keeping.keep(arrival.upload_id)
    app.uploads.keeping.tidy()
    assert app.uploads.get(person, arrival.upload_id).state == "kept"
    app.uploads.arrivals.update(arrival.upload_id, ended_at=now() - timedelta(hours=25))
    app.uploads.keeping.tidy()
    with pytest.raises(NotFound):
        app.uploads.get(person, arrival.upload_id)
    assert len(app.meetings.all(person)) == 1


def test_files_that_no_row_tells_of_are_swept_away_once_they_are_old(app: App, begin) -> None:  # type: ignore[no-untyped-def]
    waiting = begin(TEXT[:9])
    _age(app, waiting, days=1)
    old, fresh = (app.recordings.incoming() / name for name in ("dead.upload", "fresh.part"))
    for path in (old, fresh):
        path.write_bytes(b"x")
    os.utime(old, (1, 1))
    app.uploads.keeping.tidy()
    assert sorted(_arriving(app)) == sorted([f"{waiting.upload_id}.upload", "fresh.part"])


def test_only_one_writes_at_a_time_whatever_the_processes(
    app: App, person: str, begin: Callable[..., Arrival], settings: Settings
) -> None:
    arrival = begin(TEXT[:9])
    other = build_app(settings)  # a second server on the same data
    sending = app.uploads.hold(person, arrival.upload_id)
    for refused in (other.uploads.hold, other.uploads.complete, other.uploads.discard):
        with pytest.raises(InvalidInput) as busy:
            refused(person, arrival.upload_id)
        assert busy.value.code == "upload_busy"
    other.uploads.keeping.keep(arrival.upload_id)
    sending.close()
    other.uploads.hold(person, arrival.upload_id).close()
    other.close()


def test_bytes_that_another_program_wrote_are_not_written_over(
    app: App, person: str, begin: Callable[..., Arrival]
) -> None:
    arrival = begin(TEXT[:9])
    sending = app.uploads.hold(person, arrival.upload_id)
    with app.uploads.arrivals.path(arrival.upload_id).open("ab") as file:
        file.write(b"strange")
    with pytest.raises(InvalidInput) as refused:
        sending.write(TEXT[9:])
    sending.close()
    assert refused.value.code == "upload_offset"
    assert app.uploads.get(person, arrival.upload_id).offset == 9 + len(b"strange")


def test_what_a_client_is_told_is_on_the_disk(
    app: App, person: str, begin: Callable[..., Arrival], monkeypatch: pytest.MonkeyPatch
) -> None:
    arrival = begin(TEXT[:9])
    synced: list[int] = []
    fsync = os.fsync

    def recorded(number: int) -> None:
        synced.append(os.fstat(number).st_size)
        fsync(number)

    monkeypatch.setattr(os, "fsync", recorded)
    app.uploads.get(person, arrival.upload_id, synced=True)
    assert synced == [9]
    _send(app, arrival, TEXT[9:])
    assert synced == [9, len(TEXT)]


def test_uploads_are_their_persons_own(app: App, begin: Callable[..., Arrival]) -> None:
    arrival = begin(TEXT)
    with app.database.writing() as session:
        other = people.ensure_user(session, name="other").id
    uploads = app.uploads
    for refused in (uploads.get, uploads.hold, uploads.complete, uploads.end, uploads.discard):
        with pytest.raises(NotFound):
            refused(other, arrival.upload_id)
    with pytest.raises(NotFound):
        uploads.declare(other, arrival.upload_id, size=len(TEXT))
    assert uploads.unfinished(other) == []
    assert app.recordings.known(other, sha256="0" * 64, size=1) is None


def test_what_is_said_of_an_upload_is_kept_to_the_letter() -> None:
    about = About(title="주간", held_at=now(), file_time=now(), time_zone="Asia/Seoul")
    said = Said(about=about, language="ko", reader="en", metadata="name YQ==")
    assert Said.from_json(said.as_json()) == said


def test_bytes_that_vanish_between_two_looks_end_the_upload(
    app: App, person: str, begin: Callable[..., Arrival]
) -> None:
    arrival = begin(TEXT)
    app.uploads.arrivals.path(arrival.upload_id).unlink()
    app.uploads.keeping.keep(arrival.upload_id)
    lost = app.uploads.get(person, arrival.upload_id)
    assert (lost.state, lost.error and lost.error.code) == ("failed", "upload_lost")
    with app.database.reading() as session:
        row = session.get(Upload, arrival.upload_id)
    assert row is not None
    assert row.ended_at is not None
