"""What the clients cannot say: `shift` and `truncate`, put into each request on its way out.

Without both, Ollama answers 200 to a prompt that it cut. ollama-python and langchain-ollama have
no parameter for them.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from functools import lru_cache
from typing import TypeVar

import httpx

TIMEOUT = httpx.Timeout(connect=5, read=600, write=30, pool=None)
"""Seconds. Nothing arrives while a model loads and reads its prompt, which may take minutes."""
PAUSE = 120.0
"""Seconds between two pieces of an answer. A slow processor makes a token in a few; a server that
died in the middle of one would keep everybody waiting at the gate for all of TIMEOUT."""
T = TypeVar("T")


@lru_cache(maxsize=1)
def certificates() -> ssl.SSLContext:
    """Whom to trust behind https. Read once: every httpx client reads them all anew otherwise, also
    for http, which costs 20 ms of the processor."""
    return httpx.create_ssl_context()


async def steady(pieces: AsyncIterator[T], *, pause: float) -> AsyncGenerator[T, None]:
    """The pieces as they come; ReadTimeout where one comes `pause` seconds after the one before.
    The first may take as long as the client allows."""
    limit: float | None = None
    while True:
        try:
            async with asyncio.timeout(limit) as waiting:
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            if not waiting.expired():
                raise
            raise httpx.ReadTimeout(f"nothing for {pause:g} seconds") from error
        yield piece
        limit = pause


class StrictTransport(httpx.AsyncHTTPTransport):
    """Adds `shift: false` and `truncate: false` to chats."""

    def __init__(self) -> None:
        super().__init__(verify=certificates())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request, made strict."""
        return await super().handle_async_request(_strict(request))


def _strict(request: httpx.Request) -> httpx.Request:
    if not request.url.path.endswith("/api/chat"):
        return request
    body = json.loads(request.read())
    body.update(shift=False, truncate=False)
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = [
        (name, value)
        for name, value in request.headers.raw
        if name.lower() not in (b"content-length", b"transfer-encoding")
    ]
    headers.append((b"content-length", str(len(content)).encode()))
    return httpx.Request(
        request.method,
        request.url,
        headers=headers,
        content=content,
        extensions=request.extensions,
    )
