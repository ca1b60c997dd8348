"""Writing minutes, in steps that a durable job can checkpoint: plan, read each part, compose, keep.

Items first, prose second: what the engine found is merged and checked in code against the
transcript; tables are rendered by code; the summary is the only text a model writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from core.domain.memory import Remembered, Term, Told
from core.domain.minutes import Draft, Minutes
from core.domain.transcript import Transcript
from core.engines.base import CheckCancelled, Extractor, engine_name
from core.engines.factory import EXTRACTIVE, Engines
from core.errors import EngineFailed, InvalidInput, NotFound
from core.services.calls import ModelCalls
from core.services.meetings import Meetings
from core.services.minutes_json import part_read, reading_json
from core.services.minutes_plan import (
    about_recording,
    material_of,
    part_of,
    planned_material,
    terms_of,
)
from core.services.model_writer import ModelWriter
from core.services.parts_reading import PartsReading, coverage_of
from core.services.people import People
from core.services.reading_progress import Standing
from core.services.remembering import Remembering, words_of
from core.services.rendering import render_markdown
from core.services.settling import Settling
from core.services.wanted import WritingWanted
from core.services.writers import ExtractiveWriter, Material, Voice, Writer
from core.store import meetings as meeting_rows
from core.store import memory, minutes
from core.store.database import Database
from core.store.readings import StoredReadings
from core.store.tables import Meeting
from core.store.types import now


@dataclass(frozen=True)
class MinutesService:
    """Plans, reads, composes and finds minutes."""

    database: Database
    meetings: Meetings
    people: People
    engines: Engines
    calls: ModelCalls
    remembering: Remembering
    parallel: int = 1
    """Calls that a model takes at once (MINUTES_LLM_PARALLEL)."""

    def newest(self, user_id: str, meeting_id: str) -> Minutes | None:
        """The latest minutes of a meeting that this person sees, their own before its owner's."""
        meeting = self.meetings.get(user_id, meeting_id)
        with self.database.reading() as session:
            return minutes.newest(session, meeting=meeting, user_id=user_id)

    def version(self, user_id: str, meeting_id: str, version: int) -> Minutes:
        """One version of a meeting's minutes."""
        meeting = self.meetings.get(user_id, meeting_id)
        with self.database.reading() as session:
            found = minutes.by_version(session, meeting=meeting, version=version, user_id=user_id)
        if found is None:
            raise NotFound("minutes_missing", version=version)
        return found

    def versions(self, user_id: str, meeting_id: str) -> list[int]:
        """The versions of a meeting's minutes, newest first."""
        meeting = self.meetings.get(user_id, meeting_id)
        with self.database.reading() as session:
            return minutes.versions(session, meeting=meeting, user_id=user_id)

    def wanted_again(
        self, user_id: str, meeting_id: str, *, version: int, gap: tuple[int, int]
    ) -> WritingWanted:
        """What to ask for so that just a range that `version` names as not read is read, and all
        else of it stays. NotFound where that version or that range is not there, or the minutes
        are somebody else's."""
        base = self.version(user_id, meeting_id, version)
        mine = base.user_id == user_id
        if not mine or base.stale or gap not in base.draft.coverage.missing_utterances:
            raise NotFound("gap_missing", version=version)
        return WritingWanted(
            llm=base.draft.engine,
            style_version=base.style_version,
            template=base.template,
            language=base.language,
            base=version,
            gap=gap,
        )

    def plan(
        self,
        meeting: Meeting,
        *,
        wanted: WritingWanted,
        check: CheckCancelled,
        user_id: str | None = None,
    ) -> dict[str, Any]:
        """Fix the engine and the terms of `user_id` (else the owner) for the whole job, and cut the
        meeting into parts. InvalidInput("nothing_said") for a meeting without words."""
        self.meetings.get(user_id or meeting.user_id, meeting.id)
        transcript = self._transcript(meeting)
        if not transcript.utterances:
            raise InvalidInput("nothing_said", title=meeting.title)
        engine, fallback = self.engines.resolve(wanted.llm)
        terms: tuple[Term, ...] = ()
        if engine != EXTRACTIVE:
            terms = self.remembering.terms(
                user_id or meeting.user_id, words=words_of(transcript, meeting.title)
            )
        material = material_of(meeting, transcript, language=wanted.language, terms=terms)
        parts = self._writer(engine, meeting).plan(material, check=check)
        if wanted.gap:
            first, last = wanted.gap
            cut = [(max(first, part[0]), min(last, part[1])) for part in parts]
            parts = [part for part in cut if part[0] <= part[1]]
        return {
            "engine": engine,
            "parts": [list(part) for part in parts],
            "notices": [f"fallback_{fallback.code}"] if fallback else [],
            "language": material.language,
            "transcript_job": meeting.transcript_job,
            "terms": [term.as_json() for term in terms],
        }

    def read(
        self, meeting: Meeting, plan: dict[str, Any], *, number: int, check: CheckCancelled
    ) -> dict[str, Any]:
        """Read part `number` (from 1) of a plan into items."""
        material = planned_material(meeting, self._transcript(meeting), plan)
        read = self._writer(plan["engine"], meeting).read(
            material, part=part_of(plan, number), check=check
        )
        return reading_json(read)

    def read_all(
        self,
        meeting: Meeting,
        plan: dict[str, Any],
        *,
        check: CheckCancelled,
        tell: Callable[[Standing], None],
    ) -> list[dict[str, Any]]:
        """Read all parts of a plan, as many at once as the model takes calls; then what a second
        look finds, as one reading more. What was read before a crash is remembered
        (store.readings) and not asked again.

        `tell` is called several times a second, in the threads that read, never two at once.
        """
        material = planned_material(meeting, self._transcript(meeting), plan)
        writer = self._writer(plan["engine"], meeting)
        parts = [part_of(plan, number) for number in range(1, len(plan["parts"]) + 1)]
        reading = PartsReading(writer=writer, material=material, check=check, tell=tell)
        read = reading.run(parts, at_once=self.parallel)
        overlooked = writer.look_again(
            material,
            [item for part in read for item in part.items],
            spans=[span for part in read for span in part.covered],
            check=check,
        )
        return [reading_json(one) for one in (*read, *([overlooked] if overlooked else ()))]

    def compose(
        self,
        meeting: Meeting,
        plan: dict[str, Any],
        readings: Sequence[dict[str, Any]],
        *,
        wanted: WritingWanted,
        check: CheckCancelled,
        user_id: str | None = None,
    ) -> Minutes:
        """Merge and check the items, have the summary written, render the whole: the minutes of
        `user_id`, else the owner's. NotFound where the meeting is not theirs to read any more."""
        user_id = user_id or meeting.user_id
        self.meetings.get(user_id, meeting.id)
        if plan.get("transcript_job", meeting.transcript_job) != meeting.transcript_job:
            raise EngineFailed("transcript_changed", title=meeting.title)
        transcript = self._transcript(meeting)
        material = material_of(meeting, transcript, language=wanted.language)
        read = [part_read(reading) for reading in readings]
        base = self.version(user_id, meeting.id, wanted.base) if wanted.base is not None else None
        settling = Settling(self.engines.extractor(), meeting, transcript, material.language)
        if plan["engine"] == EXTRACTIVE:
            items = settling.quotations([item for part in read for item in part.items])
        else:
            kept = base.draft.items if base else ()
            items = settling.claims([part.items for part in read], kept=kept)
        seconds = self.meetings.seconds(meeting)
        coverage = coverage_of(
            read,
            transcript,
            parts=len(plan["parts"]),
            seconds=seconds,
            base=base.draft.coverage if base else None,
            gap=wanted.gap,
        )
        if base and coverage.utterances_read <= base.draft.coverage.utterances_read:
            raise EngineFailed(
                "gap_unreadable", model=engine_name(plan["engine"]), title=meeting.title
            )
        if not coverage.utterances_read:
            raise EngineFailed(
                "nothing_read", model=engine_name(plan["engine"]), title=meeting.title
            )
        style = (
            self.people.style(user_id, version=wanted.style_version)
            if wanted.style_version is not None
            else None
        )
        remembered = self._remembered(user_id, plan["engine"], material, check=check)
        summary = self._writer(plan["engine"], meeting).summarise(
            material,
            items,
            voice=Voice(style.text if style else None, wanted.template, remembered),
            check=check,
        )
        told = Told(remembered, tuple(term.line() for term in terms_of(plan)))
        draft = Draft(
            items=items,
            summary=summary.text,
            coverage=coverage,
            engine=plan["engine"],
            notices=(
                *plan["notices"],
                *about_recording(meeting),
                *summary.notices,
                *(("memory_not_whole",) if remembered.left_out else ()),
            ),
            system=summary.system,
            memory=told.as_json(),
        )
        composed = Minutes(
            meeting_id=meeting.id,
            user_id=user_id,
            version=0,
            language=material.language,
            style_version=style.version if style else None,
            draft=draft,
            markdown="",
            template=wanted.template,
            origin="completed" if base else "written",
            based_on=wanted.base,
            transcript_job=meeting.transcript_job,
        )
        return replace(composed, markdown=render_markdown(composed, meeting, transcript))

    def keep(self, session: Session, meeting: Meeting, composed: Minutes, *, job_id: str) -> int:
        """Keep minutes as the next version, once a job; returns the version."""
        whose = composed.user_id or meeting.user_id
        current = meeting_rows.meeting(session, user_id=whose, meeting_id=meeting.id)
        if current is None:
            raise NotFound("meeting_missing", meeting=meeting.id)
        if composed.transcript_job not in (None, current.transcript_job):
            raise EngineFailed("transcript_changed", title=meeting.title)
        used = [entry["entry_id"] for entry in composed.draft.memory.get("entries", ())]
        memory.note_used(session, user_id=whose, entry_ids=used, at=now())
        return minutes.ensure_minutes(
            session, meeting=current, minutes=composed, job_id=job_id
        ).version

    def by_job(self, user_id: str, meeting_id: str, job_id: str) -> Minutes:
        """The minutes that a job wrote."""
        meeting = self.meetings.get(user_id, meeting_id)
        with self.database.reading() as session:
            found = minutes.by_job(session, meeting=meeting, job_id=job_id, user_id=user_id)
        if found is None:
            raise NotFound("minutes_missing", version=0)
        return found

    def _remembered(
        self, user_id: str, engine: str, material: Material, *, check: CheckCancelled
    ) -> Remembered:
        """What of a person's memory the summary is written with; nothing without a model."""
        model = self.engines.writer(engine)
        if isinstance(model, Extractor):
            return Remembered()
        self.calls.prepare(model, check=check)  # its context window says how much has room
        words = words_of(material.transcript, material.title)
        return self.remembering.of(user_id, model=model, words=words)

    def _transcript(self, meeting: Meeting) -> Transcript:
        return self.meetings.transcript(meeting.user_id, meeting.id)

    def _writer(self, engine: str, meeting: Meeting) -> Writer:
        made = self.engines.writer(engine)
        if isinstance(made, Extractor):
            return ExtractiveWriter(made)
        readings = StoredReadings(database=self.database, meeting_id=meeting.id)
        return ModelWriter(
            model=made, calls=self.calls, readings=readings, extractor=self.engines.extractor()
        )
