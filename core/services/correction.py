"""Correcting a transcript by a language model, in steps that a durable job can checkpoint: plan,
read each part, keep.

The model only proposes replacements; code judges and applies them, and each can be undone. The
built-in engine cannot correct: then nothing is changed, and that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from core.domain.corrections import Ground, Refusal, Replacement
from core.domain.memory import Term
from core.domain.mishearing import vocabulary
from core.domain.text_changes import REPLACEMENT, TEXT, Change, occurrences
from core.domain.transcript import Transcript, guess_language
from core.engines.base import CheckCancelled, Extractor
from core.engines.factory import Engines
from core.errors import InvalidInput, NotFound
from core.services.calls import ModelCalls
from core.services.meetings import Meetings
from core.services.minutes_plan import terms_of
from core.services.model_corrector import Corrected, ModelCorrector, joined
from core.services.remembering import Remembering, words_of
from core.services.writers import Part
from core.store import meetings as meeting_rows
from core.store import text_changes as rows
from core.store.database import Database
from core.store.readings import StoredReadings
from core.store.tables import Meeting


@dataclass(frozen=True)
class Correction:
    """Plans, reads and keeps corrections."""

    database: Database
    meetings: Meetings
    engines: Engines
    calls: ModelCalls
    remembering: Remembering

    def plan(
        self,
        meeting: Meeting,
        *,
        llm: str,
        check: CheckCancelled,
        terms: Sequence[Term] | None = None,
    ) -> dict[str, Any]:
        """Fix engine, `terms` (else the owner's that matter here) and parts for the whole job. No
        parts where the engine cannot correct. InvalidInput("nothing_said") for a meeting without
        words."""
        transcript = self._transcript(meeting)
        if not transcript.utterances:
            raise InvalidInput("nothing_said", title=meeting.title)
        engine, _ = self.engines.resolve(llm)
        if terms is None:
            said = words_of(transcript, meeting.title)
            terms = self.remembering.terms(meeting.user_id, words=said)
        plan: dict[str, Any] = {
            "engine": engine,
            "language": transcript.language or guess_language(transcript.utterances),
            "transcript": meeting.transcript_job,
            "terms": [term.as_json() for term in terms],
            "parts": [],
        }
        corrector = self._corrector(meeting, transcript, plan)
        if corrector:
            plan["parts"] = [list(part) for part in corrector.plan(check=check)]
        return plan

    def read(
        self, meeting: Meeting, plan: Mapping[str, Any], *, number: int, check: CheckCancelled
    ) -> dict[str, Any]:
        """The corrections of part `number` (from 1) of a plan, judged."""
        corrector = self._corrector(meeting, self._transcript(meeting), plan)
        if corrector is None or meeting.transcript_job != plan["transcript"]:
            return _as_json(Corrected())  # `keep` says why
        first, last = plan["parts"][number - 1]
        part = Part(first=first, last=last, number=number, count=len(plan["parts"]))
        return _as_json(corrector.read(part, check=check))

    def keep(
        self,
        session: Session,
        meeting: Meeting,
        plan: Mapping[str, Any],
        read: Sequence[Mapping[str, Any]],
        *,
        job_id: str,
    ) -> dict[str, Any]:
        """Apply what still fits, once a job; returns the step that tells the outcome, with its
        facts. NotFound where the meeting was deleted meanwhile."""
        current = rows.lock_meeting(session, user_id=meeting.user_id, meeting_id=meeting.id)
        if current is None:
            raise NotFound("meeting_missing", meeting=meeting.id)
        if current.transcript_job != plan["transcript"]:
            return {"step": "correction_overtaken", "facts": {}}
        if not plan["parts"]:
            return {"step": "correction_impossible", "facts": {}}
        corrected = joined([_from_json(part) for part in read])
        refused = Counter(corrected.refused)
        applied = _apply(session, current, corrected.taken, refused, job_id=job_id)
        return {
            "step": "corrected",
            "facts": {
                "proposed": applied + refused.total(),
                "applied": applied,
                "refused": refused.total(),
                "refused_for": dict(refused),
                "unread": [list(gap) for gap in corrected.unread],
            },
        }

    def _corrector(
        self, meeting: Meeting, transcript: Transcript, plan: Mapping[str, Any]
    ) -> ModelCorrector | None:
        """None where the engine is no language model."""
        model = self.engines.writer(plan["engine"])
        if isinstance(model, Extractor):
            return None
        with self.database.reading() as session:
            changes = rows.changes_of(
                session, meeting_id=meeting.id, transcript_job=meeting.transcript_job
            )
        return ModelCorrector(
            model=model,
            calls=self.calls,
            readings=StoredReadings(database=self.database, meeting_id=meeting.id),
            transcript=transcript,
            language=plan["language"],
            ground=replace(
                _ground(changes),
                knows=vocabulary(
                    speakers={one.speaker for one in transcript.utterances if one.speaker},
                    texts=(one.text for one in transcript.utterances),
                ),
            ),
            terms=terms_of(plan),
        )

    def _transcript(self, meeting: Meeting) -> Transcript:
        return self.meetings.transcript(meeting.user_id, meeting.id)


def _ground(changes: Mapping[int, Sequence[Change]]) -> Ground:
    """A person's own words are not corrected, and what they took back is not done again."""
    every = [one for of_one in changes.values() for one in of_one]
    return Ground(
        texts={},
        edited=frozenset(one.number for one in every if one.kind == TEXT and not one.undone),
        undone=frozenset(
            (one.number, one.before, one.after)
            for one in every
            if one.kind == REPLACEMENT and one.undone
        ),
    )


def _apply(
    session: Session,
    meeting: Meeting,
    taken: Sequence[Replacement],
    refused: Counter[str],
    *,
    job_id: str,
) -> int:
    """Note and apply replacements; those that a person's edit overtook are counted as refused."""
    known = rows.changes_of(session, meeting_id=meeting.id, transcript_job=meeting.transcript_job)
    ground = _ground(known)
    mine = {
        (one.number, one.before, one.after)
        for of_one in known.values()
        for one in of_one
        if one.job_id == job_id
    }
    texts = {
        one.number: one.text for one in meeting_rows.utterances(session, meeting_id=meeting.id)
    }
    applied = 0
    for one in taken:
        text = texts.get(one.number, "")
        if (one.number, one.before, one.after) in mine:  # this step was run before
            applied += 1
        elif one.number in ground.edited:
            refused[Refusal.EDITED.value] += 1
        elif occurrences(one.before, text) != 1:
            refused[Refusal.NOT_FOUND.value] += 1
        else:
            texts[one.number] = text.replace(one.before, one.after, 1)
            rows.add_change(
                session,
                meeting=meeting,
                number=one.number,
                kind=REPLACEMENT,
                before=one.before,
                after=one.after,
                why=one.why,
                job_id=job_id,
            )
            applied += 1
    rows.refold(session, meeting=meeting, numbers=[one.number for one in taken])
    return applied


def _as_json(corrected: Corrected) -> dict[str, Any]:
    return {
        "taken": [one.as_json() for one in corrected.taken],
        "refused": dict(corrected.refused),
        "unread": [list(gap) for gap in corrected.unread],
    }


def _from_json(stored: Mapping[str, Any]) -> Corrected:
    return Corrected(
        taken=tuple(Replacement.from_json(one) for one in stored["taken"]),
        refused=stored["refused"],
        unread=tuple((first, last) for first, last in stored["unread"]),
    )
