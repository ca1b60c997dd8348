"""Windows of a recording that kill whoever hears them: counted in the database, stopped in time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.domain.transcript import clock
from core.errors import EngineFailed
from core.store import heard_windows
from core.store.database import Database

_MOST = 5
"""A window in which so many processes died is not begun again by itself."""


@contextmanager
def counted(
    database: Database, *, job_id: str, meeting_id: str, ordinal: int, start: float
) -> Iterator[None]:
    """A process at work on a window, from its first one on to the end of that: who dies in it (it
    takes more memory than there is, a library crashes) has begun and not ended.

    Raises EngineFailed("window_deadly") where that happened too often. A failure or a cancelled job
    is no death: the count begins anew.
    """
    try:
        with database.writing() as session:
            died = heard_windows.begin_window(
                session, meeting_id=meeting_id, job_id=job_id, ordinal=ordinal, start=start
            )
        if died >= _MOST:
            raise EngineFailed("window_deadly", at=clock(start))
        yield
    except BaseException:
        with database.writing() as session:
            heard_windows.forget_tries(session, job_id=job_id)
        raise
