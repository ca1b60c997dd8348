"""A backup is believed only after it was checked: what is damaged, foreign, newer or hostile is
refused and touches nothing."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from core.errors import InvalidInput, MinutesError
from core.services.archive import MANIFEST
from core.store.database import connect, upgrade
from tests.services.backups import (
    BY_HAND,
    all_rows,
    files_in,
    good,
    opened_on,
    put_back,
    used,
)

__all__ = ["good", "used"]


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
