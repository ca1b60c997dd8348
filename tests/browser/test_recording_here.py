"""A meeting recorded in the page, by a browser whose microphone is a file of speech."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.app import App, build_app
from core.settings import Settings
from tests.browser.conftest import FLAGS, Server, free_port, new_page, poll, settle

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
    page.goto(f"{server.url}/upload")
    page.get_by_role("tab", name="Record now").click()
    page.get_by_role("button", name="Record", exact=True).click()
    elapsed = page.get_by_test_id("stAudioInputWaveformTimeCode")
    poll(lambda: _seconds(elapsed.inner_text()) > SECONDS, what=elapsed.inner_text)
    page.get_by_role("button", name="Stop recording").click()
    page.get_by_role("button", name="Write minutes").last.click()
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
    assert abs((app.meetings.recording(meeting.user_id, meeting.id).duration or 0) - SECONDS) < 3


def _seconds(clock: str) -> float:
    minutes, _, seconds = clock.partition(":")
    return 60 * float(minutes or 0) + float(seconds or 0)
