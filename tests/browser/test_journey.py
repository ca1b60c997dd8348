"""The main job, end to end: a spoken meeting in, minutes out, two follow-ups, all of it kept.

A real server, worker, browser and Whisper (closed vocabulary); the model is the double of Ollama,
or none at all.
"""

from __future__ import annotations

import json
import os
import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.app import App, build_app
from core.domain.transcript import Transcript
from core.settings import Settings
from tests.browser.conftest import Server, settle
from tests.doubles.ollama import OllamaDouble
from tests.media_files import remux
from tests.waiting import free_port, until

pytestmark = pytest.mark.chromium

SPEECH = Path("tests/data/speech")
WHISPER = Path("tests/data/whisper-closed-vocabulary").resolve()
ANSWERED = re.compile(
    r"근거 \d+개|Sources: \d+|No language model wrote this answer|언어 모델이 쓴 답이 아닙니다"
)
STYLE = "STYLE-MARK:간결 결정부터 쓰세요."
QUESTIONS = {
    "ko": ("출시일은 언제로 정했나요?", "테스트 서버는요?"),
    "en": ("When is the launch?", "And the cloud bill?"),
}


CASES = [("ko", "m4a", "ollama:gemma3:4b", 1), ("en", "mp4", "extractive", 1)]
if os.environ.get("MINUTES_TEST_LONG"):  # the same with twelve minutes each; some minutes longer
    CASES += [("ko", "mp4", "extractive", 6), ("en", "m4a", "ollama:gemma3:4b", 6)]


@pytest.mark.parametrize(("language", "container", "llm", "times"), CASES)
def test_a_spoken_meeting_is_heard_written_asked_about_and_kept(
    korean_page: Page,
    page: Page,
    tmp_path: Path,
    double: OllamaDouble,
    language: str,
    container: str,
    llm: str,
    times: int,
) -> None:
    shown = korean_page if language == "ko" else page
    recording = remux(
        SPEECH / f"{language}-2min.opus", tmp_path / f"회의 {language}.{container}", times=times
    )
    server = Server(
        data=tmp_path / "data",
        port=free_port(),
        variables={
            "MINUTES_LLM": llm,
            "MINUTES_OLLAMA_URL": double.url,
            "MINUTES_WHISPER_MODEL": str(WHISPER),
        },
    )
    app = build_app(Settings(data=tmp_path / "data"))
    user_id = app.people.local_person().id
    app.people.save_style(user_id, STYLE)
    server.start()
    try:
        shown.goto(f"{server.url}/upload")
        shown.locator("input[type=file]").set_input_files(str(recording))
        shown.wait_for_url("**/meeting?meeting=*", timeout=60_000)
        meeting_id = re.search(r"meeting=([0-9a-f]+)", shown.url).group(1)  # type: ignore[union-attr]
        decisions = shown.get_by_role("heading", name=re.compile("^(Decisions|결정 사항)$"))
        expect(decisions).to_be_visible(timeout=240_000)
        settle(shown)
        assert_heard(app.meetings.transcript(user_id, meeting_id), language, times=times)

        for asked, question in enumerate(QUESTIONS[language], start=1):
            answered = len(app.chat.threads(user_id, meeting_id))
            thread = f"&thread={app.chat.threads(user_id, meeting_id)[0].id}" if answered else ""
            shown.goto(f"{server.url}/chat?meeting={meeting_id}{thread}")
            field = shown.get_by_test_id("stChatInputTextArea")
            expect(field).to_be_enabled()
            field.fill(question)
            field.press("Enter")
            until(partial(all_finished, app, user_id, meeting_id, asked), seconds=60)
            expect(shown.get_by_text(ANSWERED)).to_have_count(asked, timeout=30_000)
        (thread,) = app.chat.threads(user_id, meeting_id)
        turns = app.chat.turns(user_id, thread.id)
        assert [turn.state for turn in turns] == ["finished", "finished"]
        assert all(turn.citations for turn in turns)

        server.restart()
        shown.goto(f"{server.url}/chat?meeting={meeting_id}&thread={thread.id}")
        for question in QUESTIONS[language]:
            expect(shown.get_by_text(question).last).to_be_visible()
        shown.goto(f"{server.url}/meeting?meeting={meeting_id}")
        expect(decisions).to_be_visible()
    finally:
        server.stop()
        app.close()
    if llm != "extractive":
        read = [record for record in double.chats if "format" not in record.body]
        assert len(read) >= 3
        assert all("STYLE-MARK:간결" in record.messages[0]["content"] for record in read)
        assert double.violations() == []


def all_finished(app: App, user_id: str, meeting_id: str, count: int) -> bool:
    """Whether `count` questions about a meeting were put and answered."""
    states = [
        turn.state
        for thread in app.chat.threads(user_id, meeting_id)
        for turn in app.chat.turns(user_id, thread.id)
    ]
    return states == ["finished"] * count


def assert_heard(transcript: Transcript, language: str, *, times: int) -> None:
    """Words and times as good as the closed-vocabulary model's README says."""
    once = json.loads((SPEECH / f"{language}-2min.json").read_text("utf-8"))
    assert transcript.duration
    length = transcript.duration / times
    truth = [
        {"text": row["text"], "start": row["start"] + length * number}
        for number in range(times)
        for row in once
    ]
    heard = [(one.text, one.start or 0.0) for one in transcript.utterances]
    text = " ".join(said for said, _ in heard)
    assert sum(row["text"] in text for row in truth) >= 0.97 * len(truth)
    late = sorted(
        min(abs(start - row["start"]) for said, start in heard if said == row["text"])
        for row in truth
        if any(said == row["text"] for said, _ in heard)
    )
    assert len(late) >= 0.9 * len(truth)
    assert late[int(0.9 * len(late))] <= 0.3


def test_nothing_runs_on_after_the_server(server: Server) -> None:
    until(lambda: len(server.workers()) == 1)
    server.stop()
    until(lambda: server.workers() == [])
