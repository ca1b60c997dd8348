"""What the metadata of an upload say of the meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.errors import InvalidInput
from core.messages import LANGUAGES
from core.services.arrivals import Said
from core.services.intake import SPOKEN
from core.services.recordings import About
from core.services.time_zones import checked_time_zone


def said_of(given: Mapping[str, str], header: str) -> Said:
    """The metadata, understood; `header` is how they came. InvalidInput for a date or zone that is
    none."""
    zone = checked_time_zone(given.get("time_zone") or "UTC")
    held, language, reader = (given.get(name) for name in ("held_at", "language", "lang"))
    about = About(
        title=given.get("title") or None,
        held_at=_moment(held, zone) if held else None,
        file_time=_file_time(given.get("modified")),
        time_zone=zone,
    )
    return Said(
        about=about,
        language=language if language in SPOKEN else None,
        reader=reader if reader in LANGUAGES else None,
        metadata=header,
    )


def _moment(text: str, zone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("date_invalid", date=text[:60]) from error


def _file_time(milliseconds: str | None) -> datetime | None:
    """The browser's word for when the file was last written; nothing where it makes no sense."""
    try:
        moment = datetime.fromtimestamp(float(milliseconds or "nan") / 1000, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year >= 1980 and moment <= datetime.now(UTC) else None
