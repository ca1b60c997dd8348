"""From a fitted prompt to a stream of tokens: limits, stop words, context shift, faults.

Plays the loop of Ollama's runner: num_predict and a full context end with `length`, a repeated
token ends the stream with no done line (recording repeat-tokens; research §1.2).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.ollama.answers import Answerer, ChatRequest, as_tokens, pieces
from tests.doubles.ollama.faults import (
    RUNNER_GONE,
    RUNNER_STOPPED,
    Fault,
    lie,
    lie_in_prose,
)
from tests.doubles.ollama.pace import Pace
from tests.doubles.ollama.shapes import Kind

REPEAT_LIMIT = 30
Emit = Callable[[Kind, str], Awaitable[None]]
Token = tuple[Kind, str]


class RunnerError(Exception):
    """The model process failed; the text is what the client is told."""


class NoDoneError(Exception):
    """The stream ends here, with no done line."""


class HangUpError(Exception):
    """The connection is to be reset."""


class CutError(Exception):
    """The answer ends here with `length`."""


@dataclass
class Said:
    """What was generated. `done_reason` None: no done line. `shifted`: the context ran over."""

    content: str = ""
    thinking: str = ""
    tokens: int = 0
    done_reason: str | None = "stop"
    shifted: bool = False


@dataclass
class Speaker:
    """Generates one answer. `room`: tokens left in the context; delays in seconds."""

    request: ChatRequest
    answerer: Answerer
    thoughts: str
    num_predict: int
    room: int
    shift: bool
    stops: list[str]
    fault: Fault | None
    modern: bool
    shift_crashes: bool = False
    """A sliding-window model of 0.17.4 dies when its context shifts (seen with a real one)."""
    delay_first: float = 0.0
    delay_piece: float = 0.0
    pace: Pace | None = None
    """A fixed speed; the delays come on top."""
    said: Said = field(default_factory=Said)

    async def speak(self, emit: Emit) -> Said:
        """Raises RunnerError or HangUpError; `said` is filled either way."""
        said = self.said
        last, repeats, held = "", 0, ""
        try:
            async for kind, token in self._tokens():
                if not self._has_room():
                    said.done_reason = "length"
                    break
                said.tokens += 1
                repeats = repeats + 1 if token.strip() == last else 0
                last = token.strip()
                if repeats > REPEAT_LIMIT:
                    raise NoDoneError
                if kind == "thinking":
                    said.thinking += token
                    await emit(kind, token)
                    continue
                text, held, stopped = self._hold_back(held + token)
                await self._emit_content(emit, text)
                if stopped:
                    held = ""
                    break
            await self._emit_content(emit, held)
        except CutError:
            said.done_reason = "length"
        except NoDoneError:
            said.done_reason = None
        return said

    async def _emit_content(self, emit: Emit, text: str) -> None:
        if text:
            self.said.content += text
            await emit("content", text)

    def _has_room(self) -> bool:
        tokens = self.said.tokens
        if self.fault is not None and self.fault.mode == "endless":
            return True
        if tokens >= self.room:
            self.said.shifted = True
            if not self.shift:
                return False
            if self.shift_crashes:
                raise RunnerError(RUNNER_GONE if tokens else RUNNER_STOPPED)
        return not 0 < self.num_predict <= tokens

    def _hold_back(self, text: str) -> tuple[str, str, bool]:
        """(to send, to hold, stopped): a stop word is never sent, nor the beginning of one."""
        for stop in self.stops:
            if stop and stop in text:
                return text[: text.index(stop)], "", True
        for size in range(min(max(map(len, self.stops), default=0), len(text)), 0, -1):
            if any(stop.startswith(text[-size:]) for stop in self.stops):
                return text[:-size], text[-size:], False
        return text, "", False

    async def _tokens(self) -> AsyncIterator[Token]:
        mode = self.fault.mode if self.fault is not None else None
        if mode == "slow_prefill" and self.fault is not None:
            await asyncio.sleep(self.fault.seconds)
        if self.delay_first:
            await asyncio.sleep(self.delay_first)
        if self.pace is not None:
            await self.pace.token(0)
        if mode == "runner_crash" and self.modern:
            raise RunnerError(RUNNER_STOPPED)
        if mode == "endless":
            async for token in _endless():
                yield token
        number = 0
        async for token in self._planned(mode):
            await self._strike(mode, number)
            if self.delay_piece:
                await asyncio.sleep(self.delay_piece)
            number += 1
            if self.pace is not None:
                await self.pace.token(number)
            yield token
        await self._strike(mode, self.fault.after if self.fault else number)

    async def _strike(self, mode: str | None, number: int) -> None:
        if self.fault is None:
            return
        if mode == "stall" and number == 1:
            await asyncio.sleep(self.fault.seconds)
        if number != self.fault.after:
            return
        if mode == "midstream_error" or mode == "runner_crash":
            raise RunnerError(RUNNER_GONE)
        if mode == "no_done":
            raise NoDoneError
        if mode == "tcp_abort":
            raise HangUpError

    async def _planned(self, mode: str | None) -> AsyncIterator[Token]:
        for thought in pieces(self.thoughts) if mode != "empty" else ():
            yield ("thinking", thought)
        source, cut = await self._answer(mode)
        iterator: Iterator[str] = iter(source)
        while True:
            token: str | None = (
                next(iterator, None)
                if isinstance(source, list)
                else await asyncio.to_thread(_next, iterator)
            )
            if token is None:
                break
            if token:
                yield ("content", token)
        if cut:
            raise CutError

    async def _answer(self, mode: str | None) -> tuple[Iterable[str], bool]:
        """(tokens, cut): the answerer runs in a thread, so that a test's may block."""
        if mode == "empty":
            return [], False
        if mode == "repeat30":
            return ["네 "] * (REPEAT_LIMIT + 11), False
        if mode == "garbage_json":
            return pieces("Sure! Here is the JSON you asked for: {topics: none, }} ,,"), False
        answer: Any = await asyncio.to_thread(self.answerer, self.request)
        if mode == "lies":
            if isinstance(answer, dict):
                answer = lie(answer)
            else:
                answer = "".join(lie_in_prose("".join(as_tokens(answer))))
        tokens = as_tokens(answer)
        if mode == "trunc_json":
            whole = list(tokens)
            return whole[: max(1, len(whole) // 2)], True
        return tokens, False


def _next(iterator: Iterator[str]) -> str | None:
    return next(iterator, None)


async def _endless() -> AsyncIterator[Token]:
    number = 0
    while True:
        yield ("content", f"{number} ")
        number += 1
        await asyncio.sleep(0.01)
