"""What a restore finds in its way is moved aside or left; nothing is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.errors import ConfigError, InvalidInput
from core.messages import say
from core.store.account_rows import User
from tests.services.backups import files_in, good, opened_on, put_back, used

__all__ = ["good", "used"]


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


def test_accounts_alone_are_data(good: Path, tmp_path: Path) -> None:
    """Nobody has given a file yet, but people were let in."""
    fresh = opened_on(tmp_path / "fresh")
    with fresh.database.writing() as session:
        session.add(User(name="Kim", folded="kim", password="hash", admin=True))
    fresh.close()
    with pytest.raises(InvalidInput) as failure:
        put_back(good, tmp_path / "fresh")
    assert failure.value.code == "backup_data_there"


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
