"""Reading aloud: real eSpeak where it is marked, other processes in its place elsewhere."""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from core.engines.base import Speaker
from core.engines.read_aloud import LONGEST_PIECE, ReadAloud, is_available, pieces
from core.errors import EngineFailed, EngineUnavailable, InvalidInput, MinutesError

KOREAN = "오늘 회의에서는 출시일을 12월 10일로 미루기로 결정했습니다."
ENGLISH = "We decided to move the launch to the tenth of December."


def samples_of(path: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(path)) as sound:
        pcm = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
        return pcm, sound.getframerate()


def seconds_of(path: Path) -> float:
    samples, rate = samples_of(path)
    return len(samples) / rate


@pytest.mark.espeak
@pytest.mark.parametrize(("language", "text"), [("ko", KOREAN), ("en", ENGLISH)])
def test_a_sentence_becomes_a_sound_file(language: str, text: str, tmp_path: Path) -> None:
    speaker: Speaker = ReadAloud()
    target = tmp_path / "new" / "minutes.wav"
    speaker.speak(text, language=language, target=target)
    assert 2 < seconds_of(target) < 10
    assert np.abs(samples_of(target)[0].astype(int)).max() > 1000
    assert [file.name for file in target.parent.iterdir()] == ["minutes.wav"]


@pytest.mark.espeak
def test_an_installed_espeak_is_available() -> None:
    assert is_available()


@pytest.mark.espeak
def test_the_language_chooses_the_voice(tmp_path: Path) -> None:
    for language in ("ko", "en"):
        ReadAloud().speak("12월 10일", language=language, target=tmp_path / f"{language}.wav")
    korean, english = samples_of(tmp_path / "ko.wav")[0], samples_of(tmp_path / "en.wav")[0]
    assert not np.array_equal(korean, english)


@pytest.mark.espeak
def test_a_long_text_is_spoken_whole(tmp_path: Path) -> None:
    ReadAloud().speak(ENGLISH, language="en", target=tmp_path / "one.wav")
    many = " ".join([ENGLISH] * 25)
    assert len(pieces(many)) == 3
    ReadAloud().speak(many, language="en", target=tmp_path / "many.wav")
    assert seconds_of(tmp_path / "many.wav") > 20 * seconds_of(tmp_path / "one.wav")


@pytest.mark.espeak
def test_marks_and_broken_characters_are_passed_over(tmp_path: Path) -> None:
    text = f"---\n\n\x00{ENGLISH}\ud83d\n\n***"
    ReadAloud().speak(text, language="en", target=tmp_path / "a.wav")
    assert seconds_of(tmp_path / "a.wav") > 2


@pytest.mark.parametrize("text", ["", "  \n", "---\n* * *", "…!?"])
def test_a_text_without_words_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        ReadAloud().speak(text, language="ko", target=tmp_path / "a.wav")
    assert refused.value.code == "read_aloud_empty"


@pytest.mark.parametrize(
    "text",
    [
        "짧은 문장입니다.",
        " ".join(["한 문장이 조금 깁니다."] * 200),  # many sentences
        "낱말 " * 1000,  # one endless sentence
        "가" * 2000,  # one endless word
        "첫째 줄\n둘째 줄\n\n셋째 줄",
    ],
)
def test_pieces_are_short_and_lose_no_word(text: str) -> None:
    found = pieces(text)
    assert all(0 < len(piece) <= LONGEST_PIECE for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def python(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script)


WITHOUT_ESPEAK = """
import ctypes, runpy
def refuse(*_): raise OSError("no such library")
ctypes.cdll.LoadLibrary = refuse
runpy.run_module("core.engines.read_aloud", run_name="__main__")
"""
WRITE_SILENCE = """
import json, sys, wave
with wave.open(json.load(sys.stdin)["file"], "wb") as sound:
    sound.setparams((1, 2, 22050, 0, "NONE", ""))
    sound.writeframes(bytes(44100))
"""

FAILURES = {
    "eSpeak is not installed": (WITHOUT_ESPEAK, EngineUnavailable, "espeak_missing"),
    "the process dies": ("import os; os.abort()", EngineFailed, "read_aloud_failed"),
    "it says why": ("raise SystemExit('bad voice')", EngineFailed, "read_aloud_failed"),
    "it writes nothing": ("pass", EngineFailed, "read_aloud_failed"),
    "it writes silence": (WRITE_SILENCE, EngineFailed, "read_aloud_failed"),
    "it hangs": ("import time; time.sleep(60)", EngineFailed, "read_aloud_slow"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_failure_is_told_and_leaves_the_old_file(case: str, tmp_path: Path) -> None:
    script, kind, code = FAILURES[case]
    target = tmp_path / "minutes.wav"
    target.write_bytes(b"what was there before")
    timeout = -1.0 if code == "read_aloud_slow" else 20.0
    speaker = ReadAloud(timeout=timeout, command=python(script))
    with pytest.raises(kind) as failed:
        speaker.speak(KOREAN, language="ko", target=target)
    assert failed.value.code == code
    assert target.read_bytes() == b"what was there before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_espeak_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(MinutesError) as missing:
        ReadAloud(command=python(WITHOUT_ESPEAK)).speak("a", language="en", target=tmp_path / "a")
    assert "sudo apt-get install espeak-ng" in missing.value.sentence("ko")
