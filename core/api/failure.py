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
    "signed_out": 401,
    "token_refused": 401,
    "token_scope": 403,
    "admins_only": 403,
    "not_our_form": 403,
    "form_unreadable": 400,
    "sign_in_refused": 401,
    "sign_in_throttled": 429,
    "sign_in_busy": 503,
    "upload_request_bad": 400,
    "upload_length_wrong": 400,
    "upload_silent": 408,
    "upload_offset": 409,
    "upload_not_whole": 409,
    "upload_lost": 410,
    "upload_version": 412,
    "upload_longer": 413,
    "upload_over_limit": 413,
    "upload_type": 415,
    "upload_busy": 423,
    "upload_disk_full": 507,
    "upload_file_limit": 507,
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
        try:
            return await handler(request)
        except ClientDisconnect:
            return Response(status_code=_CLIENT_LEFT)
        except MinutesError as error:
            return sentence(status_of(error), error.sentence(spoken(request)))
        except Exception:
            reference = uuid.uuid4().hex[:8]
            log.exception("a route failed (reference %s)", reference)
            said = say("errors.unexpected", spoken(request), reference=reference)
            return sentence(500, said)

    return answer


def spoken(request: Request) -> str:
    """The language that sentences are wanted in: `?lang=`, else what the handler knows of the
    reader (`request.state.reader`), else the browser's."""
    known = request.query_params.get("lang") or getattr(request.state, "reader", None)
    return choose_language((known or request.headers.get("accept-language", "")).split(",")[0])


def status_of(error: MinutesError) -> int:
    """The HTTP status of a failure."""
    return _BY_CODE.get(error.code) or _BY_KIND.get(type(error), 500)


def sentence(status: int, said: str) -> Response:
    """A failure's answer."""
    return JSONResponse({"error": said}, status_code=status)
