"""The endpoints that generate: chat, generate and the OpenAI-shaped chat.

The order of checks is Ollama's: body, model, capabilities, options, load, format, context.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.doubles.ollama import calls
from tests.doubles.ollama.answers import ChatRequest
from tests.doubles.ollama.calls import Call
from tests.doubles.ollama.context import DoesNotFitError, Fitted, Window, cached_tokens
from tests.doubles.ollama.faults import HTML_502, INPUT_TOO_LONG, Fault, exceeds_context, refuse
from tests.doubles.ollama.generation import HangUpError, RunnerError, Said, Speaker
from tests.doubles.ollama.models import NAME, Model
from tests.doubles.ollama.pace import NANOSECONDS, Pace, Speed
from tests.doubles.ollama.records import Record
from tests.doubles.ollama.runners import (
    DEFAULT_NUM_CTX,
    Lease,
    keep_alive_seconds,
)
from tests.doubles.ollama.shapes import (
    ChatShape,
    Ending,
    GenerateShape,
    Kind,
    OpenAIShape,
    Shape,
)
from tests.doubles.ollama.wire import Exchange, RefusalError, now

if TYPE_CHECKING:
    from tests.doubles.ollama.server import OllamaDouble

_WHAT = {"/api/generate": "generate"}
_RECORDED = Speed(prompt=1 / 0.0003, answer=125.0)


async def chat(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    call = calls.chat_call(calls.parse_body(record.raw))
    await _Run(double, exchange, record, call, ChatShape(call.model)).go()


async def generate(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    call = calls.generate_call(calls.parse_body(record.raw))
    await _Run(double, exchange, record, call, GenerateShape(call.model)).go()


async def openai_chat(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    body = calls.parse_body(record.raw, openai=True)
    call = calls.openai_call(body)
    usage = bool((body.get("stream_options") or {}).get("include_usage"))
    await _Run(double, exchange, record, call, OpenAIShape(call.model, usage)).go()


@dataclass
class _Run:
    """One request to generate, from the checks to the last line."""

    double: OllamaDouble
    exchange: Exchange
    record: Record
    call: Call
    shape: Shape
    _held: list[bytes] = field(default_factory=list)
    """Lines that go out together at the end (`double.burst`)."""

    async def go(self) -> None:
        call, record = self.call, self.record
        fault = self.double.faults.take(record.path, record.body)
        record.fault = fault.mode if fault is not None else None
        if await self._strike_first(fault):
            return
        model = self._find()
        self._check_capabilities(model)
        keep_alive = keep_alive_seconds(call.keep_alive)
        if not call.messages and keep_alive == 0 and call.keep_alive is not None:
            self.double.scheduler.drop(model.name)
            await self._only("unload")
            return
        call.check_options()
        lease = self.double.scheduler.lease(
            model, call.options, shift=call.shift, keep_alive=keep_alive, run=bool(call.messages)
        )
        async with lease as held:
            record.started_at = time.time()
            record.loaded, record.reloaded = held.loaded, held.reloaded
            try:
                if call.messages:
                    await self._answer(model, held, fault)
                else:
                    await self._only("load")
            finally:
                record.stopped_at = time.time()

    async def _strike_first(self, fault: Fault | None) -> bool:
        """The faults that need no model; True where the request is over."""
        given = self.call.options.get("num_ctx")
        num_ctx = given if isinstance(given, int) else DEFAULT_NUM_CTX
        refuse(fault, model=self.call.model, num_ctx=num_ctx, modern=self.double.modern)
        if fault is not None and fault.mode == "html_502":
            await self.exchange.text(HTML_502, content_type="text/html", status=502)
            return True
        if fault is not None and fault.mode == "tcp_abort" and fault.after == 0:
            self.exchange.abort()
            return True
        return False

    def _find(self) -> Model:
        if not self.call.model:
            raise RefusalError(400, "model is required")
        self.call.check_think()
        if not NAME.fullmatch(self.call.model):
            raise RefusalError(400, "model is required")
        model = self.double.library.find(self.call.model)
        if model is None:
            raise RefusalError(404, f"model '{self.call.model}' not found")
        if model.remote_host and not self.double.signed_in:
            url = "https://ollama.com/connect"
            raise RefusalError(
                401, "unauthorized", body={"error": "unauthorized", "signin_url": url}
            )
        return model

    def _check_capabilities(self, model: Model) -> None:
        """Recordings chat-embedding-model, chat-tools-not-capable, chat-think-*."""
        call = self.call
        if model.is_embedder:
            what = _WHAT.get(self.record.path, "chat")
            raise RefusalError(400, f'"{call.model}" does not support {what}')
        if call.tools and "tools" not in model.capabilities:
            host = "" if "/" in model.name else "registry.ollama.ai/library/"
            raise RefusalError(400, f"{host}{model.name} does not support tools")
        if call.think and "thinking" not in model.capabilities:
            raise RefusalError(400, f'"{call.model}" does not support thinking')
        if isinstance(call.think, str) and model.family != "gptoss":
            text = f'think value "{call.think}" is not supported for this model'
            raise RefusalError(400, text)
        if call.think is None and "thinking" in model.capabilities:
            call.think = True

    async def _only(self, reason: str) -> None:
        """Recordings chat-load, chat-unload: one object, streamed or not, with no metrics."""
        self.record.done_reason = reason
        told = self.shape.whole(Ending(reason))
        await self.exchange.json(told)

    async def _answer(self, model: Model, lease: Lease, fault: Fault | None) -> None:
        call, record = self.call, self.record
        schema = None if call.debug_render else call.schema()
        think = bool(call.think) if "thinking" in model.capabilities else None
        fitted = self._fit(model, lease, think)
        record.prompt_tokens, record.overflowed = fitted.tokens, fitted.overflowed
        if call.debug_render:
            await self._debug(fitted)
            return
        held = lease.runner.held
        record.cached_tokens = min(self._cached(model, held, fitted), fitted.tokens - 1)
        seen = [{"role": t.role, "content": t.content} for t in fitted.messages]
        users = [m["content"] for m in seen if m["role"] == "user"]
        request = ChatRequest(
            model=call.model,
            system="\n\n".join(m["content"] for m in seen if m["role"] == "system"),
            messages=seen,
            last_user=users[-1] if users else "",
            format=schema,
            options=dict(call.options),
            think=bool(think),
        )
        speaker = Speaker(
            request=request,
            answerer=self.double.answer,
            thoughts=self.double.thoughts if think else "",
            num_predict=int(call.options.get("num_predict") or -1),
            room=lease.runner.num_ctx - fitted.tokens,
            shift=call.shift and not (self.double.modern and model.window > 0),
            stops=[str(stop) for stop in call.options.get("stop") or []],
            fault=fault,
            modern=self.double.modern,
            shift_crashes=model.window > 0 and not self.double.modern,
            delay_first=self.double.delay_first,
            delay_piece=self.double.delay_piece,
            pace=Pace(self.double.speed, fitted.tokens) if self.double.speed else None,
        )
        lease.runner.held = fitted.rendered
        await self._speak(speaker, lease)
        lease.runner.held = fitted.rendered + speaker.said.content

    def _cached(self, model: Model, held: str, fitted: Fitted) -> int:
        return cached_tokens(model, held, fitted.rendered, modern=self.double.modern)

    def _fit(self, model: Model, lease: Lease, think: bool | None) -> Fitted:
        num_ctx = lease.runner.num_ctx
        window = Window(num_ctx, self.call.truncate, self.call.shift, self.double.modern)
        try:
            return window.fit(model, self.call.messages, think=think, tools=self.call.tools)
        except DoesNotFitError as error:
            self.record.prompt_tokens, self.record.overflowed = error.prompt_tokens, True
            text = INPUT_TOO_LONG
            if self.double.modern:
                text = exceeds_context(error.prompt_tokens, num_ctx)
            raise RefusalError(400, text, in_stream=self.call.stream) from error

    async def _debug(self, fitted: Fitted) -> None:
        """Recordings chat-debug-render-*: the prompt, and nothing generated."""
        await self.exchange.json(
            {
                "model": self.call.model,
                "created_at": now(),
                "message": {"role": "", "content": ""},
                "done": False,
                "_debug_info": {"rendered_template": fitted.rendered},
            }
        )

    async def _speak(self, speaker: Speaker, lease: Lease) -> None:
        async def emit(kind: Kind, text: str) -> None:
            if self.call.stream:
                chunk = self.shape.piece(kind, text)
                if self.double.burst:
                    self._held.append(chunk)
                    return
                await self.exchange.chunk(chunk, content_type=self.shape.content_type)

        try:
            said = await speaker.speak(emit)
        except HangUpError:
            self.exchange.abort()
            return
        except RunnerError as error:
            crashed = speaker.fault is not None and speaker.fault.mode == "runner_crash"
            if crashed or speaker.said.shifted:
                self.double.scheduler.drop(lease.runner.model.name)
            if self.exchange.status is None:
                raise RefusalError(500, str(error), in_stream=self.call.stream) from error
            await self._finish(self.shape.error(str(error)))
            return
        finally:
            self.record.answer = speaker.said.content
            self.record.answer_tokens = speaker.said.tokens
            self.record.overflowed |= speaker.said.shifted
        self.record.done_reason = said.done_reason
        await self._close(said, lease)

    async def _close(self, said: Said, lease: Lease) -> None:
        ending = Ending(said.done_reason, metrics=self._metrics(said, lease))
        if self.call.stream:
            done = said.done_reason is not None
            await self._finish(self.shape.last(ending) if done else b"")
            return
        ending.content, ending.thinking = said.content, said.thinking
        plain = isinstance(self.shape, OpenAIShape)
        await self.exchange.json(self.shape.whole(ending), plain_type=plain)

    async def _finish(self, chunk: bytes) -> None:
        chunk = b"".join([*self._held, chunk])
        if chunk:
            await self.exchange.chunk(chunk, content_type=self.shape.content_type)
        await self.exchange.end(content_type=self.shape.content_type)

    def _metrics(self, said: Said, lease: Lease) -> dict[str, int]:
        """Nanoseconds. The prompt's count is whole, its duration only of what was not cached
        (recordings cache-*: 0.3 ms a token and 4 ms); at a fixed speed it is of the whole."""
        speed = self.double.speed or _RECORDED
        read = self.record.prompt_tokens
        if self.double.speed is None:
            read -= self.record.cached_tokens
        prompt_ns = 4_000_000 + round(read / speed.prompt * NANOSECONDS)
        answer_ns = round(said.tokens / speed.answer * NANOSECONDS)
        metrics = {
            "total_duration": lease.load_ns + prompt_ns + answer_ns + 1_000_000,
            "load_duration": lease.load_ns,
            "prompt_eval_count": self.record.prompt_tokens,
            "prompt_eval_duration": prompt_ns,
            "eval_count": said.tokens,
            "eval_duration": answer_ns,
        }
        return {key: value for key, value in metrics.items() if value}
