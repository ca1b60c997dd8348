"""Connections that break off, fall silent, crawl or come twice, seen from below the server."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from core.api import receiving, uploads
from core.app import App
from core.services.arrivals import Said
from tests.api.conftest import ASKED, TRANSCRIPT
from tests.waiting import until

HALF = len(TRANSCRIPT) // 2
HEADERS = {**ASKED, "Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


class Wire:
    """One request whose body is fed by hand. `status` once it was answered."""

    def __init__(self, asgi: Starlette, address: str, *, offset: int = 0) -> None:
        self._body: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.status: int | None = None
        headers = {**HEADERS, "Host": "localhost", "Upload-Offset": str(offset)}
        scope = {
            "type": "http",
            "method": "PATCH",
            "path": address,
            "query_string": b"lang=en",
            "headers": [(name.lower().encode(), one.encode()) for name, one in headers.items()],
        }
        self.task = asyncio.create_task(asgi(scope, self._body.get, self._send))

    def feed(self, piece: bytes, *, more: bool = True) -> None:
        self._body.put_nowait({"type": "http.request", "body": piece, "more_body": more})

    def break_off(self) -> None:
        self._body.put_nowait({"type": "http.disconnect"})

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)


@pytest.fixture
def begun(asgi: Starlette, app: App) -> tuple[str, Path]:
    """An upload's address, and where its bytes go."""
    arrival = app.uploads.begin(
        app.people.local_person().id,
        name="a.txt",
        kind="file",
        size=len(TRANSCRIPT),
        said=Said(),
    )
    return f"/api/uploads/{arrival.upload_id}", app.uploads.arrivals.path(arrival.upload_id)


@asynccontextmanager
async def _client(asgi: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.01)


def _size(path: Path) -> int:
    return path.stat().st_size


def test_what_came_before_a_connection_broke_counts(
    asgi: Starlette, begun: tuple[str, Path]
) -> None:
    address, path = begun

    async def play() -> None:
        wire = Wire(asgi, address)
        wire.feed(TRANSCRIPT[:HALF])
        wire.break_off()
        await wire.task
        async with _client(asgi) as client:
            head = await client.head(address, headers=HEADERS)
            assert head.headers["upload-offset"] == str(HALF) == str(_size(path))
            rest = {**HEADERS, "Upload-Offset": str(HALF)}
            answer = await client.patch(address, headers=rest, content=TRANSCRIPT[HALF:])
            assert answer.status_code == 204

    asyncio.run(play())


def test_bytes_that_come_one_by_one_are_written_while_they_come(
    asgi: Starlette, begun: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "_HELD_BACK", -1.0)
    address, path = begun

    async def play() -> None:
        wire = Wire(asgi, address)
        for count in range(1, HALF + 1):
            wire.feed(TRANSCRIPT[count - 1 : count])
            await _until(lambda count=count: _size(path) == count)  # type: ignore[misc]
        wire.feed(TRANSCRIPT[HALF:], more=False)
        await wire.task
        assert wire.status == 204

    asyncio.run(play())


def test_only_one_connection_sends_at_a_time(
    asgi: Starlette, app: App, begun: tuple[str, Path]
) -> None:
    address, _ = begun

    async def play() -> None:
        first = Wire(asgi, address)
        first.feed(TRANSCRIPT[:HALF])
        await _until(lambda: len(receiving_now()) == 1)
        second = Wire(asgi, address)
        second.feed(TRANSCRIPT, more=False)
        await second.task
        assert second.status == 423
        first.feed(TRANSCRIPT[HALF:], more=False)
        await first.task
        assert first.status == 204

    asyncio.run(play())
    app.uploads.keeping.keep_waiting()
    (kept,) = (one for one in (app.settings.folder / "recordings").rglob("*") if one.is_file())
    assert kept.read_bytes() == TRANSCRIPT


def test_a_connection_that_fell_silent_makes_way_for_the_next(
    asgi: Starlette, begun: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "_GIVES_WAY", 0.01)
    address, _ = begun

    async def play() -> None:
        dead = Wire(asgi, address)
        dead.feed(TRANSCRIPT[:HALF])
        await _until(lambda: any(one.silent_for > 0.02 for one in receiving_now()))
        async with _client(asgi) as client:
            head = await client.head(address, headers=HEADERS)
            assert head.headers["upload-offset"] == str(HALF)
            await dead.task
            assert dead.status == 408
            rest = {**HEADERS, "Upload-Offset": str(HALF)}
            answer = await client.patch(address, headers=rest, content=TRANSCRIPT[HALF:])
            assert answer.status_code == 204

    asyncio.run(play())


def test_a_connection_that_stays_silent_is_ended(
    asgi: Starlette, begun: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "_SILENCE", 0.05)
    address, path = begun

    async def play() -> None:
        wire = Wire(asgi, address)
        wire.feed(TRANSCRIPT[:HALF])
        await wire.task
        assert (wire.status, _size(path)) == (408, HALF)

    asyncio.run(play())


def test_an_upload_is_thrown_away_while_it_is_sent(
    asgi: Starlette, begun: tuple[str, Path]
) -> None:
    address, path = begun

    async def play() -> None:
        wire = Wire(asgi, address)
        wire.feed(TRANSCRIPT[:HALF])
        await _until(lambda: len(receiving_now()) == 1)
        async with _client(asgi) as client:
            assert (await client.delete(address, headers=HEADERS)).status_code == 204
        await wire.task
        assert wire.status == 408
        assert not path.exists()

    asyncio.run(play())


def test_a_piece_beyond_the_declared_size_is_not_written(
    asgi: Starlette, begun: tuple[str, Path]
) -> None:
    address, path = begun

    async def play() -> None:
        wire = Wire(asgi, address)
        wire.feed(TRANSCRIPT[:HALF])
        wire.feed(TRANSCRIPT)
        wire.feed(b"", more=False)
        await wire.task
        assert (wire.status, _size(path)) == (413, HALF)

    asyncio.run(play())


def receiving_now() -> list[receiving.Connection]:
    """The requests that send uploads now."""
    return list(uploads._connections._open.values())


_SERVER = """
import sys
import uvicorn
from starlette.applications import Starlette
from core.api.server import Place, lifespan, middleware, routes

place = Place("127.0.0.1", int(sys.argv[1]))
app = Starlette(routes=routes(), middleware=middleware(), lifespan=lifespan(place))
uvicorn.run(app, host=place.address, port=place.port, log_level="warning")
"""


def test_a_killed_server_goes_on_with_what_is_on_the_disk(
    tmp_path: Path, serve: Callable[[], tuple[subprocess.Popen[bytes], str]]
) -> None:
    content = b"".join(b"Kim: sentence number %d.\n" % number for number in range(120_000))
    server, url = serve()
    with httpx.Client(base_url=url, headers=HEADERS, timeout=20) as client:
        length = {"Upload-Length": str(len(content)), "Upload-Metadata": "name YS50eHQ="}
        begun = client.post("/api/uploads", headers={**length, "Content-Type": "text/plain"})
        address = begun.headers["location"]
    (path,) = (tmp_path / "data" / "incoming").glob("*.upload")
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as raw:
        sent = {
            **HEADERS,
            "Host": "localhost",
            "Upload-Offset": "0",
            "Content-Length": len(content),
        }
        lines = [f"PATCH {address} HTTP/1.1", *(f"{name}: {one}" for name, one in sent.items())]
        raw.sendall("\r\n".join([*lines, "", ""]).encode() + content[:2_500_000])
        until(lambda: _size(path) >= 2 * 1024 * 1024)
        server.kill()
        server.wait()
    there = _size(path)
    assert path.read_bytes() == content[:there]
    _, url = serve()
    with httpx.Client(base_url=url, headers=HEADERS, timeout=20) as client:
        assert client.head(address).headers["upload-offset"] == str(there)
        rest = {"Upload-Offset": str(there)}
        assert client.patch(address, headers=rest, content=content[there:]).status_code == 204
        until(lambda: client.get(address).json()["state"] != "keeping")
        told = client.get(address).json()
        assert told["state"] == "kept", told
    (kept,) = (one for one in (tmp_path / "data" / "recordings").rglob("*") if one.is_file())
    assert kept.read_bytes() == content


@pytest.fixture
def serve(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Start a real server on the test's data; returns it with its address."""

    def start() -> tuple[subprocess.Popen[bytes], str]:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            port = held.getsockname()[1]
        environment = {
            **os.environ,
            "MINUTES_DATA": str(tmp_path / "data"),
            "MINUTES_OLLAMA_URL": "http://127.0.0.1:9",
            "MINUTES_LOCAL_WORKER": "0",
        }
        server = subprocess.Popen([sys.executable, "-c", _SERVER, str(port)], env=environment)

        def end() -> None:
            server.kill()
            server.wait()

        request.addfinalizer(end)
        until(lambda: _answers(port) or server.poll() is not None)
        return server, f"http://127.0.0.1:{port}"

    return start


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
