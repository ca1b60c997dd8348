"""How far the reading of a meeting is: parts done, time left by the speed so far, what was found.

Fed by the threads that read; told to whoever shows it. Knows no model and no page.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.domain.minutes import Item

_ANSWER_SHARE = 0.15
"""Characters of an answer ÷ characters of its part, before one was seen."""
_SHORTEST_ANSWER = 400
_AT_MOST = 0.9
"""How much of a part counts as read before its answer has ended."""
_INSTANT = 0.2
"""Seconds; a part that took less was known from before and says nothing about speed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the reading stands. `share` is 0..1 of reading and writing together; `part` the number
    of the part that is read now; `seconds_left` for all of it, None while nothing is known."""

    share: float
    part: int
    parts: int
    seconds_left: float | None
    found: tuple[Item, ...]


@dataclass
class ReadingProgress:
    """`sizes` are the characters of each part; writing the summary counts as one more part."""

    sizes: Sequence[int]
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _began: dict[int, float] = field(default_factory=dict, init=False)
    _answered: dict[int, int] = field(default_factory=dict, init=False)
    _known: set[int] = field(default_factory=set, init=False)
    _done: dict[int, int] = field(default_factory=dict, init=False)
    _found: dict[int, tuple[Item, ...]] = field(default_factory=dict, init=False)

    def begin(self, place: int) -> None:
        """Part `place` (from 0) is read from now on."""
        with self._lock:
            self._began[place] = self.clock()

    def heard(self, place: int, characters: int) -> None:
        """So many characters of its answer have come."""
        with self._lock:
            self._answered[place] = characters

    def end(self, place: int, items: tuple[Item, ...]) -> None:
        """Part `place` was read; `items` are those of it that may be shown."""
        with self._lock:
            if self.clock() - self._began[place] < _INSTANT:
                self._known.add(place)
            self._done[place] = self._answered.get(place, 0)
            self._found[place] = items

    def standing(self) -> Standing:
        """Where the reading stands now."""
        with self._lock:
            count = len(self.sizes)
            whole = sum(self.sizes)
            writing = whole / count
            read = {place: self._share_read(place) * self.sizes[place] for place in self._began}
            done = sum(read.values())
            return Standing(
                share=done / (whole + writing) if whole else 0.0,
                part=min(count, len(self._done) + 1),
                parts=count,
                seconds_left=self._seconds_left(read, whole + writing - done),
                found=tuple(item for place in sorted(self._found) for item in self._found[place]),
            )

    def _share_read(self, place: int) -> float:
        if place in self._done:
            return 1.0
        lengths = [length / self.sizes[p] for p, length in self._done.items() if length]
        share = sum(lengths) / len(lengths) if lengths else _ANSWER_SHARE
        expected = max(_SHORTEST_ANSWER, share * self.sizes[place])
        return min(_AT_MOST, self._answered.get(place, 0) / expected)

    def _seconds_left(self, read: dict[int, float], to_do: float) -> float | None:
        asked = {place: amount for place, amount in read.items() if place not in self._known}
        amount = sum(asked.values())
        if not amount:
            return None
        began = min(self._began[place] for place in asked)
        return (self.clock() - began) / amount * to_do
