"""The day in a file's name, only where it can be read in one way."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.domain.file_dates import moment_in_name

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


def read(name: str) -> tuple[datetime, bool] | None:
    return moment_in_name(name, time_zone="Asia/Seoul", now=NOW)


_DAYS = [
    # (a name, the date in it)
    ("2026-11-20 weekly", (2026, 11, 20)),
    ("회의록_2026년 11월 20일", (2026, 11, 20)),
    ("회의록 2026년11월5일 최종", (2026, 11, 5)),
    ("20261120", (2026, 11, 20)),
    ("weekly 2026.11.20.", (2026, 11, 20)),
    ("2026_11_20-2", (2026, 11, 20)),
    ("2026-1-5", (2026, 1, 5)),
    ("20261120 again 2026-11-20", (2026, 11, 20)),  # the same day twice is one day
    ("2026-11-24", (2026, 11, 24)),  # tomorrow: somebody's clock is ahead
    ("1990-01-01", (1990, 1, 1)),
    ("2024-02-29", (2024, 2, 29)),
]


@pytest.mark.parametrize(("name", "day"), _DAYS)
def test_a_full_date_is_read(name: str, day: tuple[int, int, int]) -> None:
    assert read(name) == (datetime(*day, tzinfo=SEOUL), False)


_MOMENTS = [
    # (a name, the time in it)
    ("20261120_1400", (14, 0, 0)),
    ("Recording_20261120_140005", (14, 0, 5)),
    ("20261120140005", (14, 0, 5)),
    ("녹음 2026-11-20 14.00.05", (14, 0, 5)),
    ("2026-11-20T09-30", (9, 30, 0)),
    ("Screen Recording 2026-11-20 at 2.00.05 PM", (14, 0, 5)),
    ("2026-11-20 12:05 am", (0, 5, 0)),
]


@pytest.mark.parametrize(("name", "clock"), _MOMENTS)
def test_a_time_of_day_behind_the_date_is_read(name: str, clock: tuple[int, int, int]) -> None:
    assert read(name) == (datetime(2026, 11, 20, *clock, tzinfo=SEOUL), True)


def test_zoom_names_its_files_in_utc() -> None:
    assert read("GMT20261120-050012_Recording") == (
        datetime(2026, 11, 20, 5, 0, 12, tzinfo=UTC),
        True,
    )


@pytest.mark.parametrize(
    "name",
    [
        "weekly",
        "11-20-2026",  # month or day first: who knows
        "20-11-2026",
        "26-11-20",
        "2026-11",
        "2026-13-01",  # no such month
        "2026-02-30",  # no such day
        "20260001",
        "2026-11-25",  # the day after tomorrow
        "1989-12-31",
        "2026-11-20 and 2026-11-21",  # two days
        "202611201",  # longer numbers
        "120261120",
        "2026-11-201",
        "v2026.1.2",
        "1.2026.11.20",
        "2026-11.20",
    ],
)
def test_what_is_not_certain_is_not_read(name: str) -> None:
    assert read(name) is None
