"""Writing minutes, in steps that a durable job can checkpoint: plan, read each part, compose, keep.

Items first, prose second: what the engine found is merged and checked in code against the
transcript; tables are rendered by code; the summary is the only text a model writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.domain import grounding
from core.domain.dates import resolve_due
from core.domain.minutes import Coverage, Draft, Item, Minutes
from core.domain.templates import GENERAL, Template
from core.domain.transcript import Transcript, guess_language
from core.engines.base import CheckCancelled, Extractor
from core.engines.factory import EXTRACTIVE, Engines
from core.errors import EngineFailed, InvalidInput, NotFound
from core.services.calls import ModelCalls
from core.services.meetings import Meetings
from core.services.model_writer import ModelWriter
from core.services.people import People
from core.services.rendering import held_words, render_markdown
from core.services.wanted import WritingWanted
from core.services.writers import About, ExtractiveWriter, PartRead, Writer
from core.store import meetings as meeting_rows
from core.store import minutes
from core.store.database import Database
from core.store.readings import StoredReadings
from core.store.tables import Meeting

_ANOTHER_TIME = timedelta(days=400)


@dataclass(frozen=True)
class MinutesService:
    """Plans, reads, composes and finds minutes."""

    database: Database
    meetings: Meetings
    people: People
    engines: Engines
    calls: ModelCalls

    def newest(self, user_id: str, meeting_id: str) -> Minutes | None:
        """A meeting's latest minutes, None before the first."""
        meeting = self.meetings.get(user_id, meeting_id)
        with self.database.reading() as session:
            return minutes.newest(session, meeting=meeting)

    def version(self, user_id: str, meeting_id: str, version: int) -> Minutes:
        """One version of a meeting's minutes."""
        meeting = self.meetings.get(user_id, meeting_id)
        with self.database.reading() as session:
            found = minutes.by_version(session, meeting=meeting, version=version)
        if found is None:
            raise NotFound("minutes_missing", version=version)
        return found

    def versions(self, user_id: str, meeting_id: str) -> list[int]:
        """The versions of a meeting's minutes, newest first."""
        meeting = self.meetings.get(user_id, meeting_id)
        with self.database.reading() as session:
            return minutes.versions(session, meeting_id=meeting.id)

    def plan(
        self, meeting: Meeting, *, wanted: WritingWanted, check: CheckCancelled
    ) -> dict[str, Any]:
        """Fix the engine for the whole job and cut the meeting into parts.

        InvalidInput("nothing_said") for a meeting without words.
        """
        transcript = self._transcript(meeting)
        if not transcript.utterances:
            raise InvalidInput("nothing_said", title=meeting.title)
        engine, fallback = self.engines.resolve(wanted.llm)
        writer = self._writer(engine, meeting)
        about = _about(meeting, transcript, language=wanted.language)
        parts = writer.plan(transcript, about=about, check=check)
        return {
            "engine": engine,
            "parts": [list(part) for part in parts],
            "notices": [f"fallback_{fallback.code}"] if fallback else [],
            "language": about.language,
        }

    def read(
        self, meeting: Meeting, plan: dict[str, Any], *, number: int, check: CheckCancelled
    ) -> dict[str, Any]:
        """Read part `number` (from 1) of a plan into items."""
        transcript = self._transcript(meeting)
        part = plan["parts"][number - 1]
        read = self._writer(plan["engine"], meeting).read(
            transcript,
            part=(part[0], part[1]),
            place=(number, len(plan["parts"])),
            about=_about(meeting, transcript, language=plan.get("language")),
            check=check,
        )
        return {
            "items": [item.as_json() for item in read.items],
            "unread": [list(gap) for gap in read.unread],
        }

    def compose(
        self,
        meeting: Meeting,
        plan: dict[str, Any],
        readings: Sequence[dict[str, Any]],
        *,
        wanted: WritingWanted,
        check: CheckCancelled,
    ) -> Minutes:
        """Merge and check the items, have the summary written, render the whole."""
        transcript = self._transcript(meeting)
        about = _about(meeting, transcript, language=wanted.language)
        read = [_part_read(reading) for reading in readings]
        items = self._settled(read, meeting, transcript, engine=plan["engine"])
        coverage = _coverage(read, transcript, parts=len(plan["parts"]))
        if not coverage.utterances_read:
            raise EngineFailed("nothing_read", model=plan["engine"], title=meeting.title)
        style = (
            self.people.style(meeting.user_id, version=wanted.style_version)
            if wanted.style_version is not None
            else None
        )
        summary = self._writer(plan["engine"], meeting).summarise(
            transcript,
            items,
            about=about,
            style=style.text if style else None,
            template=wanted.template,
            check=check,
        )
        draft = Draft(
            items=items,
            summary=summary.text,
            coverage=coverage,
            engine=plan["engine"],
            notices=(*plan["notices"], *_about_recording(meeting), *summary.notices),
            system=summary.system,
        )
        composed = Minutes(
            meeting_id=meeting.id,
            version=0,
            language=about.language,
            style_version=style.version if style else None,
            draft=draft,
            markdown="",
            template=wanted.template,
        )
        return replace(composed, markdown=render_markdown(composed, meeting, transcript))

    def keep(self, session: Session, meeting: Meeting, composed: Minutes, *, job_id: str) -> int:
        """Keep minutes as the next version, once a job; returns the version."""
        current = meeting_rows.meeting(session, user_id=meeting.user_id, meeting_id=meeting.id)
        if current is None:
            raise NotFound("meeting_missing", meeting=meeting.id)
        return minutes.ensure_minutes(
            session, meeting=current, minutes=composed, job_id=job_id
        ).version

    def by_job(self, user_id: str, meeting_id: str, job_id: str) -> Minutes:
        """The minutes that a job wrote."""
        meeting = self.meetings.get(user_id, meeting_id)
        with self.database.reading() as session:
            found = minutes.by_job(session, meeting=meeting, job_id=job_id)
        if found is None:
            raise NotFound("minutes_missing", version=0)
        return found

    def _transcript(self, meeting: Meeting) -> Transcript:
        return self.meetings.transcript(meeting.user_id, meeting.id)

    def _writer(self, engine: str, meeting: Meeting) -> Writer:
        made = self.engines.writer(engine)
        if isinstance(made, Extractor):
            return ExtractiveWriter(made)
        readings = StoredReadings(database=self.database, meeting_id=meeting.id)
        return ModelWriter(model=made, calls=self.calls, readings=readings)

    def _settled(
        self, read: Sequence[PartRead], meeting: Meeting, transcript: Transcript, *, engine: str
    ) -> tuple[Item, ...]:
        found = [item for part in read for item in part.items]
        if engine == EXTRACTIVE:  # quotations: there is nothing that could be untrue to the text
            return self._with_days(found, meeting)
        checked = tuple(
            self._in_full(item, transcript) if item.due_text and item.verified else item
            for item in grounding.check(grounding.merge(found), transcript)
        )
        return self._with_days(checked, meeting)

    def _with_days(self, items: Sequence[Item], meeting: Meeting) -> tuple[Item, ...]:
        held_on = meeting.held_at.astimezone(ZoneInfo(meeting.time_zone)).date()
        return tuple(
            replace(item, due=_due(item.due_text, held_on, guessed=meeting.held_at_guessed))
            if item.due_text and item.verified
            else item
            for item in items
        )

    def _in_full(self, item: Item, transcript: Transcript) -> Item:
        """The item with its due words as they were spoken: a model that writes "Tuesday" where
        "Tuesday of next week" was said would move the day by a week."""
        spoken = transcript.by_number()
        for number in item.utterances:
            said = self.engines.extractor().due_words(spoken[number].text)
            if said and item.due_text and item.due_text in said:
                return replace(item, due_text=said)
        return item


def _due(due_text: str, held_on: date, *, guessed: bool) -> str | None:
    """The day as an ISO date. Nothing is counted from a date that nobody gave: against a guess only
    a day that is the same whenever the meeting was held."""
    due = resolve_due(due_text, held_at=held_on)
    if guessed and due != resolve_due(due_text, held_at=held_on - _ANOTHER_TIME):
        return None
    return due


def _about_recording(meeting: Meeting) -> tuple[str, ...]:
    return ("recording_cut",) if meeting.cut_at is not None else ()


def _joined(gaps: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ranges in order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(gaps):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def composed_json(composed: Minutes) -> dict[str, Any]:
    """Composed minutes as plain JSON, for a job's checkpoint."""
    return {
        "meeting_id": composed.meeting_id,
        "language": composed.language,
        "style_version": composed.style_version,
        "template": composed.template.as_json(),
        "origin": composed.origin,
        "based_on": composed.based_on,
        "markdown": composed.markdown,
        "draft": composed.draft.as_json(),
    }


def minutes_from_composed(stored: dict[str, Any]) -> Minutes:
    """The minutes that `composed_json` wrote."""
    return Minutes(
        meeting_id=stored["meeting_id"],
        version=0,
        language=stored["language"],
        style_version=stored["style_version"],
        draft=Draft.from_json(stored["draft"]),
        markdown=stored["markdown"],
        template=Template.from_json(stored["template"]) if "template" in stored else GENERAL,
        origin=stored.get("origin", "written"),
        based_on=stored.get("based_on"),
    )


def _about(meeting: Meeting, transcript: Transcript, *, language: str | None) -> About:
    language = language or transcript.language or guess_language(transcript.utterances)
    return About(title=meeting.title, held_at=held_words(meeting, language), language=language)


def _part_read(reading: dict[str, Any]) -> PartRead:
    return PartRead(
        items=tuple(Item.from_json(stored) for stored in reading["items"]),
        unread=tuple((first, last) for first, last in reading["unread"]),
    )


def _coverage(read: Sequence[PartRead], transcript: Transcript, *, parts: int) -> Coverage:
    spoken = transcript.by_number()
    gaps = _joined(gap for part in read for gap in part.unread)
    lost = {number for first, last in gaps for number in range(first, last + 1)}
    missing = []
    for first, last in gaps:
        start, end = spoken[first].start, spoken[last].end or spoken[last].start
        if start is not None and end is not None:
            missing.append((start, end))
    return Coverage(
        utterances_read=len(spoken) - len(lost & spoken.keys()),
        utterances_total=len(spoken),
        missing=tuple(missing),
        missing_utterances=gaps,
        parts=parts,
    )
