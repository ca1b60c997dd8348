"""Questions about kept minutes and their items."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from core.domain.kinds import ItemKind
from core.domain.minutes import Coverage, Draft, Item, Minutes, without_style_line
from core.domain.templates import GENERAL, Template
from core.store import minutes_history
from core.store.tables import ItemRow, Meeting, MinutesRow


def hold(session: Session, *, meeting_id: str) -> None:
    """Wait until nobody else keeps minutes of this meeting: their versions are counted together.
    SQLite's one writer needs no more."""
    query = select(Meeting.id).where(Meeting.id == meeting_id)
    session.exec(query.with_for_update(key_share=True)).first()


def next_version(session: Session, *, meeting_id: str) -> int:
    """The number the next minutes of a meeting get; the first is 1."""
    query = select(func.max(MinutesRow.version)).where(MinutesRow.meeting_id == meeting_id)
    return (session.exec(query).one() or 0) + 1


def visible(meeting: Meeting, user_id: str) -> ColumnElement[bool]:
    """The minutes of a meeting that this person sees."""
    return col(MinutesRow.user_id).in_({user_id, meeting.user_id})


def newest(session: Session, *, meeting: Meeting, user_id: str) -> Minutes | None:
    """The latest minutes that are this person's; where there are none, the latest of the meeting's
    owner."""
    query = (
        select(MinutesRow)
        .where(MinutesRow.meeting_id == meeting.id, visible(meeting, user_id))
        .order_by(col(MinutesRow.user_id) != user_id, col(MinutesRow.version).desc())
    )
    row = session.exec(query).first()
    return _seen(session, row, meeting, user_id) if row else None


def by_version(session: Session, *, meeting: Meeting, version: int, user_id: str) -> Minutes | None:
    """One version of a meeting's minutes, this person's or its owner's."""
    query = select(MinutesRow).where(
        MinutesRow.meeting_id == meeting.id,
        MinutesRow.version == version,
        visible(meeting, user_id),
    )
    row = session.exec(query).first()
    return _seen(session, row, meeting, user_id) if row else None


def by_job(session: Session, *, meeting: Meeting, job_id: str, user_id: str) -> Minutes | None:
    """The minutes a job wrote for this person."""
    row = _row_by_job(session, meeting=meeting, job_id=job_id)
    return _seen(session, row, meeting, user_id) if row and row.user_id == user_id else None


def versions(session: Session, *, meeting: Meeting, user_id: str) -> list[int]:
    """The versions that this person sees: their own, newest first, then the owner's. The first is
    what `newest` gives."""
    query = (
        select(MinutesRow.version)
        .where(MinutesRow.meeting_id == meeting.id, visible(meeting, user_id))
        .order_by(col(MinutesRow.user_id) != user_id, col(MinutesRow.version).desc())
    )
    return list(session.exec(query))


def ensure_minutes(
    session: Session, *, meeting: Meeting, minutes: Minutes, job_id: str | None
) -> Minutes:
    """Keep minutes as the next version, once for each job, however often it is run; without a job
    (a person's change) as often as it is called."""
    hold(session, meeting_id=meeting.id)
    kept = _row_by_job(session, meeting=meeting, job_id=job_id) if job_id else None
    if kept:
        return _minutes(session, row=kept, meeting=meeting)
    row = MinutesRow(
        meeting_id=meeting.id,
        user_id=minutes.user_id or meeting.user_id,
        version=next_version(session, meeting_id=meeting.id),
        engine=minutes.draft.engine,
        language=minutes.language,
        style_version=minutes.style_version,
        summary=minutes.draft.summary,
        markdown=minutes.markdown,
        system=minutes.draft.system,
        memory=dict(minutes.draft.memory),
        notices=list(minutes.draft.notices),
        coverage=minutes.draft.coverage.as_json(),
        transcript_job=meeting.transcript_job,
        origin=minutes.origin,
        based_on=minutes.based_on,
        template=minutes.template.as_json(),
        job_id=job_id,
    )
    session.add(row)
    session.flush()
    session.add_all(
        _item_row(row.id, position, item) for position, item in enumerate(minutes.draft.items)
    )
    session.flush()
    return _minutes(session, row=row, meeting=meeting)


def seen_by(found: Minutes, user_id: str) -> Minutes:
    """Minutes as this person may see them: how its owner wants things written (also what a kind of
    minutes of their own asks for), and what is remembered of them, is the owner's alone."""
    if found.user_id == user_id:
        return found
    template = found.template
    return replace(
        found,
        style_version=None,
        markdown=without_style_line(found.markdown),
        draft=replace(found.draft, system=None, memory={}),
        template=replace(template, focus="") if template.name else template,
    )


def _seen(session: Session, row: MinutesRow, meeting: Meeting, user_id: str) -> Minutes:
    return seen_by(_minutes(session, row=row, meeting=meeting), user_id)


def _row_by_job(session: Session, *, meeting: Meeting, job_id: str) -> MinutesRow | None:
    query = select(MinutesRow).where(
        MinutesRow.meeting_id == meeting.id, MinutesRow.job_id == job_id
    )
    return session.exec(query).first()


def _minutes(session: Session, *, row: MinutesRow, meeting: Meeting) -> Minutes:
    query = select(ItemRow).where(ItemRow.minutes_id == row.id).order_by(col(ItemRow.position))
    draft = Draft(
        items=tuple(_item(item) for item in session.exec(query)),
        summary=row.summary,
        coverage=Coverage.from_json(row.coverage),
        engine=row.engine,
        notices=tuple(row.notices),
        system=row.system,
        memory=dict(row.memory),
    )
    return Minutes(
        meeting_id=row.meeting_id,
        user_id=row.user_id,
        version=row.version,
        language=row.language,
        style_version=row.style_version,
        draft=draft,
        markdown=row.markdown,
        minutes_id=row.id,
        created_at=row.created_at.isoformat(),
        stale=row.transcript_job != meeting.transcript_job,
        transcript_edited=_transcript_edited(session, row, meeting),
        origin=row.origin,
        based_on=row.based_on,
        template=Template.from_json(row.template) if row.template else GENERAL,
    )


def _transcript_edited(session: Session, row: MinutesRow, meeting: Meeting) -> bool:
    if meeting.edited_at is None:
        return False
    written = minutes_history.written_at(session, meeting_id=meeting.id, version=row.version)
    return meeting.edited_at > written


def _item_row(minutes_id: str, position: int, item: Item) -> ItemRow:
    return ItemRow(
        minutes_id=minutes_id,
        position=position,
        kind=item.kind.value,
        text=item.text,
        owner=item.owner,
        due=item.due,
        due_text=item.due_text,
        utterances=list(item.utterances),
        quote=item.quote,
        start=item.start,
        verified=item.verified,
        replaces=item.replaces,
        replaces_at=list(item.replaces_at),
        edited=item.edited,
    )


def _item(row: ItemRow) -> Item:
    return Item(
        kind=ItemKind(row.kind),
        text=row.text,
        utterances=tuple(row.utterances),
        quote=row.quote,
        owner=row.owner,
        due=row.due,
        due_text=row.due_text,
        start=row.start,
        verified=row.verified,
        replaces=row.replaces,
        replaces_at=tuple(row.replaces_at),
        edited=row.edited,
    )
