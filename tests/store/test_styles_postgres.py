"""Styles on a real PostgreSQL, where several transactions may write at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import InvalidInput
from core.services.styles import Styles
from core.store import people, style_trials
from core.store.database import Database, open_database
from tests.postgres import Cluster

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with Cluster() as running:
        opened = open_database(running.database("styles"))
        yield opened
        opened.dispose()


def test_many_savers_at_once_each_get_a_number_of_their_own_or_a_sentence(
    database: Database,
) -> None:
    styles = Styles(database)
    with database.writing() as session:
        me = people.ensure_user(session, name="Ana").id
    one = styles.make(me, name="one", text="0")
    two = styles.make(me, name="two", text="0")

    def save(number: int) -> int | str:
        style = one if number % 2 else two
        try:
            saved = styles.save(me, style.style_id, f"text {number}", expected=style.version)
        except InvalidInput as refused:
            return refused.code
        return saved.version

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(save, range(16)))
    assert sorted(one for one in results if isinstance(one, int)) == [3, 4]
    assert results.count("style_moved_on") == 14
    assert [seen.version for seen in styles.all(me) if seen.text == "0"] == []


def test_what_a_style_can_be_tried_on_is_found(database: Database) -> None:
    with database.reading() as session:
        assert style_trials.meetings_with_minutes(session, user_id="nobody", limit=5) == []
