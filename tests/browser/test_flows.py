import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, settle

pytestmark = pytest.mark.chromium

VTT = """WEBVTT

00:00:01.000 --> 00:00:06.000
<v Kim>Let us talk about the launch of the app.

00:00:06.000 --> 00:00:12.000
<v Lee>We decided to move the launch to March 3rd.

00:00:12.000 --> 00:00:20.000
<v Kim>Lee, please send the report to the vendor by Friday. <b>![x](http://evil.example/x.png)</b>
"""
TEXT = "김서연: 예산은 3천만 원으로 결정했습니다.\n박준호: 제가 금요일까지 보고서를 쓰겠습니다.\n"


@pytest.fixture
def vtt(tmp_path: Path) -> Path:
    """A transcript with times, speakers and something hostile."""
    path = tmp_path / "Launch 출시 🎉.vtt"
    path.write_text(VTT, encoding="utf-8")
    return path


def _choose(page: Page, *paths: Path) -> None:
    page.locator("input[type=file]").set_input_files([str(path) for path in paths])


def _minutes_are_there(page: Page) -> None:
    expect(page.get_by_role("heading", name=re.compile("^(Decisions|결정 사항)$"))).to_be_visible(
        timeout=60_000
    )
    settle(page)


def test_a_transcript_becomes_minutes_that_outlive_reload_and_restart(
    server: Server, page: Page, vtt: Path
) -> None:
    outside: list[str] = []
    page.on("request", lambda asked: outside.append(asked.url))
    blocked: list[str] = []
    page.on("console", lambda said: blocked.append(said.text))

    page.goto(f"{server.url}/upload")
    _choose(page, vtt)
    page.wait_for_url("**/meeting?meeting=*")
    _minutes_are_there(page)
    expect(page.get_by_role("heading", name="Launch 출시 🎉")).to_be_visible()
    lines = page.locator("li", has_text="We decided to move the launch")
    expect(lines.last).to_be_visible()

    page.get_by_role("link", name="00:06").first.click()
    current = page.locator("li[aria-current=true]")
    expect(current).to_contain_text("We decided to move the launch")
    page.get_by_placeholder("Search the transcript").fill("vendor")
    expect(page.get_by_text("1 lines")).to_be_visible()
    expect(page.get_by_text("![x](http://evil.example/x.png)").last).to_be_visible()

    page.reload()
    _minutes_are_there(page)
    server.restart()
    page.goto(page.url)
    _minutes_are_there(page)

    own = (server.url, server.url.replace("http", "ws"), "data:", "blob:")
    assert [url for url in outside if not url.startswith(own)] == []
    assert [text for text in blocked if "Content Security Policy" in text] == []


def test_a_file_that_cannot_be_used_is_refused_under_its_name(
    server: Server, korean_page: Page, tmp_path: Path, vtt: Path
) -> None:
    empty, noise = tmp_path / "empty.txt", tmp_path / "noise.mp3"
    empty.write_bytes(b"")
    noise.write_bytes(b"\x00\x01\x02\x03" * 2000)
    page = korean_page
    page.goto(f"{server.url}/upload")
    _choose(page, empty, noise, vtt)
    rows = page.locator("ul.list li")
    expect(rows.nth(0)).to_contain_text("비어 있습니다")
    expect(rows.nth(1)).to_contain_text("noise.mp3")
    expect(rows.nth(1)).to_contain_text("읽을 수 없습니다")
    expect(rows.nth(2)).to_contain_text("받았습니다")
    rows.nth(2).get_by_role("link", name="열기").click()
    expect(page.get_by_role("heading", name="Launch 출시 🎉")).to_be_visible()


def test_several_files_lead_to_the_list(server: Server, page: Page, tmp_path: Path) -> None:
    paths = [tmp_path / f"meeting-{number}.txt" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_text(f"{TEXT}회의 {number}번을 마칩니다.\n", encoding="utf-8")
    page.goto(f"{server.url}/upload")
    settle(page)
    _choose(page, *paths)
    for path in paths:
        expect(page.get_by_role("link", name=path.stem)).to_be_visible()
    expect(page.get_by_text("Minutes ready")).to_have_count(3, timeout=60_000)


def test_a_deleted_meeting_is_brought_back(server: Server, page: Page, vtt: Path) -> None:
    page.goto(f"{server.url}/upload")
    _choose(page, vtt)
    page.wait_for_url("**/meeting?meeting=*")
    _minutes_are_there(page)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Put into the bin").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Launch 출시 🎉")).to_be_visible()


def test_the_sample_can_be_heard_and_asked_about(server: Server, korean_page: Page) -> None:
    page = korean_page
    page.goto(server.url)
    page.get_by_role("button", name="예제 회의로 해 보기").click()
    page.wait_for_url("**/meeting?meeting=*")
    _minutes_are_there(page)
    page.locator("ol.lines li").nth(3).click()
    page.wait_for_function(
        """() => { for (const host of document.querySelectorAll('*')) {
             const audio = host.shadowRoot?.querySelector('audio');
             if (audio && audio.currentTime > 5) return true; } return false; }"""
    )
    page.get_by_role("button", name="이 회의에 대해 질문하기").click()
    page.wait_for_url("**/chat?meeting=*")


def test_the_language_is_switched_and_remembered(server: Server, page: Page) -> None:
    page.goto(server.url)
    expect(page.get_by_role("heading", name="Meetings")).to_be_visible()
    page.get_by_text("한국어").click()
    expect(page.get_by_role("heading", name="회의", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="회의", exact=True)).to_be_visible()
    expect(page).to_have_title("회의 · MinutesAI")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
