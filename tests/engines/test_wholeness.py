"""Half a file is told by its own bytes, and nothing is said of a file that gives no sure word."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from core.engines import media, wholeness
from core.engines.sound import RATE
from core.errors import InvalidInput
from tests.engines.test_media import CONTAINERS, never, write

NOISE = np.random.default_rng(7).uniform(-0.3, 0.3, 20 * RATE).astype(np.float32)


def made(folder: Path, kind: str, **options: object) -> Path:
    return write(folder / f"whole.{kind}", NOISE, **{**CONTAINERS[kind], **options})


def cut(whole: Path, *, share: float) -> Path:
    content = whole.read_bytes()
    return holding(whole, content[: int(len(content) * share)])


def holding(beside: Path, content: bytes) -> Path:
    path = beside.with_name("changed")
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("kind", ["wav", "mp3", "ogg", "opus"])
def test_a_file_that_breaks_off_says_so_itself(kind: str, share: float, tmp_path: Path) -> None:
    whole = made(tmp_path, kind)
    assert not wholeness.breaks_off(whole)
    assert wholeness.breaks_off(cut(whole, share=share))


@pytest.mark.parametrize("kind", ["flac", "webm", "mkv"])
def test_other_containers_promise_a_duration_that_half_a_file_does_not_reach(
    kind: str, tmp_path: Path
) -> None:
    whole = made(tmp_path, kind)
    for path, short in ((whole, False), (cut(whole, share=0.5), True)):
        promised = media.probe(path).duration
        assert promised == pytest.approx(20, abs=0.2)
        assert wholeness.is_short(promised, media.ends_at(path, check=never)) is short


def _open_size(size: int) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        place = content.index(b"data") + 4
        return content[:place] + struct.pack("<I", size) + content[place + 4 :]

    return change


def _longer_by(count: int) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        place = content.index(b"data") + 4
        (size,) = struct.unpack_from("<I", content, place)
        return content[:place] + struct.pack("<I", size + count) + content[place + 4 :]

    return change


def _up_to_a_page(content: bytes) -> bytes:
    return content[: content.rindex(b"OggS\x00")]


def _without_first_frame(content: bytes) -> bytes:
    """An MP3 without the header in its first frame, as a recorder that streams writes it."""
    first = content.index(b"\xff\xfb")
    return content[content.index(b"\xff\xfb", first + 4) :]


_UNSURE = [
    # (the kind, what is done to half of it, or to all of it where it says so)
    ("wav", _open_size(0xFFFF_FFFF)),  # written into a pipe
    ("wav", _open_size(0x7FFF_FFFF)),
    ("wav", _open_size(0)),  # a recorder that was never stopped
    ("mp3", _without_first_frame),
    ("ogg", _up_to_a_page),  # no end mark: a live recording has none either
    ("opus", _up_to_a_page),
]


@pytest.mark.parametrize(("kind", "change"), _UNSURE)
def test_nothing_is_said_without_sure_evidence(
    kind: str, change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    half = cut(made(tmp_path, kind), share=0.5)
    assert wholeness.breaks_off(half)
    assert not wholeness.breaks_off(holding(half, change(half.read_bytes())))


@pytest.mark.parametrize("count", [8, 44, 4096])
def test_a_header_that_counts_a_little_too_much_is_no_cut(count: int, tmp_path: Path) -> None:
    whole = made(tmp_path, "wav")
    assert not wholeness.breaks_off(holding(whole, _longer_by(count)(whole.read_bytes())))


def _tagged(content: bytes) -> bytes:
    """Behind a large picture, as music players write it."""
    size = 300_000
    seven = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    bare = content[content.index(b"\xff\xfb") :]
    return b"ID3\x04\x00\x00" + seven + bytes(size) + bare


def _rf64(content: bytes) -> bytes:
    """With 64-bit sizes, as long recordings have them."""
    place = content.index(b"data") + 8
    wide = b"ds64" + struct.pack("<IQQQI", 28, len(content) + 28, len(content) - place, 0, 0)
    head = b"RF64" + b"\xff" * 4 + b"WAVE" + wide + content[12 : place - 4]
    return head + b"\xff" * 4 + content[place:]


@pytest.mark.parametrize(("kind", "change"), [("mp3", _tagged), ("wav", _rf64)])
def test_other_forms_of_a_container_are_judged_too(
    kind: str, change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    whole = made(tmp_path, kind)
    changed = holding(whole, change(whole.read_bytes()))
    assert not wholeness.breaks_off(changed)
    content = changed.read_bytes()
    sound = content.rindex(b"data") if kind == "wav" else 300_000
    assert wholeness.breaks_off(holding(whole, content[: (sound + len(content)) // 2]))


@pytest.mark.parametrize("content", [b"", b"O", b"OggS", b"RIFF", b"ID3", b"\xff\xfb", b"\0" * 99])
def test_stumps_are_not_judged(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "stump"
    path.write_bytes(content)
    assert not wholeness.breaks_off(path)
    assert not wholeness.lacks_index(path)


@pytest.mark.parametrize("kind", ["m4a", "mp4", "mov"])
def test_half_a_file_without_its_index_is_said_to_be_incomplete(kind: str, tmp_path: Path) -> None:
    whole = made(tmp_path, kind)
    assert media.probe(whole).has_sound
    for share in (0.3, 0.9):
        with pytest.raises(InvalidInput) as refused:
            media.probe(cut(whole, share=share), name=f"회의.{kind}")
        assert refused.value.code == "media_incomplete"
        assert f"회의.{kind}" in refused.value.sentence("ko")


def test_what_never_was_such_a_file_is_not_called_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "meeting.m4a"
    path.write_bytes(np.random.default_rng(1).bytes(50_000))
    with pytest.raises(InvalidInput) as refused:
        media.probe(path)
    assert refused.value.code == "media_unreadable"


def test_a_recording_of_a_browser_has_no_duration_and_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "live.webm"
    with av.open(str(path), "w", format="webm", options={"live": "1"}) as target:
        stream = target.add_stream("libopus", rate=48_000, layout="mono")
        for start in range(0, 5 * 48_000, 960):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 960), np.float32), "flt", "mono")
            frame.sample_rate, frame.pts = 48_000, start
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    assert not media.probe(path).duration
    assert not wholeness.breaks_off(path)


def test_pictures_that_go_on_without_sound_are_the_end_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "screen.mp4"
    silent_end(path, sound=5.0, pictures=20.0)
    assert media.sound_ends_at(path, check=never) == pytest.approx(5.0, abs=0.2)
    assert media.ends_at(path, check=never) == pytest.approx(20.0, abs=0.2)


def silent_end(path: Path, *, sound: float, pictures: float) -> Path:
    """A video whose sound stops before its pictures do."""
    with av.open(str(path), "w") as target:
        video = target.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 32, 32, "yuv420p"
        audio = target.add_stream("aac", rate=RATE, layout="mono")
        for number in range(round(pictures * 10)):
            picture = av.VideoFrame(32, 32, "yuv420p")
            for plane in picture.planes:
                plane.update(bytes(plane.buffer_size))
            picture.pts = number
            target.mux(video.encode(picture))
        for start in range(0, round(sound * RATE), 1024):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            frame.sample_rate, frame.pts = RATE, start
            target.mux(audio.encode(frame))
        target.mux(video.encode(None))
        target.mux(audio.encode(None))
    return path
