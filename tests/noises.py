"""Sounds in which nobody speaks, as 16 kHz mono float32."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

RATE = 16_000
_LOUDNESS = 0.1

Sound = npt.NDArray[np.float32]


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE), np.float32)


def hiss(seconds: float) -> Sound:
    """What a microphone gives in a quiet room."""
    return 0.02 * white(seconds)


def white(seconds: float) -> Sound:
    draw = np.random.default_rng(1)
    return draw.normal(0, _LOUDNESS, round(seconds * RATE)).astype(np.float32)


def pink(seconds: float) -> Sound:
    """As much power in every octave: rain, a fan, a far street."""
    spectrum = np.fft.rfft(np.random.default_rng(2).normal(0, 1, round(seconds * RATE)))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    sound = np.fft.irfft(spectrum)
    return (sound * _LOUDNESS / sound.std()).astype(np.float32)


def tone(seconds: float) -> Sound:
    return _harmonics(440.0, seconds, count=1)


def hum(seconds: float) -> Sound:
    """Mains hum with its overtones."""
    return _harmonics(60.0, seconds, count=20)


def chords(seconds: float) -> Sound:
    """A chord a second, struck and dying away, each another: as a piano plays."""
    draw = np.random.default_rng(3)
    fade = np.exp(-2 * np.arange(RATE) / RATE)
    struck = []
    for _ in range(round(seconds)):
        base = 220 * 2 ** (draw.integers(0, 12) / 12)
        struck.append(
            sum(_harmonics(base * third, 1.0, count=3) for third in (1, 1.25, 1.5)) * fade
        )
    return np.concatenate(struck).astype(np.float32)


NOISES: dict[str, Callable[[float], Sound]] = {
    one.__name__: one for one in (silence, hiss, white, pink, tone, hum, chords)
}


def _harmonics(hertz: float, seconds: float, *, count: int) -> Sound:
    at = np.arange(round(seconds * RATE)) / RATE
    waves = [np.sin(2 * np.pi * hertz * times * at) / times for times in range(1, count + 1)]
    return (_LOUDNESS * np.sum(waves, axis=0)).astype(np.float32)


def save(sound: Sound, path: Path) -> Path:
    """As a file that can be transcribed; its name says the format."""
    with av.open(str(path), "w") as target:
        stream = target.add_stream("flac", rate=RATE, layout="mono")
        samples = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
        for first in range(0, len(samples), 4096):
            part = samples[first : first + 4096].reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, first
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return path
