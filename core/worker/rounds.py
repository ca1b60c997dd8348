"""What a worker looks after beside its jobs, every few seconds and every day."""

from __future__ import annotations

import logging
import threading
import time

from core.errors import ConfigError, MinutesError
from core.services.job_upkeep import JobUpkeep
from core.store.database import Database
from core.store.failures import PASSING
from core.worker.room import Room

EVERY = 5.0
"""Seconds between two rounds."""
_DAY = 86400.0

log = logging.getLogger(__name__)


def make(database: Database, upkeep: JobUpkeep, room: Room) -> None:
    """Go round until the worker is to be begun anew, because its disk was full and is no longer. A
    database that is away for a while ends nothing; raises ConfigError("database_newer") where this
    worker is too old for it."""
    ended = threading.Event()
    cleaned: float | None = None
    said = ""
    while not room.is_back():
        try:
            database.refuse_newer()
            upkeep.reconcile()
            if cleaned is None or time.monotonic() - cleaned > _DAY:
                forgotten = upkeep.forget_old()
                cleaned = time.monotonic()
                log.info("checkpoints of %d jobs that ended long ago were deleted", forgotten)
            said = ""
        except Exception as error:  # the worker's loop: the next round may go well
            if isinstance(error, MinutesError) and is_for_good(error):
                raise
            if str(error) != said:  # once, not every few seconds
                said = str(error)
                log.warning("could not look after the jobs: %s", error)
        ended.wait(EVERY)
    log.warning("the disk was full and has room again: the jobs go on")


def is_for_good(error: MinutesError) -> bool:
    """Whether nothing but a person can mend it: to start the worker again is of no use."""
    return isinstance(error, ConfigError) and error.code not in PASSING
