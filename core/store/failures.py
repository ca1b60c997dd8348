"""The databases' failures, in our words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from core.errors import ConfigError, EngineFailed, InvalidInput, MinutesError


@contextmanager
def store_failures() -> Iterator[None]:
    """Name what a person can do something about; anything else passes as it is."""
    try:
        yield
    except DatabaseError as error:
        named = _named(str(error.orig or error).lower())
        if named is None:
            raise
        raise named from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError("database_url") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise InvalidInput("disk_full_write") from error
        raise


def _named(text: str) -> MinutesError | None:
    if "disk is full" in text or "no space left" in text:
        return InvalidInput("disk_full_write")
    if "not a database" in text or "malformed" in text:
        return ConfigError("database_broken")
    if "unable to open" in text or "readonly" in text or "connection refused" in text:
        return ConfigError("database_unreachable")
    if "database is locked" in text:
        return EngineFailed("database_locked")
    return None
