"""What speaks for a segment having been said: measured in the sound, and told by the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Evidence:
    """`voice` is the mean probability of speech over the segment's time and `voiced` the seconds in
    which speech is likelier than not, both by voice activity detection; `loudness` is in dB of full
    scale. The others are the model's: the probability that its clip holds no speech, the mean
    logarithm of its words' probabilities (both of the whole clip), and how many times smaller the
    text becomes when it is compressed."""

    voice: float
    voiced: float
    loudness: float
    no_speech: float
    log_probability: float
    compression: float


@dataclass(frozen=True, slots=True)
class Segment:
    """What a transcriber wrote for a stretch of the recording, in seconds. Without evidence there
    is nothing to judge it by."""

    start: float
    end: float
    text: str
    evidence: Evidence | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Segment:
        """The segment that `dataclasses.asdict` made; earlier releases kept no evidence."""
        evidence = stored.get("evidence")
        return cls(
            start=stored["start"],
            end=stored["end"],
            text=stored["text"],
            evidence=Evidence(**evidence) if evidence else None,
        )
