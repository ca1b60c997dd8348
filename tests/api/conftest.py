"""The routes behind their guards, over a fresh App; no worker runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api.server import middleware, routes
from core.app import App
from core.domain.kinds import ItemKind
from core.domain.minutes import Coverage, Draft, Item, Minutes
from core.services.recordings import About
from core.store import people
from core.store.tables import Meeting

TRANSCRIPT = b"Kim: Let us begin.\nLee: We decided to ship on Friday.\n"
ASKED = {"X-Requested-With": "minutes"}


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
