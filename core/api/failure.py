"""The edge of every route: a MinutesError becomes a status and a sentence in the reader's language,
anything else a reference number."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core.errors import (
    EngineFailed,
    EngineUnavailable,
    InvalidInput,
    MinutesError,
    NotFound,
)
from core.messages import choose_language, say

Handler = Callable[[Request], Awaitable[Response]]

_BY_CODE = {
    "file_too_large": 413,
    "disk_full": 507,
    "media_unreadable": 415,
    "not_asked_by_us": 403,
}
_BY_KIND: dict[type[MinutesError], int] = {
    NotFound: 404,
    InvalidInput: 422,
    EngineUnavailable: 424,
    EngineFailed: 502,
}
_CLIENT_LEFT = 499

log = logging.getLogger(__name__)


def answered(handler: Handler) -> Handler:
    """`handler` with its failures answered."""

    async def answer(request: Request) -> Response:
        language = spoken(request)
        try:
            return await handler(request)
        except ClientDisconnect:
            return Response(status_code=_CLIENT_LEFT)
        except MinutesError as error:
            return _sentence(status_of(error), error.sentence(language))
        except Exception:
            reference = uuid.uuid4().hex[:8]
            log.exception("a route failed (reference %s)", reference)
            return _sentence(500, say("errors.unexpected", language, reference=reference))

    return answer


def spoken(request: Request) -> str:
    """The language that sentences are wanted in: `?lang=`, else the browser's."""
    wanted = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return choose_language(wanted.split(",")[0])


def status_of(error: MinutesError) -> int:
    """The HTTP status of a failure."""
    return _BY_CODE.get(error.code) or _BY_KIND.get(type(error), 500)


def _sentence(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status_code=status)
