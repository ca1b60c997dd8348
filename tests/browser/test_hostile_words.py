"""What people write is shown letter by letter, on every page: Streamlit's own marks, Markdown,
formulas, HTML, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.app import App, build_app
from core.services.recordings import About
from core.settings import Settings
from core.store.tables import Job, Meeting
from tests.browser.conftest import Server, settle
from tests.waiting import free_port, until

pytestmark = pytest.mark.chromium

HOSTILE = (
    ":smile: :red[x] **b** [l](http://x.example/) $x$ <b> :material/home: :material_home:"
    " :streamlit: :blue-badge[y] a@b.example"
)
SHOWN = re.compile(re.escape(HOSTILE).replace(":", ":\N{WORD JOINER}?"))
"""Letter by letter, but for an invisible joiner in what no escape can stop."""
LINES = f"""\
[01:02:03] Kim: We decided to move the launch {HOSTILE} to March 3rd.
[01:03:15] Lee: I will send the report {HOSTILE} to the vendor by Friday.
"""
DRAWN = (
    ".stMarkdownColoredText:text-is('x'), .stMarkdownBadge:text-is('y'), .katex,"
    " a[href*='x.example'], a[href^='mailto:'], img[alt='Streamlit logo'],"
    " [data-testid=stMarkdownContainer] b, [aria-label='home icon']"
)


@pytest.fixture
def written(tmp_path: Path) -> Iterator[tuple[Server, App, Meeting]]:
    """A meeting with its minutes whose title and lines are hostile, and the server."""
    server = Server(data=tmp_path / "data", port=free_port())
    server.start()
    app = build_app(Settings(data=server.data))
    source = tmp_path / "said.txt"
    source.write_text(LINES, encoding="utf-8")
    about = About(title=HOSTILE, held_at=datetime(2026, 11, 20, 5, 0, tzinfo=UTC))
    person = app.people.local_person().id
    meeting, _ = app.recordings.keep(person, source=source, name=source.name, about=about)
    then = app.intake.wanted(person, llm="extractive")
    app.jobs.transcribe(meeting, language=None, whisper_model=None, then=then)
    until(
        lambda: app.minutes.newest(person, meeting.id) is not None,
        seconds=60,
        what=lambda: server.log,
    )
    app.people.save_style(person, HOSTILE)
    yield server, app, meeting
    app.close()
    server.stop()


def test_every_page_shows_hostile_words_letter_by_letter(
    page: Page, written: tuple[Server, App, Meeting]
) -> None:
    server, app, meeting = written
    for visit in (_list, _meeting, _chat, _styles, _bin):
        visit(page, server, app, meeting)
        settle(page)
        _is_plain(page, visit)


def _is_plain(page: Page, visit: Callable[..., None]) -> None:
    drawn = page.locator(DRAWN)
    assert [one.evaluate("(e) => e.outerHTML") for one in drawn.all()] == [], visit.__name__
    assert "😄" not in page.locator("body").inner_text(), visit.__name__


def _list(page: Page, server: Server, app: App, meeting: Meeting) -> None:
    """The list's link, the progress bar of a running job, and what a search did not find."""
    job = Job(
        id="j", user_id=meeting.user_id, meeting_id=meeting.id, stage="minutes", state="running"
    )
    job.step, job.progress = "writing", 0.4
    with app.database.writing() as session:
        session.add(job)
    page.goto(server.url)
    expect(page.get_by_test_id("stProgress")).to_contain_text(SHOWN)
    expect(page.get_by_test_id("stPageLink").first).to_contain_text(SHOWN)
    _is_plain(page, _list)
    with app.database.writing() as session:
        session.delete(session.merge(job))
    field = page.get_by_placeholder("Search titles")
    field.fill(f"{HOSTILE} nowhere")
    field.press("Enter")
    expect(page.get_by_test_id("stAlert")).to_contain_text(SHOWN)


def _meeting(page: Page, server: Server, app: App, meeting: Meeting) -> None:
    """The title and what was said, in every part of the minutes."""
    page.goto(f"{server.url}/meeting?meeting={meeting.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(SHOWN)
    expect(page.locator(".st-key-actions td").first).to_contain_text(SHOWN)
    assert page.title() == f"{HOSTILE} · MinutesAI"


def _chat(page: Page, server: Server, app: App, meeting: Meeting) -> None:
    """A question, its answer and its conversation's button."""
    page.goto(f"{server.url}/chat?meeting={meeting.id}")
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill(f"{HOSTILE} launch?")
    field.press("Enter")
    messages = page.get_by_test_id("stChatMessage")
    expect(messages.first).to_contain_text(SHOWN)
    expect(messages.last).to_contain_text(re.compile("move the launch.*smile:"), timeout=60_000)
    expect(page.get_by_test_id("stSidebar")).to_contain_text(":smile: :red[x] **b**")


def _styles(page: Page, server: Server, app: App, meeting: Meeting) -> None:
    """A style's name, and what changed from one version to the next."""
    app.styles.make(meeting.user_id, name=HOSTILE[:30], text="other")
    app.people.save_style(meeting.user_id, f"{HOSTILE} and more")
    page.goto(f"{server.url}/memory")
    page.get_by_text("Earlier versions").click()
    expect(page.locator(".word-diff")).to_contain_text(HOSTILE[:30])
    expect(page.locator(".word-diff ins")).to_contain_text("and more")


def _bin(page: Page, server: Server, app: App, meeting: Meeting) -> None:
    """The word after deleting, and the bin."""
    app.meetings.delete(meeting.user_id, meeting.id)
    page.goto(f"{server.url}/?deleted={meeting.id}")
    expect(page.get_by_text(re.compile(f"“{SHOWN.pattern}” is in the bin."))).to_be_visible()
    page.get_by_text("Bin (1)").click()
    expect(page.get_by_test_id("stExpander")).to_contain_text(SHOWN)
