"""The judge sees what the soak looks for: here the faults are made by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.app import App
from core.store.machine_rows import Lease
from core.store.tables import HeardWindow, ItemRow, Meeting, MinutesRow, UtteranceRow
from soak.results import leftovers, result_of
from tests.services.conftest import write
from tests.services.test_minutes import MEETING

Make = Callable[..., Meeting]


def drop_a_line(session: Session, meeting: Meeting) -> None:
    row = session.get(UtteranceRow, (meeting.id, 2))
    session.delete(row)


def change_a_word(session: Session, meeting: Meeting) -> None:
    row = session.get(UtteranceRow, (meeting.id, 2))
    assert row is not None
    row.text += " 네"


def double_an_item(session: Session, meeting: Meeting) -> None:
    minutes = session.exec(select(MinutesRow).where(MinutesRow.meeting_id == meeting.id)).one()
    items = select(ItemRow).where(ItemRow.minutes_id == minutes.id).order_by(col(ItemRow.position))
    found = session.exec(items).all()
    session.add(ItemRow(**found[0].model_dump() | {"position": len(found)}))


def lose_an_item(session: Session, meeting: Meeting) -> None:
    minutes = session.exec(select(MinutesRow).where(MinutesRow.meeting_id == meeting.id)).one()
    session.delete(session.get(ItemRow, (minutes.id, 0)))


def double_a_version(session: Session, meeting: Meeting) -> None:
    minutes = session.exec(select(MinutesRow).where(MinutesRow.meeting_id == meeting.id)).one()
    session.add(MinutesRow(**minutes.model_dump() | {"id": "again", "version": 2, "job_id": "x"}))


@pytest.mark.parametrize(
    "harm", [drop_a_line, change_a_word, double_an_item, lose_an_item, double_a_version]
)
def test_what_was_lost_or_doubled_is_seen(
    app: App, make_meeting: Make, harm: Callable[[Session, Meeting], None]
) -> None:
    meeting = make_meeting(app, MEETING)
    write(app, meeting, llm="extractive")
    before = result_of(app, meeting)
    assert before.flaw() is None
    assert before.difference(before) is None
    with app.database.writing() as session:
        harm(session, meeting)
    after = result_of(app, meeting)
    assert after.difference(before)
    assert bool(after.flaw()) is (harm in (drop_a_line, double_an_item))


def test_a_job_that_was_asked_for_twice_is_seen(app: App, make_meeting: Make) -> None:
    result = result_of(app, make_meeting(app, MEETING))
    more: dict[str, Any] = {"jobs": result.jobs + result.jobs.__class__(["minutes"])}
    assert replace(result, **more).difference(result)


def test_what_was_left_is_seen(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, MEETING)
    assert leftovers(app) == []
    with app.database.writing() as session:
        session.add(
            HeardWindow(job_id="j", ordinal=0, meeting_id=meeting.id, start=0, end=1, lines=0)
        )
        session.add(Lease(id="l", host="h", process=1, priority=1, created_at=0, beat_at=0))
    assert len(leftovers(app)) == 2
