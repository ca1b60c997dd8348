"""A backup put back into a data folder that is empty, or whose content is moved aside first.

Everything is unpacked, checked and brought to this release's schema beside its final place. Only
then is what was there moved away and the new moved in; nothing is deleted.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from core.errors import ConfigError, InvalidInput
from core.services.archive import Archive, Tell, opened, table_of
from core.store import backup as rows
from core.store.database import connect, open_database, upgrade
from core.store.failures import store_failures
from core.store.places import Storage, name_file, storage_here
from core.store.types import now

_FILES = ("recordings", "incoming", "narration")
"""What of a data folder belongs to the rows. Models and logs stay where they are."""
_SPARE = 64 * 1024**2
"""Bytes that are left free on the disk."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. `aside` is the folder that now holds what was there before."""

    meetings: int
    recordings: int
    made_at: str
    aside: Path | None


@dataclass(frozen=True)
class Restoring:
    """Puts backups back into one data folder and database. `folder` is the data folder; `database`
    and `jobs_database` are SQLAlchemy addresses."""

    folder: Path
    database: str
    jobs_database: str

    def restore(self, source: Path, *, force: bool, tell: Tell) -> Restored:
        """Put back what `source` holds.

        Raises InvalidInput: file_missing, backup_foreign, backup_damaged, backup_newer,
        backup_no_room; backup_data_there (unless `force`), backup_in_use,
        backup_database_there. Nothing was touched then.
        """
        with opened(source.expanduser()) as archive, self._failures():
            if not rows.is_known(archive.manifest.revision):
                release = archive.manifest.release[:20]
                raise InvalidInput("backup_newer", file=str(source), release=release)
            self.folder.mkdir(parents=True, exist_ok=True)
            self._refuse_what_is_there(force=force)
            free = shutil.disk_usage(self.folder).free - _SPARE
            if archive.size > free:
                facts = {"needed": _mb(archive.size), "free": _mb(max(0, free))}
                raise InvalidInput("backup_no_room", folder=str(self.folder), **facts)
            with tempfile.TemporaryDirectory(prefix="restoring-", dir=self.folder) as staging:
                return self._restore(archive, Path(staging), tell)

    def _restore(self, archive: Archive, staging: Path, tell: Tell) -> Restored:
        self._unpack(archive, staging, tell)
        self._load(archive, staging / "minutes.sqlite", tell)
        with self._locked():
            aside = self._swap(staging)
        manifest = archive.manifest
        return Restored(
            meetings=manifest.rows.get("meeting", 0) - len(manifest.gone),
            recordings=sum(name.startswith("recordings/") for name in archive.recordings),
            made_at=manifest.made_at,
            aside=aside,
        )

    def _refuse_what_is_there(self, *, force: bool) -> None:
        place = self._file(self.database)
        jobs = self._file(self.jobs_database)
        if any(rows.is_in_use(one) for one in (place, jobs) if one):
            raise InvalidInput("backup_in_use", folder=str(self.folder))
        name = name_file(self.folder)  # made by whoever looks
        there = (one for kept in _FILES[:2] for one in (self.folder / kept).rglob("*"))
        files = any(one.is_file() and one != name for one in there)
        if place is None:
            self._refuse_server_data()
        if not force and (files or (place and place.is_file() and _has_rows(place))):
            raise InvalidInput("backup_data_there", folder=str(self.folder))

    def _refuse_server_data(self) -> None:
        """A database of a server is only filled, never moved aside."""
        engine = connect(self.database)
        try:
            with engine.connect() as connection:
                if rows.others_connected(connection):
                    raise InvalidInput("backup_in_use", folder=engine.url.database or "")
                if rows.holds_data(connection):
                    raise ConfigError("backup_database_there", database=engine.url.database or "")
        finally:
            engine.dispose()

    def _unpack(self, archive: Archive, staging: Path, tell: Tell) -> None:
        done = 0
        for name in archive.recordings:
            place = staging / name  # a name of ours: the archive has no others
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as written:
                for piece in archive.pieces(name):
                    written.write(piece)
                    done += len(piece)
                    tell("unpacking", done / max(archive.size, 1))
                written.flush()
                os.fsync(written.fileno())

    def _load(self, archive: Archive, place: Path, tell: Tell) -> None:
        """Fill a database of the schema that the backup was made from, and bring it up to date."""
        engine = connect(f"sqlite:///{place}")
        damaged = InvalidInput("backup_damaged", file=str(archive.path))
        told = archive.manifest
        try:
            upgrade(engine, told.revision)
            names = [table for one in told.members if (table := table_of(one))]
            for number, table in enumerate(names):
                tell("loading", number / len(names))
                if rows.load(engine, table, archive.lines(table)) != told.rows.get(table):
                    raise damaged
            upgrade(engine)
            rows.settle(engine, gone=told.gone)
        except OperationalError:
            raise  # the disk's fault, not the file's
        except (ValueError, TypeError, RecursionError, SQLAlchemyError) as error:
            raise damaged from error
        finally:
            engine.dispose()
        if rows.is_in_use(place):  # this moves the WAL into the file
            raise damaged

    def _swap(self, staging: Path) -> Path | None:
        """Move what is there aside and the new in. Whatever fails is moved back."""
        aside = self.folder / f"before-restore-{now():%Y-%m-%dT%H%M%S}"
        place = self._file(self.database)
        # Named before it is moved: what makes it now would stand in the way of what is moved back.
        storage = None if place else storage_here(self.folder, recordings=staging / "recordings")
        with ExitStack() as undo:
            moved = [self.folder / name for name in _FILES]
            for one in {place, self._file(self.jobs_database)} - {None}:
                assert one is not None
                moved += [one, *(one.with_name(one.name + end) for end in ("-wal", "-shm"))]
            there = [one for one in moved if one.exists()]
            if there:
                aside.mkdir()
            for one in there:
                _move(one, aside / one.name, undo)
            for name in _FILES:
                if (staging / name).exists():
                    _move(staging / name, self.folder / name, undo)
            if place:
                _move(staging / "minutes.sqlite", place, undo)
            if storage:
                self._fill_server(staging / "minutes.sqlite", storage)
            undo.pop_all()  # it is done: nothing is moved back
        return aside if there else None

    def _fill_server(self, staged: Path, storage: Storage) -> None:
        source, target = connect(f"sqlite:///{staged}"), open_database(self.database)
        try:
            rows.copy(source, target.engine, storage=storage)
        finally:
            source.dispose()
            target.dispose()

    def _file(self, url: str) -> Path | None:
        """The file of a SQLite database; None for a server's."""
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite" or not parsed.database:
            return None
        return Path(parsed.database)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """A server that starts meanwhile waits: it takes the same lock before it looks."""
        place = self._file(self.database)
        if place is None:
            yield
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{place}.lock"):
            if rows.is_in_use(place):
                raise InvalidInput("backup_in_use", folder=str(self.folder))
            yield

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            with store_failures():
                yield
        except OSError as error:
            facts = {"folder": str(self.folder), "reason": error.strerror}
            raise ConfigError("data_folder", **facts) from error


def _has_rows(place: Path) -> bool:
    engine = connect(f"sqlite:///{place}")
    try:
        with engine.connect() as connection:
            return rows.holds_data(connection)
    finally:
        engine.dispose()


def _move(source: Path, target: Path, undo: ExitStack) -> None:
    shutil.move(source, target)
    undo.callback(shutil.move, target, source)


def _mb(size: int) -> str:
    return f"{size / 1024**2:,.1f} MB"
