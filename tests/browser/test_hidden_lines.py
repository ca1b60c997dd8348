"""Lines that nobody said, in a real browser: folded away, looked into, heard, brought back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.app import App, build_app
from core.services.recordings import About
from core.settings import Settings
from core.store.tables import Meeting
from tests.browser.conftest import IDLE, Server
from tests.pages.hiding import heard_with_hidden
from tests.waiting import free_port, until

pytestmark = pytest.mark.chromium
expect.set_options(timeout=30_000)  # the machine may be busy

SOUND = Path("tests/data/speech/ko-2min.opus")


@pytest.fixture
def hidden(tmp_path: Path) -> Iterator[tuple[Server, App, Meeting]]:
    """A server and one recording in which four lines are hidden."""
    app = build_app(Settings(data=tmp_path / "data"))
    person = app.people.local_person()
    meeting, _ = app.recordings.keep(person.id, source=SOUND, name="회의.opus", about=About())
    meeting = heard_with_hidden(app, meeting)
    server = Server(data=tmp_path / "data", port=free_port(), variables=IDLE)
    server.start()
    yield server, app, meeting
    server.stop()
    app.close()


def numbers(app: App, meeting: Meeting) -> list[int]:
    return [one.number for one in app.meetings.transcript(meeting.user_id, meeting.id).utterances]


def lines_of(page: Page) -> Locator:
    return page.locator(".lines")


def test_hidden_lines_are_folded_and_come_back_with_a_click(
    korean_page: Page, hidden: tuple[Server, App, Meeting]
) -> None:
    server, app, meeting = hidden
    page = korean_page
    page.goto(f"{server.url}/meeting?meeting={meeting.id}")
    lines = lines_of(page)
    run = lines.get_by_role("button", name="3줄 숨김: 아무도 하지 않은 말로 보임")
    expect(run).to_be_visible()
    expect(lines.get_by_role("button", name="1줄 숨김: 말소리가 없음")).to_be_visible()
    made_up = lines.get_by_text("MBC 뉴스 이덕영입니다.")
    expect(made_up).to_be_hidden()
    expect(run).to_have_attribute("aria-expanded", "false")

    run.click()
    expect(made_up).to_be_visible()
    expect(lines.get_by_text("Thank you <b>for</b> watching!")).to_be_visible()
    expect(lines.get_by_text("음성 인식이 흔히 지어내는 말")).to_have_count(2)
    made_up.click()
    sounding = "() => document.querySelector('[data-testid=stMain]') && [...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('audio') || (e.tagName == 'AUDIO' ? e : null)).some(a => a && a.currentTime >= 20)"  # noqa: E501
    page.wait_for_function(sounding)

    lines.get_by_role("button", name="되살리기 (00:20)").click()
    row = lines.locator("> li").filter(has_text="MBC 뉴스 이덕영입니다.")
    expect(row).to_contain_text("되살린 줄")
    until(lambda: numbers(app, meeting) == [1, 2, 3, 6])
    rest = lines.get_by_role("button", name="2줄 숨김: 아무도 하지 않은 말로 보임")
    expect(rest).to_have_attribute("aria-expanded", "true")  # what was open stays open
    expect(row).to_be_focused()

    row.get_by_role("button", name="다시 숨기기").click()
    expect(run).to_be_visible()
    until(lambda: numbers(app, meeting) == [1, 2, 6])
    if run.get_attribute("aria-expanded") == "false":
        run.click()
    lines.get_by_role("button", name="모두 되살리기").click()
    until(lambda: numbers(app, meeting) == [1, 2, 3, 4, 5, 6])
    expect(lines.get_by_text("되살린 줄")).to_have_count(3)


def test_hidden_lines_are_not_found_by_search_and_are_reached_by_keys(
    page: Page, hidden: tuple[Server, App, Meeting]
) -> None:
    server, app, meeting = hidden
    page.goto(f"{server.url}/meeting?meeting={meeting.id}")
    lines = lines_of(page)
    run = lines.get_by_role("button", name=re.compile("3 lines hidden"))
    expect(run).to_be_visible()
    search = page.get_by_role("searchbox", name="Search the transcript")
    search.fill("감사합니다")
    expect(page.get_by_text("0 lines")).to_be_visible()
    expect(run).to_be_hidden()
    search.fill("")
    expect(run).to_be_visible()

    lines.locator("> li").nth(1).focus()
    page.keyboard.press("ArrowDown")
    expect(run).to_be_focused()
    page.keyboard.press("Enter")
    expect(run).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")  # the words, which sound when they are pressed
    page.keyboard.press("Tab")
    back = lines.get_by_role("button", name="Bring back (00:20)")
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    until(lambda: numbers(app, meeting) == [1, 2, 3, 6])


def test_a_line_that_nobody_said_is_hidden_by_hand(
    page: Page, hidden: tuple[Server, App, Meeting]
) -> None:
    server, app, meeting = hidden
    page.goto(f"{server.url}/meeting?meeting={meeting.id}")
    lines = lines_of(page)
    row = lines.locator("> li").filter(has_text="보고서는 제가")
    row.hover()
    row.get_by_role("button", name=re.compile("Edit this line")).click()
    page.get_by_role("button", name="Nobody said this: hide").click()
    expect(lines.get_by_role("button", name=re.compile("5 lines hidden"))).to_be_visible()
    until(lambda: numbers(app, meeting) == [1, 2])
