"""How fast a recording is heard: said once it can be known, and of the sound alone."""

import pytest

from core.services.pace import Pace


@pytest.mark.parametrize(
    ("marks", "speed", "left"),
    [
        ([], None, None),
        # A model is loaded before the first sound: that is no measure.
        ([(0.0, 0.0), (9.0, 0.5)], None, None),
        ([(0.0, 0.0), (9.0, 0.5), (19.0, 40.5)], 4.0, 39.875),
        # From there on all of it counts.
        ([(0.0, 0.0), (9.0, 0.0), (9.0, 10.0), (19.0, 30.0), (29.0, 110.0)], 5.0, 18.0),
        # Another process begins where the last window ended.
        ([(0.0, 100.0), (5.0, 101.0), (15.0, 161.0)], 6.0, 39.0 / 6),
        # Longer than its container said.
        ([(0.0, 0.0), (1.0, 1.0), (2.0, 300.0)], 299.0, 0.0),
        # Two tellings at one moment.
        ([(1.0, 0.0), (1.0, 1.0), (1.0, 2.0)], None, None),
    ],
)
def test_speed_and_time_left(
    marks: list[tuple[float, float]], speed: float | None, left: float | None
) -> None:
    now = 0.0
    pace = Pace(clock=lambda: now)
    for now, second in marks:  # noqa: B007 (the clock reads it)
        pace.reached(second)
    assert pace.speed == speed
    assert pace.seconds_left(200.0) == left
