"""Fifty people who watch a running job: what of a core the server takes for them.

Each is a WebSocket that speaks Streamlit's protocol as its page does: it opens the meeting, and
runs the fragment again that the server told it to, at the pace that it was told. The job's row
changes as a worker changes it; nobody listens, so that all the time is the server's.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.browsing import server_of
from bench.figures import Figure
from bench.fixtures import make_short_sound
from bench.processes import ROOT, Usage
from bench.working import app_on, take
from core.app import App
from core.store import job_records
from core.store.tables import Job

GOAL = 20.0
_WATCHERS = 50
_SECONDS = 30.0
_QUICK = 10.0
_TOLD_EVERY = 0.3
"""Seconds between two changes of the job's row, as core.worker has it."""
_OPEN_WITHIN = 90.0


@dataclass
class Watcher:
    """One page of one person. `runs` counts answered runs of the fragment."""

    url: str
    query: str
    runs: int = 0
    late: list[float] = field(default_factory=list)
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    interval: float = 0.0

    async def watch(self) -> None:
        """Open the page and follow it until cancelled."""
        address = f"{self.url.replace('http', 'ws', 1)}/_stcore/stream"
        async with websockets.connect(
            address, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None
        ) as socket:
            await socket.send(self._run())
            fragment = await self._until_finished(socket)
            assert fragment, "the page has nothing that runs again"
            self.opened.set()
            while True:
                await asyncio.sleep(self.interval)
                begun = time.perf_counter()
                await socket.send(self._run(fragment))
                await self._until_finished(socket)
                self.late.append(time.perf_counter() - begun)
                self.runs += 1

    async def _until_finished(self, socket: websockets.ClientConnection) -> str:
        fragment = ""
        while True:
            told = ForwardMsg()
            told.ParseFromString(bytes(await socket.recv(decode=False)))
            kind = told.WhichOneof("type")
            if kind == "auto_rerun":
                fragment, self.interval = told.auto_rerun.fragment_id, told.auto_rerun.interval
            if kind == "script_finished":
                return fragment

    def _run(self, fragment: str = "") -> bytes:
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = "meeting"
        message.rerun_script.context_info.timezone = "Asia/Seoul"
        message.rerun_script.context_info.locale = "ko-KR"
        if fragment:
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = True
        return message.SerializeToString()


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """The server's share of a core, with nobody and with all of them."""
    seconds = _QUICK if quick else _SECONDS
    app = app_on(folder / "data")
    sound = folder / "sound.opus"
    make_short_sound(sound, number=0)
    meeting = take(app, sound)
    job = Job(id="watched", user_id=meeting.user_id, meeting_id=meeting.id, stage="transcribe")
    with app.database.writing() as session:
        session.add(job)
    try:
        with (
            _changing(app, job),
            server_of(ROOT / "Home.py", folder=folder / "data", MINUTES_LOCAL_WORKER="0") as server,
        ):
            httpx.get(server.url)
            time.sleep(3)  # what the start does beside it has ended
            with Usage(server.process) as idle:
                time.sleep(seconds / 3)
            watchers = [Watcher(server.url, f"meeting={meeting.id}") for _ in range(_WATCHERS)]
            with Usage(server.process) as used:
                opened, taken = asyncio.run(_watch(watchers, seconds, used))
    finally:
        app.close()
    share = 100 * taken / seconds
    late = sorted(one for watcher in watchers for one in watcher.late)
    runs = sum(watcher.runs for watcher in watchers) / seconds
    return [
        Figure(f"{_WATCHERS} watch a job, of a core", share, "%", GOAL),
        Figure("  nobody watches", 100 * idle.cpu / (seconds / 3), "%"),
        Figure("  runs a second", runs, ""),
        Figure("  a run, median", 1000 * late[len(late) // 2], "ms"),
        Figure("  a run, slowest of twenty", 1000 * late[19 * len(late) // 20], "ms"),
        Figure("  all have opened their page", opened, "s"),
    ]


async def _watch(watchers: list[Watcher], seconds: float, used: Usage) -> tuple[float, float]:
    """Seconds until all have their page, then the processor's seconds while they watch."""
    begun = time.perf_counter()
    tasks = [asyncio.create_task(one.watch()) for one in watchers]
    opening = asyncio.gather(*(one.opened.wait() for one in watchers))
    done, _ = await asyncio.wait(
        {opening, *tasks}, timeout=_OPEN_WITHIN, return_when="FIRST_COMPLETED"
    )
    if opening not in done:
        raise RuntimeError(f"a page was not opened: {[one.exception() for one in done]}")
    opened = time.perf_counter() - begun
    for one in watchers:
        one.runs, one.late = 0, []
    before = used.so_far()
    await asyncio.sleep(seconds)
    taken = used.so_far() - before
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return opened, taken


@contextmanager
def _changing(app: App, job: Job) -> Iterator[None]:
    """The job's row changes while the block runs."""
    ended = threading.Event()

    def change() -> None:
        share = 0.0
        while not ended.wait(_TOLD_EVERY):
            share = (share + 0.001) % 1.0
            with app.database.writing() as session:
                job_records.update_job(
                    session,
                    job_id=job.id,
                    state="running",
                    step="hearing",
                    progress=share,
                    step_facts={"speed": 11.6, "seconds_left": 130.0},
                )

    thread = threading.Thread(target=change, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
