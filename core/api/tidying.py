"""What the server does by itself while it runs: empty old bins, wipe what was deleted."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from core.app import App
from core.errors import MinutesError

_EVERY = 60.0
"""Seconds. Each round is a few questions to the database unless there is something to do. A clock
that only counts hours would stand still while a laptop sleeps."""

log = logging.getLogger(__name__)


async def keep_tidy(app: App) -> None:
    """Tidy up again and again until cancelled. What fails is tried again in the next round."""
    while True:
        await asyncio.sleep(_EVERY)
        await asyncio.to_thread(tidy, app)


def tidy(app: App) -> None:
    """Delete for good what has been in a bin for long enough, and leave no trace of it."""
    try:
        app.leaving.finish_all()
        gone = app.meetings.empty_old()
        app.learning.take_up()
        wiped = app.meetings.sweep((app.settings.database, app.settings.jobs_database))
    except (MinutesError, OSError, SQLAlchemyError) as error:
        log.warning("tidying up is put off: %s", error)
        return
    if gone or wiped:
        log.info("deleted %d old meetings, wiped what %d had left", gone, wiped)
