"""What all tests share: no socket leaves the machine, no data leaves the test's own folder."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.settings import Settings
from tests.doubles.ollama import OllamaDouble

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from core.app import App

_PROGRAMS: dict[str, tuple[Callable[[], bool], str]] = {
    "chromium": (lambda: shutil.which("chromium") is not None, "chromium fonts-noto-cjk"),
    "espeak": (lambda: shutil.which("espeak-ng") is not None, "espeak-ng"),
    "strace": (lambda: shutil.which("strace") is not None, "strace"),
    "postgres": (lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")), "postgresql"),
}
_not_run: dict[str, int] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a program that is not here; on CI that is a failure instead."""
    kept = []
    for item in items:
        missing = [
            name
            for name, (is_there, _) in _PROGRAMS.items()
            if item.get_closest_marker(name) and not is_there()
        ]
        if item.get_closest_marker("contract") and not os.environ.get("MINUTES_TEST_OLLAMA_URL"):
            continue
        if missing and os.environ.get("CI") != "true":
            for name in missing:
                _not_run[name] = _not_run.get(name, 0) + 1
            continue
        kept.append(item)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_runtest_setup(item: pytest.Item) -> None:
    """On CI a missing program fails the test that needs it."""
    for name, (is_there, packages) in _PROGRAMS.items():
        if item.get_closest_marker(name) and not is_there():
            pytest.fail(f"{name} is missing: apt-get install {packages}", pytrace=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One of several processes that test side by side hands on what it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["not_run"] = dict(_not_run)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a process left out; each collects all tests, so all leave out the same."""
    _not_run.update(getattr(node, "workeroutput", {}).get("not_run", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One last line that names what was not run, and how to have it run."""
    if _not_run:
        counts = ", ".join(f"{count} that need {name}" for name, count in _not_run.items())
        packages = " ".join(_PROGRAMS[name][1] for name in _not_run)
        terminalreporter.write_line(f"not run: {counts} (sudo apt-get install {packages})")


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    """A server as Ollama's, with one model that can write."""
    with OllamaDouble() as running:
        running.install(
            "gemma3:4b", family="gemma3", capabilities=["completion"], context_length=131072
        )
        yield running


@pytest.fixture(autouse=True, scope="session")
def _no_outside_sockets() -> Iterator[None]:
    """Whoever connects to anything but this machine fails."""
    original = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if isinstance(host, str) and not _is_here(host):
            raise AssertionError(f"a test tried to reach {address!r}")
        original(self, address)  # type: ignore[arg-type]

    socket.socket.connect = connect  # type: ignore[method-assign]
    yield
    socket.socket.connect = original  # type: ignore[method-assign]


@pytest.fixture(autouse=True, scope="session")
def _tables_made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A fresh SQLite file gets its tables as a copy of the first that was migrated: migrating takes
    a tenth of a second, and most tests begin with it. Servers, workers and command lines are other
    processes and migrate for themselves, and so do the tests of migrations."""
    from core.store import database

    migrate, made = database.upgrade, tmp_path_factory.mktemp("tables") / "made.db"

    def upgrade(engine: Engine, revision: str = "head") -> None:
        file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
        if file is None or not file.name or file.exists() or revision != "head":
            migrate(engine, revision)
            return
        if not made.exists():
            first = database.connect(f"sqlite:///{made}")
            migrate(first)
            first.dispose()
        shutil.copyfile(made, file)

    database.upgrade = upgrade
    yield
    database.upgrade = migrate


@pytest.fixture(autouse=True, scope="session")
def _packages_searched_once() -> None:
    """Each AppTest searches all installed packages for components of pages, a tenth of a second."""
    if "streamlit" in sys.modules:
        from streamlit.components.v2 import manifest_scanner

        once = cache(manifest_scanner.scan_component_manifests)
        manifest_scanner.scan_component_manifests = once


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the developer's shell reaches a test."""
    for name in list(os.environ):
        if name.startswith("MINUTES_") and not name.startswith("MINUTES_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    monkeypatch.setenv("MINUTES_DATA", str(tmp_path / "data"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a fresh machine whose Ollama is not there."""
    return Settings(data=tmp_path / "data", ollama_url="http://127.0.0.1:9")


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    """A whole App on a fresh data folder; no worker runs."""
    from core.app import build_app  # heavy: only for tests that want it

    built = build_app(settings)
    yield built
    built.close()
