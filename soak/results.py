"""What came of a meeting, as values that can be held against each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from core.app import App
from core.store.machine_rows import Calibration, Lease
from core.store.tables import (
    HeardWindow,
    ItemRow,
    Meeting,
    MinutesRow,
    TextChange,
    Turn,
    Upload,
    UtteranceRow,
)

_CONTENT = ("engine", "language", "summary", "notices", "origin", "based_on", "template")
_UTTERANCE = ("number", "start", "end", "speaker", "text", "heard_text", "hidden_reason")
_CHANGE = ("number", "kind", "before", "after", "undone_at")
_ITEM = (
    *("position", "kind", "text", "owner", "due", "due_text", "utterances", "quote", "start"),
    *("verified", "replaces", "replaces_at"),
)


@dataclass(frozen=True)
class Result:
    """All that was made of one meeting. `minutes`: by version, its words and its items."""

    language: str | None
    utterances: list[tuple[Any, ...]]
    changes: list[tuple[Any, ...]]
    minutes: dict[int, dict[str, Any]]
    jobs: Counter[str]

    def difference(self, other: Result) -> str | None:
        """What differs from another, in one sentence; None where nothing does."""
        for name in ("language", "utterances", "changes", "jobs"):
            ours, theirs = getattr(self, name), getattr(other, name)
            if ours != theirs:
                return f"{name}: {_first_difference(ours, theirs)}"
        if sorted(self.minutes) != sorted(other.minutes):
            return f"versions {sorted(self.minutes)} in place of {sorted(other.minutes)}"
        for version, content in self.minutes.items():
            for name, value in content.items():
                if value != other.minutes[version][name]:
                    first = _first_difference(value, other.minutes[version][name])
                    return f"version {version}, {name}: {first}"
        return None

    def flaw(self) -> str | None:
        """What is wrong with it by itself; None where nothing is."""
        numbers = [row[0] for row in self.utterances]
        if numbers != list(range(1, len(numbers) + 1)):
            return f"utterances are not numbered from 1 without gaps: {numbers[:20]}"
        if not numbers:
            return "it has no utterances"
        for version, content in self.minutes.items():
            if content["coverage"].get("missing_utterances"):
                return f"version {version} has gaps: {content['coverage']}"
            told = [
                (item["kind"], item["text"], tuple(item["utterances"])) for item in content["items"]
            ]
            twice = [one for one, times in Counter(told).items() if times > 1]
            if twice:
                return f"version {version} has items twice: {twice[:3]}"
        return None


def result_of(app: App, meeting: Meeting) -> Result:
    """Read from the tables, so that nothing is left out that a page would not show."""
    jobs = Counter(job.stage for job in app.jobs.of_meeting(meeting.user_id, meeting.id))
    with app.database.reading() as session:
        now = session.get(Meeting, meeting.id)
        assert now is not None
        return Result(
            language=now.language,
            utterances=_rows(session, UtteranceRow, meeting.id, _UTTERANCE, "number"),
            changes=_rows(session, TextChange, meeting.id, _CHANGE, "id"),
            minutes=_minutes(session, meeting.id),
            jobs=jobs,
        )


def leftovers(app: App) -> list[str]:
    """Rows that should have gone."""
    with app.database.reading() as session:
        counts = {
            table.__name__: session.exec(select(func.count()).select_from(table)).one()
            for table in (HeardWindow, Lease, Upload)
        }
        live = (
            select(func.count()).select_from(Turn).where(col(Turn.state).in_(["queued", "running"]))
        )
        counts["unended Turn"] = session.exec(live).one()
    return [f"{count} rows of {name} are left" for name, count in counts.items() if count]


def calibrations(app: App) -> list[Calibration]:
    """What is known of the model's way of counting."""
    with app.database.reading() as session:
        return list(session.exec(select(Calibration)))


def carry(calibrated: list[Calibration], *, to: App) -> None:
    """Begin with the counts of another house: how a meeting is cut into parts follows from them."""
    with to.database.writing() as session:
        for one in calibrated:
            session.merge(Calibration(model=one.model, ratio=one.ratio, samples=one.samples))


def _minutes(session: Session, meeting_id: str) -> dict[int, dict[str, Any]]:
    query = select(MinutesRow).where(MinutesRow.meeting_id == meeting_id)
    found = {}
    for row in session.exec(query):
        items = session.exec(
            select(ItemRow).where(ItemRow.minutes_id == row.id).order_by(col(ItemRow.position))
        )
        content = {name: getattr(row, name) for name in _CONTENT}
        # How many tokens were counted depends on what was remembered of earlier readings.
        content["coverage"] = {k: v for k, v in row.coverage.items() if k != "tokens"}
        content["items"] = [{name: getattr(item, name) for name in _ITEM} for item in items]
        found[row.version] = content
    return found


def _rows(
    session: Session, table: type[SQLModel], meeting_id: str, columns: tuple[str, ...], order: str
) -> list[tuple[Any, ...]]:
    query = (
        select(table)
        .where(getattr(table, "meeting_id") == meeting_id)  # noqa: B009 (a column of any table)
        .order_by(getattr(table, order))
    )
    return [tuple(getattr(row, name) for name in columns) for row in session.exec(query)]


def _first_difference(ours: Any, theirs: Any) -> str:
    if isinstance(ours, list) and isinstance(theirs, list):
        for at, (one, other) in enumerate(zip(ours, theirs, strict=False)):
            if one != other:
                return f"at {at}: {one!r} in place of {other!r}"
        return f"{len(ours)} in place of {len(theirs)}"
    return f"{ours!r} in place of {theirs!r}"[:600]
