"""Files on their way: servers that die, tabs that are reloaded, second thoughts."""

from __future__ import annotations

import os
import re
import time
import wave
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from core.app import App, build_app
from core.services.arrivals import Said
from core.services.recordings import About
from core.settings import Settings
from tests.browser.conftest import Server, new_page, settle
from tests.waiting import until

pytestmark = pytest.mark.chromium

SIZE = 4_000_000
"""Bytes of sound: some seconds of sending."""
SLOW = 1_000_000
"""Bytes a second."""


@pytest.fixture
def app(server: Server) -> Iterator[App]:
    """The server's folder, looked into from here."""
    built = build_app(Settings(data=server.data))
    yield built
    built.close()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A recording that takes a while to be sent."""
    return _sound(tmp_path / "Weekly 주간.wav", size=SIZE)


def _sound(path: Path, *, size: int) -> Path:
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 16000, 0, "NONE", ""))
        sound.writeframes(bytes(range(250)) * (size // 250))
    return path


def test_a_server_that_was_killed_gets_the_rest_when_it_is_back(
    server: Server, app: App, page: Page, recording: Path
) -> None:
    sent = _sent_by(page)
    _slow_down(page)
    _choose(page, server, recording)
    until(lambda: _arrived(app) > SLOW // 2)
    server.kill()
    row = page.locator("ul.list li")
    expect(row).to_contain_text("Connection lost. It goes on by itself")
    before = _arrived(app)
    sent.clear()
    server.start()
    page.wait_for_url("**/meeting?meeting=*", timeout=60_000)
    assert _kept(app) == recording.read_bytes()
    offsets = [int(one.headers["upload-offset"]) for one in sent if one.method == "PATCH"]
    assert offsets
    assert min(offsets) >= before > 0
    assert [one.url for one in sent if one.method == "POST"] == []


def test_after_a_reload_the_same_file_chosen_again_goes_on_where_it_stopped(
    server: Server, app: App, page: Page, recording: Path
) -> None:
    page.on("dialog", lambda asked: asked.accept())
    _slow_down(page)
    _choose(page, server, recording)
    until(lambda: _arrived(app) > SLOW // 2)
    page.reload()
    row = page.locator("ul.list li")
    expect(row).to_contain_text("Choose the same file again to go on")
    before, sent = _arrived(app), _sent_by(page)
    page.locator("input[type=file]").set_input_files(str(recording))
    page.wait_for_url("**/meeting?meeting=*", timeout=60_000)
    assert _kept(app) == recording.read_bytes()
    [patch] = [one for one in sent if one.method == "PATCH"]
    assert int(patch.headers["upload-offset"]) >= before > 0
    assert [one.url for one in sent if one.method == "POST"] == []


def test_what_was_left_unfinished_is_thrown_away(
    server: Server, app: App, page: Page, recording: Path
) -> None:
    page.on("dialog", lambda asked: asked.accept())
    _slow_down(page)
    _choose(page, server, recording)
    until(lambda: _arrived(app) > 0)
    page.reload()
    page.get_by_role("button", name="Throw away").click()
    expect(page.locator("ul.list li")).to_have_count(0)
    until(lambda: app.uploads.unfinished(_person(app)) == [] and _arrived(app) == 0)


def test_a_file_that_is_here_already_sends_no_byte(
    server: Server, app: App, browser: Browser, tmp_path: Path
) -> None:
    text = tmp_path / "standup.txt"
    text.write_text("Kim: We decided to ship on Friday.\n" * 40, encoding="utf-8")
    for visit in range(2):  # the second time from another browser
        for page in new_page(browser, locale="en-US"):
            sent = _sent_by(page)
            _choose(page, server, text)
            page.wait_for_url("**/meeting?meeting=*")
            begun = [one.url for one in sent if one.method == "POST"]
            assert len(begun) == (1 if visit == 0 else 0)
    assert len(app.meetings.all(_person(app))) == 1


def test_a_file_whose_meeting_is_in_the_bin_is_brought_back_and_not_sent(
    server: Server, app: App, browser: Browser, tmp_path: Path
) -> None:
    text = tmp_path / "standup.txt"
    text.write_text("Kim: We decided to ship on Friday.\n" * 40, encoding="utf-8")
    kept, _ = app.recordings.keep(_person(app), source=text, name=text.name, about=About())
    app.meetings.delete(_person(app), kept.id)
    for page in new_page(browser, locale="ko-KR"):
        sent = _sent_by(page)
        _choose(page, server, text)
        row = page.locator("ul.list li")
        expect(row).to_contain_text("휴지통에 있는 회의입니다.")
        row.get_by_role("button", name="목록에서 빼기").click()
        expect(row).to_have_count(0)
        assert [one.id for one in app.meetings.deleted(_person(app))] == [kept.id]
        page.locator("input[type=file]").set_input_files(str(text))
        row.get_by_role("button", name="되살리기").click()
        page.wait_for_url(f"**/meeting?meeting={kept.id}")
        assert [one.url for one in sent if one.method != "GET"] == []
    assert [one.id for one in app.meetings.all(_person(app))] == [kept.id]


def test_what_another_browser_was_sending_goes_from_the_list_once_it_is_a_meeting(
    server: Server, app: App, page: Page
) -> None:
    content = b"Kim: We decided to ship on Friday.\n" * 40
    person = _person(app)
    begun = app.uploads.begin(person, name="s.txt", kind="file", size=len(content), said=Said())
    with closing(app.uploads.hold(person, begun.upload_id)) as sending:
        sending.write(content[:100])
    while_ago = time.time() - 3600
    os.utime(app.uploads.arrivals.path(begun.upload_id), (while_ago, while_ago))
    page.goto(f"{server.url}/upload")
    settle(page)
    row = page.locator("ul.list li")
    expect(row).to_contain_text("from another browser", timeout=30_000)
    with closing(app.uploads.hold(person, begun.upload_id)) as sending:
        sending.write(content[100:])
    assert app.uploads.end(person, begun.upload_id).meeting_id
    expect(row).to_have_count(0, timeout=15_000)


def test_what_is_said_of_a_file_that_is_here_already_counts(
    server: Server, app: App, page: Page, tmp_path: Path
) -> None:
    text = tmp_path / "standup.txt"
    text.write_text("Kim: We decided to ship on Friday.\n", encoding="utf-8")
    _choose(page, server, text)
    page.wait_for_url("**/meeting?meeting=*")
    page.goto(f"{server.url}/upload")
    page.get_by_text("Title and date (optional)").click()
    page.get_by_label("Title").first.fill("Stand-up of Monday")
    page.get_by_label("Title").first.press("Tab")
    settle(page)
    page.locator("input[type=file]").set_input_files(str(text))
    expect(page.get_by_role("heading", name="Stand-up of Monday")).to_be_visible()


def test_a_title_counts_although_a_file_failed_before_and_that_one_is_put_away(
    server: Server, app: App, page: Page, tmp_path: Path
) -> None:
    broken, text = tmp_path / "broken.mp3", tmp_path / "standup.txt"
    broken.write_bytes(b"MZ\x90\x00" + bytes(range(256)) * 200)
    text.write_text("Kim: We decided to ship on Friday.\n", encoding="utf-8")
    _choose(page, server, broken)
    row = page.locator("ul.list li").filter(has_text="broken.mp3")
    expect(row).to_contain_text("holds no sound")
    page.get_by_text("Title and date (optional)").click()
    page.get_by_label("Title").first.fill("Stand-up of Monday")
    page.get_by_label("Title").first.press("Tab")
    page.wait_for_function("() => minutesQueue.view.data.query.title")
    page.locator("input[type=file]").set_input_files(str(text))
    expect(page.locator("ul.list li").filter(has_text="standup.txt")).to_contain_text("Received")
    assert [one.title for one in app.meetings.all(_person(app))] == ["Stand-up of Monday"]
    row.get_by_role("button", name="Remove from the list").click()
    expect(row).to_have_count(0)
    until(lambda: _arrived(app) == 0)
    assert app.uploads.unfinished(_person(app)) == []


def test_a_title_that_is_typed_while_the_file_is_sent_counts(
    server: Server, app: App, page: Page, recording: Path
) -> None:
    _slow_down(page)
    _choose(page, server, recording)
    until(lambda: _arrived(app) > 0)
    page.get_by_text("Title and date (optional)").click()
    page.get_by_label("Title").first.fill("Stand-up of Monday")
    page.get_by_label("Title").first.press("Tab")
    expect(page.get_by_role("heading", name="Stand-up of Monday")).to_be_visible()


def test_sending_pauses_goes_on_and_is_cancelled(
    server: Server, app: App, page: Page, tmp_path: Path
) -> None:
    _slow_down(page)
    _choose(page, server, _sound(tmp_path / "long.wav", size=3 * SIZE))
    row = page.locator("ul.list li")
    until(lambda: _arrived(app) > 0)
    row.get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("of 11.4 MB sent")
    row.get_by_role("button", name="Go on").click()
    expect(row).to_contain_text(re.compile(r"[KM]B/s · "))
    row.get_by_role("button", name="Cancel").click()
    expect(row).to_contain_text("Cancelled. Nothing was kept.")
    until(lambda: list(app.recordings.incoming().glob("*.upload")) == [])
    assert app.meetings.all(_person(app)) == []


def test_sending_goes_on_while_another_page_is_looked_at(
    server: Server, app: App, page: Page, recording: Path
) -> None:
    _slow_down(page)
    _choose(page, server, recording)
    until(lambda: _arrived(app) > 0)
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    until(lambda: page.evaluate("() => Boolean(minutesQueue.items[0].meeting)"))
    assert _kept(app) == recording.read_bytes()
    page.get_by_role("link", name="Add a meeting").click()
    expect(page.locator("ul.list li")).to_contain_text("Received")


def _choose(page: Page, server: Server, path: Path) -> None:
    page.goto(f"{server.url}/upload")
    settle(page)
    page.locator("input[type=file]").set_input_files(str(path))


def _slow_down(page: Page) -> None:
    asked = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SLOW}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", asked)


def _sent_by(page: Page) -> list[Request]:
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if "/api/uploads" in one.url else None)
    return sent


def _person(app: App) -> str:
    return app.people.local_person().id


def _arrived(app: App) -> int:
    return sum(one.stat().st_size for one in app.recordings.incoming().glob("*.upload"))


def _kept(app: App) -> bytes:
    """The bytes of the one meeting there is."""
    [meeting] = app.meetings.all(_person(app))
    recording = app.meetings.recording(_person(app), meeting.id)
    return app.recordings.path(recording).read_bytes()
