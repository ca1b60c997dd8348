"""What faster-whisper's models do to a whole window or a whole batch at once, done piece by piece:
the same numbers, bit for bit, at a fraction of the memory.

Why: the largest block that is ever allocated decides how much memory the process takes. An encoder
needs 1500 x 1500 floats for each clip and head, 137 MiB for four clips of a model of four heads;
voice activity detection needs 56 MiB for three minutes. And where such blocks come and go, whatever
small is allocated meanwhile lies in their way the next time, so that the heap grew by one of them
now and then: more often in a long recording than in a short one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.engines.sound import Samples
from core.engines.voice import VOICE_FRAME

Detect = Callable[[None, dict[str, Samples]], Sequence[Samples]]
"""Silero's model: frames and what it remembers in, probabilities and what it remembers out."""

_CONTEXT = 64
"""Samples before a frame that silero's model takes with it."""
_PIECE = 500 * VOICE_FRAME
"""Samples that are looked through for speech at once, 16 s. Less costs time, more costs memory."""
_STATE = (1, 1, 128)
"""Shape of what the model remembers from piece to piece."""


def voice_probabilities(sound: Samples, detect: Detect) -> Samples:
    """How likely it is that somebody speaks, one value a VOICE_FRAME: what faster-whisper's (1.2.1)
    own loop gives, but that it blanks the end of the last frame."""
    hidden = cell = np.zeros(_STATE, np.float32)
    found = [np.zeros(0, np.float32)]
    for first in range(0, len(sound), _PIECE):
        frames = _frames(sound, first, min(first + _PIECE, len(sound)))
        probabilities, hidden, cell = detect(None, {"input": frames, "h": hidden, "c": cell})
        found.append(probabilities.ravel())
    return np.concatenate(found)


def _frames(sound: Samples, first: int, last: int) -> Samples:
    """The frames between two samples, each after its context; silence where there is no sound."""
    begun = max(0, first - _CONTEXT)
    before = _CONTEXT - (first - begun)
    part = np.pad(sound[begun:last], (before, -(last - first) % VOICE_FRAME))
    frames = np.lib.stride_tricks.sliding_window_view(part, _CONTEXT + VOICE_FRAME)
    return np.ascontiguousarray(frames[::VOICE_FRAME])


def clip_by_clip(encode: Callable[[Samples], Any]) -> Callable[[Samples], Any]:
    """A WhisperModel's `encode` that takes the clips of a batch one after another. On a processor
    that is as fast, one clip keeps all of its cores busy; a GPU is given the batch."""
    from ctranslate2 import StorageView  # type: ignore[import-untyped]

    def encode_each(features: Samples) -> Any:
        if features.ndim == 2 or len(features) == 1:
            return encode(features)
        return StorageView.from_array(
            np.concatenate([np.asarray(encode(clip)) for clip in features])
        )

    return encode_each
