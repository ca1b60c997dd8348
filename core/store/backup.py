"""The application's rows as lines of JSON: the same out of and into either database.

Rows are read in one snapshot and written into tables of the schema they were read from, which the
migrations then bring up to date. The job engine's own tables are not among them: they belong to one
database and one release of the engine, and jobs that wait or run are begun again from their rows.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Engine,
    MetaData,
    Table,
    event,
    func,
    inspect,
    select,
    text,
    update,
)
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as sqlmodel_select

from core.store import account_rows, machine_rows, meetings, memory_rows, tables
from core.store.database import MIGRATIONS
from core.store.job_records import LIVE
from core.store.places import Storage
from core.store.storage_claims import claim
from core.store.types import UtcDateTime

PASSING = frozenset(
    {"lease", "worker_beat", "heard_window", "sign_in", "attempts", "storage_claim"}
)
"""Tables of what is going on at this moment and in this place: nothing of it is true elsewhere."""
_OF_A_FRESH_MACHINE = frozenset({*PASSING, "user", "calibration"})
_AT_ONCE = 500
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

Row = dict[str, Any]


def kept_tables() -> list[Table]:
    """The tables that a backup holds, those first that others refer to."""
    for rows in (account_rows.User, machine_rows.Lease, memory_rows.Style, tables.Meeting):
        assert rows.metadata is SQLModel.metadata
    return [one for one in SQLModel.metadata.sorted_tables if one.name not in PASSING]


def revision(connection: Connection) -> str:
    """The schema's revision; "" before there is one."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def is_known(wanted: str) -> bool:
    """Whether this release has a schema of that revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = ScriptDirectory.from_config(config).walk_revisions()
    return wanted in {one.revision for one in known}


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment, whatever others write meanwhile."""
    if engine.dialect.name == "sqlite":
        engine = engine.execution_options(reading=True)
    else:
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection, connection.begin():
        yield connection


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """A table's rows, a line of JSON each."""
    query = select(table).order_by(*table.primary_key)
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query).mappings():
        written = json.dumps(dict(row), ensure_ascii=False, default=_as_text)
        yield written.encode() + b"\n"


def recordings(connection: Connection) -> dict[str, Any]:
    """The recordings by hash: rows with `name` and `size`."""
    table = SQLModel.metadata.tables["recording"]
    query = select(table.c.sha256, table.c.name, table.c.size)
    return {str(one.sha256): one for one in connection.execute(query)}


def arriving(connection: Connection) -> list[str]:
    """The ids of uploads whose bytes are here and no meeting's yet."""
    table = SQLModel.metadata.tables["upload"]
    query = select(table.c.id).where(table.c.ended_at.is_(None)).order_by(table.c.id)
    return [str(one) for one in connection.execute(query).scalars()]


def load(engine: Engine, name: str, rows: Iterable[bytes]) -> int:
    """Put lines into the table `name` of a fresh SQLite database; returns how many.

    Raises ValueError where a line is none of this table: it is not what `lines` wrote.
    """
    table = _reflected(engine, name)
    count = 0
    read = (_row(line, table) for line in rows)
    with engine.begin() as connection:
        while some := list(islice(read, _AT_ONCE)):
            connection.execute(table.insert(), some)
            count += len(some)
    return count


def settle(engine: Engine, *, gone: Sequence[str]) -> None:
    """Make restored rows true where nothing runs: live jobs wait to be begun again. `gone` are
    hashes of recordings that were deleted while the backup was made; their rows go."""
    with Session(engine) as session, session.begin():
        session.exec(
            update(tables.Job)
            .where(col(tables.Job.state).in_(LIVE))
            .values(
                state="queued", step="queued", step_facts={}, progress=0.0, tries=0, reached=0.0
            )
        )
        query = (
            sqlmodel_select(tables.Meeting)
            .join(tables.Recording, col(tables.Recording.id) == tables.Meeting.recording_id)
            .where(col(tables.Recording.sha256).in_(gone))
        )
        for meeting in session.exec(query).all():
            meetings.delete_meeting(session, meeting=meeting)


def copy(source: Engine, target: Engine, *, storage: Storage) -> None:
    """All rows from one database into a server's that has none, in one transaction. It is
    `storage` that their recordings lie in, whoever had claimed the empty one."""
    with source.connect() as read, target.begin() as written:
        claim(written, storage, take=True)
        for table in reversed(kept_tables()):
            written.execute(table.delete())
        for table in kept_tables():
            rows = read.execution_options(yield_per=_AT_ONCE).execute(select(table)).mappings()
            for some in rows.partitions(_AT_ONCE):
                written.execute(table.insert(), [dict(row) for row in some])
        _go_on_counting(written)


def holds_data(connection: Connection) -> bool:
    """Whether anybody has kept anything in this database."""
    found = inspect(connection)
    there = set(found.get_table_names())
    if any(
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in kept_tables()
        if table.name in there - _OF_A_FRESH_MACHINE
    ):
        return True
    user = SQLModel.metadata.tables["user"]
    if "user" not in there or "admin" not in {one["name"] for one in found.get_columns("user")}:
        return False
    return bool(connection.execute(select(func.count()).where(user.c.admin)).scalar_one())


def is_in_use(place: Path) -> bool:
    """Whether some process has this SQLite file open. Only its last user may leave the WAL, so
    this also moves what the WAL holds into the file."""
    if not place.is_file():
        return False
    with closing(sqlite3.connect(place, timeout=1.0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                return True
            raise
    return False


def others_connected(connection: Connection) -> bool:
    """Whether anybody else is connected to this PostgreSQL database."""
    found = connection.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    )
    return bool(found.scalar_one())


def _reflected(engine: Engine, name: str) -> Table:
    """The table as the schema of that time has it, with our own types for times and JSON."""
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def _ours(_inspector: Any, _table: Any, column: Any) -> None:
        if isinstance(column["type"], DateTime):
            column["type"] = UtcDateTime()
        elif isinstance(column["type"], JSON):
            column["type"] = JSON(none_as_null=True)

    return Table(name, metadata, autoload_with=engine, resolve_fks=False)


def _row(line: bytes, table: Table) -> Row:
    row = json.loads(line)
    if not isinstance(row, dict) or not set(row) == set(table.columns.keys()):
        raise ValueError(f"no row of {table.name}")
    return {name: _value(table, name, value) for name, value in row.items()}


def _value(table: Table, name: str, value: Any) -> Any:
    """A value as its column takes it. Ids and hashes become names of files: nothing else may."""
    if value is None:
        return None
    wanted = _SHA256 if name == "sha256" else _ID if name == "id" or name.endswith("_id") else None
    if wanted and isinstance(value, str) and not wanted.fullmatch(value):
        raise ValueError(f"no {name}")
    if isinstance(table.columns[name].type, UtcDateTime):
        return datetime.fromisoformat(value)
    return value


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} is no value of a row")


def _go_on_counting(connection: Connection) -> None:
    """PostgreSQL counts ids by itself and does not look at those that were given."""
    if connection.dialect.name != "postgresql":
        return
    for table in kept_tables():
        column = table.autoincrement_column
        if column is not None:
            most = select(func.coalesce(func.max(column), 0) + 1).select_from(table)
            sequence = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
            connection.execute(select(func.setval(sequence, most.scalar_subquery(), False)))
