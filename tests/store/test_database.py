import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel, select

from core.store import people
from core.store.account_rows import User
from core.store.database import Database, connect, open_database
from core.store.memory_rows import Style
from core.store.tables import Choice
from core.store.types import now


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path}/한글 100%/minutes.sqlite")


def test_migrations_make_exactly_the_tables_we_use(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_opening_again_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        person = people.ensure_user(session, name="local")
    again = open_database(str(database.engine.url))
    with again.reading() as session:
        assert session.exec(select(User.id)).one() == person.id


def test_many_may_open_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/minutes.sqlite"
    failures: list[BaseException] = []

    def open_it() -> None:
        try:
            open_database(url).dispose()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    def write_and_fail() -> None:
        with database.writing() as session:
            people.ensure_user(session, name="somebody")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with database.reading() as session:
        assert session.exec(select(User)).all() == []


def test_writers_wait_for_each_other(database: Database) -> None:
    """Read, then write, in eight threads at once: no update is lost, none fails as locked."""

    def count_up() -> None:
        for _ in range(10):
            with database.writing() as session:
                row = session.get(Choice, ("machine", "count"))
                value = int(row.value) if row else 0
                session.merge(Choice(owner="machine", name="count", value=str(value + 1)))

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert people.choice(session, owner="machine", name="count") == "80"


def test_times_come_back_in_utc(database: Database) -> None:
    seoul = timezone(timedelta(hours=9))
    with database.writing() as session:
        at_nine = datetime(2026, 11, 23, 9, tzinfo=seoul)
        session.add(User(name="kim", folded="kim", created_at=at_nine))
    with database.reading() as session:
        kept = session.exec(select(User.created_at)).one()
    assert kept == datetime(2026, 11, 23, 0, tzinfo=UTC)
    assert kept.tzinfo is UTC
    assert now().tzinfo is UTC


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError), database.writing() as session:
        session.add(User(name="kim", folded="kim", created_at=datetime(2026, 11, 23)))


def test_a_row_that_points_nowhere_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Style(user_id="nobody", named_style_id="none", version=1, text="x"))


def test_readers_and_a_writer_do_not_wait_for_each_other(database: Database) -> None:
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_connecting_makes_the_folder(tmp_path: Path) -> None:
    connect(f"sqlite:///{tmp_path}/a/b/c.sqlite").dispose()
    assert (tmp_path / "a" / "b").is_dir()
