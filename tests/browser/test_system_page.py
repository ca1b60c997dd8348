"""The system page in a real browser: it stays quick while Ollama says nothing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.waiting import free_port

pytestmark = pytest.mark.chromium
expect.set_options(timeout=30_000)  # the machine may be busy


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[Server]:
    """A server whose Ollama takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(50)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = Server(
            data=tmp_path / "data", port=free_port(), variables={"MINUTES_OLLAMA_URL": url}
        )
        server.start()
        yield server
        server.stop()


def test_commands_that_mend_can_be_copied(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/system")
    expect(page.get_by_test_id("stCode").get_by_text("ollama serve").first).to_be_visible()
    expect(page.get_by_text("Everything works.")).to_have_count(0)


def test_a_silent_ollama_holds_up_nothing_but_its_own_lines(page: Page, silent: Server) -> None:
    page.goto(f"{silent.url}/system")
    expect(page.get_by_text("MinutesAI 0.", exact=False).first).to_be_visible()
    expect(page.get_by_text("Checking").first).to_be_visible()
    begun = time.monotonic()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Language of the app")).to_be_visible()
    assert time.monotonic() - begun < 5  # an Ollama that is asked in line would take ten
