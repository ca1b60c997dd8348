"""Where in a sound somebody speaks, from the probabilities that voice activity detection gives, and
what these say of a stretch of it. Pure numbers: the model that gives them is not known here.

faster-whisper's own function gives the spans and forgets the probabilities. They are kept here:
they are the best evidence that a line was said, and to ask the model twice would cost time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.engines.sound import RATE, Samples

Span = tuple[int, int]
"""First sample and the sample after the last."""

VOICE_FRAME = 512
"""Samples that one probability is for: silero's 32 ms."""
_SPEECH = 0.5
"""Probability from which speech begins, and is counted as evidence."""
_STILL_SPEECH = 0.35
"""Speech goes on while it is not below."""
_SHORTEST_PAUSE = RATE * 160 // 1000
_SHORTEST_SPEECH = RATE * 90 // 1000
_LEAST = 0.5
"""Seconds that are looked at for a shorter segment: times of segments are not exact."""
_FLOOR = 1e-6
"""Amplitude of what counts as no sound at all (-120 dB)."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Where somebody speaks, and how likely it is that somebody does, one value a VOICE_FRAME."""

    speech: list[Span]
    probabilities: Samples


def no_voice(samples: int) -> Voice:
    """Of so many samples of silence."""
    return Voice([], np.zeros(-(-samples // VOICE_FRAME), np.float32))


def speech_from(probabilities: Samples, *, samples: int) -> list[Span]:
    """Spans of speech in a sound of so many samples: the same as faster-whisper's (1.2.1)
    get_speech_timestamps gives for these probabilities, pauses and lengths (a test compares)."""
    spans: list[Span] = []
    begun: int | None = None
    paused: int | None = None
    for number, probability in enumerate(probabilities):
        at = number * VOICE_FRAME
        if probability >= _SPEECH:
            begun = at if begun is None else begun
            paused = None
        elif probability < _STILL_SPEECH and begun is not None:
            paused = at if paused is None else paused
            if at - paused >= _SHORTEST_PAUSE:
                spans.append((begun, paused))
                begun = paused = None
    if begun is not None:
        spans.append((begun, samples))
    return [(first, min(last, samples)) for first, last in spans if last - first > _SHORTEST_SPEECH]


def voice_between(probabilities: Samples, start: float, end: float) -> tuple[float, float]:
    """The mean probability of speech from `start` to `end` seconds, and the seconds in which it is
    likelier than not. A shorter stretch than _LEAST is widened on both sides."""
    frames = _widened(probabilities, start, end, scale=RATE / VOICE_FRAME)
    if not len(frames):
        return 0.0, 0.0
    voiced = np.count_nonzero(frames >= _SPEECH) * VOICE_FRAME / RATE
    return round(float(frames.mean()), 3), round(float(voiced), 3)


def loudness_between(sound: Samples, start: float, end: float) -> float:
    """The loudness from `start` to `end` seconds in dB of full scale (RMS)."""
    part = _widened(sound, start, end, scale=RATE)
    power = float(np.dot(part, part)) / max(1, len(part))
    return round(20 * float(np.log10(max(_FLOOR, power**0.5))), 1)


def _widened(values: Samples, start: float, end: float, *, scale: float) -> Samples:
    missing = max(0.0, _LEAST - (end - start)) / 2
    first = max(0, int((start - missing) * scale))
    return values[first : max(first, int(np.ceil((end + missing) * scale)))]
