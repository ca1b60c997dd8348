"""A real server on a fresh folder, and a real browser before it. Everything waits by polling."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.waiting import free_port, until

ROOT = Path(__file__).resolve().parents[2]
_START = 90.0
IDLE = {"MINUTES_LOCAL_WORKER": "0"}
"""For a server that has nothing to work on: a worker takes as long to start as a server."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass
class Server:
    """`streamlit run Home.py` on a port of its own. `log` is what it printed. Unless it is asked
    `plainly`, by MINUTES_PORT alone, Streamlit is told the port, too, and need not begin twice."""

    data: Path
    port: int
    variables: dict[str, str] = field(default_factory=dict)
    plainly: bool = False
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Everything it printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def _log(self) -> Path:
        return self.data.parent / f"server-{self.port}.log"

    def start(self) -> None:
        """Start it and wait until it serves."""
        environment = {
            **{name: value for name, value in os.environ.items() if name != "OLLAMA_HOST"},
            "MINUTES_DATA": str(self.data),
            "MINUTES_PORT": str(self.port),
            "MINUTES_LLM": "extractive",
            "MINUTES_OLLAMA_URL": "http://127.0.0.1:9",
            **({} if self.plainly else {"STREAMLIT_SERVER_PORT": str(self.port)}),
            **self.variables,
        }
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "Home.py"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(self._is_up, seconds=_START, what=lambda: f"no server:\n{self.log}")

    def stop(self) -> None:
        """End it as Ctrl+C's elder brother does."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        """The same folder, a new process."""
        self.stop()
        self.start()

    def workers(self) -> list[int]:
        """The processes that work on this folder."""
        found = []
        for process in psutil.process_iter(["cmdline"]):
            with suppress(psutil.Error):
                if "core.worker" in (process.info["cmdline"] or []) and process.environ().get(
                    "MINUTES_DATA"
                ) == str(self.data):
                    found.append(process.pid)
        return found

    def _is_up(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"the server ended:\n{self.log}")
        try:
            return httpx.get(f"{self.url}/_stcore/health", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with the built-in engine, fresh data, and a worker."""
    made = Server(data=tmp_path / "data", port=free_port())
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Not for the whole session: while Playwright is there, its event loop runs
    in this thread, and nobody else's can."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a person whose browser speaks English. Fails the test on a script's error."""
    yield from new_page(browser, locale="en-US")


@pytest.fixture
def korean_page(browser: Browser) -> Iterator[Page]:
    """A page of a person whose browser speaks Korean."""
    yield from new_page(browser, locale="ko-KR")


def new_page(browser: Browser, *, locale: str) -> Iterator[Page]:
    """A page with a profile of its own."""
    context = browser.new_context(
        locale=locale, timezone_id="Asia/Seoul", viewport={"width": 1280, "height": 900}
    )
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.close()


def settle(page: Page) -> None:
    """Wait until Streamlit has run the page to its end."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
