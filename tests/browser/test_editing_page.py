"""Changing minutes and choosing their kind, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from core.app import App, build_app
from core.services.built_ins import built_in
from core.settings import Settings
from core.store.tables import Meeting
from tests.browser.conftest import IDLE, Server, settle
from tests.pages.seeding import heard
from tests.services.minutes_by_hand import SAID, kept
from tests.waiting import free_port

pytestmark = pytest.mark.chromium
expect.set_options(timeout=30_000)  # the machine may be busy


@pytest.fixture
def written(tmp_path: Path) -> Iterator[tuple[Server, App, Meeting]]:
    """A server and one meeting whose minutes a model wrote."""
    app = build_app(Settings(data=tmp_path / "data"))
    meeting = heard(app, tmp_path / "in", SAID)
    kept(app, meeting)
    server = Server(data=tmp_path / "data", port=free_port(), variables=IDLE)
    server.start()
    yield server, app, meeting
    server.stop()
    app.close()


def test_an_action_is_changed_undone_and_downloaded(
    korean_page: Page, written: tuple[Server, App, Meeting]
) -> None:
    server, app, meeting = written
    page = korean_page
    page.goto(f"{server.url}/meeting?meeting={meeting.id}")
    page.get_by_text("고치기", exact=True).click()
    row = page.get_by_test_id("stLayoutWrapper").filter(has_text="배포 문서 쓰기").last
    pencil = row.get_by_role("button", name="고치기")
    expect(pencil).to_be_visible()
    settle(page)
    words, button = row.get_by_text("배포 문서 쓰기").bounding_box(), pencil.bounding_box()
    assert words
    assert button
    assert button["x"] >= words["x"] + words["width"] - 1, "beside the text, not below it"
    assert button["y"] < words["y"] + words["height"]
    assert button["width"] < 60, "its name is not shown"
    pencil.click()
    page.get_by_label("내용", exact=True).fill("배포 문서를 <b>다시</b> 쓰기")
    page.get_by_label("담당", exact=True).fill("박민호")
    page.get_by_test_id("stForm").get_by_role("button", name="저장", exact=True).click()
    line = page.locator(".st-key-saved_line")
    expect(line).to_contain_text("버전 2로 저장했습니다.")
    expect(page.get_by_test_id("stToast")).to_contain_text("버전 2로 저장했습니다.")
    expect(page.get_by_text("배포 문서를 <b>다시</b> 쓰기")).to_be_visible()
    link = page.get_by_role("link", name=re.compile("내려받기")).get_attribute("href")
    saved = httpx.get(f"{server.url}{link}").text
    assert "배포 문서를 \\<b\\>다시\\</b\\> 쓰기 (직접 고침) | 박민호 |" in saved
    page.get_by_role("button", name="되돌리기").click()
    expect(line).to_contain_text("되돌렸습니다. 지금은 버전 3입니다.")
    expect(line.get_by_role("button", name="다시 적용")).to_be_visible()
    expect(page.get_by_text("배포 문서 쓰기")).to_be_visible()
    assert app.minutes.versions(meeting.user_id, meeting.id) == [3, 2, 1]


def test_the_kind_chosen_for_a_meeting_orders_its_minutes(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/upload")
    page.get_by_role("combobox", name=re.compile("Kind of minutes")).click()
    page.get_by_role("option", name="Stand-up").click()
    page.get_by_role("tab", name="Paste a transcript").click()
    page.get_by_label("Transcript", exact=True).fill(
        "Kim: I finished the parser. I will write the tests by Friday.\n"
        "Lee: Agreed, we ship on Monday. Who reviews it?"
    )
    page.get_by_role("button", name="Write minutes").click()
    titles = built_in("standup", "en").titles
    expect(page.get_by_text("Kind of minutes: Stand-up")).to_be_visible(timeout=90_000)
    headings = page.get_by_test_id("stHeading").all_inner_texts()
    places = [headings.index(titles[kind]) for kind in built_in("standup", "en").sections]
    assert places == sorted(places)
    expect(page.get_by_text("only the order and titles of the sections were used")).to_be_visible()


def test_what_is_being_typed_stays_when_another_version_comes(
    page: Page, written: tuple[Server, App, Meeting]
) -> None:
    server, app, meeting = written
    page.goto(f"{server.url}/meeting?meeting={meeting.id}")
    page.get_by_text("Edit", exact=True).click()
    page.get_by_role("button", name="Edit the summary").click()
    area = page.get_by_label("Summary", exact=True)
    area.fill("Half a sentence")
    kept(app, meeting, job_id="anew")  # as a job does that ends just now
    page.get_by_role("button", name="Rename").click()  # whatever draws the page anew
    expect(page.get_by_text("Version 2 has come about meanwhile")).to_be_visible()
    expect(area).to_have_value("Half a sentence")
    page.keyboard.press("Escape")  # the popover: a press beside it would only close it
    settle(page)
    page.get_by_role("button", name="Save mine in the new version").click()
    expect(page.get_by_text("Version 2 has come about meanwhile")).to_be_hidden()
    expect(area).to_be_hidden()
    newest = app.minutes.newest(meeting.user_id, meeting.id)
    assert newest
    assert (newest.version, newest.draft.summary) == (3, "Half a sentence")
