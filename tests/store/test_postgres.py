"""The same tables on a real PostgreSQL, by changing one address."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from core.errors import ConfigError
from core.services.gate import Gate, Priority
from core.store import leases, people
from core.store.database import open_database
from core.store.jobs import DurableJobs, migrate_jobs
from tests.postgres import Cluster
from tests.services.test_gate import contend

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as running:
        yield running


@pytest.fixture(scope="module")
def url(cluster: Cluster) -> str:
    return cluster.database("tables")


def test_migrations_make_the_same_tables(url: str) -> None:
    database = open_database(url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        ours = SQLModel.metadata.tables.keys()
        differences = [
            one for one in compare_metadata(context, SQLModel.metadata) if str(one[1]) in ours
        ]
        assert differences == []
    open_database(url).dispose()  # again: nothing to do
    with database.writing() as session:
        person = people.ensure_user(session, name="김지수")
        people.ensure_choice(session, owner=person.id, name="language", value="ko")
    with database.reading() as session:
        assert people.choice(session, owner=person.id, name="language") == "ko"
    database.dispose()


def test_many_that_begin_at_the_same_moment_get_one_person_and_one_choice(url: str) -> None:
    """Two first tabs of a new machine, or two servers."""
    database, many = open_database(url), 8
    together = Barrier(many)

    def begin(number: int) -> str:
        together.wait()
        with database.writing() as session:
            person = people.ensure_user(session, name="new here")
        together.wait()
        with database.writing() as session:
            people.ensure_choice(session, owner=person.id, name="theme", value=str(number))
        return person.id

    with ThreadPoolExecutor(many) as pool:
        assert len(set(pool.map(begin, range(many)))) == 1
    database.dispose()


def test_the_gate_lets_one_through(url: str) -> None:
    database = open_database(url)
    gate = Gate(database=database, parallel=1)
    assert gate._try("first", Priority.CHAT) == 0
    assert gate._try("second", Priority.CHAT) == 1
    gate._leave("first")
    assert gate._try("second", Priority.CHAT) == 0
    gate._leave("second")
    database.dispose()


def test_who_judges_the_queue_meanwhile_waits(url: str) -> None:
    """Two that look at the same time would both find the place free."""
    database = open_database(url)
    gate = Gate(database=database, parallel=1)
    here = leases.Holder(host="here", process=1)
    with database.writing() as session:
        before = leases.try_grant(
            session,
            lease_id="first",
            holder=here,
            priority=Priority.CHAT,
            parallel=1,
            clock=time.time,
            dead_after=15,
            is_alive=lambda _: True,
        )
        second = gate.thread.submit(gate._try, "second", Priority.CHAT)
        done, _ = wait([second], timeout=0.5)
    assert (before, second.result(timeout=10), len(done)) == (0, 1, 0)
    gate._leave("first")
    gate._leave("second")
    database.dispose()


def test_processes_that_contend_never_have_more_than_their_places(url: str, tmp_path: Path) -> None:
    open_database(url).dispose()
    assert contend(url, tmp_path, parallel=2) == [0, 0]


def test_servers_that_start_at_once_make_the_tables_once(cluster: Cluster) -> None:
    fresh = cluster.database("fresh")

    def start(_number: int) -> None:
        open_database(fresh).dispose()
        migrate_jobs(fresh)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(start, range(4))) == [None] * 4
    database = open_database(fresh)
    database.refuse_newer()
    database.dispose()


def test_a_server_that_was_started_again_is_met_again(cluster: Cluster) -> None:
    database = open_database(cluster.database("restarted"))
    with database.reading() as session:
        assert people.choice(session, owner="machine", name="language") is None
    cluster.stop()
    with pytest.raises(ConfigError) as away, database.reading() as session:
        people.choice(session, owner="machine", name="language")
    assert away.value.code == "database_unreachable"
    cluster.start()
    with database.reading() as session:
        assert people.choice(session, owner="machine", name="language") is None
    database.dispose()


def test_a_page_is_told_that_the_job_engine_is_away_and_does_not_wait(
    cluster: Cluster, tmp_path: Path
) -> None:
    jobs = DurableJobs(cluster.database("engine"), tmp_path)
    assert jobs.status("nothing") is None
    cluster.stop()
    with pytest.raises(ConfigError) as away:
        jobs.status("nothing")
    assert away.value.code == "database_unreachable"
    cluster.start()
    assert jobs.status("nothing") is None
    jobs.close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://minutes@127.0.0.1:9/nowhere",  # nobody listens
        "{url}_of_nobody",  # no such database
    ],
)
def test_a_database_that_is_not_there_is_named(cluster: Cluster, url: str, address: str) -> None:
    with pytest.raises(ConfigError) as error:
        open_database(address.format(url=url))
    assert error.value.code == "database_unreachable"


@pytest.mark.parametrize("address", ["mysql://host/name", "oracle://host", "no address"])
def test_another_kind_of_database_is_refused(address: str) -> None:
    with pytest.raises(ConfigError) as error:
        open_database(address)
    assert error.value.code == "database_url"
