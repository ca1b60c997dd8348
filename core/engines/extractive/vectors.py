"""Sparse tf-idf vectors by numpy alone: rows are sentences, and S = X·Xᵀ is never built.

A similarity is a walk through the terms that two rows share, so three hours of speech take
memory in proportion to its words, not to the square of its sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]


class Vectors:
    """Rows of unit length, in compressed sparse rows."""

    def __init__(self, bags: Sequence[Sequence[str]]) -> None:
        vocabulary: dict[str, int] = {}
        columns: list[int] = []
        counts: list[float] = []
        starts = [0]
        for bag in bags:
            row: dict[int, int] = {}
            for term in bag:
                column = vocabulary.setdefault(term, len(vocabulary))
                row[column] = row.get(column, 0) + 1
            columns.extend(row)
            counts.extend(row.values())
            starts.append(len(columns))
        self.vocabulary = vocabulary
        self.columns: Integers = np.array(columns, dtype=np.int64)
        self.starts: Integers = np.array(starts, dtype=np.int64)
        self.rows: Integers = np.repeat(np.arange(len(bags), dtype=np.int64), np.diff(self.starts))
        self.idf: Floats = self._inverse_document_frequency(len(bags))
        tf = 1.0 + np.log(np.array(counts, dtype=np.float64))
        raw = tf * self.idf[self.columns]
        self.mass: Floats = np.bincount(self.rows, raw, minlength=len(bags)).astype(np.float64)
        """Sum of tf-idf a row: how much it says."""
        norms = np.sqrt(np.bincount(self.rows, raw * raw, minlength=len(bags)))
        self.values: Floats = raw / norms[self.rows] if len(raw) else raw

    def __len__(self) -> int:
        return len(self.starts) - 1

    def times(self, weights: Floats) -> Floats:
        """X·w: the similarity of every row to a vector over the terms."""
        return np.bincount(
            self.rows, self.values * weights[self.columns], minlength=len(self)
        ).astype(np.float64)

    def gathered(self, weights: Floats) -> Floats:
        """Xᵀ·w: the weighted sum of the rows, as a vector over the terms."""
        return np.bincount(
            self.columns, self.values * weights[self.rows], minlength=len(self.vocabulary)
        ).astype(np.float64)

    def row(self, index: int) -> Floats:
        """One row, dense over the terms."""
        dense = np.zeros(len(self.vocabulary))
        span = slice(self.starts[index], self.starts[index + 1])
        dense[self.columns[span]] = self.values[span]
        return dense

    def row_terms(self, index: int) -> dict[int, float]:
        """One row, sparse: the idf of each of its terms."""
        span = slice(self.starts[index], self.starts[index + 1])
        return {int(column): float(self.idf[column]) for column in self.columns[span]}

    def _inverse_document_frequency(self, documents: int) -> Floats:
        frequency = np.bincount(self.columns, minlength=len(self.vocabulary))
        return np.log(1.0 + (documents - frequency + 0.5) / (frequency + 0.5))


def centrality(vectors: Vectors, bias: Floats, *, damping: float = 0.85) -> Floats:
    """Continuous LexRank (Erkan & Radev 2004): the stationary weight of each row in a walk over
    similar rows, which restarts by `bias` (Haveliwala 2003). Sums to 1."""
    restart = bias / bias.sum() if bias.sum() else np.full(len(vectors), 1 / max(len(vectors), 1))
    present = (vectors.mass > 0).astype(np.float64)
    degree = vectors.times(vectors.gathered(present)) - present
    safe = np.where(degree > 1e-12, degree, 1.0)
    rank = restart.copy()
    for _ in range(60):
        passed = np.where(degree > 1e-12, rank / safe, 0.0)
        flow = vectors.times(vectors.gathered(passed)) - passed
        after = damping * flow
        after += restart * (1.0 - after.sum())
        if np.abs(after - rank).sum() < 1e-8:
            return after
        rank = after
    return rank
