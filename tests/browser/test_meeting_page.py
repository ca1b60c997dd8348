"""A meeting's page in a real browser: what opens, what closes, what sounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, settle

pytestmark = pytest.mark.chromium


def test_writing_anew_closes_its_window_and_opens_no_other(
    korean_page: Page, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "회의.txt"
    file.write_text("김지수: 예산은 3천만 원으로 결정했습니다.\n박민호: 네.\n", encoding="utf-8")
    korean_page.goto(f"{server.url}/upload")
    korean_page.locator("input[type=file]").set_input_files(str(file))
    korean_page.wait_for_url("**/meeting?meeting=*", timeout=60_000)
    expect(korean_page.get_by_role("button", name="새로 쓰기")).to_be_enabled(timeout=60_000)
    settle(korean_page)
    korean_page.get_by_role("button", name="새로 쓰기").click()
    start = korean_page.get_by_role("button", name="쓰기 시작")
    expect(start).to_be_visible()
    start.click()
    expect(start).to_be_hidden()
    expect(korean_page.get_by_role("button", name="휴지통에 넣기")).to_be_hidden()
    combobox = korean_page.get_by_role("combobox")  # two versions to choose from
    expect(combobox.first).to_be_visible(timeout=60_000)
    expect(korean_page.get_by_role("button", name="휴지통에 넣기")).to_be_hidden()


LINES = "\n".join(
    f"[00:{minute:02d}:00] Kim: This is what was said in minute {minute}, and it went on for a good"
    " while, so that nobody could say beforehand how many lines it would take on a phone."
    for minute in range(50)
)
ACTION = "[00:50:00] Lee: I will send the report to the vendor by Friday."


@pytest.fixture
def phone(page: Page) -> Page:
    """A page as narrow as a phone's."""
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def test_on_a_phone_a_time_leads_to_its_line_and_back(
    phone: Page, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "call.txt"
    file.write_text(f"{LINES}\n{ACTION}\n", encoding="utf-8")
    phone.goto(f"{server.url}/upload")
    phone.locator("input[type=file]").set_input_files(str(file))
    phone.wait_for_url("**/meeting?meeting=*", timeout=60_000)
    card = phone.locator(".st-key-actions tr", has_text="send the report")
    expect(card).to_be_visible(timeout=60_000)
    settle(phone)
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= 390
    # Its cells stand under one another, each after the first with its column's name.
    tops = [cell.bounding_box() for cell in card.locator("td").all()]
    assert sorted({box["y"] for box in tops if box}) == [box["y"] for box in tops if box]
    assert len(tops) == 4
    name = "(cell) => getComputedStyle(cell, '::before').content"
    assert card.locator("td").nth(1).evaluate(name) == '"Who"'

    link = card.get_by_role("link", name="50:00")
    link.click()
    line = phone.locator("li[aria-current=true]")
    expect(line).to_contain_text("send the report")
    expect(line).to_be_in_viewport(ratio=0.9)
    expect(link).not_to_be_in_viewport()
    phone.get_by_role("button", name="Back to the minutes").click()
    expect(link).to_be_in_viewport()
    expect(link).to_be_focused()


def test_an_address_without_a_page_is_said_so_in_the_readers_language(
    korean_page: Page, server: Server
) -> None:
    korean_page.goto(f"{server.url}/없는-화면")
    expect(korean_page.get_by_role("heading", name="없는 화면입니다")).to_be_visible()
    expect(korean_page.get_by_text("/없는-화면")).to_be_visible()
    expect(korean_page.get_by_text("Page not found")).to_have_count(0)
    korean_page.get_by_role("button", name="회의 목록으로").click()
    expect(korean_page.get_by_role("heading", name="회의", exact=True)).to_be_visible()
