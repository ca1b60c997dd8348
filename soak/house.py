"""Where it is tried: a data folder, a server that answers, workers, and the model's double.

On SQLite the server has its own worker. On PostgreSQL two workers stand for two machines: each has
a data folder of its own, in which recordings and models are the shared ones.
"""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlmodel import select

from bench.processes import child_of
from core.app import App, build_app
from core.settings import Settings
from core.store.machine_rows import WorkerBeat
from soak.inputs import WHISPER
from soak.processes import ENGINE, START, Kept, Stuck, answers, double, is_gone, wait_for
from tests.waiting import free_port

_WORKER = "core.worker"
_END = 15.0
ALONE = "local"
"""The name of the worker on a database of its own."""


@dataclass
class House:
    """`database_url` None: SQLite in the folder. `machines`: workers beside the server; 0 where the
    server has its own. `piece`: seconds that the model takes for a token."""

    folder: Path
    database_url: str | None = None
    machines: int = 0
    piece: float = 0.004
    server: Kept = field(init=False)
    model: Kept = field(init=False)
    workers: list[Kept] = field(init=False, default_factory=list)
    asking: Kept | None = field(init=False, default=None)
    app: App = field(init=False)
    slowest_end: float = field(init=False, default=0.0)
    """Seconds that the slowest took to end after SIGTERM."""
    _ports: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self._ports = free_port(), free_port()
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "model.log"
        self.model = double(self._ports[1], log, self.calls, piece=self.piece)
        at = ["--server.address=127.0.0.1", f"--server.port={self._ports[0]}"]
        run = ["streamlit", "run", "Home.py", *at, "--server.headless=true"]
        self.server = Kept(run, self._variables(self.data), self.folder / "server.log")
        for number in range(self.machines):
            place = self._machine(number)
            log = self.folder / f"worker-{number}.log"
            self.workers.append(Kept([_WORKER], self._variables(place), log))

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def calls(self) -> Path:
        """What the double was asked: a JSON line for each call."""
        return self.folder / "calls.jsonl"

    @property
    def model_url(self) -> str:
        """The double's address."""
        return f"http://127.0.0.1:{self._ports[1]}"

    def open(self) -> None:
        """Start all of it."""
        self.calls.touch()
        self.start_model()
        self.app = build_app(
            Settings(
                data=self.data,
                database_url=self.database_url,
                ollama_url=self.model_url,
                llm=ENGINE,
                num_ctx=4096,
            )
        )
        self.start_server()
        for worker in self.workers:
            worker.start()

    def close(self) -> None:
        """End all of it, the hard way."""
        for one in (self.asking, self.server, *self.workers, self.model):
            if one is not None:
                one.signal(signal.SIGCONT)
                one.kill()
        worker = self.worker_of_server()
        if worker is not None:
            worker.kill()
        self.app.close()

    def start_model(self) -> None:
        """Start the double and wait until it answers."""
        self.model.start()
        wait_for(lambda: answers(self.model_url), seconds=START, what="the double's start")

    def start_server(self) -> None:
        """Start the server and wait until it answers."""
        self.server.start()
        health = f"http://127.0.0.1:{self._ports[0]}/_stcore/health"

        def serves() -> bool:
            if not self.server.is_up:
                raise Stuck(f"the server ended at once: {self.server.told()}")
            return answers(health)

        wait_for(serves, seconds=START, what="the server's start")

    def worker_of_server(self) -> psutil.Process | None:
        """The server's own worker, None while it has none."""
        if not self.server.is_up or self.server.process is None:
            return None
        return child_of(psutil.Process(self.server.process.pid), _WORKER)

    def crew(self) -> dict[str, psutil.Process]:
        """The workers that run, by the names under which they have jobs; waits until all do."""
        found: dict[str, psutil.Process] = {}

        def are_there() -> bool:
            found.clear()
            if not self.machines:
                worker = self.worker_of_server()
                found.update({ALONE: worker} if worker else {})
                return worker is not None
            self.mend()
            for kept in self.workers:
                for name in self.executors(kept.process.pid if kept.process else 0):
                    found[name] = psutil.Process(kept.process.pid if kept.process else 0)
            return len(found) == self.machines

        wait_for(are_there, seconds=START, what="the workers' start")
        return found

    def end_server(self, number: int) -> None:
        """End the server by a signal. Stuck where its worker outlives it."""
        worker = self.worker_of_server()
        self.server.signal(number)
        took = self.server.wait(_END)
        if number == signal.SIGTERM:
            self.slowest_end = max(self.slowest_end, took)
        if worker is not None:
            try:
                wait_for(
                    lambda: is_gone(worker), seconds=_END, what="its worker's end with a server"
                )
            except Stuck:
                worker.kill()
                raise

    def end_worker(self, worker: psutil.Process, number: int) -> None:
        """End a worker by a signal; a machine's own is reaped, the server's is its parent's."""
        begun = time.monotonic()
        worker.send_signal(number)
        for kept in self.workers:
            if kept.process is not None and kept.process.pid == worker.pid:
                kept.wait(_END)
        wait_for(lambda: is_gone(worker), seconds=_END, what="a worker's end", every=0.005)
        if number == signal.SIGTERM:
            self.slowest_end = max(self.slowest_end, time.monotonic() - begun)

    def mend(self) -> None:
        """Start what has ended; the server's own worker is the server's business."""
        if not self.server.is_up:
            self.start_server()
        for worker in self.workers:
            if not worker.is_up:
                worker.start()

    def executors(self, process: int) -> set[str]:
        """The names under which a worker process runs jobs."""
        with self.app.database.reading() as session:
            rows = session.exec(select(WorkerBeat).where(WorkerBeat.process == process))
            return {row.executor for row in rows}

    def ask(self, meeting_id: str, question: str) -> None:
        """Somebody asks about a meeting, in a process of its own."""
        command = ["core", "ask", meeting_id, question, "--llm", ENGINE]
        self.asking = Kept(command, self._variables(self.data), self.folder / "asking.log")
        self.asking.start()

    def _machine(self, number: int) -> Path:
        place = self.folder / f"machine-{number}"
        place.mkdir()
        for shared in ("recordings", "models"):
            (self.data / shared).mkdir(parents=True, exist_ok=True)
            (place / shared).symlink_to(self.data / shared, target_is_directory=True)
        return place

    def _variables(self, data: Path) -> dict[str, str]:
        more = {"MINUTES_DATABASE_URL": self.database_url} if self.database_url else {}
        return {
            "MINUTES_DATA": str(data),
            "MINUTES_OLLAMA_URL": self.model_url,
            "MINUTES_NUM_CTX": "4096",
            "MINUTES_LLM": ENGINE,
            "MINUTES_WHISPER_MODEL": WHISPER,
            "MINUTES_LOCAL_WORKER": "0" if self.machines else "1",
            "MINUTES_LANGUAGE": "en",
            "PYTHONFAULTHANDLER": "1",
            **more,
        }
