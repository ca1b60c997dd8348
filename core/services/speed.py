"""How fast a model is on this machine, measured in about five seconds as it will be used: through
the gate, with its one context window, on a prompt that no cache knows.

Measured with our own clock from the first to the last piece, so it is what a person will wait.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from core.engines.base import Extractor, LanguageModel, Message, ModelAnswer, ModelRequest
from core.engines.factory import Engines
from core.errors import EngineFailed, EngineUnavailable
from core.prompts import render
from core.services.calls import ModelCalls
from core.services.model_tasks import ModelTask, ModelTasks, new_key
from core.services.people import People
from core.store.types import now

WAITING, LOADING, MEASURING = "waiting", "loading", "measuring"
LIVE = (WAITING, LOADING, MEASURING)

SECONDS = 5.0
"""How long the measured calls should take together; a slow machine needs longer to begin."""
_LOADING_LIMIT = 600.0
_READING_LIMIT = 60.0
"""Seconds to wait for a first piece; a machine that takes longer is told to be too slow."""
_SLOW_READING = 1.0
"""Seconds for the first prompt from which a longer one would tell nothing more."""
_LEAST_WRITING = 1.5
_FIRST_PROMPT = 120
_READING = 2.0
"""Seconds the second prompt should take to read."""
_LONGEST_PROMPT = 4000
_ANSWER = 512
_SENTENCE = "Kim said that the launch moves to the third of May and Lee will write to the shop. "
_HOUR = (14_000, 2_500)
"""Prompt and answer tokens of a one-hour meeting's minutes, estimated."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second for reading and writing; `first_token` in seconds after the request of
    `prompt_tokens` (estimated); `num_ctx` is the window it was measured with."""

    prompt_rate: float
    answer_rate: float
    first_token: float
    prompt_tokens: int
    num_ctx: int
    measured_at: datetime

    @property
    def hour_seconds(self) -> float:
        """Seconds that the minutes of a one-hour meeting would take; an estimate."""
        prompt, answer = _HOUR
        return prompt / self.prompt_rate + answer / self.answer_rate


@dataclass(frozen=True, slots=True)
class SpeedTest(ModelTask):
    """A test that runs or has ended. `place` counts the calls that are before it."""

    place: int = 0
    speed: Speed | None = None


@dataclass(frozen=True)
class SpeedTests:
    """The tests of this server process, the last of each model."""

    engines: Engines
    calls: ModelCalls
    people: People
    _tasks: ModelTasks[SpeedTest] = field(init=False)

    def __post_init__(self) -> None:
        """The tasks run on the loop of the calls."""
        object.__setattr__(self, "_tasks", ModelTasks[SpeedTest](self.calls.loop))

    def of(self, model: str) -> SpeedTest | None:
        """The last test of a model of Ollama."""
        return self._tasks.of(model)

    def live(self) -> list[SpeedTest]:
        """The tests that wait or run."""
        return [test for test in self._tasks.all() if test.state in LIVE]

    def start(self, asked_by: str, model: str) -> SpeedTest:
        """Begin a test; one that runs is left alone. What an earlier test found stays in view.
        Raises InvalidInput("admins_only"): while it runs nobody else's work does."""
        self.people.refuse_others(asked_by)

        def begin(before: SpeedTest | None) -> SpeedTest:
            speed = before.speed if before else None
            return SpeedTest(key=new_key(), model=model, state=WAITING, speed=speed)

        return self._tasks.start(model, begin=begin, work=self._run)

    def cancel(self, asked_by: str, model: str) -> None:
        """Stop a test at once; the model is free. Raises InvalidInput("admins_only")."""
        self.people.refuse_others(asked_by)
        self._tasks.cancel(model)

    async def _run(self, begun: SpeedTest) -> None:
        # A call to Ollama may be slow, and this loop is everybody's.
        model = await asyncio.to_thread(self.engines.writer, f"ollama:{begun.model}")
        if isinstance(model, Extractor):
            raise EngineUnavailable("model_cannot_chat", model=begun.model)
        self._tasks.set(begun, speed=await self._measure(begun, model))

    async def _measure(self, begun: SpeedTest, model: LanguageModel) -> Speed:
        # Whatever else was loaded has to go first: no part of the speed.
        await self._time(begun, model, state=LOADING, tokens=0, write_for=lambda first: 0)
        timing = await self._time(
            begun,
            model,
            state=MEASURING,
            tokens=_FIRST_PROMPT,
            write_for=lambda first: 0 if first < _SLOW_READING else _left(first),
        )
        if timing.first < _SLOW_READING:
            short = timing
            # Long enough that the time around the call does not count.
            tokens = min(short.prompt_rate * _READING, _LONGEST_PROMPT, model.context_window // 2)
            timing = await self._time(
                begun,
                model,
                state=MEASURING,
                tokens=max(_FIRST_PROMPT, int(tokens)),
                write_for=lambda first: _left(short.first + first),
            )
        if timing.pieces < 2:
            raise EngineFailed("speed_no_answer", model=begun.model)
        return Speed(
            prompt_rate=timing.prompt_rate,
            answer_rate=(timing.pieces - 1) / max(1e-6, timing.writing),
            first_token=timing.first,
            prompt_tokens=timing.prompt_tokens,
            num_ctx=model.context_window,
            measured_at=now(),
        )

    async def _time(
        self,
        begun: SpeedTest,
        model: LanguageModel,
        *,
        state: str,
        tokens: int,
        write_for: Callable[[float], float],
    ) -> _Timing:
        """One call with a prompt of about `tokens`. `write_for` is given the seconds until the
        first piece and says for how many more the answer is followed."""
        request = _request(model, tokens)
        timing = _Timing(prompt_tokens=model.count(request.messages))
        limit = _LOADING_LIMIT if state == LOADING else _READING_LIMIT
        try:
            async with asyncio.timeout(None) as patience:

                def tell(place: int) -> None:
                    self._tasks.set(begun, place=place, state=WAITING if place else state)
                    if place == 0:
                        timing.begin()
                        patience.reschedule(asyncio.get_running_loop().time() + limit)

                async with aclosing(self.calls.stream(model, request, on_position=tell)) as pieces:
                    async for piece in pieces:
                        if isinstance(piece, ModelAnswer) or timing.take() >= write_for(
                            timing.first
                        ):
                            break
                        left = write_for(timing.first) - timing.writing
                        patience.reschedule(asyncio.get_running_loop().time() + left)
        except TimeoutError:
            if not timing.pieces:
                raise EngineFailed(
                    "speed_too_slow", model=begun.model, seconds=round(limit)
                ) from None
        except EngineFailed:
            # The answer ran into its limit, as it should on a fast machine.
            if not timing.pieces:
                raise
        return timing


@dataclass
class _Timing:
    """One call by our clock: seconds from the gate to the first piece, and of writing after it.
    A piece is a token, as Ollama streams them."""

    prompt_tokens: int
    begun: float = 0.0
    first: float = 0.0
    writing: float = 0.0
    pieces: int = 0

    @property
    def prompt_rate(self) -> float:
        return self.prompt_tokens / max(1e-6, self.first)

    def begin(self) -> None:
        self.begun = time.monotonic()

    def take(self) -> float:
        """One more piece; the seconds since the first."""
        passed = time.monotonic() - self.begun
        if not self.pieces:
            self.first = passed
        self.pieces += 1
        self.writing = passed - self.first
        return self.writing


def _left(spent: float) -> float:
    return max(_LEAST_WRITING, SECONDS - spent)


def _request(model: LanguageModel, tokens: int) -> ModelRequest:
    """A call with a prompt of about so many tokens, that begins like no other."""

    def messages(sentences: int) -> tuple[Message, ...]:
        task = render("speed_task", talk=_SENTENCE * max(1, sentences))
        return (Message("system", rules), Message("user", task))

    rules = render("speed_rules", number=new_key())
    shortest = model.count(messages(1))
    each = max(1, model.count(messages(21)) - shortest) / 20
    return ModelRequest(
        messages=messages(1 + round(max(0, tokens - shortest) / each)),
        max_tokens=min(_ANSWER, model.context_window // 4),
    )
