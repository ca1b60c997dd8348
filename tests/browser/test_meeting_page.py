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
