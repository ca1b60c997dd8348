"""Correcting and editing a transcript in a real browser, from pencil to undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, settle
from tests.doubles.ollama import OllamaDouble
from tests.waiting import free_port

pytestmark = pytest.mark.chromium

HEARD = """\
[00:00:03] 김지수: 결재 모듈 테스트가 아직 끝나지 않았습니다.
[00:00:12] 박민호: 예산은 3천만 원이고 12월 10일에 출시하기로 결정했습니다.
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server whose Ollama is the double."""
    with OllamaDouble() as double:
        double.install(
            "gemma3:4b", family="gemma3", capabilities=["completion"], context_length=131072
        )
        variables = {
            "MINUTES_LLM": "ollama:gemma3:4b",
            "MINUTES_OLLAMA_URL": double.url,
            "MINUTES_NUM_CTX": "4096",
        }
        made = Server(data=tmp_path / "data", port=free_port(), variables=variables)
        made.start()
        yield made
        made.stop()


def given(page: Page, server: Server, tmp_path: Path) -> None:
    """A meeting with its minutes."""
    file = tmp_path / "회의.txt"
    file.write_text(HEARD, encoding="utf-8")
    page.goto(f"{server.url}/upload")
    page.locator("input[type=file]").set_input_files(str(file))
    page.wait_for_url("**/meeting?meeting=*", timeout=60_000)
    expect(page.get_by_role("button", name="새로 쓰기")).to_be_enabled(timeout=60_000)
    settle(page)


def test_a_transcript_is_corrected_and_each_change_can_be_undone(
    korean_page: Page, server: Server, tmp_path: Path
) -> None:
    page = korean_page
    given(page, server, tmp_path)
    page.get_by_role("button", name="모델로 교정").click()
    page.get_by_role("button", name="교정 시작").click()
    expect(page.get_by_text("교정 완료: 제안 1건, 적용 1건, 거부 0건")).to_be_visible(
        timeout=60_000
    )
    changed = page.locator(".lines mark")
    expect(changed).to_have_text(["결제"])
    expect(changed).to_have_attribute("title", "들은 내용: 결재")
    expect(page.get_by_text("녹취록이 바뀌었습니다")).to_be_visible()
    page.get_by_text("바뀐 내용 보기").click()
    page.get_by_role("button", name="되돌리기", exact=True).click()
    expect(changed).to_have_count(0)
    expect(page.locator(".lines")).to_contain_text("결재 모듈 테스트가")


def test_a_line_is_edited_where_it_stands(
    korean_page: Page, server: Server, tmp_path: Path
) -> None:
    page = korean_page
    given(page, server, tmp_path)
    line = page.locator(".lines li").nth(1)
    pencil = line.get_by_role("button", name="이 줄 고치기")
    line.hover()
    expect(pencil).to_have_css("opacity", "0.75")
    pencil.click()
    window = page.get_by_role("dialog")
    text = window.get_by_role("textbox")
    expect(text).to_have_value("예산은 3천만 원이고 12월 10일에 출시하기로 결정했습니다.")
    text.fill("예산은 4천만 원이고 12월 10일에 출시하기로 결정했습니다.")
    window.get_by_role("button", name="저장").click()
    expect(window).to_be_hidden()
    expect(line).to_contain_text("예산은 4천만 원이고")
    expect(line.locator("mark")).to_have_text(["4천만"])
    line.get_by_role("button", name="이 줄 고치기").click()
    expect(window).to_contain_text("들은 내용: 예산은 3천만 원이고")
    window.get_by_role("button", name="들은 그대로 되돌리기").click()
    expect(line).to_contain_text("예산은 3천만 원이고")
    expect(line.locator("mark")).to_have_count(0)
    # The window can be left without a change, and does not come back by itself.
    line.get_by_role("button", name="이 줄 고치기").click()
    expect(window).to_be_visible()
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    settle(page)
    page.get_by_text("바뀐 내용 보기").click()
    settle(page)
    expect(window).to_be_hidden()
