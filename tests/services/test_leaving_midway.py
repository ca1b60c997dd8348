"""Somebody is leaving and not gone yet: what still runs for them finds nothing, and what others
have written over their meetings stops."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.app import App
from core.errors import NotFound
from core.store import shares
from core.store.account_rows import User
from core.store.types import now
from tests.doubles.ollama import OllamaDouble
from tests.services.two_people import Two, heard, person, two_people
from tests.waiting import until
from tests.worker.conftest import app
from tests.worker.test_worker import MODEL

__all__ = ["app"]


@pytest.fixture
def two(app: App, tmp_path: Path) -> Two:
    made = two_people(app, tmp_path)
    person(app, "Cy", admin=True)
    return made


@pytest.mark.parametrize("who", ["the owner", "who asked"])
def test_an_answer_that_is_being_written_stops(two: Two, double: OllamaDouble, who: str) -> None:
    app = two.app
    meeting = heard(app, two.folder, two.owner)
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=False)
    double.delay_first = 30
    app.chat.ask(two.other, meeting.id, "언제 출시하나요?", llm=MODEL.llm)
    until(lambda: double.chats)
    app.leaving.leave(two.owner if who == "the owner" else two.other)
    until(lambda: double.chats[-1].disconnected, seconds=5)


def test_who_is_leaving_reaches_nothing_any_more(two: Two) -> None:
    """As after a crash in the middle: the rows are there, and nobody works for them."""
    app = two.app
    mine = heard(app, two.folder, two.other)
    theirs = heard(app, two.folder, two.owner, "김지훈: 아나의 회의입니다.", name="ana.txt")
    app.sharing.share(two.owner, theirs.id, "Bo", may_edit=True)
    app.sharing.share(two.other, mine.id, "Ana", may_edit=True)
    for meeting in (mine, theirs):
        assert app.meetings.get(two.other, meeting.id)
    with app.database.writing() as session:
        session.get_one(User, two.other).leaving_at = now()
    for meeting in (mine, theirs):
        with pytest.raises(NotFound):
            app.meetings.get(two.other, meeting.id)
        with pytest.raises(NotFound):
            app.sharing.role(two.other, meeting.id)
    assert app.sharing.shared_with_me(two.other) == []
    with app.database.reading() as session:
        assert list(session.exec(shares.within_reach(two.other))) == []
    assert app.meetings.get(two.owner, theirs.id)  # nobody else's
