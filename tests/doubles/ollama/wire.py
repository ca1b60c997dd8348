"""One HTTP exchange on the raw ASGI wire: headers, lines and aborts as Ollama's Gin sends them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

JSON_TYPE = "application/json; charset=utf-8"
PLAIN_JSON_TYPE = "application/json"
NDJSON_TYPE = "application/x-ndjson"


class RefusalError(Exception):
    """An answer with an error status; `body` is what is sent as JSON."""

    def __init__(
        self,
        status: int,
        error: str,
        *,
        body: dict[str, Any] | None = None,
        in_stream: bool = False,
    ) -> None:
        """`in_stream`: found when the stream had been set up; its content type has no charset."""
        super().__init__(error)
        self.status = status
        self.in_stream = in_stream
        self.body = body or {"error": error}


class AbortError(Exception):
    """The connection is torn down without another byte."""


def encode(value: Any) -> bytes:
    """JSON as Go's encoder writes it: compact, UTF-8, `<`, `>` and `&` escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "replace")


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")


class Exchange:
    """Sends one response. `status` is None until something was sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None
        self.finished = False

    async def json(self, value: Any, *, status: int = 200, plain_type: bool = False) -> None:
        """`plain_type`: without a charset, as the OpenAI-shaped endpoints say it."""
        kind = PLAIN_JSON_TYPE if plain_type else JSON_TYPE
        await self.text(encode(value), content_type=kind, status=status)

    async def text(self, body: bytes, *, content_type: str, status: int = 200) -> None:
        headers = [(b"content-length", str(len(body)).encode())]
        if content_type:
            headers.insert(0, (b"content-type", content_type.encode()))
        await self._start(status, headers)
        self.finished = True
        await self._send({"type": "http.response.body", "body": body})

    async def chunk(self, body: bytes, *, content_type: str) -> None:
        """The status line goes out with the first chunk only (research §1.2)."""
        if self.status is None:
            await self._start(200, [(b"content-type", content_type.encode())])
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def line(self, value: Any) -> None:
        await self.chunk(encode(value) + b"\n", content_type=NDJSON_TYPE)

    async def end(self, *, content_type: str = NDJSON_TYPE) -> None:
        if self.status is None:
            await self._start(200, [(b"content-type", content_type.encode())])
        self.finished = True
        await self._send({"type": "http.response.body", "body": b""})

    async def _start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    def abort(self) -> None:
        """Resets the TCP connection (uvicorn's cycle owns the transport)."""
        self.finished = True
        cycle = getattr(self._send, "__self__", None)
        transport = getattr(cycle, "transport", None)
        if transport is None:
            raise AbortError
        transport.abort()
