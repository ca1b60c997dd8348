"""Decoded frames as what speech models take: 16 kHz, one channel, 32-bit floats."""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np

from core.engines.sound import RATE, Samples


class Mono:
    """Resamples to 16 kHz mono; starts anew where the format changes within a file. Frames (20 ms
    often) are put together to a second first: a call for each took half of the decoding's time."""

    def __init__(self) -> None:
        self._given = 0
        self._format: tuple[object, ...] = ()
        self._resampler: av.AudioResampler | None = None
        self._held = av.AudioFifo()
        self._held_rate = RATE

    @property
    def reached(self) -> float:
        """Seconds that were taken in or skipped."""
        return self._given / RATE + self._held.samples / self._held_rate

    def convert(self, frame: av.AudioFrame) -> Iterator[Samples]:
        """What a frame adds; it may come with a later one."""
        format_now = (frame.format.name, frame.layout.name, frame.sample_rate)
        if format_now != self._format:
            yield from self.flush()
            self._resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            self._held, self._held_rate = av.AudioFifo(), frame.sample_rate
            self._format = format_now
        frame.pts = None  # the clock keeps time; the resampler must not
        self._held.write(frame)
        if self._held.samples >= self._held_rate:
            yield from self._resample(self._held.read())

    def flush(self) -> Iterator[Samples]:
        """What is still held."""
        if self._held.samples:
            yield from self._resample(self._held.read())
        yield from self._resample(None)
        self._resampler = None
        self._format = ()

    def skip(self, seconds: float) -> int:
        """So many samples of silence stand in for a gap; they count as taken in."""
        silent = round(seconds * RATE)
        self._given += silent
        return silent

    def _resample(self, frame: av.AudioFrame | None) -> Iterator[Samples]:
        if self._resampler is None:
            return
        for part in self._resampler.resample(frame):
            samples = part.to_ndarray().ravel().astype(np.float32, copy=False)
            self._given += len(samples)
            yield samples
