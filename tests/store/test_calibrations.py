"""Token ratios that outlive the process."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from core.store.calibrations import StoredRatios
from core.store.database import open_database


def test_the_average_moves_a_fifth_of_the_way(tmp_path: Path) -> None:
    ratios = StoredRatios(open_database(f"sqlite:///{tmp_path}/minutes.sqlite"))
    assert ratios.ratio("ollama:one") == (1.0, 0)
    ratios.observe("ollama:one", 1.2)
    ratios.observe("ollama:one", 1.0)
    assert ratios.ratio("ollama:one") == (pytest.approx(1.16), 2)
    assert ratios.ratio("ollama:another") == (1.0, 0)


@pytest.mark.parametrize(("seen", "kept"), [(9.0, 1.5), (0.1, 0.7)])
def test_a_ratio_that_cannot_be_is_bounded(tmp_path: Path, seen: float, kept: float) -> None:
    ratios = StoredRatios(open_database(f"sqlite:///{tmp_path}/minutes.sqlite"))
    ratios.observe("ollama:one", seen)
    assert ratios.ratio("ollama:one") == (kept, 1)


def test_reading_waits_for_no_writer(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/minutes.sqlite")
    ratios = StoredRatios(database)
    ratios.observe("ollama:one", 1.2)
    writer = sqlite3.connect(tmp_path / "minutes.sqlite", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE calibration SET ratio = 1.4")
    assert ratios.ratio("ollama:one") == (1.2, 1)
    writer.execute("COMMIT")
    assert ratios.ratio("ollama:one") == (1.4, 1)
    writer.close()
