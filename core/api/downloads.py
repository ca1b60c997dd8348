"""What a page plays or saves: sound, transcript, minutes, minutes read aloud. One's own only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from core.api.person import person_of
from core.app import App, get_app
from core.domain.minutes import Minutes
from core.domain.text_changes import marked
from core.errors import InvalidInput, NotFound
from core.store.tables import Meeting

T = TypeVar("T")

_PRIVATE = {"Cache-Control": "private, no-cache"}
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftyp", "audio/mp4"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"FORM", "audio/aiff"),
)


async def sound(request: Request) -> Response:
    """The recording to listen to, in ranges."""
    path, media_type = await _worked_out(request, _sound)
    return FileResponse(path, media_type=media_type, headers=_PRIVATE)


async def transcript(request: Request) -> Response:
    """The lines of a meeting as the player wants them: number, start, end, speaker, text; where
    the text was changed also its pieces, each with what was heard in its place (domain.marked).
    Those that there is a reason against are `doubted`, with number, start, text, reason and whether
    they were brought back; only then they are among the lines."""
    told = await _worked_out(request, _told)
    return JSONResponse(told, headers=_PRIVATE)


async def minutes_file(request: Request) -> Response:
    """Minutes as a Markdown file; `?version=`, else the newest."""
    meeting, minutes = await _worked_out(request, _minutes)
    return Response(
        minutes.markdown,
        media_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": attachment(f"{meeting.title}.md"), **_PRIVATE},
    )


async def narration(request: Request) -> Response:
    """The minutes' summary read aloud, made on first asking."""
    path = await _worked_out(request, _spoken)
    return FileResponse(path, media_type="audio/wav", headers=_PRIVATE)


def listenable(app: App, user_id: str, meeting_id: str) -> Path | None:
    """The file to listen to; a sample, which came as a transcript, has its sound beside it."""
    meeting = app.meetings.get(user_id, meeting_id)
    if not meeting.sample:
        return app.meetings.sound(user_id, meeting_id)
    name = app.meetings.recording(user_id, meeting_id).name
    for language in ("ko", "en"):
        try:
            sample = app.samples.get(language)
        except NotFound:
            continue
        if sample.transcript.name == name and sample.audio.is_file():
            return sample.audio
    return None


def attachment(name: str) -> str:
    """A Content-Disposition that saves under `name`, in any script (RFC 6266, RFC 5987)."""
    cleaned = "".join(
        "_" if character in '/\\:*?"<>|' or not character.isprintable() else character
        for character in name
    )
    ascii_name = cleaned.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(cleaned, safe='')}"


def media_type(path: Path, *, kind: str) -> str:
    """The media type by the first bytes, never by a name, and never one that a browser runs."""
    with path.open("rb") as file:
        head = file.read(16)
    for offset, signature, found in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return found.replace("audio/", "video/") if _moving(kind, found) else found
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "audio/aac" if head[1] & 0x06 == 0 else "audio/mpeg"
    return "application/octet-stream"


def _moving(kind: str, found: str) -> bool:
    return kind == "video" and found in ("audio/mp4", "audio/webm", "audio/ogg")


async def _worked_out(request: Request, find: Callable[[App, str, Request], T]) -> T:
    """What `find` finds for this person, off the event loop."""

    def work() -> T:
        app = get_app()
        return find(app, person_of(request, app), request)

    return await to_thread.run_sync(work)


def _sound(app: App, user_id: str, request: Request) -> tuple[Path, str]:
    meeting_id = request.path_params["meeting_id"]
    path = listenable(app, user_id, meeting_id)
    if path is None:
        raise NotFound("no_sound")
    kind = app.meetings.recording(user_id, meeting_id).kind
    return path, media_type(path, kind=kind)


def _told(app: App, user_id: str, request: Request) -> dict[str, list[list[object]]]:
    doubted = app.hidden_lines.of(user_id, request.path_params["meeting_id"])
    return {
        "lines": _lines(app, user_id, request),
        "doubted": [
            [
                one.utterance.number,
                one.utterance.start,
                one.utterance.text,
                one.reason,
                one.brought_back,
            ]
            for one in doubted
        ],
    }


def _lines(app: App, user_id: str, request: Request) -> list[list[object]]:
    meeting_id = request.path_params["meeting_id"]
    heard = app.text_changes.heard(user_id, meeting_id)
    lines: list[list[object]] = []
    for one in app.meetings.transcript(user_id, meeting_id).utterances:
        line: list[object] = [one.number, one.start, one.end, one.speaker, one.text]
        if one.number in heard:
            line.append(marked(heard[one.number], one.text))
        lines.append(line)
    return lines


def _minutes(app: App, user_id: str, request: Request) -> tuple[Meeting, Minutes]:
    meeting_id = request.path_params["meeting_id"]
    meeting = app.meetings.get(user_id, meeting_id)
    wanted = request.query_params.get("version")
    if wanted is None:
        newest = app.minutes.newest(user_id, meeting_id)
        if newest is None:
            raise NotFound("minutes_missing", version=1)
        return meeting, newest
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 8):
        raise InvalidInput("minutes_missing", version=wanted[:20])
    return meeting, app.minutes.version(user_id, meeting_id, int(wanted))


def _spoken(app: App, user_id: str, request: Request) -> Path:
    return app.narration.ensure_spoken(_minutes(app, user_id, request)[1])
