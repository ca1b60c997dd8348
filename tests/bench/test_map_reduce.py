"""What a job with these calls must take at least."""

from __future__ import annotations

import pytest

from bench.map_reduce import critical_path
from bench.ollama import Call


def _call(seconds: float, *, reads: bool) -> Call:
    return Call(0.0, seconds, reads, b"", prompt_tokens=0, answer_tokens=0)


@pytest.mark.parametrize(
    ("slots", "reading", "writing", "seconds"),
    [
        # one slot: the sum of all
        (1, (2, 3, 4), (1, 1), 11),
        # two slots: 2 + 4 beside 3, then the writing
        (2, (2, 3, 4), (1,), 7),
        # more slots than parts: the longest part
        (4, (2, 3, 4), (1,), 5),
        # in the order of arrival, not in the best one: 1 + 5 beside 1
        (2, (1, 1, 5), (), 6),
        # writing is never beside writing
        (4, (), (2, 2), 4),
    ],
)
def test_the_critical_path_fills_the_slots_as_they_become_free(
    slots: int, reading: tuple[float, ...], writing: tuple[float, ...], seconds: float
) -> None:
    calls = [
        *(_call(one, reads=True) for one in reading),
        *(_call(one, reads=False) for one in writing),
    ]
    assert critical_path(calls, slots=slots) == pytest.approx(seconds)
