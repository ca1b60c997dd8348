"""Uploads that are whole are judged and kept in threads, so that no request waits for that."""

from __future__ import annotations

import asyncio
import logging
import uuid
from contextlib import suppress
from functools import partial

from anyio import CapacityLimiter, to_thread

from core.app import App
from core.errors import MinutesError
from core.services.arrivals import Arrival

_KEEPERS = CapacityLimiter(2)
"""Files judged and kept at the same time: each reads a whole file."""

_being_kept: dict[str, asyncio.Task[None]] = {}
log = logging.getLogger(__name__)


def keep_soon(app: App, upload_id: str) -> None:
    """Have an upload that is whole judged and kept, beside the event loop."""
    if upload_id not in _being_kept:
        task = asyncio.create_task(_keep(app, upload_id))
        _being_kept[upload_id] = task
        task.add_done_callback(lambda _: _being_kept.pop(upload_id, None))


async def looked_up(app: App, user_id: str, upload_id: str, *, synced: bool = False) -> Arrival:
    """The upload. Whoever asks about a whole one that nobody keeps sets that going: the server that
    got its last byte was killed."""
    get = partial(app.uploads.get, user_id, upload_id, synced=synced)
    arrival = await to_thread.run_sync(get)
    if arrival.state == "keeping":
        keep_soon(app, upload_id)
    return arrival


async def _keep(app: App, upload_id: str) -> None:
    try:
        await to_thread.run_sync(app.uploads.keeping.keep, upload_id, limiter=_KEEPERS)
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("an upload was not kept (reference %s)", reference)
        error = MinutesError("unexpected", reference=reference)
        with suppress(Exception):  # it may be the database that fails; said again when asked again
            await to_thread.run_sync(app.uploads.keeping.fail, upload_id, error)
