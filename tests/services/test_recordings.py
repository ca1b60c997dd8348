"""Files that people give: judged by content, kept once, never lost with somebody else's."""

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.app import App
from core.errors import EngineFailed, InvalidInput, NotFound
from core.services import recordings
from core.services.erasing import Erasing
from core.services.recordings import About, clean_name
from core.store import people
from core.store.types import now
from tests.media_files import remux

SPEECH = Path("tests/data/speech/ko-15s.opus")
TEXT = "김지수: 시작하겠습니다.\n박민호: 네, 예산은 80퍼센트를 썼습니다.\n"


@pytest.fixture
def keep(app: App, tmp_path: Path) -> Callable[..., object]:
    def kept(
        content: bytes, name: str = "회의.txt", *, person: str = "local", about: About | None = None
    ) -> object:
        source = tmp_path / "source"
        source.write_bytes(content)
        with app.database.writing() as session:
            user = people.ensure_user(session, name=person)
        return app.recordings.keep(user.id, source=source, name=name, about=about or About())

    return kept


def bytes_kept(app: App) -> list[Path]:
    folder = app.settings.folder / "recordings"
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "empty.mp3", "file_empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 200, "picture.wav", "media_unreadable"),
        (os.urandom(5000), "noise.mp4", "media_unreadable"),
        (b"   \n\n  ", "blank.txt", "transcript_empty"),
        (b"[]", "none.json", "transcript_no_speech"),
    ],
)
def test_what_cannot_be_used_is_refused_and_not_kept(
    app: App, keep: Callable[..., object], content: bytes, name: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        keep(content, name)
    assert refused.value.code == code
    assert name in refused.value.sentence("ko")
    assert bytes_kept(app) == []
    assert app.meetings.all(app.people.local_person().id) == []


def test_the_same_file_again_is_the_meeting_that_is_there(app: App, keep) -> None:  # type: ignore[no-untyped-def]
    first, new = keep(TEXT.encode())
    again, new_again = keep(TEXT.encode(), "other name.txt", about=About(title="제목"))
    assert (new, new_again) == (True, False)
    assert again.id == first.id
    assert app.meetings.get(first.user_id, first.id).title == "제목"
    assert len(bytes_kept(app)) == 1


@pytest.mark.parametrize("harm", [b"x" * len(TEXT.encode()), b"short", None])
def test_the_same_file_again_mends_what_was_kept_of_it(
    app: App,
    keep,  # type: ignore[no-untyped-def]
    harm: bytes | None,
) -> None:
    keep(TEXT.encode())
    (path,) = bytes_kept(app)
    if harm is None:
        path.unlink()
    else:
        path.write_bytes(harm)
    keep(TEXT.encode())
    assert path.read_bytes() == TEXT.encode()


def test_one_persons_deletion_never_touches_anothers(app: App, keep) -> None:  # type: ignore[no-untyped-def]
    mine, _ = keep(TEXT.encode())
    theirs, _ = keep(TEXT.encode(), person="other")
    assert mine.id != theirs.id
    assert len(bytes_kept(app)) == 1
    app.meetings.delete(mine.user_id, mine.id)
    app.meetings.delete_for_good(mine.user_id, mine.id)
    assert len(bytes_kept(app)) == 1
    assert app.recordings.path(app.meetings.recording(theirs.user_id, theirs.id)).is_file()
    app.meetings.delete(theirs.user_id, theirs.id)
    app.meetings.delete_for_good(theirs.user_id, theirs.id)
    assert bytes_kept(app) == []


def test_a_deleted_meeting_comes_back(app: App, keep) -> None:  # type: ignore[no-untyped-def]
    meeting, _ = keep(TEXT.encode())
    app.meetings.delete(meeting.user_id, meeting.id)
    with pytest.raises(NotFound):
        app.meetings.get(meeting.user_id, meeting.id)
    assert [one.id for one in app.meetings.deleted(meeting.user_id)] == [meeting.id]
    app.meetings.restore(meeting.user_id, meeting.id)
    assert app.meetings.get(meeting.user_id, meeting.id).id == meeting.id
    app.meetings.delete(meeting.user_id, meeting.id)
    again, new = keep(TEXT.encode())  # bringing the file again brings the meeting back
    assert again.id == meeting.id
    assert not new


def test_deleting_for_good_in_two_tabs_at_once_is_done_once(app: App, keep) -> None:  # type: ignore[no-untyped-def]
    meeting, _ = keep(TEXT.encode())
    app.meetings.delete(meeting.user_id, meeting.id)
    erasing = Erasing(app.database, app.recordings, app.jobs.workflows)
    erasing.erase(meeting)
    erasing.erase(meeting)  # the other tab had found it in the bin, too
    app.recordings.delete(meeting)
    with pytest.raises(NotFound):
        app.meetings.delete_for_good(meeting.user_id, meeting.id)


def test_the_bin_is_emptied_after_thirty_days(app: App, keep) -> None:  # type: ignore[no-untyped-def]
    meeting, _ = keep(TEXT.encode())
    app.meetings.delete(meeting.user_id, meeting.id)
    assert app.meetings.empty_old() == 0
    with app.database.writing() as session:
        session.merge(meeting).deleted_at = now() - timedelta(days=31)
    assert app.meetings.empty_old() == 1
    assert bytes_kept(app) == []


def test_a_full_disk_changes_nothing(app: App, keep, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InvalidInput) as refused:
        keep(TEXT.encode())
    assert refused.value.code == "disk_full"
    assert bytes_kept(app) == []
    assert list(app.recordings.incoming().iterdir()) == []
    assert app.meetings.all(app.people.local_person().id) == []


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path: Path) -> None:
    from core.app import build_app
    from core.settings import Settings

    app = build_app(Settings(data=tmp_path / "data", upload_limit=1024))
    source = tmp_path / "big.txt"
    source.write_bytes(b"a" * 2048)
    with pytest.raises(InvalidInput) as refused:
        app.recordings.keep(
            app.people.local_person().id, source=source, name="big.txt", about=About()
        )
    assert refused.value.code == "file_too_large"
    app.close()


def test_a_recording_whose_bytes_are_gone_is_told(app: App, keep) -> None:  # type: ignore[no-untyped-def]
    meeting, _ = keep(SPEECH.read_bytes(), "녹음.opus")
    (kept,) = bytes_kept(app)
    kept.unlink()
    with pytest.raises(EngineFailed) as lost:
        app.meetings.sound(meeting.user_id, meeting.id)
    assert lost.value.code == "recording_lost"
    again, new = keep(SPEECH.read_bytes(), "녹음.opus")
    assert not new
    assert app.meetings.sound(again.user_id, again.id)


def test_when_a_meeting_was_held_is_said_or_guessed(app: App, keep) -> None:  # type: ignore[no-untyped-def]
    said = datetime(2026, 11, 20, 5, tzinfo=UTC)
    guessed, _ = keep(TEXT.encode(), about=About(file_time=said))
    assert guessed.held_at == said
    assert guessed.held_at_guessed
    told, _ = keep(TEXT.encode(), about=About(held_at=said, time_zone="Asia/Seoul"))
    assert not told.held_at_guessed
    assert told.time_zone == "Asia/Seoul"
    asked_again, _ = keep(TEXT.encode(), about=About(file_time=now()))
    assert asked_again.held_at == said  # what was said outright is not guessed away


_NAMED = [
    # (the file's name, when it was written, when the meeting is taken to have been held)
    ("20261120_1400.txt", None, datetime(2026, 11, 20, 5, tzinfo=UTC)),
    ("2026-11-20 weekly.txt", None, datetime(2026, 11, 19, 15, tzinfo=UTC)),
    (  # copied later: the name knows better
        "2026-11-20 weekly.txt",
        datetime(2026, 11, 22, 3, tzinfo=UTC),
        datetime(2026, 11, 19, 15, tzinfo=UTC),
    ),
    (  # written on that day: the file knows the hour
        "2026-11-20 weekly.txt",
        datetime(2026, 11, 20, 6, 30, tzinfo=UTC),
        datetime(2026, 11, 20, 6, 30, tzinfo=UTC),
    ),
    ("weekly.txt", datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)),
]


@pytest.mark.parametrize(("name", "file_time", "held_at"), _NAMED)
def test_a_date_in_the_name_goes_before_the_files_time(
    app: App,
    keep,
    name: str,
    file_time: datetime | None,
    held_at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recordings, "now", lambda: datetime(2026, 11, 23, tzinfo=UTC))
    about = About(file_time=file_time, time_zone="Asia/Seoul")
    meeting, _ = keep(TEXT.encode(), name, about=about)
    assert meeting.held_at == held_at
    assert meeting.held_at_guessed


def test_what_is_said_and_what_the_recording_says_go_before_its_name(
    app: App, keep, tmp_path: Path
) -> None:
    name = "2024-01-01 weekly.m4a"
    tagged = remux(SPEECH, tmp_path / "tagged.m4a", created="2025-03-04T05:06:07Z").read_bytes()
    made, _ = keep(tagged, name)
    assert made.held_at == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)
    said = datetime(2023, 5, 6, 7, tzinfo=UTC)
    told, _ = keep(TEXT.encode(), name, about=About(held_at=said))
    assert told.held_at == said


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\kim\\회의.m4a", "회의.m4a"),
        ("a\x00b\x1bc.wav", "abc.wav"),
        ("🎉 출시 👨‍👩‍👧.mp3", "🎉 출시 👨‍👩‍👧.mp3"),
        ("\u202egnp.exe", "gnp.exe"),  # no turning of the reading direction
        ("", "recording"),
        ("...", "..."),
        ("/", "recording"),
    ],
)
def test_names_are_shown_and_never_paths(given: str, shown: str) -> None:
    assert clean_name(given) == shown


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("가" * 300 + ".m4a")
    assert len(name) == 120
    assert name.endswith(".m4a")
