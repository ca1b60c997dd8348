"""The same tables on a real PostgreSQL, by changing one address."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from core.services.gate import Gate, Priority
from core.store import leases, people
from core.store.database import open_database
from tests.services.test_gate import contend

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server of its own on a free port, gone afterwards."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="minutes-postgres-"))
    as_owner: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        shutil.chown(folder, "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        command = [*as_owner, str(programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    data = str(folder / "data")
    run("initdb", "-D", data, "-A", "trust", "-U", "minutes", "-E", "UTF8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://minutes@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


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
