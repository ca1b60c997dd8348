"""Two servers on one database with two data folders would harm each other: the first one's folder
is the database's, and who has another does not start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from core.app import ROOT, App, build_app
from core.errors import ConfigError
from core.services.one_storage import refuse_second_folder
from core.settings import Settings
from core.store.places import name_of_storage
from tests.browser.conftest import Server
from tests.postgres import Cluster
from tests.services.backups import fill, opened_on, quiet, restoring, save
from tests.waiting import free_port

pytestmark = pytest.mark.postgres
AT_ONCE = 8
ROUNDS = 3
MakeApp = Callable[[str], App]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as running:
        yield running


@pytest.fixture
def url(cluster: Cluster, request: pytest.FixtureRequest) -> str:
    return cluster.database(f"folders_{abs(hash(request.node.name))}")


@pytest.fixture
def app_on(url: str, tmp_path: Path) -> Iterator[MakeApp]:
    """What a server on that database builds before it starts, by its folder's name."""
    made: list[App] = []

    def make(name: str) -> App:
        made.append(
            build_app(
                Settings(data=tmp_path / name, database_url=url, ollama_url="http://127.0.0.1:9")
            )
        )
        return made[-1]

    yield make
    for one in made:
        one.close()


def starts(app: App) -> ConfigError | None:
    """Why a server would not start."""
    try:
        refuse_second_folder(app.database, url=app.settings.database, folder=app.settings.folder)
    except ConfigError as refused:
        return refused
    return None


def test_the_first_folder_is_the_databases_and_another_is_refused(
    app_on: MakeApp, tmp_path: Path
) -> None:
    first, second = app_on("first"), app_on("second")
    assert starts(first) is None
    refused = starts(second)
    assert refused is not None
    assert refused.code == "storage_claimed"
    assert refused.facts["folder"] == str(tmp_path / "first")
    assert starts(first) is None  # started again
    (tmp_path / "mounted").symlink_to(tmp_path / "first")
    assert starts(app_on("mounted")) is None  # the same folder elsewhere

    # The first was lost, or moved without its name: the sentence says what to write where.
    Path(refused.facts["file"]).write_text(f"{refused.facts['name']}\n")
    assert starts(second) is None


def test_of_many_that_start_at_the_same_moment_one_folder_wins(
    app_on: MakeApp, cluster: Cluster
) -> None:
    apps = [app_on(f"server-{number}") for number in range(AT_ONCE)]
    for _ in range(ROUNDS):
        with apps[0].database.writing() as session:
            session.connection().exec_driver_sql("DELETE FROM storage_claim")
        ready = Barrier(AT_ONCE)

        def start(app: App, ready: Barrier = ready) -> ConfigError | None:
            ready.wait()
            return starts(app)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            told = list(pool.map(start, apps))
        [winner] = [app for app, refused in zip(apps, told, strict=True) if refused is None]
        folders = {refused.facts["folder"] for refused in told if refused}
        assert folders == {str(winner.settings.folder)}


def test_a_server_says_in_a_sentence_why_it_does_not_start_and_the_first_stays_well(
    cluster: Cluster, url: str, tmp_path: Path
) -> None:
    there = {"MINUTES_DATABASE_URL": url, "MINUTES_LOCAL_WORKER": "0"}
    first = Server(data=tmp_path / "first", port=free_port(), variables=there)
    first.start()
    try:
        for language, said in (
            ("ko", "그 폴더를 이 컴퓨터에 마운트하고"),
            ("en", "Mount that folder"),
        ):
            ended = subprocess.run(
                [sys.executable, "-m", "streamlit", "run", "Home.py"],
                cwd=ROOT,
                env={
                    **os.environ,
                    **there,
                    "MINUTES_DATA": str(tmp_path / "second"),
                    "MINUTES_PORT": str(free_port()),
                    "MINUTES_LANGUAGE": language,
                },
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert ended.returncode == 1
            [sentence] = ended.stderr.strip().splitlines()
            assert said in sentence
            for fact in (tmp_path / "first", tmp_path / "second" / "recordings" / ".name"):
                assert str(fact) in sentence
            assert name_of_storage(tmp_path / "first" / "recordings") in sentence
        first.restart()
    finally:
        first.stop()


def test_what_is_restored_is_the_folders_that_it_was_restored_into(
    app_on: MakeApp, url: str, tmp_path: Path
) -> None:
    """Somebody had looked at the empty database with another folder."""
    source = fill(opened_on(tmp_path / "source"), tmp_path)
    save(source, tmp_path / "b.zip")
    source.close()
    looked = app_on("looked")
    assert starts(looked) is None
    looked.close()
    again = app_on("again")
    assert starts(again) is not None  # which leaves a name in its folder, and no data
    again.close()
    restoring(tmp_path / "again", url).restore(tmp_path / "b.zip", force=False, tell=quiet)
    assert starts(app_on("again")) is None
    assert starts(app_on("looked")) is not None


def test_a_backup_takes_no_claim_along(app_on: MakeApp, cluster: Cluster, tmp_path: Path) -> None:
    first = app_on("first")
    assert starts(first) is None
    fill(first, tmp_path)
    save(first, tmp_path / "b.zip")
    other = cluster.database("restored_elsewhere")
    restoring(tmp_path / "new", other).restore(tmp_path / "b.zip", force=False, tell=quiet)
    made = build_app(Settings(data=tmp_path / "new", database_url=other))
    assert starts(made) is None
    assert name_of_storage(tmp_path / "new" / "recordings") != name_of_storage(
        tmp_path / "first" / "recordings"
    )
    made.close()
    assert starts(first) is None


def test_a_database_in_a_file_is_claimed_by_nobody(tmp_path: Path) -> None:
    app = opened_on(tmp_path / "alone")
    assert starts(app) is None
    assert not (tmp_path / "alone" / "recordings" / ".name").exists()
    app.close()
