"""Twenty kills at random moments of a real server, its worker and whoever asks, and some of two
workers on PostgreSQL. The long runs are `make soak` (docs/soak.md)."""

from functools import partial
from pathlib import Path

import pytest

from soak.house import House
from soak.postgres import house_on
from soak.report import as_text
from soak.soaking import Outcome, soak
from tests.postgres import Cluster


def bounded(outcome: Outcome) -> bool:
    """What a kill costs is at most the steps that were running: a window and two calls."""
    again = outcome.repeated
    return again.windows_heard <= len(
        outcome.harms
    ) and again.calls - again.calls_needed <= 2 * len(outcome.harms)


def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    house = partial(House, piece=0.001)
    outcome = soak(tmp_path, kills=20, seed=5, minutes=0.7, patience=2.0, house=house)
    report = as_text(outcome)
    assert outcome.wrong == [], report
    assert sum(harm.is_kill for harm in outcome.harms) == 20
    assert sum(bool(harm.hit) for harm in outcome.harms) >= 10, report
    assert bounded(outcome), report


@pytest.mark.postgres
def test_two_workers_on_postgres_are_killed_and_nothing_is_lost(tmp_path: Path) -> None:
    with Cluster() as cluster:
        house = house_on(cluster, piece=0.001)
        outcome = soak(tmp_path, kills=4, seed=3, minutes=0.5, patience=2.0, house=house)
    report = as_text(outcome)
    assert outcome.wrong == [], report
    assert any(harm.hit for harm in outcome.harms), report
    assert bounded(outcome), report
