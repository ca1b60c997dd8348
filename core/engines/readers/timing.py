"""Clocks in transcripts. A time that cannot be true is dropped (None) and counted: none is made
up, and no word is lost with it. Order is the order of the file."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

LONGEST_SECONDS = 100 * 3600.0
"""No meeting lasts longer; a later time is a slip."""

CLOCK = r"\d{1,4}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?"
"""mm:ss or h:mm:ss, with a fraction after a point or a comma."""

_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,](\d{1,9}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cue:
    """A piece of a transcript as its file gave it; times in seconds. `broken`: the file gave a time
    here that cannot be read or cannot be true, so it was dropped."""

    start: float | None
    end: float | None
    speaker: str | None
    text: str
    broken: bool = False


def parse_clock(text: str) -> float | None:
    """Seconds, or None for what no clock shows (minus signs, 00:99:99, more than 100 hours)."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
        return None
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return possible(whole + float(f"0.{fraction or 0}"))


def possible(seconds: object) -> float | None:
    """`seconds` as a float if a recording can have such a time, else None."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    if not 0 <= seconds <= LONGEST_SECONDS or math.isnan(seconds):
        return None
    return float(seconds)


def settled(cues: Sequence[Cue]) -> list[Cue]:
    """The same cues with only such times as can be true together.

    Starts never go backwards: the fewest starts are dropped that leave the rest in order, so one
    slip costs one time. An end before its start is dropped. Overlaps stay: people interrupt.
    """
    kept = _in_order([cue.start for cue in cues])
    return [_settle(cue, keep=number in kept) for number, cue in enumerate(cues)]


def _settle(cue: Cue, *, keep: bool) -> Cue:
    if cue.start is not None and not keep:
        return replace(cue, start=None, end=None, broken=True)
    if cue.end is not None and cue.start is not None and cue.end < cue.start:
        return replace(cue, end=None, broken=True)
    return cue


def _in_order(starts: Sequence[float | None]) -> set[int]:
    """Places of a longest non-decreasing subsequence (patience sorting, n log n)."""
    tops: list[float] = []
    places: list[int] = []
    before: dict[int, int | None] = {}
    for place, start in enumerate(starts):
        if start is None:
            continue
        pile = bisect_right(tops, start)
        before[place] = places[pile - 1] if pile else None
        tops[pile : pile + 1] = [start]
        places[pile : pile + 1] = [place]
    kept: set[int] = set()
    step = places[-1] if places else None
    while step is not None:
        kept.add(step)
        step = before[step]
    return kept
