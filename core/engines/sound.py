"""Sound as numbers: 16 kHz mono float32 samples. Knows no file format and no model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

RATE = 16_000
"""Samples a second."""
BLOCK = RATE * 2
"""Samples in a block of a stream, two seconds."""
QUIET = 0.01
"""Loudness (1.0 is full scale) under which nothing is said."""
JUMP_BACK = 1.0
"""Time stamps that go back by more seconds than this start anew (joined files)."""
LONGEST_GAP = 24 * 3600.0
"""A longer gap, in seconds, is a damaged time stamp and not a pause."""


class Clock:
    """Turns time stamps into positions in the recording, mending those that cannot be true."""

    def __init__(self, origin: float) -> None:
        self._origin = origin

    def place(self, stamp: float, reached: float) -> float:
        """Seconds of the recording for a stamp, when `reached` seconds were read before it."""
        position = stamp - self._origin
        if position < reached - JUMP_BACK or position > reached + LONGEST_GAP:
            self._origin = stamp - reached
            return reached
        return position


def in_blocks(sound: Iterator[Samples | int]) -> Iterator[Samples]:
    """The same sound in blocks of about BLOCK samples; an int is that many silent samples."""
    parts: list[Samples] = []
    held = 0
    for piece in sound:
        for part in _silence(piece) if isinstance(piece, int) else (piece,):
            parts.append(part)
            held += len(part)
            if held >= BLOCK:
                yield np.concatenate(parts)
                parts, held = [], 0
    if held:
        yield np.concatenate(parts)


def _silence(samples: int) -> Iterator[Samples]:
    for done in range(0, samples, BLOCK):
        yield np.zeros(min(BLOCK, samples - done), dtype=np.float32)


def is_quiet(samples: npt.NDArray[Any]) -> bool:
    """Whether nothing is said in these samples, of whatever sample format."""
    if not samples.size:
        return True
    full_scale = np.iinfo(samples.dtype).max if samples.dtype.kind in "iu" else 1.0
    return float(np.abs(samples.astype(np.float64)).max()) < QUIET * full_scale
