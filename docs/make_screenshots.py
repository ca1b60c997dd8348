"""Takes the pictures of the README: `.venv/bin/python -m docs.make_screenshots`.

A real server on a fresh folder with the sample meeting and the built-in engine, as a new person
sees it, in Debian's chromium.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from core.app import App, build_app
from core.domain.memory import Kind
from core.services.recordings import About
from core.settings import Settings
from tests.browser.conftest import Server, settle
from tests.waiting import free_port, until

TARGET = Path(__file__).parent
ASKED = {
    "ko": ("출시일은 언제로 정했나요?", "언어 모델이 쓴 답이 아닙니다"),
    "en": ("What did we decide about the conference?", "No language model wrote this answer"),
}
TERMS = {
    "ko": (
        ("쿠버네티스", ("구버 네티스", "쿠버 네티스"), "서비스가 도는 곳"),
        ("김지수", ("김진수",), "영업 팀장"),
        ("OKR", ("오케이알",), None),
    ),
    "en": (
        ("Kubernetes", ("cooper netties",), "where the services run"),
        ("Siobhan", ("Shivon", "Chevonne"), "leads sales"),
        ("OKR", ("okay are",), None),
    ),
}
PROPOSED = {"ko": ("그라파나", ("그라 파나",)), "en": ("Grafana", ("graph anna",))}
VIEWS = (
    ("meeting-ko", "ko-KR", "light", 1280, 900),
    ("meeting-en", "en-US", "light", 1280, 900),
    ("meeting-dark-ko", "ko-KR", "dark", 1280, 900),
    ("meeting-narrow-ko", "ko-KR", "light", 390, 844),
)


def main() -> None:
    """Fill a folder, open the pages, take the pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        data = Path(folder) / "data"
        server = Server(data=data, port=free_port())
        server.start()
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--headless", "--no-sandbox", "--disable-gpu"],
        )
        app = build_app(Settings(data=data))
        try:
            _take_all(browser, server, app)
        finally:
            app.close()
            browser.close()
            server.stop()


def _take_all(browser: Browser, server: Server, app: App) -> None:
    user_id = app.people.local_person().id
    for language, locale in (("ko", "ko-KR"), ("en", "en-US")):
        page = _page(browser, locale, "light", 1280, 900)
        page.goto(server.url)
        settle(page)
        if not app.meetings.all(user_id):
            _take(page, f"empty-{language}")
        if language == "ko":
            page.get_by_role("button", name="예제 회의로 해 보기").click()
            page.wait_for_url("**/meeting?meeting=*")
        else:
            _import_sample(app, user_id)
        until(partial(_are_written, app, user_id, 1 + (language == "en")), seconds=120)
        page.context.close()
    meetings = {one.title: one for one in app.meetings.all(user_id)}
    by_language = {one.language: one.id for one in meetings.values()}
    for name, locale, scheme, width, height in VIEWS:
        page = _page(browser, locale, scheme, width, height)
        page.goto(f"{server.url}/meeting?meeting={by_language[locale[:2]]}")
        settle(page)
        expect(page.get_by_role("heading").nth(1)).to_be_visible()
        page.wait_for_timeout(1500)
        _take(page, name)
        page.context.close()
    for language, locale in (("ko", "ko-KR"), ("en", "en-US")):
        page = _page(browser, locale, "light", 1280, 900)
        page.goto(f"{server.url}/chat?meeting={by_language[language]}")
        settle(page)
        field = page.get_by_test_id("stChatInputTextArea")
        expect(field).to_be_enabled()
        field.fill(ASKED[language][0])
        field.press("Enter")
        expect(page.get_by_text(ASKED[language][1]).last).to_be_visible(timeout=60_000)
        page.wait_for_timeout(2500)
        settle(page)
        _take(page, f"chat-{language}")
        _remember(app, user_id, language)
        page.goto(f"{server.url}/memory?part=glossary")
        settle(page)
        page.wait_for_timeout(1500)
        _take(page, f"memory-{language}")
        for entry in app.memory.entries(user_id):
            app.memory.forget(user_id, entry.entry_id)
        for other in ("settings", "system", "upload", ""):
            page.goto(f"{server.url}/{other}")
            settle(page)
            page.wait_for_timeout(1500)
            _take(page, f"{other or 'meetings'}-{language}")
        page.context.close()


def _remember(app: App, user_id: str, language: str) -> None:
    """What somebody may have told of themselves, and one thing that waits for their word."""
    for term, heard, note in TERMS[language]:
        app.memory.add(user_id, kind=Kind.GLOSSARY, text=term, heard=heard, note=note)
    meeting = next(one for one in app.meetings.all(user_id) if one.language == language)
    source = {"way": "transcript", "meeting_id": meeting.id}
    term, heard = PROPOSED[language]
    app.memory.propose(user_id, kind=Kind.GLOSSARY, text=term, heard=heard, source=source)


def _import_sample(app: App, user_id: str) -> None:
    sample = app.samples.get("en")
    about = About(
        title=sample.title, held_at=sample.held_at, time_zone=sample.time_zone, sample=True
    )
    meeting, _ = app.recordings.keep(
        user_id, source=sample.transcript, name=sample.transcript.name, about=about
    )
    app.jobs.transcribe(
        meeting,
        language=None,
        whisper_model=None,
        then=app.intake.wanted(user_id, llm="extractive"),
    )


def _are_written(app: App, user_id: str, count: int) -> bool:
    meetings = app.meetings.all(user_id)
    return sum(app.minutes.newest(user_id, one.id) is not None for one in meetings) == count


def _page(browser: Browser, locale: str, scheme: str, width: int, height: int) -> Page:
    context = browser.new_context(
        locale=locale,
        timezone_id="Asia/Seoul",
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": height},
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    return page


def _take(page: Page, name: str) -> None:
    page.screenshot(path=str(TARGET / f"{name}.png"))


if __name__ == "__main__":
    main()
