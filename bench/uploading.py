"""What a large upload costs the server: its memory from before the first byte until the file is
kept as a meeting, and how fast the bytes go."""

from __future__ import annotations

import time
import wave
from collections.abc import Iterator
from pathlib import Path

import httpx

from bench.browsing import server_of
from bench.figures import Figure
from bench.processes import MIB, ROOT, Usage, rss
from tests.waiting import until

GOAL = 10.0
_LARGE = 600
_QUICK = 100
"""MB of a recording."""
_RATE = 16_000
_HEADERS = {"X-Requested-With": "minutes", "Tus-Resumable": "1.0.0"}


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Growth of the server's memory over two uploads: a small one, which has it load what judges a
    file, then a large one."""
    large = _QUICK if quick else _LARGE
    recordings = [folder / "small.wav", folder / "large.wav"]
    for path, size in zip(recordings, (5, large), strict=True):
        _make(path, size=size * MIB)
    data = folder / "data"
    grown, seconds = [], []
    # Without a worker: nobody begins to transcribe what was kept.
    with server_of(ROOT / "Home.py", folder=data, MINUTES_LOCAL_WORKER="0") as server:
        for path in recordings:
            before = rss(server.process)
            with Usage(server.process) as used, httpx.Client(base_url=server.url) as client:
                begun = time.perf_counter()
                _send(client, path)
                seconds.append(time.perf_counter() - begun)
            grown.append((used.bytes - before) / MIB)
    return [
        Figure(f"server memory, upload of {large} MB", grown[1], "MB", GOAL),
        Figure("  first upload of a server (5 MB)", grown[0], "MB"),
        Figure("  sent and kept", large / seconds[1], "MB/s"),
    ]


def _make(path: Path, *, size: int) -> None:
    """A recording of that many bytes: a saw tooth that never repeats in a piece."""
    with wave.open(str(path), "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(_RATE)
        block = bytes(range(256)) * 4096
        for number in range(size // len(block)):
            made.writeframes(block[number % 256 :] + block[: number % 256])


def _send(client: httpx.Client, path: Path) -> None:
    """Send a file as a browser does, in one request, and wait until it is a meeting."""
    size = path.stat().st_size
    begun = client.post("/api/uploads", headers={**_HEADERS, "Upload-Length": str(size)})
    begun.raise_for_status()
    address = begun.headers["Location"]
    piece = {
        **_HEADERS,
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(size),
    }
    client.patch(address, headers=piece, content=_read(path), timeout=600).raise_for_status()

    def kept() -> bool:
        told = client.get(address, timeout=60).json()
        if told["state"] == "failed":
            raise RuntimeError(told["error"])
        return bool(told["state"] == "kept")

    until(kept, seconds=300, what="keeping the upload")


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(MIB):
            yield piece
