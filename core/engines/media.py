"""Sound out of media files, by PyAV (FFmpeg's libraries; no ffmpeg program is run).

Content decides, never the name: files are opened without theirs, and only by the demuxers below,
because a playlist or a concat script renamed to .mp3 would make FFmpeg open other files.
Positions in the decoded stream are seconds of the recording: gaps are filled with silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, Literal

import av
import av.error
from av.container import InputContainer
from av.stream import Disposition

from core.engines import wholeness
from core.engines.base import CheckCancelled
from core.engines.mono import Mono
from core.engines.sound import JUMP_BACK, RATE, Clock, Samples, in_blocks, is_quiet
from core.errors import EngineFailed, InvalidInput

DEMUXERS = (
    "mp3,mov,mp4,m4a,3gp,wav,w64,flac,ogg,matroska,webm,aac,aiff,amr,asf,avi,caf,mpegts,mpeg,flv"
)
SHORTEST = 0.1
"""Seconds of sound below which there is nothing to hear."""
GAP = 0.05
"""Seconds by which time stamps may jitter (containers round them, recorders jitter)."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file says about itself. `duration` is in seconds, and what the container claims: a
    cut file holds less (see `sound_ends_at`). `created_at` is UTC; `format` is FFmpeg's name."""

    kind: Literal["audio", "video"]
    duration: float | None
    has_sound: bool
    created_at: datetime | None
    format: str


def probe(path: Path, *, name: str | None = None) -> MediaInfo:
    """Look into a file; `name` is how sentences call it (the name it was uploaded under).

    Raises InvalidInput: media_unreadable (not media, empty), media_incomplete (an MP4 without its
    index) or media_too_short (sound of less than 0.1 s). A video without sound is told by
    `has_sound`. EngineFailed: media_vanished.
    """
    called = name or path.name
    with _opened(path, called) as container:
        video = any(_is_moving_picture(stream) for stream in container.streams.video)
        stream = _sound_stream(container)
        if stream is None and not video:
            raise InvalidInput("media_unreadable", name=called)
        duration = _claimed_duration(container, stream)
        if stream is not None:
            _refuse_too_short(container, stream, called)
        return MediaInfo(
            kind="video" if video else "audio",
            duration=duration,
            has_sound=stream is not None,
            created_at=_created_at(container),
            format=str(container.format.name),
        )


def sound_ends_at(path: Path, *, check: CheckCancelled) -> float:
    """Seconds of the recording at which its last packet of sound ends, by reading the file through
    without decoding it: the duration of recordings whose container tells none, or tells a lie."""
    with _opened(path, path.name) as container:
        stream = _require_sound(container, path.name)
        clock = Clock(_origin(container))
        tick = stream.time_base
        end = 0.0
        for number, packet in enumerate(_packets(container, stream, path.name)):
            if number % 500 == 0:
                check()
            if packet.pts is not None and packet.duration and tick is not None:
                start = clock.place(_seconds(packet.pts, tick), end)
                end = max(end, start + _seconds(packet.duration, tick))
        return end


def ends_at(path: Path, *, check: CheckCancelled) -> float:
    """Seconds at which the last packet of any kind ends: where the sound stops earlier but the
    pictures go on, the file is whole."""
    with _opened(path, path.name) as container:
        origin, end = _origin(container), 0.0
        for number, packet in enumerate(_packets(container, None, path.name)):
            if number % 500 == 0:
                check()
            if packet.pts is not None and packet.time_base is not None:
                after = (packet.pts + (packet.duration or 0)) * packet.time_base
                end = max(end, float(after) - origin)
        return end


def decode(
    path: Path, *, check: CheckCancelled, start: float = 0.0, name: str | None = None
) -> Iterator[Samples]:
    """The sound as 16 kHz mono float32 blocks of about two seconds, in order, gaps as silence.

    `start` leaves out that many seconds at the beginning, to the sample. What is damaged is
    skipped and becomes silence; a cut file ends where it ends. `check` is called once a block.
    Raises InvalidInput: media_unreadable, media_no_sound, media_too_short; EngineFailed:
    media_vanished.
    """
    called = name or path.name
    skip = round(start * RATE)
    heard = 0
    for block in in_blocks(_timed_sound(path, called)):
        if not path.exists():
            raise EngineFailed("media_vanished", name=called)
        check()
        heard += len(block)
        left_out = min(skip, len(block))
        skip -= left_out
        if left_out < len(block):
            yield block[left_out:]
    if heard < SHORTEST * RATE:
        raise InvalidInput("media_too_short", name=called)


def _timed_sound(path: Path, called: str) -> Iterator[Samples | int]:
    """Decoded samples in order; an int is that many samples of silence to be put there."""
    with _opened(path, called) as container:
        stream = _require_sound(container, called)
        clock = Clock(_origin(container))
        mono = Mono()
        tick = stream.time_base
        for frame in _frames(container, stream, called):
            if frame.pts is not None and tick is not None:
                reached = mono.reached
                early = clock.place(_seconds(frame.pts, tick), reached) - reached
                if early > GAP:
                    yield from mono.flush()
                    yield mono.skip(early)
                elif _is_said_twice(frame, overlap=-early):
                    continue
            yield from mono.convert(frame)
        yield from mono.flush()


def _is_said_twice(frame: av.AudioFrame, *, overlap: float) -> bool:
    """Whether a frame should be left out because its time was already filled: a recorder's clock
    that runs slow is set right in the next quiet moment, and at half a second in any."""
    if overlap <= 2 * GAP:
        return False
    return overlap > JUMP_BACK / 2 or is_quiet(frame.to_ndarray())


class _Nameless:
    """An open file without its name, so that FFmpeg sees the content only."""

    def __init__(self, file: IO[bytes]) -> None:
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell


@contextmanager
def _opened(path: Path, called: str) -> Iterator[InputContainer]:
    try:
        file = path.open("rb")
    except FileNotFoundError as gone:
        raise EngineFailed("media_vanished", name=called) from gone
    except OSError as refused:
        raise InvalidInput("media_unreadable", name=called) from refused
    with file:
        try:
            container = av.open(
                _Nameless(file),
                mode="r",
                options={"format_whitelist": DEMUXERS},
                metadata_errors="replace",
                buffer_size=1 << 18,
            )
        except av.error.FFmpegError as unknown:
            if wholeness.lacks_index(path):
                raise InvalidInput("media_incomplete", name=called) from unknown
            raise InvalidInput("media_unreadable", name=called) from unknown
        with container:
            yield container


def _packets(
    container: InputContainer, stream: av.AudioStream | None, called: str
) -> Iterator[av.Packet[Any]]:
    """All packets of the stream (None: of all); a damaged place is passed over, a cut end is
    the end."""
    failures = 0
    while failures < 100:
        try:
            for packet in container.demux(*([stream] if stream else container.streams)):
                failures = 0
                yield packet
            return
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            failures += 1
        except OSError as lost:
            raise EngineFailed("media_vanished", name=called) from lost


def _frames(
    container: InputContainer, stream: av.AudioStream, called: str
) -> Iterator[av.AudioFrame]:
    for packet in _packets(container, stream, called):
        yield from _frames_of(packet)


def _frames_of(packet: av.Packet[av.AudioStream]) -> list[av.AudioFrame]:
    try:
        return packet.decode()
    except av.error.FFmpegError:  # damaged: what is missing becomes silence
        return []


def _sound_stream(container: InputContainer) -> av.AudioStream | None:
    best = container.streams.best("audio")
    return best if isinstance(best, av.AudioStream) and best.codec_context else None


def _require_sound(container: InputContainer, called: str) -> av.AudioStream:
    stream = _sound_stream(container)
    if stream is not None:
        return stream
    video = any(_is_moving_picture(picture) for picture in container.streams.video)
    raise InvalidInput("media_no_sound" if video else "media_unreadable", name=called)


def _is_moving_picture(stream: av.VideoStream) -> bool:
    return not stream.disposition & Disposition.attached_pic


def _refuse_too_short(container: InputContainer, stream: av.AudioStream, called: str) -> None:
    packets = 0
    seconds = 0.0
    for packet in _packets(container, stream, called):
        packets += packet.size > 0
        seconds += sum(frame.samples / frame.sample_rate for frame in _frames_of(packet))
        if seconds >= SHORTEST:
            return
    undecodable = packets > 0 and seconds == 0
    raise InvalidInput("media_unreadable" if undecodable else "media_too_short", name=called)


def _seconds(ticks: int, tick: Fraction) -> float:
    """The same as float(ticks * tick), to the last bit, in a tenth of the time."""
    return ticks * tick.numerator / tick.denominator


def _origin(container: InputContainer) -> float:
    """The time stamp that is second 0, as players see it: the earliest of all streams. A little
    before zero is an encoder's run-up, which is not played."""
    start = (container.start_time or 0) / av.time_base
    return 0.0 if -2 * GAP < start < 0 else start


def _claimed_duration(container: InputContainer, stream: av.AudioStream | None) -> float | None:
    if container.duration is not None and container.duration > 0:
        return container.duration / av.time_base
    if stream is not None and stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return None


def _created_at(container: InputContainer) -> datetime | None:
    try:
        made = datetime.fromisoformat(container.metadata.get("creation_time", ""))
    except ValueError:
        return None
    made = made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)
    # Devices without a clock write the epoch of their container (1904 or 1970).
    return made if made.year > 1990 else None
