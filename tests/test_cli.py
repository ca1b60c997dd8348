"""The command line as a person or a script uses it: real processes, real exit statuses."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core import cli
from tests.doubles.ollama import OllamaDouble
from tests.services.test_minutes import MEETING
from tests.waiting import until

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
    assert " [#4]" in text.stdout  # reads well in a terminal, too
    assert "\\[#" not in text.stdout


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


_MISUSES = [
    # (what is written, what the sentence names)
    ((), "minutes, import, transcript, ask"),
    (("--hlep",), "minutes, import, transcript, ask"),
    (("fly",), "fly"),
    (("minutes",), "FILE"),
    (("ask", "x"), "QUESTION"),
    (("import", "a.txt", "--sing"), "--sing"),
    (("import", "a.txt", "--title"), "--title"),
    (("import", "a.txt", "--language", "fr"), "fr"),
    (("minutes", "a.txt", "--date", "next week"), "next week"),
    (("import", "a.txt", "--date", ""), "2026-11-23"),
    (("import", "a.txt", "--date", "0001-01-01T00:00+14:00"), "0001-01-01"),
    (("minutes", "a.txt", "--llm", "gpt"), "gpt"),
    (("ask", "x", "y", "--llm", "ollama:"), "ollama:NAME"),
]


@pytest.mark.parametrize(("arguments", "named"), _MISUSES)
def test_wrong_usage_is_one_sentence_and_two(
    arguments: tuple[str, ...], named: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(arguments) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors.count("\n") == 1
    assert named in errors
    assert not (tmp_path / "data").exists()  # nothing was begun


@pytest.mark.parametrize(("arguments", "named"), _MISUSES)
def test_wrong_usage_is_said_in_korean(
    arguments: tuple[str, ...],
    named: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MINUTES_LANGUAGE", "ko")
    assert cli.main(arguments) == 2
    said = capsys.readouterr().err
    assert "니다" in said or "세요" in said or "주세요" in said
    assert not re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", said.replace(named, ""))


def test_wrong_usage_is_two_from_a_shell(run: Run) -> None:
    failed = run("import", "a.txt", "--date", "next week")
    assert failed.returncode == 2
    assert "next week" in failed.stderr


def test_a_person_is_told_how_their_file_was_taken(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "talk.mp3"
    lines = ("00:00:01,000 --> 00:00:02,000", "00:99:00,000 --> 00:99:01,000")
    file.write_text("".join(f"{n}\n{line}\nword {n}\n\n" for n, line in enumerate(lines, 1)))
    for _ in range(2):  # also where it is known already
        told = run("import", str(file))
        assert told.returncode == 0, told.stderr
        assert "“talk.mp3” is named like a recording but holds text" in told.stderr
        assert "cannot be true: 1." in told.stderr
    spoken = json.loads(run("transcript", told.stdout.strip(), "--json").stdout)
    assert [(one["start"], one["text"]) for one in spoken] == [(1.0, "word 1"), (None, "word 2")]


def test_a_killed_question_does_not_block_its_conversation(
    run: Run, meeting_file: Path, double: OllamaDouble
) -> None:
    meeting_id = run("import", str(meeting_file)).stdout.strip()
    first = json.loads(run("ask", meeting_id, "언제 출시하나요?", "--json").stdout)
    double.delay_first = 60
    asking = [sys.executable, "-m", "core", "ask", meeting_id, "왜?", "--thread"]
    killed = subprocess.Popen(
        [*asking, first["thread_id"], "--llm", "ollama:gemma3:4b"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "MINUTES_OLLAMA_URL": double.url},
    )
    until(lambda: double.chats)
    killed.kill()
    killed.wait(timeout=30)
    again = run("ask", meeting_id, "왜?", "--thread", first["thread_id"], "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["thread_id"] == first["thread_id"]


def test_a_named_engine_that_is_not_there_fails_before_work_begins(
    run: Run, meeting_file: Path
) -> None:
    failed = run("minutes", str(meeting_file), "--llm", "ollama:gemma3:4b", MINUTES_LLM="auto")
    assert failed.returncode == 1
    assert "ollama serve" in failed.stderr


def test_a_bad_setting_names_its_variable(run: Run) -> None:
    failed = run("doctor", MINUTES_PORT="many", MINUTES_LANGUAGE="ko")
    assert failed.returncode == 1
    assert failed.stderr.startswith("설정 MINUTES_PORT의 값 “many”")


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
        # A shell that runs the tests in its background has them and their children ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until(lambda: double.chats)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.strip().splitlines()[-1].startswith("Stopped.")
    until(lambda: double.chats[-1].disconnected, seconds=5)


def test_everything_is_backed_up_and_put_back_from_a_shell(
    run: Run, meeting_file: Path, tmp_path: Path
) -> None:
    made = json.loads(run("minutes", str(meeting_file), "--json").stdout)
    target = str(tmp_path / "백업.zip")
    saved = run("backup", target, MINUTES_LANGUAGE="ko")
    assert saved.returncode == 0, saved.stderr
    assert saved.stdout == ""
    assert saved.stderr.splitlines()[-1].startswith(f"{target}에 저장했습니다: 회의 1건, 녹음 1건")
    assert "\r" not in saved.stderr  # no terminal is there
    again = run("backup", target)
    assert again.returncode == 1
    assert "--force" in again.stderr
    there = {"MINUTES_DATA": str(tmp_path / "new")}
    restored = run("restore", target, **there)
    assert restored.returncode == 0, restored.stderr
    assert "1 meetings, 1 recordings" in restored.stderr
    spoken = json.loads(run("transcript", made["meeting_id"], "--json", **there).stdout)
    assert len(spoken) == 7
    refused = run("restore", target, **there)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert run("restore", str(meeting_file), **there).returncode == 1
