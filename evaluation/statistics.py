"""A mean over meetings and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 10_000
_SEED = 2021


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and the 95 % interval that the percentile bootstrap gives it (Efron 1979)."""

    mean: float
    low: float
    high: float


def estimate(values: Sequence[float]) -> Estimate:
    """Over meetings, drawn with replacement; the same values give the same interval. For a paired
    comparison give the differences, meeting by meeting."""
    given = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(_SEED).integers(len(given), size=(RESAMPLES, len(given)))
    low, high = np.percentile(given[draws].mean(axis=1), [2.5, 97.5])
    return Estimate(float(given.mean()), float(low), float(high))
