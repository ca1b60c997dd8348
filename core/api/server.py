"""What Home.py puts together: routes, guards, and what happens when the server starts and ends."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route

from core.api.downloads import minutes_file, narration, sound, transcript
from core.api.failure import answered
from core.api.guards import OwnOriginOnly, SafeHeaders
from core.api.uploads import upload
from core.app import ROOT, App, get_app
from core.errors import ConfigError, MinutesError
from core.messages import say
from core.worker.supervisor import Supervisor

HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""Names under which a browser may call us: any other is somebody's DNS trick."""
_ABANDONED = 3600.0
"""Seconds after which nobody writes a file that was arriving any more."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server listens."""

    address: str
    port: int

    @property
    def url(self) -> str:
        """What a person types into a browser."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"http://{host}:{self.port}"


def refuse_strangers(address: str) -> None:
    """ConfigError("address_not_local") for an address that others could reach: there are no
    accounts yet, so whoever reaches the server is its owner."""
    if address == "localhost":
        return
    try:
        local = ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        local = False
    if not local:
        raise ConfigError("address_not_local", address=address)


def routes() -> list[Route]:
    """The routes beside the pages. All but the upload only read."""
    return [
        Route("/api/uploads", answered(upload), methods=["PUT"]),
        Route("/api/meetings/{meeting_id}/sound", answered(sound)),
        Route("/api/meetings/{meeting_id}/transcript", answered(transcript)),
        Route("/api/meetings/{meeting_id}/minutes.md", answered(minutes_file)),
        Route("/api/meetings/{meeting_id}/narration", answered(narration)),
    ]


def middleware() -> list[Middleware]:
    """The guards, outermost first. They stand before the pages and their WebSocket, too."""
    return [
        Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False),
        Middleware(OwnOriginOnly),
        Middleware(SafeHeaders),
    ]


def lifespan(place: Place) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """What runs around the server's life."""

    @asynccontextmanager
    async def live(_server: Any) -> AsyncIterator[None]:
        try:
            app = await asyncio.to_thread(get_app)
        except MinutesError as error:
            # Starlette would print a trace of many pages around the one sentence that helps.
            sys.stderr.write(f"\n  {error}\n\n")
            raise
        await asyncio.to_thread(_tidy, app)
        supervisor = Supervisor(folder=app.settings.folder, root=ROOT)
        if app.settings.local_worker:
            supervisor.start()
        # Streamlit collects garbage after every run; what is imported by now need not be looked at.
        gc.collect()
        gc.freeze()
        language = app.settings.language or "en"
        sys.stdout.write(f"\n  {say('nav.ready', language, url=place.url)}\n\n")
        sys.stdout.flush()
        try:
            yield
        finally:
            await asyncio.to_thread(supervisor.stop)
            app.close()

    return live


def _tidy(app: App) -> None:
    """Put right what the last run left: answers and uploads that broke off, old bins."""
    app.chat.fail_interrupted()
    app.meetings.empty_old()
    for part in app.recordings.incoming().glob("*.part"):
        with suppress(OSError):  # another process may end its own just now
            if time.time() - part.stat().st_mtime > _ABANDONED:
                part.unlink()
