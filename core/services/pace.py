"""How fast a recording is heard, and how long the rest will take. Knows no model and no page."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

_Mark = tuple[float, float]


@dataclass
class Pace:
    """Fed with the second of the recording that was reached. The way to the first sound is no
    measure: a model is loaded there, and a file passed over up to where another process was."""

    clock: Callable[[], float] = time.monotonic
    _marks: list[_Mark] = field(default_factory=list, init=False)
    """(when, second) of the beginning, of the first sound heard and of the last."""

    def reached(self, second: float) -> None:
        """Everything before `second` was heard."""
        if self._marks and second <= self._marks[-1][1]:
            return
        self._marks = [*self._marks[:2], (self.clock(), second)]

    @property
    def speed(self) -> float | None:
        """Seconds of sound heard in a second; None while nothing is known."""
        if len(self._marks) < 3:
            return None
        _, (began, first), (now, last) = self._marks
        return (last - first) / (now - began) if now > began else None

    def seconds_left(self, until: float) -> float | None:
        """Seconds until the recording is heard up to `until`; None while nothing is known."""
        speed = self.speed
        return max(0.0, until - self._marks[-1][1]) / speed if speed else None
