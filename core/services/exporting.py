"""All that is a person's own, as one zip file that is made while it is sent: nothing of it is held
in memory or written to the disk. No database session is open while bytes wait to be taken.

What others share with them is not in it, but what they made of it is. Nor is any secret: tokens
have their names only, and of a password and of sign-ins nothing is left that could be used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel

from core.engines.zip_stream import StreamedZip
from core.errors import EngineFailed, NotFound
from core.messages import say
from core.services.export_texts import chat_markdown, exported_line
from core.services.file_names import Names, safe_name
from core.services.memory import Memory
from core.services.recordings import Recordings
from core.store import belongings, meetings, shares, threads
from core.store.account_rows import User
from core.store.database import Database
from core.store.shares import within_reach
from core.store.tables import Meeting, Thread

_PIECE = 256 * 1024
_SECRET = frozenset({"token_hash", "password", "user_id"})
"""Columns that are left out: hashes of secrets, and whose the row is, which goes without saying."""


@dataclass(frozen=True)
class Exporting:
    """Everything is read when its turn comes: what changes meanwhile is as it is then."""

    database: Database
    recordings: Recordings
    memory: Memory

    def file_name(self, user_id: str) -> str:
        """What to save it under."""
        with self.database.reading() as session:
            user = _person(session, user_id)
        return safe_name(f"MinutesAI {user.name}", ending=".zip")

    def stream(self, user_id: str, *, language: str) -> Iterator[bytes]:
        """The zip file's bytes. `language` is that of its README. NotFound("person_missing")."""
        with self.database.reading() as session:
            user = _person(session, user_id)
        return self._pieces(user, language)

    def _pieces(self, user: User, language: str) -> Iterator[bytes]:
        archive = StreamedZip()
        archive.add("README.txt", say("export.readme", language, name=user.name))
        yield from archive.pieces()
        self._add_person(archive, user)
        yield from archive.pieces()
        folders = Names()
        for meeting, owner in self._meetings(user.id):
            local = meeting.held_at.astimezone(ZoneInfo(meeting.time_zone))
            name = folders.free(f"{local:%Y-%m-%d} {meeting.title}")
            if owner is None:
                self._add_meeting(archive, f"meetings/{name}", meeting)
            else:
                about = {"title": meeting.title, "owner": owner, "held_at": meeting.held_at}
                _add_json(archive, f"shared with me/{name}/meeting.json", about)
            folder = f"{'meetings' if owner is None else 'shared with me'}/{name}"
            self._add_minutes(archive, folder, user.id, meeting)
            self._add_chats(archive, folder, user.id, meeting)
            yield from archive.pieces()
        yield from archive.end()

    def _add_person(self, archive: StreamedZip, user: User) -> None:
        with self.database.reading() as session:
            reach = set(session.exec(within_reach(user.id)))
            jobs = belongings.jobs(session, user_id=user.id)
            lists: dict[str, Iterable[SQLModel]] = {
                "templates.json": belongings.templates(session, user_id=user.id),
                "tokens.json": belongings.tokens(session, user_id=user.id),
                "sign-ins.json": belongings.sign_ins(session, user_id=user.id),
                "invitations.json": belongings.invitations(session, user_id=user.id),
                "jobs.json": [one for one in jobs if one.meeting_id in reach],
                "uploads.json": belongings.uploads(session, user_id=user.id),
                "memory/memory.json": belongings.entries(session, user_id=user.id),
                "memory/lessons.json": belongings.lessons(session, user_id=user.id),
            }
            styles = belongings.styles(session, user_id=user.id)
            choices = belongings.choices(session, user_id=user.id)
        _add_json(archive, "account.json", _shown(user))
        _add_json(archive, "choices.json", choices)
        for name, rows in lists.items():
            _add_json(archive, name, [_shown(row) for row in rows])
        archive.add("memory/memory.md", self.memory.as_markdown(user.id))
        names = Names()
        for named, versions in styles:
            folder = f"styles/{names.free(named.name or 'default')}"
            about = {**_shown(named), "versions": [_shown(one) for one in versions]}
            _add_json(archive, f"{folder}/style.json", about)
            for one in versions:
                archive.add(f"{folder}/version {one.version}.txt", one.text)

    def _meetings(self, user_id: str) -> list[tuple[Meeting, str | None]]:
        """The person's own, the bin included, then what is shared with them and by whom."""
        with self.database.reading() as session:
            own = belongings.meetings(session, user_id=user_id)
            shared = shares.shared_with(session, user_id=user_id)
        return [(one, None) for one in own] + [(one, owner.name) for one, owner, _ in shared]

    def _add_meeting(self, archive: StreamedZip, folder: str, meeting: Meeting) -> None:
        with self.database.reading() as session:
            recording = meetings.recording_of(session, meeting=meeting)
            with_whom = [
                {"name": other.name, "may_edit": share.may_edit}
                for share, other in shares.shares(session, meeting_id=meeting.id)
            ]
        about = {**_shown(meeting), "shared_with": with_whom, "recording": _shown(recording)}
        try:
            path: Path | None = self.recordings.path(recording)
        except EngineFailed:
            path = None
            about["recording_lost"] = True
        _add_json(archive, f"{folder}/meeting.json", about)
        archive.add(f"{folder}/transcript.json", self._transcript_json(meeting))
        archive.add(f"{folder}/transcript.txt", self._transcript_text(meeting))
        if path:
            place = f"{folder}/recording/{_file(recording.name)}"
            archive.add(place, _read(path), packed=False)

    def _transcript_json(self, meeting: Meeting) -> Iterator[bytes]:
        yield b"["
        for place, row in enumerate(self._lines(meeting)):
            yield (",\n" if place else "\n").encode() + _json(_shown(row), indent=None)
        yield b"\n]\n"

    def _transcript_text(self, meeting: Meeting) -> Iterator[bytes]:
        for row in self._lines(meeting):
            yield f"{exported_line(row)}\n".encode()

    def _lines(self, meeting: Meeting) -> Iterator[Any]:
        after = 0
        while True:
            with self.database.reading() as session:
                rows = belongings.utterances(session, meeting_id=meeting.id, after=after)
            if not rows:
                return
            yield from rows
            after = rows[-1].number

    def _add_minutes(
        self, archive: StreamedZip, folder: str, user_id: str, meeting: Meeting
    ) -> None:
        with self.database.reading() as session:
            versions = belongings.minutes_versions(session, user_id=user_id, meeting_id=meeting.id)
        for version in versions:
            with self.database.reading() as session:
                found = belongings.minutes(
                    session, user_id=user_id, meeting_id=meeting.id, version=version
                )
            if found is None:
                continue
            row, items = found
            archive.add(f"{folder}/minutes/version {version}.md", row.markdown)
            about = {**_shown(row), "items": [_shown(item) for item in items]}
            del about["markdown"]
            _add_json(archive, f"{folder}/minutes/version {version}.json", about)

    def _add_chats(self, archive: StreamedZip, folder: str, user_id: str, meeting: Meeting) -> None:
        with self.database.reading() as session:
            found = belongings.threads(session, user_id=user_id, meeting_id=meeting.id)
        for number, thread in enumerate(found, 1):
            self._add_chat(archive, f"{folder}/chats/{number}", thread)

    def _add_chat(self, archive: StreamedZip, place: str, thread: Thread) -> None:
        with self.database.reading() as session:
            turns = threads.turns(session, thread_id=thread.id)
        archive.add(f"{place}.md", chat_markdown(turns))
        _add_json(archive, f"{place}.json", [_shown(turn) for turn in turns])


def _person(session: Session, user_id: str) -> User:
    user = session.get(User, user_id)
    if user is None or user.leaving_at is not None:
        raise NotFound("person_missing", name=user_id[:40])
    return user


def _read(path: Path) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except FileNotFoundError:  # deleted since it was named
        return
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _file(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return safe_name(stem, ending=f".{safe_name(ending)}") if dot and stem else safe_name(name)


def _shown(row: SQLModel) -> dict[str, Any]:
    """A row without what could be used to get in."""
    return {name: value for name, value in row.model_dump().items() if name not in _SECRET}


def _add_json(archive: StreamedZip, place: str, value: Mapping[str, Any] | list[Any]) -> None:
    archive.add(place, _json(value, indent=2))


def _json(value: Any, *, indent: int | None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent, default=str).encode()
