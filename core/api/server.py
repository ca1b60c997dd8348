"""What Home.py puts together: routes, guards, and what happens when the server starts and ends."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import logging
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route

from core.api.doors import door_routes
from core.api.downloads import minutes_file, narration, sound, transcript
from core.api.exporting import export
from core.api.failure import answered
from core.api.gate import Gate
from core.api.guards import OwnOriginOnly, SafeHeaders
from core.api.oidc import oidc_routes
from core.api.page_addresses import page_addresses
from core.api.tidying import keep_tidy, tidy
from core.api.uploads import upload_routes
from core.app import App, get_app
from core.errors import ConfigError
from core.messages import say
from core.services.one_storage import refuse_second_folder
from core.settings import LOOPBACK_HOSTS, Settings
from core.worker.supervisor import supervisor_for

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


def refuse_strangers(address: str, settings: Settings) -> None:
    """ConfigError for an address that others could reach, unless people sign in and it is said
    under which names the server may be called.

    Raises address_not_local without accounts: whoever reaches the server is its owner.
    hosts_missing without MINUTES_HOSTS.
    """
    if is_local(address):
        return
    if not settings.accounts:
        raise ConfigError("address_not_local", address=address)
    if "hosts" not in settings.model_fields_set:
        raise ConfigError("hosts_missing", address=address)


def refuse_data(settings: Settings) -> None:
    """ConfigError where the server must not open the data that is there: what opening it raises,
    accounts_off, storage_claimed. For before the server is made: a refusal when it starts is shown
    under a trace of many pages."""
    app = get_app()
    app.accounts.refuse_if_off()
    refuse_second_folder(app.database, url=settings.database, folder=settings.folder)


def is_local(address: str) -> bool:
    """Can an address be reached from this machine only?"""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def routes(base: str = "") -> list[Route]:
    """The routes beside the pages, which Streamlit serves under `base`. All but the uploads and the
    doors only read."""
    return [
        *door_routes(),
        *oidc_routes(),
        *upload_routes(),
        Route("/api/meetings/{meeting_id}/sound", answered(sound)),
        Route("/api/meetings/{meeting_id}/transcript", answered(transcript)),
        Route("/api/meetings/{meeting_id}/minutes.md", answered(minutes_file)),
        Route("/api/meetings/{meeting_id}/narration", answered(narration)),
        Route("/api/me/export.zip", answered(export)),
        *page_addresses(base),
    ]


def middleware(hosts: Sequence[str] = LOOPBACK_HOSTS) -> list[Middleware]:
    """The guards, outermost first. They stand before the pages and their WebSocket, too. `hosts`
    are the names under which browsers may call: any other is somebody's DNS trick."""
    return [
        Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        Middleware(OwnOriginOnly),
        Middleware(SafeHeaders),
        Middleware(Gate),
    ]


def lifespan(place: Place) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """What runs around the server's life."""

    @asynccontextmanager
    async def live(_server: Any) -> AsyncIterator[None]:
        app = await asyncio.to_thread(get_app)
        await asyncio.to_thread(_tidy, app)
        upkeep = [asyncio.create_task(work(app)) for work in (_keep_up, keep_tidy)]
        supervisor = supervisor_for(app.settings)
        if app.settings.local_worker:
            supervisor.start()
        # Streamlit collects garbage after every run; what is imported by now need not be looked at.
        gc.collect()
        gc.freeze()
        await asyncio.to_thread(_greet, app, place)
        try:
            yield
        finally:
            for work in upkeep:
                work.cancel()
            await asyncio.to_thread(supervisor.stop)
            app.close()

    return live


def _greet(app: App, place: Place) -> None:
    """Tell the terminal where the app is, and what is left to do for its owner."""
    settings = app.settings
    language = settings.language or "en"
    told = [say("nav.ready", language, url=settings.public_url or place.url)]
    if app.accounts.on and app.accounts.none_yet():
        told.append(say("sign_in.first_terminal", language))
    if not is_local(place.address) and not settings.secure_cookies:
        told.append(say("sign_in.in_the_clear", language))
    sys.stdout.write("".join(f"\n  {one}\n" for one in told) + "\n")
    sys.stdout.flush()


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
