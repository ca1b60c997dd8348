"""What media files are, and sound out of them at the right times. Files are made here by PyAV."""

from __future__ import annotations

import os
import wave
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pytest

from core.engines import media
from core.engines.sound import RATE
from core.errors import EngineFailed, InvalidInput, MinutesError

SPEECH = Path(__file__).parent.parent / "data" / "speech" / "en-15s.opus"


def never() -> None:
    """Nobody cancels."""


def sound_of(path: Path, **options: float) -> np.ndarray:
    return np.concatenate([*media.decode(path, check=never, **options), np.zeros(0, np.float32)])


@pytest.fixture(scope="session")
def speech() -> np.ndarray:
    """Eight seconds of English speech."""
    return sound_of(SPEECH)[: 8 * RATE]


def write(
    path: Path,
    samples: np.ndarray,
    *,
    container: str,
    codec: str,
    rate: int = RATE,
    layout: str = "mono",
    late: float = 0.0,
    gap: tuple[float, float] | None = None,
    pace: float = 1.0,
    video: bool = False,
    sound: bool = True,
    created: str | None = None,
) -> Path:
    """Encode samples; `late` seconds after the video begins, with a `gap` (from, for seconds);
    `pace` is how fast the recorder's clock ran."""
    with av.open(str(path), "w", format=container) as target:
        if created:
            target.metadata["creation_time"] = created
        pictures = target.add_stream("mpeg4", rate=10) if video else None
        if pictures:
            pictures.width, pictures.height, pictures.pix_fmt = 32, 32, "yuv420p"
        heard = target.add_stream(codec, rate=rate, layout=layout) if sound else None
        if pictures:
            for number in range(int((len(samples) / RATE + late) * 10)):
                picture = av.VideoFrame(32, 32, "yuv420p")
                for plane in picture.planes:
                    plane.update(bytes(plane.buffer_size))
                picture.pts = number
                target.mux(pictures.encode(picture))
            target.mux(pictures.encode(None))
        if heard:
            write_sound(target, heard, samples, late=late, gap=gap, pace=pace)
    return path


def write_sound(
    target, stream, samples, *, late: float, gap: tuple[float, float] | None, pace: float
) -> None:
    resampler = av.AudioResampler(
        format=stream.codec_context.format, layout=stream.layout, rate=stream.rate
    )
    for start in range(0, len(samples), RATE // 10):
        block = samples[start : start + RATE // 10].reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(block.astype(np.float32), format="flt", layout="mono")
        frame.sample_rate = RATE
        frame.pts = start
        for part in resampler.resample(frame):
            at = part.pts / part.sample_rate * pace + late
            if gap and at >= gap[0]:
                at += gap[1]
            part.pts = round(at * part.sample_rate)
            target.mux(stream.encode(part))
    target.mux(stream.encode(None))


def shift(heard: np.ndarray, said: np.ndarray, at: float) -> float:
    """By how many seconds `heard` is late, from the four seconds of `said` that begin at `at`."""
    first = round(at * RATE)
    part = said[first : first + 4 * RATE]
    room = RATE // 4
    around = heard[first - room : first + len(part) + room]
    match = np.correlate(around, part, mode="valid")
    return (int(np.argmax(match)) - room) / RATE


CONTAINERS = {
    "mp3": {"container": "mp3", "codec": "libmp3lame", "rate": 44_100, "layout": "stereo"},
    "m4a": {"container": "ipod", "codec": "aac", "rate": 48_000},
    "wav": {"container": "wav", "codec": "pcm_s16le", "rate": 8_000},
    "flac": {"container": "flac", "codec": "flac"},
    "ogg": {"container": "ogg", "codec": "flac", "rate": 44_100},
    "opus": {"container": "ogg", "codec": "libopus", "rate": 48_000},
    "webm": {"container": "webm", "codec": "libopus", "rate": 48_000},
    "mp4": {"container": "mp4", "codec": "aac", "rate": 44_100, "video": True},
    "mkv": {"container": "matroska", "codec": "libopus", "rate": 48_000, "video": True},
    "mov": {"container": "mov", "codec": "aac", "rate": 48_000, "video": True},
}


@pytest.mark.parametrize("kind", CONTAINERS)
def test_every_container_is_decoded_at_its_times_whatever_its_name(
    kind: str, tmp_path: Path, speech: np.ndarray
) -> None:
    path = write(tmp_path / "recording.txt", speech, **CONTAINERS[kind])
    info = media.probe(path)
    assert info.has_sound
    assert info.kind == ("video" if CONTAINERS[kind].get("video") else "audio")
    assert info.duration == pytest.approx(8.0, abs=0.15)
    heard = sound_of(path)
    assert len(heard) / RATE == pytest.approx(8.0, abs=0.15)
    assert media.sound_ends_at(path, check=never) == pytest.approx(8.0, abs=0.15)
    assert abs(shift(heard, speech, 2.0)) < 0.01


def test_the_creation_time_is_read_as_utc(tmp_path: Path, speech: np.ndarray) -> None:
    options = {**CONTAINERS["m4a"], "created": "2025-03-04T05:06:07Z"}
    path = write(tmp_path / "a.m4a", speech, **options)
    assert media.probe(path).created_at == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_an_unset_clock_is_no_creation_time(tmp_path: Path, speech: np.ndarray) -> None:
    options = {**CONTAINERS["m4a"], "created": "1970-01-01T00:00:00Z"}
    assert media.probe(write(tmp_path / "a.m4a", speech, **options)).created_at is None


def test_sound_that_begins_after_the_video_keeps_its_place(
    tmp_path: Path, speech: np.ndarray
) -> None:
    path = write(tmp_path / "late.mkv", speech, **CONTAINERS["mkv"], late=1.5)
    late = np.concatenate([np.zeros(round(1.5 * RATE), np.float32), speech])
    heard = sound_of(path)
    assert np.abs(heard[:RATE]).max() == 0
    assert abs(shift(heard, late, 3.5)) < 0.01


def test_a_gap_in_the_sound_becomes_silence(tmp_path: Path, speech: np.ndarray) -> None:
    path = write(tmp_path / "gap.mkv", speech, **CONTAINERS["mkv"], gap=(3.0, 20.0))
    heard = sound_of(path)
    assert len(heard) / RATE == pytest.approx(28.0, abs=0.15)
    assert np.abs(heard[4 * RATE : 22 * RATE]).max() < 1e-3
    gap = np.zeros(20 * RATE, np.float32)
    expected = np.concatenate([speech[: 3 * RATE], gap, speech[3 * RATE :]])
    assert abs(shift(heard, expected, 23.5)) < 0.03


@pytest.mark.parametrize("pace", [0.95, 1.05])
def test_a_recorder_whose_clock_ran_wrong_is_followed(
    pace: float, tmp_path: Path, speech: np.ndarray
) -> None:
    long = np.tile(speech, 3)
    path = write(tmp_path / "pace.mkv", long, container="matroska", codec="pcm_s16le", pace=pace)
    heard = sound_of(path)
    assert len(heard) / RATE == pytest.approx(24 * pace, abs=0.5)
    quiet = np.abs(long) < 0.01
    assert np.abs(heard).sum() == pytest.approx(np.abs(long[~quiet]).sum(), rel=0.05)


def test_decoding_can_begin_at_a_second(speech: np.ndarray) -> None:
    whole = sound_of(SPEECH)
    assert np.array_equal(sound_of(SPEECH, start=3.5), whole[round(3.5 * RATE) :])


def test_decoding_beyond_the_end_gives_nothing() -> None:
    assert len(sound_of(SPEECH, start=100.0)) == 0


def damaged(path: Path, *, at: float, size: int) -> Path:
    content = bytearray(path.read_bytes())
    first = int(len(content) * at)
    content[first : first + size] = bytes(size)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["mkv", "mp4", "opus", "flac", "wav"])
def test_damage_in_the_middle_does_not_move_what_comes_later(
    kind: str, tmp_path: Path, speech: np.ndarray
) -> None:
    path = write(tmp_path / "a", speech, **{**CONTAINERS[kind], "video": False})
    heard = sound_of(damaged(path, at=0.3, size=1500))
    assert len(heard) / RATE == pytest.approx(8.0, abs=0.3)
    assert abs(shift(heard, speech, 4.0 - 0.5)) < 0.03


@pytest.mark.parametrize("kind", ["mp3", "wav", "flac", "opus", "webm", "mkv"])
def test_half_a_file_is_decoded_as_far_as_it_goes(
    kind: str, tmp_path: Path, speech: np.ndarray
) -> None:
    path = write(tmp_path / "a", speech, **CONTAINERS[kind])
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    heard = sound_of(path)
    assert 2.0 < len(heard) / RATE < 7.5
    assert media.sound_ends_at(path, check=never) == pytest.approx(len(heard) / RATE, abs=0.2)
    assert abs(shift(np.pad(heard, (0, 8 * RATE)), speech, 0.5)) < 0.01


def silent_video(path: Path) -> Path:
    return write(path, np.zeros(2 * RATE), container="mp4", codec="aac", video=True, sound=False)


def wav_of(seconds: float) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        with wave.open(str(path), "wb") as target:
            target.setparams((1, 2, RATE, 0, "NONE", ""))
            target.writeframes(b"\x00\x08" * round(seconds * RATE))
        return path

    return make


def holding(content: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return make


PLAYLIST = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{SPEECH}\n#EXT-X-ENDLIST\n"

BAD = {
    "an empty file": (holding(b""), "media_unreadable"),
    "text called .mp3": (holding("회의록입니다. ".encode() * 5000), "media_unreadable"),
    "noise": (holding(os.urandom(200_000)), "media_unreadable"),
    "a picture": (holding(b"\x89PNG\r\n\x1a\n" + bytes(500)), "media_unreadable"),
    "a playlist that names another file": (holding(PLAYLIST.encode()), "media_unreadable"),
    "a script that names another file": (
        holding(f"ffconcat version 1.0\nfile '{SPEECH}'\n".encode()),
        "media_unreadable",
    ),
    "a video without sound": (silent_video, "media_no_sound"),
    "no sound at all": (wav_of(0.0), "media_too_short"),
    "twenty milliseconds": (wav_of(0.02), "media_too_short"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_holds_no_sound_is_refused_by_name(case: str, tmp_path: Path) -> None:
    make, code = BAD[case]
    path = make(tmp_path / "meeting.mp3")
    with pytest.raises(InvalidInput) as refused:
        sound_of(path)
    assert refused.value.code == code
    for language in ("ko", "en"):
        assert "meeting.mp3" in refused.value.sentence(language)
    if code == "media_no_sound":
        assert not media.probe(path).has_sound
    else:
        with pytest.raises(InvalidInput, match="notes"):
            media.probe(path, name="notes")


def test_a_fifth_of_a_second_is_enough(tmp_path: Path) -> None:
    assert len(sound_of(wav_of(0.2)(tmp_path / "a.wav"))) == RATE // 5


def test_a_file_that_is_not_there_has_vanished(tmp_path: Path) -> None:
    for read in (media.probe, sound_of):
        with pytest.raises(EngineFailed, match="disappeared"):
            read(tmp_path / "gone.mp3")


def test_a_file_that_vanishes_while_it_is_read_is_told(tmp_path: Path, speech: np.ndarray) -> None:
    path = write(tmp_path / "a.wav", np.tile(speech, 4), **CONTAINERS["wav"])
    blocks = media.decode(path, check=never)
    next(blocks)
    path.unlink()
    with pytest.raises(EngineFailed) as vanished:
        list(blocks)
    assert vanished.value.code == "media_vanished"


def test_decoding_stops_where_check_raises() -> None:
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise MinutesError("cancelled")

    heard: list[np.ndarray] = []
    with pytest.raises(MinutesError):
        heard.extend(media.decode(SPEECH, check=check))
    assert len(heard) == 2
