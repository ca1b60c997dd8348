"""Files that arrive in pieces and may go on later: tus 1.0.0 and what the pages ask besides.

`POST /api/uploads` begins one: `Upload-Length` in bytes or `Upload-Defer-Length: 1`, and
`Upload-Metadata` (values in base64): name, kind (file, microphone), modified (epoch ms), title,
held_at (ISO, local), time_zone, language (ko, en or nothing), lang (of sentences). 201 with
`Location: /api/uploads/{id}`; with `Content-Type: application/offset+octet-stream` the body is the
first piece. `HEAD`, `PATCH` and `DELETE /api/uploads/{id}` as tus says: 409 another offset, 412
another version, 413 too much, 415 another content type, 423 it is being sent or kept (try again),
507 disk full (goes on once there is room), 410 its bytes are gone or could not be used, 404
unknown, somebody else's or expired. `OPTIONS` names extensions and Tus-Max-Size. `Upload-Expires`:
7 days after the last byte for a file, 30 for a microphone.

After the last byte the file is judged and kept, once, in a thread; the last PATCH does not wait.
`GET /api/uploads/{id}?lang=` → {"state": "arriving"|"keeping"|"kept"|"failed", "offset", "size",
"meeting_id", "job_id", "new", "error"}, for a day after it ended. A failed one that `GET
/api/uploads` still lists has its bytes: `end` tries again.
`GET /api/uploads` → [{"id", "kind", "name", "offset", "size", "started", "touched"}], the person's
unfinished ones, the latest first; times in ISO (UTC).
`POST /api/uploads/{id}/end` → what has arrived is the whole (a microphone, or where no length was
said); answers as GET does.
`GET /api/uploads/known?sha256=&size=` → {"meeting_id": … | null, "in_bin": … | null} among the
person's own meetings; sent again, one in the bin comes back. Without sha256: {"meeting_id": null,
"same_size": whether one is as large}, so that a browser hashes only what may be known.

Failures are {"error": sentence}. Writes need `X-Requested-With`. Why no library: core/api/tus.py.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.api import tus
from core.api.failure import answered, sentence, spoken
from core.api.keeping import keep_soon, looked_up
from core.api.metadata import said_of
from core.api.person import person_of
from core.api.receiving import Connections, drain, receive
from core.app import App, get_app
from core.errors import InvalidInput, MinutesError
from core.services.arrivals import KEPT_WAITING, Arrival
from core.services.byte_store import shown_size

_GONE = 410
_HASH = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_SIZE = re.compile(r"[0-9]{1,18}", re.ASCII)

_connections = Connections()

Handler = Callable[[Request, App, str], Awaitable[Response]]


def upload_routes() -> list[Route]:
    """The routes for files that arrive."""
    return [
        _route("/api/uploads", GET=_unfinished, POST=_begin),
        _route("/api/uploads/known", GET=_known),
        _route("/api/uploads/{upload_id}/end", POST=_end),
        _route("/api/uploads/{upload_id}", HEAD=_head, GET=_get, PATCH=_patch, DELETE=_delete),
    ]


def _route(path: str, **by_method: Handler) -> Route:
    async def choose(request: Request) -> Response:
        method = request.method
        if method == "POST":  # for clients behind what lets no PATCH through
            method = request.headers.get("x-http-method-override", method).upper()
        if method == "OPTIONS":
            return await _options(request)
        handler = by_method.get(method)
        if handler is None:
            return Response(status_code=405, headers={"Allow": ", ".join(by_method)})
        if method not in ("GET", "HEAD") and not request.headers.get("x-requested-with"):
            # A page of another origin cannot set this header without asking first.
            raise InvalidInput("not_asked_by_us")
        app = await to_thread.run_sync(get_app)
        return await handler(request, app, await to_thread.run_sync(person_of, request, app))

    answer = answered(choose)

    async def told(request: Request) -> Response:
        response = await answer(request)
        response.headers["Tus-Resumable"] = tus.VERSION
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code == 412:
            response.headers["Tus-Version"] = tus.VERSION
        return response

    return Route(path, told, methods=[*by_method, "POST", "OPTIONS"])


async def _options(_request: Request) -> Response:
    app = await to_thread.run_sync(get_app)
    told = {
        "Tus-Version": tus.VERSION,
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Max-Size": str(app.settings.upload_limit),
    }
    return Response(status_code=204, headers=told)


async def _begin(request: Request, app: App, user_id: str) -> Response:
    tus.check_version(request)
    header = request.headers.get("upload-metadata", "")
    given = tus.metadata(header)
    request.state.reader = given.get("lang")
    size = tus.declared_length(request)
    kind = given.get("kind", "file")
    if kind not in KEPT_WAITING:
        raise tus.bad("upload-metadata: kind")
    begin = partial(
        app.uploads.begin,
        user_id,
        name=given.get("name", "")[:1000],
        kind=kind,
        size=size,
        said=said_of(given, header),
    )
    arrival = await to_thread.run_sync(begin)
    if tus.is_piece(request):
        await _receive(request, app, user_id, arrival, offset=0)
        arrival = await looked_up(app, user_id, arrival.upload_id)
    elif arrival.state == "keeping":
        keep_soon(app, arrival.upload_id)
    location = {"Location": f"/api/uploads/{arrival.upload_id}"}
    return Response(status_code=201, headers={**location, **tus.headers(arrival)})


async def _head(request: Request, app: App, user_id: str) -> Response:
    tus.check_version(request)
    upload_id = request.path_params["upload_id"]
    await _connections.take_over(upload_id)
    arrival = await looked_up(app, user_id, upload_id, synced=True)
    if arrival.error and not arrival.has_bytes:
        return _gone(arrival, request)
    return Response(status_code=200, headers=tus.head(arrival))


async def _patch(request: Request, app: App, user_id: str) -> Response:
    tus.check_version(request)
    try:
        arrival = await _patched(request, app, user_id)
    except MinutesError as error:
        if error.code != "upload_silent":
            await drain(request)
        raise
    if arrival.error and not arrival.has_bytes:
        return _gone(arrival, request)
    return Response(status_code=204, headers=tus.headers(arrival))


async def _patched(request: Request, app: App, user_id: str) -> Arrival:
    tus.check_piece(request)
    offset = tus.offset(request)
    upload_id = request.path_params["upload_id"]
    arrival = await looked_up(app, user_id, upload_id)
    request.state.reader = arrival.said.reader
    if arrival.error and not arrival.has_bytes:
        await drain(request)
        return arrival
    if arrival.state == "arriving":
        await _connections.take_over(upload_id)
        await _receive(request, app, user_id, arrival, offset=offset)
        return await looked_up(app, user_id, upload_id)
    if offset != arrival.offset:
        raise InvalidInput("upload_offset", name=arrival.name)
    if tus.number(request, "content-length") != 0:
        raise InvalidInput("upload_longer", name=arrival.name)
    return arrival


async def _receive(
    request: Request, app: App, user_id: str, arrival: Arrival, *, offset: int
) -> None:
    """Take the request's body as bytes of the upload from `offset` on."""
    upload_id, name = arrival.upload_id, arrival.name
    sending = await to_thread.run_sync(app.uploads.hold, user_id, upload_id)
    try:
        if offset != sending.offset:
            raise InvalidInput("upload_offset", name=name)
        size = tus.number(request, "upload-length")
        if size is not None:
            await to_thread.run_sync(partial(app.uploads.declare, user_id, upload_id, size=size))
        size = arrival.size if size is None else size
        limit = app.settings.upload_limit
        over = InvalidInput("upload_over_limit", name=name, limit=shown_size(limit))
        if size is not None:
            over = InvalidInput("upload_longer", name=name)
        end = limit if size is None else size
        coming = tus.number(request, "content-length") or 0
        if offset + coming > end:
            raise over
        fits = partial(app.uploads.refuse_over, offset + coming, name=name, arrived=offset)
        await to_thread.run_sync(fits)
        async with _connections.opened(upload_id) as connection:
            await receive(request, connection, sending, end=end, over=over)
    finally:
        await to_thread.run_sync(sending.close)


async def _delete(request: Request, app: App, user_id: str) -> Response:
    tus.check_version(request)
    upload_id = request.path_params["upload_id"]
    await looked_up(app, user_id, upload_id)
    await _connections.take_over(upload_id, at_once=True)
    await to_thread.run_sync(app.uploads.discard, user_id, upload_id)
    return Response(status_code=204)


async def _get(request: Request, app: App, user_id: str) -> Response:
    arrival = await looked_up(app, user_id, request.path_params["upload_id"])
    return JSONResponse(_as_json(arrival, request))


async def _unfinished(_request: Request, app: App, user_id: str) -> Response:
    found = await to_thread.run_sync(app.uploads.unfinished, user_id)
    listed = [
        {
            "id": one.upload_id,
            "kind": one.kind,
            "name": one.name,
            "offset": one.offset,
            "size": one.size,
            "started": one.started.isoformat(),
            "touched": one.touched.isoformat(),
        }
        for one in found
    ]
    return JSONResponse(listed)


async def _end(request: Request, app: App, user_id: str) -> Response:
    upload_id = request.path_params["upload_id"]
    await _connections.take_over(upload_id)
    arrival = await to_thread.run_sync(app.uploads.complete, user_id, upload_id)
    if arrival.state == "keeping":
        keep_soon(app, upload_id)
    return JSONResponse(_as_json(arrival, request))


async def _known(request: Request, app: App, user_id: str) -> Response:
    sha256, size = (request.query_params.get(name, "") for name in ("sha256", "size"))
    by_size = "sha256" not in request.query_params
    if not _SIZE.fullmatch(size) or not (by_size or _HASH.fullmatch(sha256)):
        raise tus.bad("sha256, size")
    if by_size:
        same = partial(app.recordings.known, user_id, sha256=None, size=int(size))
        found = await to_thread.run_sync(same)
        return JSONResponse({"meeting_id": None, "same_size": found is not None})
    find = partial(app.recordings.known, user_id, sha256=sha256.lower(), size=int(size))
    meeting = await to_thread.run_sync(find)
    binned = meeting is not None and meeting.deleted_at is not None
    found_id = meeting.id if meeting else None
    here, in_bin = (None, found_id) if binned else (found_id, None)
    return JSONResponse({"meeting_id": here, "in_bin": in_bin})


def _gone(arrival: Arrival, request: Request) -> Response:
    assert arrival.error is not None
    return sentence(_GONE, arrival.error.sentence(_reader(arrival, request)))


def _as_json(arrival: Arrival, request: Request) -> dict[str, Any]:
    error = arrival.error.sentence(_reader(arrival, request)) if arrival.error else None
    return {
        "state": arrival.state,
        "offset": arrival.offset,
        "size": arrival.size,
        "meeting_id": arrival.meeting_id,
        "job_id": arrival.job_id,
        "new": arrival.new,
        "error": error,
    }


def _reader(arrival: Arrival, request: Request) -> str:
    request.state.reader = arrival.said.reader
    return spoken(request)
