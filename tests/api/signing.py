"""A server with accounts, its people, and browsers and programs before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import httpx
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.api.person import identity_of
from core.api.server import middleware, routes
from core.app import App
from core.store import accounts

PASSWORD = "seven grey geese"
URL = "http://localhost"
FORM = {"Origin": URL}
"""What a browser says of a form that a page of ours sent."""
PAGE = {"Accept": "text/html,application/xhtml+xml"}


@dataclass
class House:
    """An App with accounts on; `pages` stand for Streamlit's."""

    app: App
    people: dict[str, str] = field(default_factory=dict)

    def person(self, name: str, *, admin: bool = False) -> str:
        """Somebody with PASSWORD; returns their id. A cheap hash: a test is no attacker."""
        hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        with self.app.database.writing() as session:
            user = accounts.make_account(session, name=name, password=hashed, admin=admin)
            self.people[name] = user.id
            return user.id

    @property
    def asgi(self) -> Starlette:
        """Everything that Home.py puts together, with plain pages."""
        who = Route("/api/who", _who, methods=["GET", "POST"])
        pages = [
            WebSocketRoute("/_stcore/stream", _stream),
            Route("/_stcore/health", lambda _: PlainTextResponse("ok")),
            Route("/{rest:path}", _page, methods=["GET", "POST"]),
        ]
        return Starlette(
            routes=[who, *routes(), *pages], middleware=middleware(self.app.settings.hosts)
        )

    @contextmanager
    def browser(self, *, url: str = URL) -> Iterator[TestClient]:
        """A browser that follows nothing by itself."""
        with TestClient(self.asgi, base_url=url, follow_redirects=False) as client:
            yield client


def sign_in(
    browser: TestClient, name: str, password: str = PASSWORD, **more: str
) -> httpx.Response:
    """Send the form as the page does."""
    form = {"name": name, "password": password, **more}
    origin = str(browser.base_url).rstrip("/")
    answer: httpx.Response = browser.post("/sign-in?lang=en", data=form, headers={"Origin": origin})
    return answer


def who(browser: TestClient, **headers: str) -> httpx.Response:
    """Whom the server sees."""
    answer: httpx.Response = browser.get("/api/who", headers=headers)
    return answer


async def _who(request: Request) -> JSONResponse:
    from core.app import get_app

    identity = identity_of(request, get_app())
    return JSONResponse({"name": identity.name, "cookies": request.cookies})


async def _page(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("a page")


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    with suppress(WebSocketDisconnect):
        while True:
            await socket.send_bytes(b"got " + await socket.receive_bytes())
