"""/api/embed: vectors of letter groups, so that texts with common words are near each other.

Limits as recorded (embed-*): an empty input has no vector; too long is cut silently, or a 400.
"""

from __future__ import annotations

import hashlib
import math
import re
from functools import lru_cache

from tests.doubles.ollama.context import text_tokens
from tests.doubles.ollama.models import Model

_WORD = re.compile(r"\w+|[^\w\s]")


def embedding_tokens(model: Model, text: str) -> int:
    """Words and the two marks for a BERT; the estimator for other families."""
    if model.family == "bert":
        return sum(math.ceil(len(word) / 7) for word in _WORD.findall(text)) + 2
    return math.ceil(text_tokens(model.family, text)) + 2


@lru_cache(maxsize=65536)
def _direction(group: str, length: int) -> tuple[float, ...]:
    digest = hashlib.shake_256(group.encode()).digest(length)
    return tuple(byte / 127.5 - 1 for byte in digest)


def embed(text: str, *, length: int, dimensions: int | None = None) -> list[float]:
    """A unit vector (recording embed-batch); `dimensions` cuts it and makes it unit again."""
    total = [0.0] * length
    for word in _WORD.findall(text.lower()) or [text]:
        for group in {word, *(word[i : i + 2] for i in range(len(word) - 1))}:
            for index, value in enumerate(_direction(group, length)):
                total[index] += value
    total = total[:dimensions] if dimensions else total
    norm = math.sqrt(sum(value * value for value in total)) or 1.0
    return [value / norm for value in total]
