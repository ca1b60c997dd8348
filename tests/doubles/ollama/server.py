"""A double of an Ollama server over real HTTP, for tests.

    with OllamaDouble() as double:
        double.answer = lambda request: "hello"
        client = ollama.Client(double.url)

It plays 0.17.4 as recorded in tests/data/ollama-wire, or with profile="0.30" what the research
says of later ones. Attributes may be set at any time; `reset()` makes it as new.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import uvicorn

from tests.doubles.ollama.answers import Answerer, default_answer
from tests.doubles.ollama.app import Application
from tests.doubles.ollama.faults import Fault, Faults, Mode, When
from tests.doubles.ollama.models import Library, Model, full_name, make_model
from tests.doubles.ollama.pace import Speed
from tests.doubles.ollama.records import Record, Violation, violations
from tests.doubles.ollama.runners import Scheduler

Profile = Literal["0.17", "0.30"]
VERSIONS: dict[Profile, str] = {"0.17": "0.0.0", "0.30": "0.30.8"}
START_SECONDS = 10.0


class OllamaDouble:
    """The server. Attributes a test may set:

    `answer` (see answers.ChatRequest), `thoughts` (what a thinking model thinks), `delay_first`
    and `delay_piece` (seconds), `speed` (a fixed one, see pace), `burst`, `registry_up`,
    `signed_in`, `version`, and `scheduler.load_delay`, `scheduler.max_queue`, `scheduler.slots`.
    What an answerer raises is a 500 to the client, is kept in `errors`, and is raised again when
    the `with` block ends.
    """

    def __init__(
        self, *, profile: Profile = "0.17", port: int = 0, log: Path | str | None = None
    ) -> None:
        if profile not in VERSIONS:
            raise ValueError(f"unknown profile {profile!r}; known: {', '.join(VERSIONS)}")
        self.profile = profile
        self.modern = profile == "0.30"
        self._port = port
        self._log = Path(log) if log is not None else None
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.reset()

    def reset(self) -> None:
        """Forgets requests, faults, answers, installed and loaded models."""
        self.version = VERSIONS[self.profile]
        self.requests: list[Record] = []
        self.errors: list[BaseException] = []
        self.answer: Answerer = default_answer
        self.thoughts = "Let me see what is asked here."
        self.delay_first = 0.0
        self.delay_piece = 0.0
        self.speed: Speed | None = None
        self.burst = False
        """A streamed answer's lines leave together at its end: what the client takes for a line
        is not hidden behind what the double takes to make one."""
        self.registry_up = True
        self.signed_in = True
        self.library = Library()
        self.faults = Faults()
        self.scheduler = Scheduler(self.modern)
        self.registry: dict[str, Model] = {}
        self.offer("tiny-pulled", family="bert", capabilities=["embedding"], size=4_805_344)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if error is None and self.errors:
            raise self.errors[0]

    def start(self) -> None:
        """Listens before it returns, on 127.0.0.1 and a free port if none was given."""
        # asyncio turns Nagle's algorithm off, as Go does, only where the protocol is named;
        # with it the lines of an answer wait for each other's acknowledgement, 40 ms at a time.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", self._port))
        self._port = self._socket.getsockname()[1]
        config = uvicorn.Config(
            Application(self),
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
        )
        self._server = server = uvicorn.Server(config)
        sockets = [self._socket]
        self._thread = threading.Thread(target=lambda: server.run(sockets=sockets), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise RuntimeError("the Ollama double did not start")
            time.sleep(0.002)

    def stop(self) -> None:
        """Drops every open connection. May be called twice."""
        if self._server is None or self._thread is None or self._socket is None:
            return
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(timeout=START_SECONDS)
        self._socket.close()
        self._server = self._thread = self._socket = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def chats(self) -> list[Record]:
        """The /api/chat requests that had messages, in order of arrival."""
        return [record for record in self.requests if record.is_chat]

    def violations(self) -> list[Violation]:
        """Rules of research §0 that the client broke so far; see records.violations."""
        return violations(self.requests)

    def install(self, name: str, *, family: str, **facts: Any) -> Model:
        """Facts: capabilities, context_length, size, parameter_size, quantization,
        embedding_length, template, remote_host, remote_model, window, broken, modified_at."""
        model = make_model(name, family, **facts)
        self.library.put(model)
        return model

    def remove(self, name: str) -> None:
        """Raises KeyError where it is not installed."""
        if not self.library.drop(name):
            raise KeyError(name)
        self.scheduler.drop(full_name(name))

    def offer(self, name: str, *, family: str, **facts: Any) -> None:
        """Makes a model pullable. Facts as for `install`."""
        self.registry[full_name(name).lower()] = make_model(name, family, **facts)

    def fail_next(
        self,
        mode: Mode,
        count: int = 1,
        path: str = "/api/chat",
        when: When | None = None,
        **facts: Any,
    ) -> None:
        """The next `count` matching requests fail. Facts: `after` chunks, `seconds`."""
        self.faults.add(Fault(mode, path=path, left=count, when=when, **facts))

    def fail_always(
        self, mode: Mode, path: str = "/api/chat", when: When | None = None, **facts: Any
    ) -> None:
        """Every matching request fails until `faults.clear()`."""
        self.faults.add(Fault(mode, path=path, left=None, when=when, **facts))

    def close_record(self, record: Record) -> None:
        """Called when a request is over: writes it to the log, if there is one."""
        if self._log is None:
            return
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record.as_json(), ensure_ascii=False) + "\n")
