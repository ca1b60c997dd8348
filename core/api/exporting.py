"""A person's whole data as a zip file, made while it is downloaded."""

from __future__ import annotations

from collections.abc import Iterator

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from core.api.downloads import attachment
from core.api.failure import spoken
from core.api.person import person_of
from core.app import get_app


async def export(request: Request) -> Response:
    """All that the person who asks has here (services.exporting)."""

    def begin() -> tuple[str, Iterator[bytes]]:
        app = get_app()
        user_id = person_of(request, app)
        pieces = app.exporting.stream(user_id, language=spoken(request))
        return app.exporting.file_name(user_id), pieces

    name, pieces = await to_thread.run_sync(begin)
    headers = {"Content-Disposition": attachment(name), "Cache-Control": "no-store"}
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)
