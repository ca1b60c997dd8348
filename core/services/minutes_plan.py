"""What a job's plan of minutes says: the material it is about, its terms and its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain.memory import Term
from core.domain.transcript import Transcript, guess_language
from core.services.rendering import held_words
from core.services.writers import Material, Part
from core.store.tables import Meeting


def material_of(
    meeting: Meeting,
    transcript: Transcript,
    *,
    language: str | None,
    terms: tuple[Term, ...] = (),
) -> Material:
    """What minutes of a meeting are made of; `language` None is the one that was spoken."""
    language = language or transcript.language or guess_language(transcript.utterances)
    return Material(
        transcript=transcript,
        title=meeting.title,
        held_at=held_words(meeting, language),
        language=language,
        terms=terms,
    )


def planned_material(meeting: Meeting, transcript: Transcript, plan: Mapping[str, Any]) -> Material:
    """The same as a plan has fixed it."""
    return material_of(meeting, transcript, language=plan.get("language"), terms=terms_of(plan))


def terms_of(plan: Mapping[str, Any]) -> tuple[Term, ...]:
    """The terms of a plan; one of an earlier release has none."""
    return tuple(Term.from_json(stored) for stored in plan.get("terms", ()))


def part_of(plan: Mapping[str, Any], number: int) -> Part:
    """Part `number` (from 1) of a plan."""
    first, last = plan["parts"][number - 1]
    return Part(first=first, last=last, number=number, count=len(plan["parts"]))


def about_recording(meeting: Meeting) -> tuple[str, ...]:
    """Notices that the recording itself gives rise to."""
    return ("recording_cut",) if meeting.cut_at is not None else ()
