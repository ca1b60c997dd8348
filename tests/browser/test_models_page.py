"""Downloading and measuring a model in a browser: what runs outlives the page that began it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import IDLE, Server
from tests.doubles.ollama import OllamaDouble
from tests.waiting import free_port, until

pytestmark = pytest.mark.chromium
expect.set_options(timeout=30_000)  # the machine may be busy


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        for model in running.library.newest_first():
            running.remove(model.name)
        running.offer("gemma3:4b", family="gemma3", context_length=131072, size=1_000_000_000)
        yield running


@pytest.fixture
def with_ollama(tmp_path: Path, double: OllamaDouble) -> Iterator[Server]:
    """A server whose Ollama is the double, without a model."""
    variables = {**IDLE, "MINUTES_LLM": "auto", "MINUTES_OLLAMA_URL": double.url}
    server = Server(data=tmp_path / "data", port=free_port(), variables=variables)
    server.start()
    yield server
    server.stop()


def test_a_download_survives_a_refresh_is_cancelled_goes_on_and_ends(
    page: Page, with_ollama: Server, double: OllamaDouble
) -> None:
    double.delay_piece = 1.0
    page.goto(f"{with_ollama.url}/system")
    page.get_by_role("button", name="Put in gemma3:4b").click()
    expect(page.get_by_label("Name of the model to download")).to_have_value("gemma3:4b")
    page.get_by_role("button", name="Download", exact=True).click()
    expect(
        page.get_by_text(re.compile("downloading from registry.ollama.ai · .* of 1.0"))
    ).to_be_visible()
    expect(page.get_by_text("25%")).to_be_visible()
    page.reload()
    expect(page.get_by_text("downloading from registry.ollama.ai")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The download of gemma3:4b was cancelled.")).to_be_visible()
    first = next(one for one in double.requests if one.path == "/api/pull")
    until(lambda: first.disconnected)
    double.delay_piece = 0.1
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("gemma3:4b was downloaded.")).to_be_visible()
    expect(page.get_by_text("Installed: 1")).to_be_visible()


def test_a_speed_test_is_followed_and_its_result_stays(
    page: Page, with_ollama: Server, double: OllamaDouble
) -> None:
    double.install("gemma3:4b", family="gemma3", capabilities=["completion"], size=1_000_000)
    double.answer = lambda request: " ".join(["word"] * 3000)
    double.delay_piece = 0.05
    page.goto(f"{with_ollama.url}/system")
    page.get_by_role("button", name="Measure speed").click()
    expect(page.get_by_text("Speed of gemma3:4b: measuring")).to_be_visible()
    expect(page.get_by_text("An estimate: the minutes of a one-hour meeting")).to_be_visible()
    page.reload()
    expect(page.get_by_text(re.compile(r"writes \d+ tokens/s"))).to_be_visible()
    expect(page.get_by_role("button", name="Measure again")).to_be_enabled()
