"""The databases' failures, in our words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from core.errors import ConfigError, EngineFailed, InvalidInput, MinutesError

PASSING = ("database_unreachable", "database_locked")
"""Codes of failures that may pass by themselves: the server is started again, a lock is let go."""
_GONE = ("08", "57P")
"""Beginnings of PostgreSQL's states for a connection that broke or a server that stops."""
_UNREACHABLE = (
    "unable to open",
    "readonly",
    "connection refused",
    "connection failed",
    "connection timeout",
    "connection is lost",
    "consuming input failed",
    "server closed the connection",
    "the connection is closed",
)


@contextmanager
def store_failures() -> Iterator[None]:
    """Name what a person can do something about; anything else passes as it is."""
    try:
        yield
    except DatabaseError as error:
        named = _named(error)
        if named is None:
            raise
        raise named from error
    except NoConnectionLeft as error:
        raise EngineFailed("database_locked") from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError("database_url") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise InvalidInput("disk_full_write") from error
        raise


@contextmanager
def as_raised() -> Iterator[None]:
    """Let a failure that may pass through as the database raised it, for the job engine: that knows
    its own library's failures and tries again, ours it would keep as the job's end."""
    try:
        yield
    except MinutesError as error:
        if error.code in PASSING and isinstance(error.__cause__, DatabaseError):
            raise error.__cause__ from None
        raise


def _named(error: DatabaseError) -> MinutesError | None:
    text = str(error.orig or error).lower()
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if "disk is full" in text or "no space left" in text:
        return InvalidInput("disk_full_write")
    if "disk i/o error" in text:  # a quota, too: SQLite calls only the lack of room a full disk
        return InvalidInput("disk_unwritable")
    if "not a database" in text or "malformed" in text:
        return ConfigError("database_broken")
    gone = error.connection_invalidated or state.startswith(_GONE)
    if gone or any(sign in text for sign in _UNREACHABLE):
        return ConfigError("database_unreachable")
    if "database is locked" in text:
        return EngineFailed("database_locked")
    return None
