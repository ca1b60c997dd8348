"""The words of tus 1.0.0 (https://tus.io/protocols/resumable-upload), apart from what they do.

Written here because no library held up. tuspyserver 4.4.3 keeps the offset in a file beside the
bytes and appends: killed in the middle of a PATCH, it told 0 with 400 bytes there, and a file of
1000 bytes ended as 1400. Its locks and writes hold up the event loop, a full disk is answered with
204, no byte is synced, it knows no persons and brings FastAPI. tusd is a program of its own.
"""

from __future__ import annotations

import base64
import binascii
import re
from email.utils import format_datetime

from starlette.requests import Request

from core.errors import InvalidInput
from core.services.arrivals import Arrival

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-defer-length,creation-with-upload,termination,expiration"
PIECE = "application/offset+octet-stream"
_MOST_METADATA = 8192
"""Characters of Upload-Metadata."""
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_KEY = re.compile(r"[!-+\--~]+", re.ASCII)
"""Printable ASCII without spaces and commas."""


def check_version(request: Request) -> None:
    """InvalidInput("upload_version") for a client of another tus."""
    if request.headers.get("tus-resumable") != VERSION:
        raise InvalidInput("upload_version", version=VERSION)


def is_piece(request: Request) -> bool:
    """Whether the body is bytes of a file."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == PIECE


def check_piece(request: Request) -> None:
    """InvalidInput("upload_type") where the body is something else than bytes of a file."""
    if not is_piece(request):
        raise InvalidInput("upload_type", type=PIECE)


def number(request: Request, name: str) -> int | None:
    """A header that counts bytes, None where it is not there; InvalidInput where it is none."""
    given = request.headers.get(name)
    if given is None:
        return None
    if not _NUMBER.fullmatch(given.strip()):
        raise bad(f"{name}: {given[:40]}")
    return int(given)


def offset(request: Request) -> int:
    """Where the piece begins."""
    given = number(request, "upload-offset")
    if given is None:
        raise bad("upload-offset: –")
    return given


def declared_length(request: Request) -> int | None:
    """How long the file is that begins; None where that is said later."""
    length, deferred = number(request, "upload-length"), request.headers.get("upload-defer-length")
    if (length is None) == (deferred is None) or deferred not in (None, "1"):
        raise bad("upload-length, upload-defer-length")
    return length


def metadata(header: str) -> dict[str, str]:
    """What Upload-Metadata says, by key. InvalidInput for what is not as tus wants it."""
    if len(header) > _MOST_METADATA:
        raise bad(f"upload-metadata: {len(header)} > {_MOST_METADATA}")
    said: dict[str, str] = {}
    for pair in filter(None, (one.strip() for one in header.split(","))):
        key, _, value = pair.partition(" ")
        if key in said or not _KEY.fullmatch(key):
            raise bad(f"upload-metadata: {key[:40]}")
        try:
            said[key] = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, ValueError) as error:
            raise bad(f"upload-metadata: {key[:40]}") from error
    return said


def headers(arrival: Arrival) -> dict[str, str]:
    """What is said of an upload with every answer about it."""
    told = {"Upload-Offset": str(arrival.offset)}
    if arrival.expires:
        told["Upload-Expires"] = format_datetime(arrival.expires, usegmt=True)
    return told


def head(arrival: Arrival) -> dict[str, str]:
    """What HEAD is answered with."""
    told = headers(arrival)
    if arrival.size is None:
        told["Upload-Defer-Length"] = "1"
    else:
        told["Upload-Length"] = str(arrival.size)
    if arrival.said.metadata:
        told["Upload-Metadata"] = arrival.said.metadata
    return told


def bad(what: str) -> InvalidInput:
    """A request that no client of ours sends; `what` names the header."""
    return InvalidInput("upload_request_bad", what=what)
