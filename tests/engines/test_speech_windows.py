"""Where sound is cut: at pauses, without losing or doubling a sample. No model is needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.engines import media
from core.engines.sound import RATE
from core.engines.speech_windows import (
    Window,
    clips,
    cut_windows,
    segment_in,
    tail_of,
    voice_from,
)
from core.engines.voice import VOICE_FRAME, Span, Voice, speech_from


def media_sound(name: str) -> np.ndarray:
    path = Path("tests/data/speech") / f"{name}.opus"
    return np.concatenate(list(media.decode(path, check=lambda: None)))


def tone(*speech: tuple[float, float], seconds: float) -> np.ndarray:
    """A loud tone at these times (from, to), silence elsewhere; every sample is its own."""
    sound = np.zeros(round(seconds * RATE), np.float32)
    for start, end in speech:
        first, last = round(start * RATE), round(end * RATE)
        sound[first:last] = 0.5 + np.arange(first, last, dtype=np.float32) * 1e-8
    return sound


def find_tone(sound: np.ndarray) -> list[Span]:
    """Perfect voice activity detection for `tone`."""
    loud = np.concatenate([[0], (np.abs(sound) > 0.1).astype(np.int8), [0]])
    starts, ends = np.flatnonzero(np.diff(loud) == 1), np.flatnonzero(np.diff(loud) == -1)
    return [(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


def voice_of(sound: np.ndarray) -> Voice:
    """The same with probabilities: the share of each frame that is loud."""
    loud = np.pad(np.abs(sound) > 0.1, (0, -len(sound) % VOICE_FRAME))
    return Voice(find_tone(sound), loud.reshape(-1, VOICE_FRAME).mean(axis=1, dtype=np.float32))


def windows_of(sound: np.ndarray, *, longest: float, start: int = 0) -> list[Window]:
    blocks = np.array_split(sound, max(1, len(sound) // 20_000))
    limit = round(longest * RATE)
    return list(cut_windows(blocks, longest=limit, find_speech=voice_of, start=start))


MEETINGS = {
    "pauses everywhere": tone(*((n, n + 0.7) for n in range(60)), seconds=60),
    "one word over all": tone((0, 60), seconds=60),
    "silence": tone(seconds=60),
    "a long pause in the middle": tone((0, 10), (35, 59), seconds=60),
    "shorter than a window": tone((1, 2), seconds=3),
    "nothing": tone(seconds=0),
}


@pytest.mark.parametrize("meeting", MEETINGS)
def test_windows_hold_every_sample_once_and_stay_short(meeting: str) -> None:
    sound = MEETINGS[meeting]
    windows = windows_of(sound, longest=20)
    joined = np.concatenate([*(window.sound for window in windows), np.zeros(0, np.float32)])
    assert np.array_equal(joined, sound)
    assert all(len(window.sound) <= 20 * RATE for window in windows)
    at = 0
    for window in windows:
        assert window.start == at
        at = window.end
        assert list(window.speech) == find_tone(window.sound)
        assert len(window.voice) == -(-len(window.sound) // VOICE_FRAME)


def test_a_window_ends_in_the_longest_pause_of_its_last_sixth() -> None:
    # Pauses: 4 s at 6-10 (too early), 0.2 s at 15, 1 s at 17-18, 0.3 s at 19.
    sound = tone((0, 6), (10, 15), (15.2, 17), (18, 19), (19.3, 30), seconds=30)
    assert windows_of(sound, longest=20)[0].end == round(17.5 * RATE)


def test_windows_can_begin_later_in_the_recording() -> None:
    windows = windows_of(tone((1, 2), seconds=30), longest=20, start=5 * RATE)
    assert windows[0].start == 5 * RATE
    assert windows[-1].end == 35 * RATE


def one_window(*speech: tuple[float, float], seconds: float) -> Window:
    return windows_of(tone(*speech, seconds=seconds), longest=seconds + 1)[0]


@pytest.mark.parametrize(
    "speech",
    [
        [(n, n + 0.7) for n in range(60)],  # many sentences
        [(0, 60)],  # no pause at all
        [(1, 2), (50, 51)],  # far apart
        [(0, 11.9), (12.1, 24), (24.1, 24.2)],  # just too long to go together
        [],
    ],
)
def test_clips_hold_all_speech_once_and_fit_the_model(speech: list[tuple[float, float]]) -> None:
    window = one_window(*speech, seconds=60)
    found = clips(window, longest=12 * RATE)
    assert all(0 < last - first <= 12 * RATE for first, last in found)
    assert found == sorted(found)
    covered = np.zeros(len(window.sound), np.int8)
    for first, last in found:
        covered[first:last] += 1
    assert covered.max(initial=0) <= 1
    assert all(covered[first:last].all() for first, last in window.speech)


def test_a_full_clip_ends_at_its_longest_pause_and_not_at_a_comma() -> None:
    # The sentence from 9 to 13 has a comma at 11; the pause before it is longer.
    window = one_window((0, 4), (4.8, 8.3), (9, 11), (11.2, 13), seconds=20)
    (_, end), (start, _) = clips(window, longest=12 * RATE)
    assert 8.3 <= end / RATE <= start / RATE <= 9


def test_speech_across_a_long_pause_is_not_one_clip() -> None:
    assert len(clips(one_window((1, 2), (6, 7), seconds=10), longest=30 * RATE)) == 2


@pytest.mark.parametrize(
    ("reached", "tail"),
    [
        (4.0, (4 * RATE, 10 * RATE)),  # five seconds of speech are left
        (9.5, None),  # half a second is left
        (0.2, None),  # the clip brought nothing: hearing it again would bring nothing again
    ],
)
def test_the_unheard_tail_of_a_clip_is_heard_again(reached: float, tail: Span | None) -> None:
    window = one_window((0, 3), (5, 10), seconds=10)
    assert tail_of(window, (0, 10 * RATE), reached) == tail


@pytest.mark.parametrize(
    ("start", "end", "begins"),
    [
        (0.0, 3.0, 0.95),  # begins in the silence before its speech
        (1.4, 3.0, 1.4),  # begins within speech
        (3.2, 3.4, 3.2),  # lies in silence altogether
    ],
)
def test_a_segment_begins_where_its_speech_begins(start: float, end: float, begins: float) -> None:
    window = one_window((1, 3), (5, 10), seconds=10)
    assert voice_from(window, start, end) == pytest.approx(begins)


@pytest.mark.parametrize(
    ("start", "end", "voice", "voiced", "loudness"),
    [
        (1.5, 2.5, 1.0, 1.0, -6.0),  # a tone at half of full scale
        (3.3, 4.7, 0.0, 0.0, -120.0),
        (2.0, 4.0, 0.5, 1.0, -9.0),
        (2.0, 2.0, 1.0, 0.5, -6.0),  # no time at all: the half second around it
        (10.0, 10.0, 0.0, 0.0, -120.0),  # after the end
        (0.0, 0.0, 0.0, 0.0, -120.0),
    ],
)
def test_evidence_is_measured_where_the_segment_is(
    start: float, end: float, voice: float, voiced: float, loudness: float
) -> None:
    window = one_window((1, 3), (5, 9), seconds=10)
    found = segment_in(window, "네.", start, end, (0.1, -0.2, 1.5)).evidence
    assert found is not None
    assert found.voice == pytest.approx(voice, abs=0.05)
    assert found.voiced == pytest.approx(voiced, abs=0.07)
    assert found.loudness == pytest.approx(loudness, abs=0.3)
    assert (found.no_speech, found.log_probability, found.compression) == (0.1, -0.2, 1.5)


def test_evidence_is_that_of_its_own_window() -> None:
    windows = windows_of(tone((0, 10), (35, 59), seconds=60), longest=20)
    for window in windows:
        for seconds in np.arange(0, len(window.sound) / RATE - 1, 1.0):
            loud = np.abs(window.sound[round(seconds * RATE) : round((seconds + 1) * RATE)]).mean()
            said = segment_in(window, "네.", float(seconds), float(seconds + 1), (0, 0, 0))
            if said.start != seconds:  # moved to where its speech begins
                continue
            found = said.evidence
            assert found is not None
            assert found.voice == pytest.approx(loud / 0.5, abs=0.1)


def test_spans_of_speech_are_those_of_faster_whisper() -> None:
    from faster_whisper.vad import VadOptions, get_speech_timestamps, get_vad_model

    draw = np.random.default_rng(5)
    sound = media_sound("ko-2min")
    noise = draw.normal(0, 0.05, len(sound)).astype(np.float32)
    for heard in (sound, 0.05 * sound + noise, sound[: 512 * 1000], sound[:100], noise):
        options = VadOptions(
            min_silence_duration_ms=160, min_speech_duration_ms=90, speech_pad_ms=0
        )
        theirs = [
            (int(span["start"]), min(int(span["end"]), len(heard)))
            for span in get_speech_timestamps(heard, options)
        ]
        padded = np.pad(heard, (0, -len(heard) % VOICE_FRAME))
        ours = speech_from(get_vad_model()(padded).ravel(), samples=len(heard))
        assert ours == theirs
