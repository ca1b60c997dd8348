"""PUT /api/uploads: the body is the file, written to disk as it comes, never held in memory."""

from __future__ import annotations

import errno
import shutil
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.api.intake import take_in
from core.app import App, get_app
from core.errors import InvalidInput
from core.services.recordings import About, clean_name
from core.services.time_zones import checked_time_zone

_PIECE = 1024 * 1024
_MIB = 1024**2


async def upload(request: Request) -> Response:
    """Take a file in. Query: name, modified (epoch ms), title, held_at (ISO, local), time_zone,
    language (ko, en), lang (of sentences). Answers {meeting_id, job_id, new}."""
    if not request.headers.get("x-requested-with"):
        # A page of another origin cannot set this header without asking first.
        raise InvalidInput("not_asked_by_us")
    app = await to_thread.run_sync(get_app)
    given = request.query_params
    name = given.get("name", "")[:1000]
    about = about_from(given)
    async with _part_file(app) as part:
        await _receive(request, part, name=clean_name(name), limit=app.settings.upload_limit)
        taken = await to_thread.run_sync(
            lambda: take_in(
                app,
                app.people.local_person().id,
                source=part,
                name=name,
                about=about,
                language=given.get("language"),
            )
        )
    return JSONResponse(asdict(taken), status_code=201 if taken.new else 200)


def about_from(given: Mapping[str, str]) -> About:
    """What the query says of the meeting. InvalidInput for a date or zone that is none."""
    zone = checked_time_zone(given.get("time_zone") or "UTC")
    held = given.get("held_at")
    return About(
        title=given.get("title") or None,
        held_at=_moment(held, zone) if held else None,
        file_time=_file_time(given.get("modified")),
        time_zone=zone,
    )


@asynccontextmanager
async def _part_file(app: App) -> AsyncIterator[Path]:
    """A place for bytes that arrive; gone afterwards, however it ends."""
    part = app.recordings.incoming() / f"{uuid.uuid4().hex}.part"
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


async def _receive(request: Request, part: Path, *, name: str, limit: int) -> None:
    _refuse_over(int(request.headers.get("content-length") or 0), limit, name)
    received = 0
    waiting = bytearray()
    try:
        async with await anyio.open_file(part, "wb") as file:
            async for piece in request.stream():
                received += len(piece)
                _refuse_over(received, limit, name)
                waiting += piece
                if len(waiting) >= _PIECE:  # fewer hops between threads
                    await file.write(waiting)
                    waiting = bytearray()
            await file.write(waiting)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            free = f"{shutil.disk_usage(part.parent).free / _MIB:,.1f} MB"
            raise InvalidInput("disk_full", name=name, free=free) from error
        raise


def _refuse_over(size: int, limit: int, name: str) -> None:
    if size > limit:
        shown, most = (f"{count / _MIB:,.1f} MB" for count in (size, limit))
        raise InvalidInput("file_too_large", name=name, size=shown, limit=most)


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
