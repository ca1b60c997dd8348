"""Who may come in. Pure ASGI before routes, pages and their WebSocket; behind the guards.

With accounts off everything passes: there is one person. With accounts on a browser shows its
cookie, and a program under /api/ its token; the person is left in the request's state, where
core.api.person finds them. Everybody else sees the doors below and nothing more.
"""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.api.cookie import cookie_name
from core.api.failure import sentence, spoken, status_of
from core.api.next_page import sign_in_address
from core.api.person import IDENTITY
from core.app import App, get_app
from core.errors import InvalidInput, MinutesError
from core.services.accounts import Identity

DOORS = frozenset(
    (
        "/sign-in",
        "/sign-in/style.css",
        "/sign-in/icon.svg",
        "/sign-out",
        "/join",
        "/auth/oidc/start",
        "/auth/oidc/back",
        "/_stcore/health",
    )
)
"""What nobody has to sign in for. Whole paths: a beginning would let in what is added below it."""
BARE_RERUN = b"Z\x00"
"""Streamlit's message "run the page again", without anything that was typed or pressed."""
_READS = ("GET", "HEAD", "OPTIONS")
_SIGNED_OUT = 4401
_ASKING = CapacityLimiter(8)
"""Threads of the gate's own: it answers also while long work has taken all the others."""


class Gate:
    """Lets in who is signed in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the person in the state, or send away."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        app = await to_thread.run_sync(get_app, limiter=_ASKING)
        if not app.accounts.on:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(app, scope, receive, send)
        else:
            await self._websocket(app, scope, receive, send)

    async def _http(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            bearer = _bearer(request)
            if bearer is None:
                identity = await _by_cookie(request, app)
            else:
                identity = await _by_token(bearer, request.method, app)
        except MinutesError as error:
            answer = sentence(status_of(error), error.sentence(spoken(request)))
            answer.headers["WWW-Authenticate"] = "Bearer"
            await answer(scope, receive, send)
            return
        if identity is None and scope["path"] not in DOORS:
            await _sent_away(request)(scope, receive, send)
            return
        await self.app(_known(scope, identity), receive, send)

    async def _websocket(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:
        socket = HTTPConnection(scope)
        identity = await _by_cookie(socket, app)
        if identity is None:
            await receive()
            await send({"type": "websocket.close", "code": _SIGNED_OUT})
            return

        async def receive_from_them() -> Message:
            """A message, as long as they are signed in. After that nothing that was pressed counts
            any more: the page only runs again, and finds out."""
            message = await receive()
            if message["type"] == "websocket.receive" and await _by_cookie(socket, app) is None:
                return {"type": "websocket.receive", "bytes": BARE_RERUN}
            return message

        await self.app(_known(scope, identity), receive_from_them, send)


def _known(scope: Scope, identity: Identity | None) -> Scope:
    """The scope with the person in its state. Whatever else claims to be one there is removed."""
    state = {key: value for key, value in scope.get("state", {}).items() if key != IDENTITY}
    if identity is not None:
        state[IDENTITY] = identity
    return {**scope, "state": state}


def _bearer(request: Request) -> str | None:
    """What a program shows under /api/, where it shows anything. Pages know cookies only."""
    if not request.scope["path"].startswith("/api/"):
        return None
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else None


async def _by_cookie(connection: HTTPConnection, app: App) -> Identity | None:
    token = connection.cookies.get(cookie_name(app.settings))
    return await to_thread.run_sync(app.accounts.identity, token, limiter=_ASKING)


async def _by_token(secret: str, method: str, app: App) -> Identity:
    identity = await to_thread.run_sync(app.tokens.identity, secret, limiter=_ASKING)
    if identity is None:
        raise InvalidInput("token_refused")
    scope = "read" if method in _READS else "write"
    if scope not in identity.scopes:
        raise InvalidInput("token_scope", scope=scope)
    return identity


def _sent_away(request: Request) -> Response:
    """To the sign-in page who wants to see a page; a sentence for everybody else."""
    error = InvalidInput("signed_out")
    if request.scope["path"].startswith("/api/"):
        return sentence(status_of(error), error.sentence(spoken(request)))
    if request.method in _READS and "text/html" in request.headers.get("accept", ""):
        address = sign_in_address(request.url.path, request.url.query)
        return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
    return PlainTextResponse(error.sentence(spoken(request)), status_of(error))
