"""The database: one engine, migrated on open, one short transaction a write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlmodel import Session

from core.errors import ConfigError
from core.store.failures import store_failures

MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATING = 0x6D696E75746573
"""The advisory lock that PostgreSQL keeps for whoever migrates ("minutes")."""
_QUIET: dict[str, Any] = {"hide_parameters": True}
"""What was said in a meeting is in no error's text, and so in no log."""
_SHARED: dict[str, Any] = {
    "pool_pre_ping": True,  # a server that was restarted is met with a new connection
    "pool_size": 5,
    # PostgreSQL takes 100 connections unless told otherwise, and each of our processes has these
    # and a few of the job engine's.
    "max_overflow": 15,
    "connect_args": {
        "connect_timeout": 10,
        "application_name": "minutesai",
        # A machine that vanished is noticed in a minute, not in the two hours of TCP's default.
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    },
}


@dataclass(frozen=True)
class Database:
    """The application's tables. `reading()` and `writing()` are the only ways in."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read with; what it returns stays usable after it closes."""
        engine = self.engine.execution_options(reading=True)
        with store_failures(), Session(engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with (
            store_failures(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def refuse_newer(self) -> None:
        """ConfigError("database_newer") where a newer release has changed the tables."""
        with self.reading() as session:
            _refuse_newer(session.connection(), _config())

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open `url`, creating and migrating it as needed. Safe from several processes at once."""
    with store_failures():
        engine = connect(url)
        with _migration_lock(engine):
            upgrade(engine)
    return Database(engine)


def is_shared(url: str) -> bool:
    """Whether a server keeps this database, so that several machines may use it."""
    with store_failures():
        return make_url(url).get_backend_name() != "sqlite"


def connect(url: str) -> Engine:
    """An engine with the pragmas SQLite needs to serve several processes."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), **_QUIET, **_SHARED)
    if parsed.get_backend_name() != "sqlite":
        raise ConfigError("database_url")
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, **_QUIET, connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to `revision`. ConfigError("database_newer") where they are ahead of us."""
    config = _config()
    with engine.connect() as connection:
        _refuse_newer(connection, config)
        connection.rollback()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _refuse_newer(connection: Connection, config: Config) -> None:
    there = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    if there is not None and there not in known:
        raise ConfigError("database_newer", found=there, known=scripts.get_current_head())


@contextmanager
def _migration_lock(engine: Engine) -> Iterator[None]:
    if engine.dialect.name == "postgresql":
        # Held by the session, not by a transaction: nothing else waits for it meanwhile.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATING})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATING})
    elif engine.url.database:
        with FileLock(f"{engine.url.database}.lock"):
            yield
    else:
        yield


def _set_pragmas(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: see _begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=30000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    # A transaction that reads first and writes later would fail with "database is locked" at once,
    # because SQLite cannot upgrade a stale snapshot: whoever may write takes the lock first.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
