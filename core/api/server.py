"""What Home.py puts together: routes, guards, and what happens when the server starts and ends."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route

from core.api.downloads import minutes_file, narration, sound, transcript
from core.api.failure import answered
from core.api.guards import OwnOriginOnly, SafeHeaders
from core.api.tidying import keep_tidy, tidy
from core.api.uploads import upload_routes
from core.app import App, get_app
from core.errors import ConfigError, MinutesError
from core.messages import say
from core.worker.supervisor import supervisor_for

HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""Names under which a browser may call us: any other is somebody's DNS trick."""
_UPKEEP = 3600.0
"""Seconds between two looks at uploads that nobody goes on with."""

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
    """The routes beside the pages. All but the uploads only read."""
    return [
        *upload_routes(),
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
        upkeep = [asyncio.create_task(work(app)) for work in (_keep_up, keep_tidy)]
        supervisor = supervisor_for(app.settings)
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
            for work in upkeep:
                work.cancel()
            await asyncio.to_thread(supervisor.stop)
            app.close()

    return live


def _tidy(app: App) -> None:
    """Put right what the last run left: answers that broke off, old bins."""
    app.chat.fail_interrupted()
    tidy(app)


async def _keep_up(app: App) -> None:
    """At the start and every hour: uploads that are whole become meetings, those that nobody went
    on with go."""
    while True:
        for work in (app.uploads.keeping.keep_waiting, app.uploads.keeping.tidy):
            try:
                await asyncio.to_thread(work)
            except Exception:  # it is tried again in an hour
                log.exception("uploads could not be put in order")
        await asyncio.sleep(_UPKEEP)
