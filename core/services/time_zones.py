"""Time zones: a meeting keeps the one of the person who brought it."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal import get_localzone_name

from core.errors import InvalidInput


def local_time_zone() -> str:
    """The machine's zone by its IANA name, "UTC" where it cannot be told."""
    try:
        return checked_time_zone(get_localzone_name())
    except (ZoneInfoNotFoundError, InvalidInput, ValueError):
        return "UTC"


def checked_time_zone(name: str) -> str:
    """`name` if there is such a zone; InvalidInput("zone_invalid") otherwise."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput("zone_invalid", zone=name[:60]) from error
    return name
