"""A request's body goes to disk as it comes; what came before a connection broke counts.

A connection that died without a word would keep its upload to itself. So who comes to go on with an
upload takes over from a request of which nothing was heard for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request

from core.errors import InvalidInput
from core.services.sending import Sending

_PIECE = 1024 * 1024
"""Bytes that are written at once: fewer hops between threads."""
_HELD_BACK = 1.0
"""Seconds after which bytes are written however few they are."""
_SILENCE = 60.0
"""Seconds without a byte after which a request is over."""
_GIVES_WAY = 3.0
"""Seconds without a byte after which another request may take over."""
_MOST_UNREAD = 16 * 1024 * 1024
"""Bytes of a refused body that are read all the same: whoever is still writing when the connection
closes may lose the answer."""


class Connection:
    """One request that sends an upload."""

    def __init__(self) -> None:
        self._heard = asyncio.get_running_loop().time()
        self._wait: asyncio.Timeout | None = None
        self._leaving = False
        self.over = asyncio.Event()

    @property
    def silent_for(self) -> float:
        """Seconds since something was heard."""
        return asyncio.get_running_loop().time() - self._heard

    def leave(self) -> None:
        """Have `pieces` end, wherever it is."""
        self._leaving = True
        if self._wait is not None:
            with suppress(RuntimeError):  # it has just run out by itself
                self._wait.reschedule(asyncio.get_running_loop().time())

    async def pieces(self, request: Request) -> AsyncIterator[bytes]:
        """The body. Raises InvalidInput("upload_silent") where no more comes."""
        stream = request.stream()
        while not self._leaving:
            try:
                async with asyncio.timeout(_SILENCE) as self._wait:
                    piece = await anext(stream, None)
            except TimeoutError as error:
                raise InvalidInput("upload_silent") from error
            finally:
                self._wait = None
            if piece is None:
                return
            self._heard = asyncio.get_running_loop().time()
            yield piece
        raise InvalidInput("upload_silent")


class Connections:
    """The requests of this process that send uploads, by the upload's id."""

    def __init__(self) -> None:
        self._open: dict[str, Connection] = {}

    @asynccontextmanager
    async def opened(self, upload_id: str) -> AsyncIterator[Connection]:
        """A connection for as long as it sends. The caller has the upload's turn: it is alone."""
        connection = self._open[upload_id] = Connection()
        try:
            yield connection
        finally:
            del self._open[upload_id]
            connection.over.set()

    async def take_over(self, upload_id: str, *, at_once: bool = False) -> None:
        """Have a request that sends this upload and was silent for a while end; any, `at_once`."""
        other = self._open.get(upload_id)
        if other is not None and (at_once or other.silent_for > _GIVES_WAY):
            other.leave()
            with suppress(TimeoutError):
                async with asyncio.timeout(_GIVES_WAY):
                    await other.over.wait()


async def receive(
    request: Request, connection: Connection, sending: Sending, *, end: int, over: InvalidInput
) -> None:
    """Write the body. Raises `over` where it goes beyond `end`, before anything beyond is written;
    ClientDisconnect and InvalidInput("upload_silent") once what came is written."""
    loop = asyncio.get_running_loop()
    waiting = bytearray()
    written = loop.time()
    try:
        async for piece in connection.pieces(request):
            if sending.offset + len(waiting) + len(piece) > end:
                raise over
            waiting += piece
            if len(waiting) >= _PIECE or loop.time() - written > _HELD_BACK:
                ready, waiting = (
                    waiting,
                    bytearray(),
                )  # what failed to be written is not tried again
                await to_thread.run_sync(sending.write, ready)
                written = loop.time()
    finally:
        if waiting:
            await to_thread.run_sync(sending.write, waiting)


async def drain(request: Request) -> None:
    """Read some of what a refused request still sends, so that it gets to see its answer."""
    if request.headers.get("expect"):
        return  # it waits to be asked for its body
    count = 0
    with suppress(ClientDisconnect, TimeoutError, RuntimeError):
        async with asyncio.timeout(_GIVES_WAY):
            async for piece in request.stream():
                count += len(piece)
                if count > _MOST_UNREAD:
                    return
