"""A Streamlit server as a child, and headless Chromium before it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from bench.processes import ROOT, end, environment
from tests.waiting import free_port, until

SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_WATCH = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  window.bench = {begun: 0, states: []};
  addEventListener('keydown', () => {
    window.bench = {begun: performance.now(), states: []};
  }, true);
  new MutationObserver(() => window.bench.states.push(
    [app.getAttribute('data-test-script-state'), performance.now()]
  )).observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
}"""
_ENDED = "() => window.bench.states.length > 1 && window.bench.states.at(-1)[0] === 'notRunning'"
_TOOK = "() => window.bench.states.at(-1)[1] - window.bench.begun"


@dataclass(frozen=True)
class Server:
    """`streamlit run SCRIPT`. `healthy_after` is seconds from its start."""

    url: str
    process: psutil.Process
    healthy_after: float


@contextmanager
def server_of(script: Path, *, folder: Path, **variables: str) -> Iterator[Server]:
    """A server that lives as long as the block, with these environment variables; its log is beside
    the data folder."""
    port = free_port()
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    with (folder.parent / f"{folder.name}.log").open("ab") as log:
        begun = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script), *options],
            cwd=ROOT,
            env=environment(MINUTES_DATA=str(folder), **variables),
            stdout=log,
            stderr=log,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            until(
                lambda: _is_healthy(child, url), seconds=120, every=0.05, what=f"health of {script}"
            )
            yield Server(url, psutil.Process(child.pid), time.perf_counter() - begun)
        finally:
            end(child)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(_FLAGS))
        yield browser
        browser.close()


@contextmanager
def new_page(browser: Browser, *, locale: str = "ko-KR") -> Iterator[Page]:
    """A page with a profile of its own: nothing is cached."""
    context = browser.new_context(
        locale=locale, timezone_id="Asia/Seoul", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def visit(page: Page, url: str) -> float:
    """Open an address; seconds until its script has run to the end."""
    begun = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(SETTLED)
    return time.perf_counter() - begun


def rerun_times(page: Page, *, times: int) -> list[float]:
    """Milliseconds from the key that asks for a rerun to the script's end, in the browser."""
    page.evaluate(_WATCH)
    found = []
    for _ in range(times):
        page.keyboard.press("r")
        page.wait_for_function(_ENDED)
        found.append(float(page.evaluate(_TOOK)))
        page.wait_for_timeout(300)  # the pause of a person: late frames belong to no run
    return found


def _is_healthy(child: subprocess.Popen[bytes], url: str) -> bool:
    if child.poll() is not None:
        raise RuntimeError("the server ended; its log is beside its data folder")
    try:
        return httpx.get(f"{url}/_stcore/health", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
