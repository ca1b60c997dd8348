"""Real transcription of real (synthetic) speech with the closed-vocabulary model: no network, no
espeak-ng. What the model can and cannot do is in tests/data/whisper-closed-vocabulary/README.md."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
import psutil
import pytest

from core.domain.speech_evidence import Segment
from core.engines.base import Transcriber
from core.engines.whisper import WhisperTranscriber
from core.errors import EngineUnavailable, InvalidInput, MinutesError
from tests.waiting import until

DATA = Path(__file__).parent.parent / "data"
MODEL = DATA / "whisper-closed-vocabulary"
SPEECH = DATA / "speech"
WHOLE = 180.0
NOWHERE = Path("/nonexistent")


def never() -> None:
    """Nobody cancels."""


def whisper(window: float = WHOLE) -> WhisperTranscriber:
    return _whisper(window)


@lru_cache
def _whisper(window: float) -> WhisperTranscriber:
    return WhisperTranscriber(str(MODEL), NOWHERE, "cpu", window=window)


def heard_in(name: str, window: float = WHOLE) -> tuple[str, float, tuple[Segment, ...]]:
    """Language, duration and segments of a fixture, whose language is to be detected."""
    return _heard_in(name, window)


@lru_cache
def _heard_in(name: str, window: float) -> tuple[str, float, tuple[Segment, ...]]:
    hearing = whisper(window).hear(SPEECH / f"{name}.opus", language=None, check=never)
    return hearing.language, hearing.duration, tuple(hearing.segments)


def truth_of(name: str) -> list[dict]:
    return json.loads((SPEECH / f"{name}.json").read_text(encoding="utf-8"))


def start_errors(truth: list[dict], segments: Sequence[Segment]) -> list[float]:
    """By how many seconds the start of each sentence that was heard word for word is off."""
    errors = []
    for sentence in truth:
        near = [
            abs(segment.start - sentence["start"])
            for segment in segments
            if segment.text == sentence["text"]
        ]
        if near and min(near) < 2:
            errors.append(min(near))
    return errors


def test_it_is_a_transcriber_with_a_name() -> None:
    transcriber: Transcriber = whisper()
    assert transcriber.name == "whisper:whisper-closed-vocabulary"


@pytest.mark.parametrize("window", [WHOLE, 30.0])
@pytest.mark.parametrize("name", ["ko-2min", "en-2min"])
def test_words_and_times_are_right_in_large_and_small_windows(name: str, window: float) -> None:
    truth = truth_of(name)
    _, _, segments = heard_in(name, window)
    errors = start_errors(truth, segments)
    assert len(errors) >= 0.98 * len(truth)
    assert len(segments) <= len(truth) + 1
    assert np.percentile(errors, 90) <= 0.15
    assert max(errors) <= 0.4


@pytest.mark.parametrize("name", ["ko-2min", "en-2min"])
def test_window_cuts_lose_and_double_no_word(name: str) -> None:
    _, _, whole = heard_in(name)
    _, _, cut = heard_in(name, 30.0)
    assert [segment.text for segment in cut] == [segment.text for segment in whole]
    for one, other in zip(cut, whole, strict=True):
        assert one.start == pytest.approx(other.start, abs=0.3)
        assert one.end == pytest.approx(other.end, abs=0.3)


@pytest.mark.parametrize("name", ["ko-2min", "en-2min", "mixed-15s"])
def test_segments_are_sorted_and_lie_within_the_recording(name: str) -> None:
    _, duration, segments = heard_in(name)
    assert [segment.start for segment in segments] == sorted(s.start for s in segments)
    assert all(0 <= segment.start <= segment.end <= duration for segment in segments)
    assert all(segment.text == segment.text.strip() != "" for segment in segments)


@pytest.mark.parametrize("name", ["ko-2min", "ko-15s", "en-2min", "en-15s"])
def test_the_language_is_detected(name: str) -> None:
    assert heard_in(name)[0] == name[:2]


def test_the_duration_is_known_before_the_first_segment() -> None:
    assert heard_in("en-15s")[1] == pytest.approx(18.9, abs=0.05)


def test_listening_goes_on_where_a_window_ended() -> None:
    path = SPEECH / "en-2min.opus"
    windows = whisper(30.0).listen(path, language="en", check=never).windows
    done = [next(windows), next(windows)]
    left = whisper(30.0).listen(path, language="en", check=never, start=done[-1].end)
    found = [segment for window in (*done, *left.windows) for segment in window.segments]
    assert [segment.text for segment in found] == [s.text for s in heard_in("en-2min", 30.0)[2]]
    assert found[-1].start == pytest.approx(truth_of("en-2min")[-1]["start"], abs=0.3)


def test_six_hours_of_silence_take_little_memory_and_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "silence.flac"
    minute = 60 * 16_000
    with av.open(str(path), "w") as target:
        options = {"compression_level": "0", "frame_size": "65535"}
        stream = target.add_stream("flac", rate=16_000, layout="mono", options=options)
        for number in range(360):
            zeros = np.zeros((1, minute), np.int16)
            frame = av.AudioFrame.from_ndarray(zeros, format="s16", layout="mono")
            frame.sample_rate, frame.pts = 16_000, number * minute
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    process = psutil.Process()
    whisper().hear(SPEECH / "en-15s.opus", language=None, check=never)  # the model is loaded
    before = process.memory_info().rss
    most = 0
    calls = 0

    def check() -> None:
        nonlocal most, calls
        most = max(most, process.memory_info().rss)
        calls += 1

    hearing = whisper().hear(path, language=None, check=check)
    assert list(hearing.segments) == []
    assert hearing.duration == pytest.approx(6 * 3600)
    assert calls > 6 * 3600 / 5
    assert most - before < 150e6


class Cancelled(Exception):
    pass


@pytest.mark.parametrize("calls", [1, 3, 60, 72])
def test_work_stops_where_check_raises_and_can_be_done_again(calls: int) -> None:
    left = calls

    def check() -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            raise Cancelled

    def work() -> None:
        list(whisper().hear(SPEECH / "en-2min.opus", language=None, check=check).segments)

    with pytest.raises(Cancelled):
        work()
    again = whisper().hear(SPEECH / "en-15s.opus", language="en", check=never)
    assert len(list(again.segments)) == len(truth_of("en-15s"))


def test_the_model_is_loaded_once_and_let_go_when_idle() -> None:
    transcriber = WhisperTranscriber(str(MODEL), NOWHERE, "cpu", idle=0.3)
    assert not transcriber.is_loaded
    found: list[int] = []

    def hear() -> None:
        hearing = transcriber.hear(SPEECH / "en-15s.opus", language="en", check=never)
        found.append(len(list(hearing.segments)))

    threads = [threading.Thread(target=hear) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [5, 5]
    until(lambda: not transcriber.is_loaded, seconds=5)
    hear()
    assert found == [5, 5, 5]


def test_what_is_not_media_is_refused_before_any_model_is_looked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_text("회의록")
    transcriber = WhisperTranscriber("no-such-model", tmp_path)
    with pytest.raises(InvalidInput, match=r"a\.mp3"):
        transcriber.hear(path, language=None, check=never)


def test_a_model_that_is_nowhere_names_the_command_and_the_way_around(tmp_path: Path) -> None:
    transcriber = WhisperTranscriber("no-such-model", tmp_path)
    with pytest.raises(EngineUnavailable) as missing:
        transcriber.hear(SPEECH / "en-15s.opus", language=None, check=never)
    assert missing.value.code == "speech_model_missing"
    assert "-m core doctor --fetch-speech-model" in missing.value.sentence("en")
    assert "녹취록" in missing.value.sentence("ko")


def broken(folder: Path, file: str) -> Path:
    """A copy of the model of which one file is cut in half."""
    shutil.copytree(MODEL, folder)
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[: len(content) // 2])
    return folder


@pytest.mark.parametrize("file", ["model.bin", "tokenizer.json", "config.json"])
def test_half_a_model_is_broken(file: str, tmp_path: Path) -> None:
    transcriber = WhisperTranscriber(str(broken(tmp_path / "half", file)), NOWHERE, "cpu")
    with pytest.raises(EngineUnavailable) as wrong:
        list(transcriber.hear(SPEECH / "en-15s.opus", language=None, check=never).segments)
    assert wrong.value.code == "speech_model_broken"
    assert str(tmp_path / "half") in wrong.value.sentence("ko")


def test_an_unknown_language_is_our_error_and_not_the_vendors() -> None:
    hearing = whisper().hear(SPEECH / "en-15s.opus", language="klingon", check=never)
    with pytest.raises(MinutesError) as failed:
        list(hearing.segments)
    assert failed.value.code == "speech_failed"
