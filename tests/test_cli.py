"""The command line as a person or a script uses it: real processes, real exit statuses."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.doubles.ollama import OllamaDouble
from tests.services.test_minutes import MEETING

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run() -> Run:
    def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "core", *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            env={
                **os.environ,
                "MINUTES_LLM": "extractive",
                "MINUTES_OLLAMA_URL": "http://127.0.0.1:9",
                "PYTHONIOENCODING": "utf-8",
                **environment,
            },
            check=False,
        )

    return command


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        running.install(
            "gemma3:4b", family="gemma3", capabilities=["completion"], context_length=131072
        )
        yield running


@pytest.fixture
def meeting_file(tmp_path: Path) -> Path:
    file = tmp_path / "주간 회의.txt"
    file.write_text(MEETING, encoding="utf-8")
    return file


def test_a_file_becomes_minutes_that_can_be_asked_about(run: Run, meeting_file: Path) -> None:
    made = run("minutes", str(meeting_file), "--json", "--date", "2026-11-23", "--title", "주간")
    assert made.returncode == 0, made.stderr
    minutes = json.loads(made.stdout)
    assert minutes["title"] == "주간"
    assert minutes["held_at"].startswith("2026-11-23")
    assert minutes["engine"] == "extractive"
    assert [one["utterances"] for one in minutes["decisions"]] == [[4]]
    assert minutes["coverage"] == {
        "utterances_read": 7,
        "utterances_total": 7,
        "missing": [],
    }
    again = run("import", str(meeting_file))
    assert again.stdout.strip() == minutes["meeting_id"]
    spoken = json.loads(run("transcript", minutes["meeting_id"], "--json").stdout)
    assert spoken[3] == {
        "number": 4,
        "start": None,
        "end": None,
        "speaker": "박민호",
        "text": "반대가 없으므로 12월 10일에 출시하기로 결정했습니다.",
    }
    first = run("ask", minutes["meeting_id"], "언제 출시하나요?", "--json")
    answer = json.loads(first.stdout)
    assert 4 in answer["citations"]
    second = json.loads(
        run(
            "ask", minutes["meeting_id"], "예산은?", "--thread", answer["thread_id"], "--json"
        ).stdout
    )
    assert second["thread_id"] == answer["thread_id"]
    assert second["turn_id"] != answer["turn_id"]
    text = run("minutes", str(meeting_file))
    assert text.stdout.startswith("# 주간")


def test_a_style_file_is_kept_for_later_commands(
    run: Run, meeting_file: Path, tmp_path: Path, double: OllamaDouble
) -> None:
    style = tmp_path / "style.txt"
    style.write_text("STYLE-MARK:간결 합니다체로", encoding="utf-8")
    there = {"MINUTES_LLM": "ollama:gemma3:4b", "MINUTES_OLLAMA_URL": double.url}
    first = json.loads(
        run("minutes", str(meeting_file), "--json", "--style-file", str(style), **there).stdout
    )
    assert first["style_version"] == 1
    second = json.loads(run("minutes", str(meeting_file), "--json", **there).stdout)
    assert second["style_version"] == 1
    assert second["markdown"] == first["markdown"]
    run("ask", first["meeting_id"], "언제?", **there)
    read = [record for record in double.chats if "format" not in record.body]
    assert len(read) >= 3
    assert all("STYLE-MARK:간결" in record.messages[0]["content"] for record in read)
    assert double.violations() == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.txt"),
        (b"", "empty.mp3"),
        (b"this is no sound", "speech.mp3"),
        (b"\x00\x01\x02\x03" * 500, "noise.bin"),
        (b"\xff\xfb\x90\x00" + b"\x00" * 400, "half.mp3"),
        (b"{}", "no.json"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(
    run: Run, tmp_path: Path, content: bytes, name: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    failed = run("minutes", str(file), MINUTES_LANGUAGE="ko")
    if content.startswith(b"this is"):  # text is read as a transcript, whatever its name
        assert failed.returncode == 0
        return
    assert failed.returncode == 1, failed.stdout
    assert failed.stdout == ""
    last = failed.stderr.strip().splitlines()[-1]
    assert "Traceback" not in failed.stderr
    assert last.endswith((".", "요."))
    assert name in last


@pytest.mark.parametrize(
    "arguments",
    [
        ("minutes", "/no/such/file.wav"),
        ("transcript", "no-such-meeting", "--json"),
        ("ask", "no-such-meeting", "what?"),
    ],
)
def test_what_is_not_there_is_one_sentence(run: Run, arguments: tuple[str, ...]) -> None:
    failed = run(*arguments)
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert failed.stderr.strip()


def test_a_bad_date_is_refused_before_anything_is_kept(run: Run, meeting_file: Path) -> None:
    failed = run("minutes", str(meeting_file), "--date", "next week")
    assert failed.returncode == 1
    assert "next week" in failed.stderr


@pytest.mark.parametrize("arguments", [(), ("fly",), ("minutes",), ("ask", "x")])
def test_wrong_usage_is_two(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).returncode == 2


def test_a_named_engine_that_is_not_there_fails_before_work_begins(
    run: Run, meeting_file: Path
) -> None:
    failed = run("minutes", str(meeting_file), "--llm", "ollama:gemma3:4b", MINUTES_LLM="auto")
    assert failed.returncode == 1
    assert "ollama serve" in failed.stderr


def test_a_bad_setting_names_its_variable(run: Run) -> None:
    failed = run("doctor", MINUTES_PORT="many")
    assert failed.returncode == 1
    assert "MINUTES_PORT" in failed.stderr


def test_the_doctor_names_commands(run: Run) -> None:
    told = run("doctor", MINUTES_LANGUAGE="ko")
    assert told.returncode == 0
    assert "ollama serve" in told.stdout
    assert "--fetch-speech-model" in told.stdout


def test_interrupting_leaves_a_sentence(run: Run, meeting_file: Path, double: OllamaDouble) -> None:
    double.delay_first = 60
    process = subprocess.Popen(
        [sys.executable, "-m", "core", "minutes", str(meeting_file), "--llm", "ollama:gemma3:4b"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MINUTES_OLLAMA_URL": double.url},
    )
    deadline = time.monotonic() + 60
    while not double.chats and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.strip().splitlines()[-1].startswith("Stopped.")
    double.wait_until(lambda: double.chats[-1].disconnected, seconds=5)
