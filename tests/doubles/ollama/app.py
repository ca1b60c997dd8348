"""The ASGI application: reads a request, watches for the client leaving, and finds its handler.

A client that closes its connection stops the generation at once, as in Ollama (recording
cancel-by-closing): the handler's task is cancelled and its record says `disconnected`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from tests.doubles.ollama import embed_routes, library_routes, speech_routes
from tests.doubles.ollama.records import Record
from tests.doubles.ollama.shapes import openai_error
from tests.doubles.ollama.wire import AbortError, Exchange, Message, RefusalError, Send

if TYPE_CHECKING:
    from tests.doubles.ollama.server import OllamaDouble

Receive = Callable[[], Awaitable[Message]]
Handler = Callable[["OllamaDouble", Exchange, Record], Awaitable[None]]

ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "/"): library_routes.root,
    ("HEAD", "/"): library_routes.root,
    ("HEAD", "/api/version"): library_routes.version,
    ("HEAD", "/api/tags"): library_routes.tags,
    ("GET", "/api/version"): library_routes.version,
    ("GET", "/api/tags"): library_routes.tags,
    ("POST", "/api/show"): library_routes.show_model,
    ("GET", "/api/ps"): library_routes.loaded,
    ("POST", "/api/pull"): library_routes.pull,
    ("POST", "/api/copy"): library_routes.copy,
    ("DELETE", "/api/delete"): library_routes.delete,
    ("GET", "/v1/models"): library_routes.openai_models,
    ("POST", "/api/chat"): speech_routes.chat,
    ("POST", "/api/generate"): speech_routes.generate,
    ("POST", "/v1/chat/completions"): speech_routes.openai_chat,
    ("POST", "/api/embed"): embed_routes.embed_texts,
}
_PATHS = {path for _, path in ROUTES}


class Application:
    def __init__(self, double: OllamaDouble) -> None:
        self._double = double

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        record = Record(scope["method"], scope["path"], await _read(receive))
        try:
            record.body = json.loads(record.raw) if record.raw else None
        except ValueError:
            record.body = None
        self._double.requests.append(record)
        exchange = Exchange(send)
        handling = asyncio.create_task(self._handle(exchange, record))
        leaving = asyncio.create_task(_wait_for_leaving(receive))
        try:
            await asyncio.wait({handling, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not handling.done() and not exchange.finished:
                record.disconnected, record.disconnected_at = True, time.time()
                handling.cancel()
            await asyncio.gather(handling, return_exceptions=True)
        finally:
            leaving.cancel()
            record.status, record.finished_at = exchange.status, time.time()
            self._double.close_record(record)
        if not handling.cancelled() and (error := handling.exception()) is not None:
            self._double.errors.append(error)
            raise error

    async def _handle(self, exchange: Exchange, record: Record) -> None:
        handler = ROUTES.get((record.method, record.path))
        try:
            if handler is not None:
                await handler(self._double, exchange, record)
            elif record.path in _PATHS:
                await exchange.text(
                    b"405 method not allowed", content_type="text/plain", status=405
                )
            else:
                await exchange.text(b"404 page not found", content_type="text/plain", status=404)
        except RefusalError as refusal:
            await _refuse(exchange, refusal, path=record.path)
        except AbortError:
            exchange.finished = True


async def _refuse(exchange: Exchange, refusal: RefusalError, *, path: str) -> None:
    openai = path.startswith("/v1/")
    shaped = not isinstance(refusal.body["error"], str)
    body = openai_error(str(refusal)) if openai and not shaped else refusal.body
    plain = refusal.in_stream or (openai and not shaped)
    await exchange.json(body, status=refusal.status, plain_type=plain)


async def _read(receive: Receive) -> bytes:
    raw = b""
    while True:
        message = await receive()
        raw += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return raw


async def _wait_for_leaving(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
