"""What the forms of the sign-in pages send, and whether they sent it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from core.errors import InvalidInput

_MOST = 32 * 1024
"""Bytes: a name, a password and where to go next. Nobody has signed in yet, so no more is read."""
_FIELDS = 20


def check_own_page(request: Request) -> None:
    """InvalidInput("not_our_form") unless a page of our own sent this. A request that does not say
    where it comes from is refused as well: every browser of these years says it."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if origin is None:
        own = site == "same-origin"
    else:
        parts = urlsplit(origin)
        named = parts.scheme in ("http", "https") and parts.netloc == request.headers.get("host")
        own = named and site in (None, "same-origin")
    if not own:
        raise InvalidInput("not_our_form")


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a plain form. InvalidInput("form_unreadable") for anything else."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise InvalidInput("form_unreadable")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST:
            raise InvalidInput("form_unreadable")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise InvalidInput("form_unreadable") from error
    return dict(pairs)
