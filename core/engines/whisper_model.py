"""A loaded Whisper: on which device, how it hears a batch of clips, and which language it hears.

The only file that imports faster-whisper, inside functions: it is heavy.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import psutil

from core.domain.speech_evidence import Segment
from core.engines import speech_model
from core.engines.native import use_one_blas_thread
from core.engines.piecewise import clip_by_clip, voice_probabilities
from core.engines.sound import RATE, Samples
from core.engines.speech_windows import Window, segment_in, tail_of
from core.engines.voice import Span, Voice, speech_from
from core.errors import EngineFailed, EngineUnavailable

Answer = TypeVar("Answer")

DETECTED_CLIPS = 3
"""Feature windows of speech that the language is told from."""


@dataclass(frozen=True, slots=True)
class Ears:
    """A loaded model and how it is used on this machine."""

    model: Any
    pipeline: Any
    batch: int

    @property
    def longest(self) -> int:
        """Samples in the model's feature window: 30 s for OpenAI's models, not for all."""
        return int(self.model.feature_extractor.chunk_length) * RATE


def loaded(name: str, folder: Path, device: str) -> Ears:
    """The model on a device; a GPU is tried once, because its libraries load on first use."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    try:
        model = WhisperModel(
            str(folder),
            device=device,
            compute_type="float16" if device == "cuda" else "int8",
            cpu_threads=_threads(),
        )
        if device == "cuda":
            model.detect_language(np.zeros(RATE, dtype=np.float32))
    except Exception as broken:  # the tokenizer's library raises bare Exception
        if device == "cuda" or isinstance(broken, MemoryError) or "alloc" in str(broken):
            raise EngineFailed("speech_failed", reason=str(broken)) from broken
        raise EngineUnavailable(
            "speech_model_broken",
            model=name,
            folder=str(folder),
            command=speech_model.FETCH_COMMAND,
        ) from broken
    use_one_blas_thread()
    if device == "cpu":
        model.encode = clip_by_clip(model.encode)
    pipeline = BatchedInferencePipeline(model)
    return Ears(model, pipeline, batch=8 if device == "cuda" else 4)


def _threads() -> int:
    """Processors this process may use, 8 at most: more do not make Whisper faster."""
    affinity = getattr(psutil.Process(), "cpu_affinity", None)  # macOS has none
    return min(len(affinity()) if affinity else psutil.cpu_count() or 4, 8)


def as_ours(work: Callable[[Ears], Answer], ears: Ears) -> Answer:
    """What `work` answers; what the vendor raises becomes ours."""
    try:
        return work(ears)
    except (RuntimeError, ValueError, MemoryError, LookupError) as failed:
        reason = str(failed) or type(failed).__name__
        raise EngineFailed("speech_failed", reason=reason) from failed


def find_speech(sound: Samples) -> Voice:
    """Where somebody speaks, with how sure that is over time."""
    from faster_whisper.vad import get_vad_model

    probabilities = voice_probabilities(sound, get_vad_model().session.run)
    return Voice(speech_from(probabilities, samples=len(sound)), probabilities)


def detect_language(ears: Ears, speech: Samples) -> str:
    """The language that most of the first feature windows of speech are surest of."""
    if not ears.model.model.is_multilingual:
        return "en"
    sure: Counter[str] = Counter()
    for first in range(0, min(len(speech), DETECTED_CLIPS * ears.longest), ears.longest):
        part = speech[first : first + ears.longest]
        for language, probability in ears.model.detect_language(part)[2]:
            sure[language] += probability * len(part)
    return sure.most_common(1)[0][0]


def hear_batch(
    ears: Ears, window: Window, waiting: list[Span], language: str, hotwords: str | None
) -> tuple[list[Segment], list[Span]]:
    """Hear the first few clips: what is said, in seconds of the window, and the clips that are
    left, unheard tails first."""
    batch, left = waiting[: ears.batch], waiting[ears.batch :]
    segments, _ = ears.pipeline.transcribe(
        window.sound,
        language=language,
        without_timestamps=False,
        clip_timestamps=[{"start": first / RATE, "end": last / RATE} for first, last in batch],
        batch_size=len(batch),
        beam_size=5,
        hotwords=hotwords,
    )
    found: list[Segment] = []
    reached = dict.fromkeys(batch, 0.0)
    # `seek` is the clip's start in hundredths of a second, rounded down; times may overshoot.
    seeks = [first * 100 // RATE - 1 for first, _ in batch]
    for segment in segments:
        first, last = clip = batch[bisect_right(seeks, segment.seek) - 1]
        start = min(max(segment.start, first / RATE), last / RATE)
        end = min(max(segment.end, start), last / RATE)
        reached[clip] = max(reached[clip], end)
        if text := segment.text.strip():
            told = (segment.no_speech_prob, segment.avg_logprob, segment.compression_ratio)
            found.append(segment_in(window, text, start, end, told))
    tails = [tail for clip in batch if (tail := tail_of(window, clip, reached[clip]))]
    return found, tails + left
