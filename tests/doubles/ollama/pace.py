"""How fast the double is. Without a Speed it answers as fast as it can; the metrics that it tells
then are those of the recordings.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second of one slot, the same however many slots are busy: a server of fixed speed.

    What is in the cache is read again at the same cost, so that a call's length follows from its
    own tokens alone.
    """

    prompt: float
    answer: float

    def seconds(self, *, prompt_tokens: int, answer_tokens: int) -> float:
        """How long a call of so many tokens takes."""
        return prompt_tokens / self.prompt + answer_tokens / self.answer


@dataclass
class Pace:
    """One answer at a Speed. It waits for moments, not for lengths of time: what was late does not
    make what follows late."""

    speed: Speed
    prompt_tokens: int
    _begun: float = field(default_factory=time.monotonic)

    async def token(self, number: int) -> None:
        """Wait until `number` tokens of the answer are made; with 0, until the prompt is read."""
        taken = self.speed.seconds(prompt_tokens=self.prompt_tokens, answer_tokens=number)
        left = self._begun + taken - time.monotonic()
        if left > 0:
            await asyncio.sleep(left)
