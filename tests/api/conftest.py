"""The routes behind their guards, over a fresh App; no worker runs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api.server import middleware, routes
from core.app import App, build_app
from core.domain.kinds import ItemKind
from core.domain.minutes import Coverage, Draft, Item, Minutes
from core.services.recordings import About
from core.settings import Settings
from core.store import people
from core.store.tables import Meeting
from tests.api.signing import House
from tests.waiting import until

TRANSCRIPT = b"Kim: Let us begin.\nLee: We decided to ship on Friday.\n"
ASKED = {"X-Requested-With": "minutes"}


class Sender:
    """A tus client that does what it is told, also what no client should do."""

    HEADERS = {**ASKED, "Tus-Resumable": "1.0.0"}

    def __init__(self, client: TestClient, app: App) -> None:
        self.client = client
        self._incoming = app.recordings.incoming()

    def create(
        self,
        content: bytes = TRANSCRIPT,
        *,
        length: int | str | None = 0,
        with_bytes: bool = False,
        headers: dict[str, str] | None = None,
        **said: str,
    ) -> httpx.Response:
        """Begin an upload as long as `content`, or of another length, or None for a later one."""
        said = {"name": "a.txt", "lang": "en", **said}
        pairs = [f"{key} {base64.b64encode(one.encode()).decode()}" for key, one in said.items()]
        sent = {**self.HEADERS, "Upload-Metadata": ",".join(pairs)}
        if length is None:
            sent["Upload-Defer-Length"] = "1"
        else:
            sent["Upload-Length"] = str(length or len(content))
        if with_bytes:
            sent["Content-Type"] = "application/offset+octet-stream"
        body = content if with_bytes else b""
        answer: httpx.Response = self.client.post(
            "/api/uploads", headers={**sent, **(headers or {})}, content=body
        )
        return answer

    def begin(self, content: bytes = TRANSCRIPT, **how: Any) -> str:
        """Begin an upload; returns its address."""
        answer = self.create(content, **how)
        assert answer.status_code == 201, answer.text
        assert answer.headers["tus-resumable"] == "1.0.0"
        return str(answer.headers["location"])

    def patch(
        self, address: str, content: Any, *, offset: int | str = 0, **headers: str
    ) -> httpx.Response:
        """Send a piece."""
        sent = {
            **self.HEADERS,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            **headers,
        }
        answer: httpx.Response = self.client.patch(address, headers=sent, content=content)
        return answer

    def head(self, address: str) -> httpx.Response:
        """Ask how far it is."""
        answer: httpx.Response = self.client.head(address, headers=self.HEADERS)
        return answer

    def state(self, address: str) -> Any:
        """What the pages ask."""
        return self.client.get(address).json()

    def outcome(self, address: str) -> Any:
        """What came of an upload, once it was kept or given up."""
        return until(lambda: (told := self.state(address))["state"] != "keeping" and told)

    def send(self, content: bytes = TRANSCRIPT, **said: str) -> Any:
        """Send a whole file; returns what came of it."""
        address = self.begin(content, **said)
        assert self.patch(address, content).status_code == 204
        return self.outcome(address)

    def bytes_waiting(self) -> dict[str, int]:
        """The files that are arriving, and their sizes."""
        return {
            one.stem: one.stat().st_size
            for one in self._incoming.iterdir()
            if one.suffix != ".lock"
        }


@pytest.fixture
def sender(client: TestClient, app: App) -> Sender:
    """Sends files to the routes."""
    return Sender(client, app)


@pytest.fixture
def local(app: App) -> str:
    """The id of the one person of a machine without accounts."""
    return app.people.local_person().id


@pytest.fixture
def as_person(app: App, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have the requests that follow come from a person of that name."""

    def become(name: str) -> None:
        with app.database.writing() as session:
            user_id = people.ensure_user(session, name=name).id
        monkeypatch.setattr("core.api.uploads.person_of", lambda _request, _app: user_id)

    return become


@pytest.fixture
def asgi(app: App, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """The routes and guards as Home.py puts them together."""
    monkeypatch.setattr("core.app._app", app)
    return Starlette(routes=routes(), middleware=middleware())


@pytest.fixture
def client(asgi: Starlette) -> Iterator[TestClient]:
    """A program on this machine that calls the routes."""
    with TestClient(asgi, base_url="http://localhost") as made:
        yield made


@pytest.fixture
def kept(app: App, tmp_path: Path) -> Callable[..., Meeting]:
    """Keep bytes as a meeting of the local person, or of somebody else."""

    def keep(
        content: bytes = TRANSCRIPT, *, name: str = "a.txt", owner: str = "local", title: str = "T"
    ) -> Meeting:
        with app.database.writing() as session:
            user = people.ensure_user(session, name=owner)
        source = tmp_path / "given"
        source.write_bytes(content)
        meeting, _ = app.recordings.keep(
            user.id, source=source, name=name, about=About(title=title)
        )
        return meeting

    return keep


@pytest.fixture
def written(app: App) -> Callable[[Meeting], None]:
    """Keep minutes of a meeting, as a job would."""

    def write(meeting: Meeting) -> None:
        decision = Item(
            kind=ItemKind.DECISION, text="Ship on Friday", utterances=(2,), verified=True
        )
        draft = Draft(
            items=(decision,),
            summary="- Ship on Friday [2]",
            coverage=Coverage(utterances_read=2, utterances_total=2),
            engine="extractive",
        )
        minutes = Minutes(
            meeting_id=meeting.id,
            version=0,
            language="en",
            style_version=None,
            draft=draft,
            markdown="# Ship\n",
        )
        with app.database.writing() as session:
            app.minutes.keep(session, meeting, minutes, job_id=f"job of {meeting.id}")

    return write


@pytest.fixture
def house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A server with accounts on, and nobody in it."""
    built = build_app(settings.model_copy(update={"accounts": True}))
    monkeypatch.setattr("core.app._app", built)
    yield House(built)
    built.close()


@pytest.fixture
def browser(house: House) -> Iterator[TestClient]:
    """A browser before that server. Nobody is signed in."""
    with house.browser() as made:
        yield made
