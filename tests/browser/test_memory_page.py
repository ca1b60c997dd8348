"""The memory in a real browser: proposals where they arise, Markdown out and in, large, narrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.app import App, build_app
from core.domain.memory import Kind, Status
from core.settings import Settings
from core.store.tables import Meeting
from tests.browser.conftest import IDLE, Server, settle
from tests.pages.seeding import heard
from tests.services.minutes_by_hand import kept
from tests.waiting import free_port

pytestmark = pytest.mark.chromium
expect.set_options(timeout=30_000)  # the machine may be busy

SAID = """\
[00:00:03] 김지수: 쿠버 넷이스를 도입합시다.
[00:00:12] 박민호: 네, 좋습니다.
[00:00:20] 김지수: 예산의 80퍼센트를 썼습니다.
[00:00:31] 박민호: 배포 문서는 금요일까지 쓰겠습니다.
"""


@pytest.fixture
def furnished(tmp_path: Path) -> Iterator[tuple[Server, App, Meeting]]:
    """A server with one meeting and its minutes; the built-in engine."""
    app = build_app(Settings(data=tmp_path / "data"))
    meeting = heard(app, tmp_path / "in", SAID)
    kept(app, meeting, summary="쿠버 넷이스를 도입합니다. [1]")
    server = Server(data=tmp_path / "data", port=free_port(), variables=IDLE)
    server.start()
    yield server, app, meeting
    server.stop()
    app.close()


def test_an_edited_line_asks_beside_it_and_what_is_accepted_is_on_the_page(
    korean_page: Page, furnished: tuple[Server, App, Meeting]
) -> None:
    server, app, meeting = furnished
    page = korean_page
    page.goto(f"{server.url}/meeting?meeting={meeting.id}")
    side = page.locator(".st-key-transcript_side")
    side.get_by_text("쿠버 넷이스를 도입합시다.").hover()
    side.get_by_role("button", name="이 줄 고치기").first.click()
    page.get_by_label("내용", exact=True).fill("쿠버네티스를 도입합시다.")
    page.get_by_role("dialog").get_by_role("button", name="저장", exact=True).click()
    expect(side.get_by_text("기억해 둘까요?")).to_be_visible()
    expect(side.get_by_text("‘쿠버 넷이스’로 잘못 들림")).to_be_visible()
    assert app.memory.entries(meeting.user_id, status=Status.ACTIVE) == []
    page.reload()  # it stays until it is decided
    side.get_by_role("button", name="고쳐서").click()
    side.get_by_label("뜻 (선택)").fill("서비스를 돌리는 플랫폼")
    side.get_by_role("button", name="기억하기").click()
    expect(side.get_by_text("기억했습니다: 쿠버네티스")).to_be_visible()
    [entry] = app.memory.entries(meeting.user_id, status=Status.ACTIVE)
    assert (entry.text, entry.heard) == ("쿠버네티스", ("쿠버 넷이스",))
    assert entry.note == "서비스를 돌리는 플랫폼"
    page.get_by_test_id("stSidebar").get_by_role("link", name="기억").click()
    page.get_by_role("radio", name="용어집").or_(
        page.get_by_role("button", name="용어집")
    ).first.click()
    expect(page.get_by_text("서비스를 돌리는 플랫폼")).to_be_visible()
    place = page.get_by_role("link", name="주간 회의")
    assert place.get_attribute("href") == f"meeting?meeting={meeting.id}&line=1"


def test_a_name_put_right_in_minutes_asks_where_it_was_put_right(
    korean_page: Page, furnished: tuple[Server, App, Meeting]
) -> None:
    server, app, meeting = furnished
    page = korean_page
    page.goto(f"{server.url}/meeting?meeting={meeting.id}")
    page.get_by_text("고치기", exact=True).click()
    page.get_by_role("button", name="요약 고치기").click()
    page.get_by_label("요약", exact=True).fill("쿠버네티스를 도입합니다. [1]")
    page.get_by_test_id("stForm").get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("기억해 둘까요?")).to_have_count(1)
    settle(page)
    page.get_by_role("button", name="아니요").click()
    expect(page.get_by_text("기억하지 않기로 했습니다: 쿠버네티스")).to_be_visible()
    [entry] = app.memory.entries(meeting.user_id)
    assert entry.status is Status.REFUSED


def test_what_the_chat_was_asked_to_remember_is_decided_under_the_turn(
    page: Page, furnished: tuple[Server, App, Meeting]
) -> None:
    server, app, meeting = furnished
    page.goto(f"{server.url}/chat?meeting={meeting.id}")
    page.get_by_test_id("stChatInputTextArea").fill("Remember that Kim leads sales.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Shall this be remembered?")).to_be_visible(timeout=60_000)
    assert app.memory.entries(meeting.user_id, status=Status.ACTIVE) == []
    settle(page)
    page.get_by_role("button", name="Remember", exact=True).click()
    link = page.get_by_role("link", name="Kim leads sales")
    expect(link).to_be_visible()
    [entry] = app.memory.entries(meeting.user_id)
    assert (entry.kind, entry.status) == (Kind.FACT, Status.ACTIVE)
    page.goto(f"{server.url}/{link.get_attribute('href')}")
    expect(page.get_by_text("In use")).to_be_visible()
    back = page.get_by_role("link", name="주간 회의").first
    assert re.search(r"^chat\?meeting=\w+&thread=\w+$", back.get_attribute("href") or "")


def test_the_memory_is_downloaded_and_brought_in_from_a_file_of_any_encoding(
    korean_page: Page, furnished: tuple[Server, App, Meeting], tmp_path: Path
) -> None:
    server, app, meeting = furnished
    page = korean_page
    app.memory.add(meeting.user_id, kind=Kind.FACT, text="김 팀장은 영업을 맡는다")
    page.goto(f"{server.url}/memory?part=exchange")
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown으로 받기").click()
    file = tmp_path / "memory.md"
    download.value.save_as(file)
    assert file.read_text(encoding="utf-8") == app.memory.as_markdown(meeting.user_id)
    added = "## 선호\n- 날짜는 11월 22일처럼 적는다\n엉뚱한 줄\n"
    file.write_bytes(added.encode("cp949"))  # as Korean Windows saves it
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="파일 고르기").click()
    chooser.value.set_files(file)
    expect(
        page.get_by_text("추가 1개, 바뀜 0개, 그대로 0개. 1줄은 가져오지 못했습니다.")
    ).to_be_visible()
    expect(page.get_by_text("‘엉뚱한 줄’은 목록 형식이 아닙니다.")).to_be_visible()
    texts = [one.text for one in app.memory.entries(meeting.user_id, status=Status.ACTIVE)]
    assert texts == ["김 팀장은 영업을 맡는다", "날짜는 11월 22일처럼 적는다"]


def test_nothing_runs_out_of_a_narrow_window_and_ten_thousand_terms_come_quickly(
    page: Page, furnished: tuple[Server, App, Meeting]
) -> None:
    server, app, meeting = furnished
    long = "a" * 80
    terms = [f"- term{number:04d}" for number in range(9_990)]
    app.memory.from_markdown(meeting.user_id, "\n".join(("## Glossary", *terms)))
    app.memory.add(meeting.user_id, kind=Kind.GLOSSARY, text=long, heard=[f"b{long[1:]}"])
    app.memory.add(meeting.user_id, kind=Kind.FACT, text="c" * 300)
    page.set_viewport_size({"width": 390, "height": 844})
    for part, shown in (("glossary", long), ("sentences", "c" * 300)):
        page.goto(f"{server.url}/memory?part={part}")
        expect(page.get_by_text(shown)).to_be_visible()
        main = page.get_by_test_id("stMain")
        assert main.evaluate("one => one.scrollWidth - one.clientWidth") == 0
    page.goto(f"{server.url}/memory?part=glossary")
    expect(page.get_by_text("1–20 of 9,991")).to_be_visible()
    search = page.get_by_placeholder("Search terms")
    search.fill("TERM0777")
    search.press("Enter")
    expect(page.get_by_text("term0777")).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_have_count(0)
