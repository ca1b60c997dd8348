"""Whether a media file is all there, from what its own bytes say. Knows no sound and no codec.

Said only on evidence that cannot mean anything else: a header that counts more bytes than follow, a
page or a box that the file ends in the middle of. A file that says nothing of its length (a live
recording: WebM without a duration, Ogg without an end mark, WAV with an open size) is not judged.
Layouts: RFC 3533 (Ogg), EBU Tech 3306 (RIFF/RF64), ISO/IEC 14496-12 (boxes), LAME's Xing tag.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

LITTLE = 2.0
"""Seconds by which a container's word on its length may be off without anything being lost."""
_LITTLE_SHARE = 0.01
_HEAD = 64 * 1024
_OPEN_SIZE = 0x7FFF_0000
"""Programs that write a WAV into a pipe put the largest size they know: 0x7fffffff, 0xffffffff."""
_LONGEST_PAGE = 27 + 255 + 255 * 255
_MP3_RATES = (44_100, 48_000, 32_000)
_FIRST_BOXES = (b"ftyp", b"wide", b"mdat", b"free", b"skip")


def is_short(promised: float, there: float) -> bool:
    """Do `there` seconds fall short of those that were promised by more than rounding explains?"""
    return promised - there > max(LITTLE, promised * _LITTLE_SHARE)


def breaks_off(path: Path) -> bool:
    """Does the file end before its own end (WAV, MP3 with a Xing, Info or VBRI header, Ogg)?

    False where that cannot be told. Containers whose duration FFmpeg reads from an index (MP4,
    Matroska, FLAC) are judged by their duration instead. Raises OSError.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
            return _wav_breaks_off(head, size)
        if head[:4] == b"OggS":
            file.seek(max(0, size - _LONGEST_PAGE))
            return _ends_in_page(file.read())
        first = _after_id3(head)
        file.seek(first)
        return _mp3_breaks_off(file.read(256), size - first)


def lacks_index(path: Path) -> bool:
    """Is it an MP4, M4A or MOV whose index (the `moov` box) is missing or not all there? Most
    recorders write it last, so half a file of theirs cannot be read at all. Raises OSError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        boxes = list(_boxes(file, size))
    if not boxes or boxes[0][0] not in _FIRST_BOXES:
        return False
    ends = [end for kind, end in boxes if kind == b"moov"]
    return not ends or ends[0] > size


def _wav_breaks_off(head: bytes, size: int) -> bool:
    place, byte_rate, wide = 12, 0, 0
    while place + 8 <= len(head):
        kind, length = head[place : place + 4], _little(head, place + 4)
        if kind == b"fmt ":
            byte_rate = _little(head, place + 16)
        elif kind == b"ds64":
            wide = _little(head, place + 16, size=8)
        elif kind == b"data":
            promised = wide if wide and length == 0xFFFF_FFFF else length
            if not byte_rate or (promised >= _OPEN_SIZE and promised != wide):
                return False
            return is_short(promised / byte_rate, max(0, size - place - 8) / byte_rate)
        place += 8 + length + length % 2
    return False


def _mp3_breaks_off(frame: bytes, size: int) -> bool:
    """`frame` begins as the first frame does, and `size` bytes begin with it."""
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE6 != 0xE2:  # no MPEG layer III
        return False
    counted = _counted(frame)
    rate = _mp3_rate(frame)
    if counted is None or not rate:
        return False
    promised, frames = counted
    seconds = frames * (1152 if _is_mpeg_1(frame) else 576) / rate
    return is_short(seconds, seconds * size / promised)


def _counted(frame: bytes) -> tuple[int, int] | None:
    """Bytes and frames of the whole file, by the header that encoders put into the first frame."""
    mono = frame[3] >> 6 == 3
    place = (21 if mono else 36) if _is_mpeg_1(frame) else (13 if mono else 21)
    if frame[place : place + 4] in (b"Xing", b"Info"):
        flags = _big(frame, place + 4)
        if flags & 3 != 3:
            return None
        frames, promised = _big(frame, place + 8), _big(frame, place + 12)
    elif frame[36:40] == b"VBRI":
        promised, frames = _big(frame, 46), _big(frame, 50)
    else:
        return None
    return (promised, frames) if promised and frames else None


def _is_mpeg_1(frame: bytes) -> bool:
    return frame[1] >> 3 & 3 == 3


def _mp3_rate(frame: bytes) -> int:
    """Samples a second, 0 where the frame's header is none."""
    version, place = frame[1] >> 3 & 3, frame[2] >> 2 & 3
    if place == 3 or version == 1:
        return 0
    return _MP3_RATES[place] // {3: 1, 2: 2, 0: 4}[version]


def _after_id3(head: bytes) -> int:
    """Where the sound begins behind an ID3v2 tag (whose size has seven bits a byte)."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    length = 0
    for byte in head[6:10]:
        length = length << 7 | byte & 0x7F
    return 10 + length


def _ends_in_page(tail: bytes) -> bool:
    place = tail.rfind(b"OggS\x00")
    if place < 0:
        return False
    header = tail[place : place + 27]
    if len(header) < 27:
        return True
    lengths = tail[place + 27 : place + 27 + header[26]]
    return len(lengths) < header[26] or place + 27 + len(lengths) + sum(lengths) > len(tail)


def _boxes(file: IO[bytes], size: int) -> Iterator[tuple[bytes, int]]:
    """The kind of each outermost box, and the place in the file where it ends by its own word."""
    place = 0
    while place + 8 <= size:
        file.seek(place)
        header = file.read(16)
        length, kind = _big(header, 0), header[4:8]
        if length == 1:
            length = _big(header, 8, size=8)
        end = place + length if length else size
        if end < place + 8:
            return
        yield kind, end
        place = end


def _little(content: bytes, place: int, *, size: int = 4) -> int:
    return int.from_bytes(content[place : place + size], "little")


def _big(content: bytes, place: int, *, size: int = 4) -> int:
    return int.from_bytes(content[place : place + size], "big")
