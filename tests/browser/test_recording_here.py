"""A meeting recorded in the page, by a browser whose microphone is a file of speech."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from core.app import App, build_app
from core.settings import Settings
from tests.browser.conftest import FLAGS, Server, new_page, settle
from tests.waiting import free_port, until

pytestmark = pytest.mark.chromium

SPEECH = Path("tests/data/speech/en-15s.opus")
WHISPER = Path("tests/data/whisper-closed-vocabulary").resolve()
SECONDS = 5.0


@pytest.fixture
def speaking_page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page into whose microphone the English speech is spoken, over and over."""
    spoken = tmp_path / "microphone.wav"
    command = ("ffmpeg", "-loglevel", "error", "-i", SPEECH, "-ar", "48000", "-ac", "1", spoken)
    subprocess.run(command, check=True, timeout=60)
    launched = browser.browser_type.launch(
        executable_path="/usr/bin/chromium",
        args=[
            *FLAGS,
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-audio-capture={spoken}",
        ],
    )
    yield from new_page(launched, locale="en-US")
    launched.close()


@pytest.fixture
def hearing(tmp_path: Path) -> Iterator[tuple[Server, App]]:
    """A server with a Whisper that knows the speech's sentences."""
    variables = {"MINUTES_WHISPER_MODEL": str(WHISPER)}
    server = Server(data=tmp_path / "data", port=free_port(), variables=variables)
    server.start()
    app = build_app(Settings(data=server.data))
    yield server, app
    app.close()
    server.stop()


def test_what_is_recorded_in_the_page_becomes_a_meeting(
    speaking_page: Page, hearing: tuple[Server, App]
) -> None:
    page, (server, app) = speaking_page, hearing
    _record(page, server)
    until(lambda: page.evaluate("() => minutesMicrophone.recording.level") > 0.3)
    until(lambda: _seconds(page) > SECONDS)
    page.get_by_role("button", name="Finish and write minutes").click()
    page.wait_for_url("**/meeting?meeting=*", timeout=60_000)
    expect(page.get_by_role("heading", name="Decisions")).to_be_visible(timeout=90_000)
    settle(page)
    [meeting] = app.meetings.all(app.people.local_person().id)
    assert meeting.title.startswith("Recording 2")
    heard = app.meetings.transcript(meeting.user_id, meeting.id)
    # Where the file stood when the recording began, nobody knows: one whole sentence is in it.
    said = " ".join(one.text for one in heard.utterances)
    known = ("release notes by Friday", "final interview", "ten thousand dollars", "November")
    assert any(words in said for words in known), said
    assert abs(_sound_kept(app) - SECONDS) < 3


def test_what_a_closed_tab_had_recorded_is_offered_and_becomes_a_meeting(
    speaking_page: Page, hearing: tuple[Server, App]
) -> None:
    page, (server, app) = speaking_page, hearing
    context = page.context
    _record(page, server)
    until(lambda: _seconds(page) > SECONDS)
    reached = _seconds(page)
    page.close()
    page = _offered(context, server, app)
    expect(page.get_by_text("broke off after")).to_be_visible()
    page.get_by_role("button", name="Make a meeting of it").click()
    page.wait_for_url("**/meeting?meeting=*")
    assert _sound_kept(app) > reached - 3
    assert app.uploads.unfinished(app.people.local_person().id) == []


def test_what_broke_off_is_thrown_away_when_asked_twice(
    speaking_page: Page, hearing: tuple[Server, App]
) -> None:
    page, (server, app) = speaking_page, hearing
    context = page.context
    _record(page, server)
    until(lambda: _arrived(app) > 0)
    page.close()
    page = _offered(context, server, app)
    page.get_by_role("button", name="Throw away").click()
    page.get_by_role("button", name="Throw away").last.click()
    expect(page.get_by_text("broke off after")).to_have_count(0)
    assert list(app.recordings.incoming().glob("*.upload")) == []


def test_a_server_that_is_away_in_the_middle_gets_the_whole_recording(
    speaking_page: Page, hearing: tuple[Server, App]
) -> None:
    page, (server, app) = speaking_page, hearing
    _record(page, server)
    until(lambda: _arrived(app) > 0)
    server.kill()
    expect(page.get_by_text("The sound waits in this browser")).to_be_visible()
    expect(page.get_by_text("Kept every few seconds")).to_be_hidden()
    away = page.get_by_role("dialog")
    expect(away).to_contain_text("The server cannot be reached")
    expect(away.get_by_text("Streamlit")).to_be_hidden()
    server.start()
    expect(away).to_be_hidden()
    expect(page.get_by_text("The sound waits in this browser")).to_be_hidden(timeout=60_000)
    reached = _seconds(page)
    page.get_by_role("button", name="Finish and write minutes").click()
    page.wait_for_url("**/meeting?meeting=*", timeout=60_000)
    assert _sound_kept(app) > reached - 2


def test_a_pause_is_left_out_and_other_pages_may_be_looked_at(
    speaking_page: Page, hearing: tuple[Server, App]
) -> None:
    page, (server, _) = speaking_page, hearing
    _record(page, server)
    until(lambda: _seconds(page) > 1)
    page.get_by_role("button", name="Pause").click()
    paused = _seconds(page)
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    page.get_by_role("button", name="to the recording").click()
    assert _seconds(page) == paused
    page.get_by_role("button", name="Go on recording").click()
    until(lambda: _seconds(page) > paused + 1)
    page.get_by_role("button", name="Finish and write minutes").click()
    page.wait_for_url("**/meeting?meeting=*", timeout=60_000)


def test_a_microphone_that_is_taken_away_leaves_what_was_said(
    speaking_page: Page, hearing: tuple[Server, App]
) -> None:
    page, (server, app) = speaking_page, hearing
    _record(page, server)
    until(lambda: _seconds(page) > 1)
    # What the browser does when the cable is pulled.
    page.evaluate("minutesMicrophone.recording.stream.getTracks().forEach((one) => one.stop())")
    expect(page.get_by_text("The microphone went away")).to_be_visible()
    page.get_by_role("button", name="Finish and write minutes").click()
    page.wait_for_url("**/meeting?meeting=*", timeout=60_000)
    assert len(app.meetings.all(app.people.local_person().id)) == 1


def test_a_full_disk_is_waited_for_while_recording(
    speaking_page: Page, hearing: tuple[Server, App]
) -> None:
    page, (server, app) = speaking_page, hearing
    sentence = "The disk is full."
    page.route("**/api/uploads/*", lambda asked: _refuse(asked, 507, sentence))
    _record(page, server)
    expect(page.get_by_text(f"{sentence} The sound waits in this browser")).to_be_visible()
    page.unroute("**/api/uploads/*")
    expect(page.get_by_text(sentence)).to_be_hidden(timeout=40_000)
    reached = _seconds(page)
    page.get_by_role("button", name="Finish and write minutes").click()
    page.wait_for_url("**/meeting?meeting=*", timeout=60_000)
    assert _sound_kept(app) > reached - 2


def test_what_the_server_does_not_take_can_be_saved_as_a_file(
    speaking_page: Page, hearing: tuple[Server, App]
) -> None:
    page, (server, _) = speaking_page, hearing
    _record(page, server)
    until(lambda: _seconds(page) > 1)
    page.route("**/api/uploads/*", lambda asked: _refuse(asked, 413, "Too large."))
    expect(page.get_by_text("Too large.")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the recording as a file").click()
    assert saved.value.path().read_bytes()[:4] == b"\x1aE\xdf\xa3"  # a WebM begins


def test_a_silent_microphone_is_told_while_there_is_time(
    speaking_page: Page, hearing: tuple[Server, App]
) -> None:
    page, (server, _) = speaking_page, hearing
    _record(page, server)
    until(lambda: _seconds(page) > 0)
    expect(page.get_by_text("Nothing is heard")).to_be_hidden()
    page.evaluate("() => { minutesMicrophone.recording.stream.getTracks()[0].enabled = false }")
    expect(page.get_by_text("Nothing is heard")).to_be_visible(timeout=20_000)


REFUSALS = [  # what the browser answers, what the person reads
    ("NotAllowedError", "The microphone was refused. Allow it in the site settings"),
    ("NotFoundError", "No microphone was found."),
    ("NotReadableError", "Close other programs that use it"),
]


@pytest.mark.parametrize(("name", "sentence"), REFUSALS)
def test_a_microphone_that_is_not_given_is_a_sentence(
    server: Server, page: Page, name: str, sentence: str
) -> None:
    refusal = f"throw new DOMException('', '{name}')"
    page.add_init_script(f"navigator.mediaDevices.getUserMedia = async () => {{ {refusal} }}")
    _record(page, server)
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_role("button", name="Start recording")).to_be_enabled()


def _refuse(asked: Route, status: int, sentence: str) -> None:
    if asked.request.method == "PATCH":
        asked.fulfill(status=status, json={"error": sentence})
    else:
        asked.continue_()


def _record(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/upload")
    settle(page)
    page.get_by_role("tab", name="Record now").click()
    page.get_by_role("button", name="Start recording").click()


def _offered(context: BrowserContext, server: Server, app: App) -> Page:
    """The list of meetings, a while after the tab was closed: the last byte was a minute ago."""
    [part] = app.recordings.incoming().glob("*.upload")
    written = part.stat().st_mtime - 60
    os.utime(part, (written, written))
    page = context.new_page()
    page.goto(server.url)
    return page


def _arrived(app: App) -> int:
    return sum(one.stat().st_size for one in app.recordings.incoming().glob("*.upload"))


def _sound_kept(app: App) -> float:
    """Seconds of sound in the one meeting there is."""
    user_id = app.people.local_person().id
    [meeting] = app.meetings.all(user_id)
    until(lambda: app.meetings.seconds(app.meetings.get(user_id, meeting.id)) is not None)
    return app.meetings.seconds(app.meetings.get(user_id, meeting.id)) or 0.0


def _seconds(page: Page) -> float:
    """What the recorder's clock shows."""
    minutes, _, seconds = page.locator(".clock").inner_text().partition(":")
    return 60 * float(minutes or 0) + float(seconds or 0)
