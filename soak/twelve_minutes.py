"""A recording heard in windows against the same heard in one, and against a run that is killed in
its middle: the words must be the same, and each time near.

Windows are cut at silence, so no word is lost or doubled at a cut. The small model of the tests
hears 98 of 100 sentences (its README): where sound begins some milliseconds elsewhere it may take
one for another, in the same place. That is counted apart.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from core.engines.whisper import WINDOW, WhisperTranscriber
from core.store.jobs import DurableJobs
from soak.house import House
from soak.inputs import WHISPER, Input, make_sound
from soak.judging import windows_said
from soak.person import Person
from soak.processes import wait_for
from soak.results import result_of

NEAR = 0.3
"""Seconds by which a start or an end may differ."""
MISHEARD = 0.035
"""Share of the sentences that the model takes for others in one run or in the other."""
_END = 600.0
Said = list[tuple[float, float, str]]
"""Start, end and text of each segment."""


@dataclass(frozen=True, slots=True)
class Compared:
    """`windows`: how many there were; `words`, `sentences`: how many were heard in one; `more`: how
    many sentences more in windows, `other`: how many were heard as others there. `furthest`:
    seconds between two times of the same."""

    seconds: float
    windows: int
    words: int
    sentences: int
    more: int
    other: int
    furthest: float
    killed_in: int = 0
    same_when_killed: bool = True

    @property
    def wrong(self) -> list[str]:
        """What does not hold."""
        found = []
        if self.more:
            found.append(f"in windows {self.more:+} sentences were heard")
        if self.other > MISHEARD * self.sentences:
            found.append(f"in windows {self.other} sentences were heard as others")
        if self.furthest > NEAR:
            found.append(f"a time differs by {self.furthest:.2f} s")
        if not self.same_when_killed:
            found.append("a kill in the middle changed the transcript")
        return found

    def __str__(self) -> str:
        return (
            f"{self.seconds / 60:.1f} minutes, {self.words} words, {self.windows} windows: "
            f"{self.more:+} sentences beside those in one, {self.other} of {self.sentences} heard "
            f"as others, times at most {self.furthest:.2f} s apart; "
            f"killed in window {self.killed_in}: "
            f"{'nothing changed' if self.same_when_killed else 'CHANGED'}"
        )


def compare(recording: Path, *, window: float = WINDOW) -> tuple[Compared, Said]:
    """Hear it in windows of `window` seconds and in one; also answers what the windows said."""
    whole, seconds, _ = _hear(recording, window=10 * 3600.0)
    cut, _, windows = _hear(recording, window=window)
    pairs = list(zip(cut, whole, strict=False))
    other = sum(one[2] != another[2] for one, another in pairs)
    apart = [max(abs(one[0] - two[0]), abs(one[1] - two[1])) for one, two in pairs]
    words = sum(len(text.split()) for _, _, text in whole)
    more = len(cut) - len(whole)
    furthest = max(apart, default=0.0)
    return Compared(seconds, windows, words, len(whole), more, other, furthest), cut


def killed_in_the_middle(house: House, recording: Path, *, middle: int) -> tuple[int, Said]:
    """What a real worker keeps of it that is killed while it hears window `middle`; also answers
    which window that was."""
    house.open()
    with closing(house):
        person = Person(house, [Input(recording)], random.Random(0))
        given = person.give(person.inputs[0])

        def is_there() -> bool:
            return middle in windows_said(house, "hearing")

        crew = house.crew()  # found before: what is aimed at takes a moment only
        wait_for(is_there, seconds=_END, what="the middle", every=0.02)
        [hearing] = house.app.jobs.of_meeting(given.meeting.user_id, given.meeting.id)
        workflows = house.app.jobs.workflows
        assert isinstance(workflows, DurableJobs)
        holder = workflows.holder(hearing.id) or ""
        house.end_worker(crew[holder], signal.SIGKILL)
        wait_for(person.look, seconds=_END, what="the end", every=0.2)
        assert windows_said(house, "hearing").count(middle) == 2
        said = result_of(house.app, given.meeting).utterances
        return middle, [(row[1], row[2], row[4]) for row in said]


def twelve_minutes(
    folder: Path, *, house: Callable[[Path], House] = House, seconds: float = 720.0
) -> Compared:
    """All three, for a recording of 12 minutes."""
    recording = make_sound(folder / "Twelve minutes.opus", seconds=seconds, languages=("ko",))
    compared, cut = compare(recording)
    killed, said = killed_in_the_middle(
        house(folder / "killed"), recording, middle=compared.windows // 2
    )
    return replace(compared, killed_in=killed, same_when_killed=said == cut)


def _hear(recording: Path, *, window: float) -> tuple[Said, float, int]:
    whisper = WhisperTranscriber(WHISPER, Path("/nonexistent"), "cpu", window=window)
    listening = whisper.listen(recording, language=None, check=lambda: None)
    windows = list(listening.windows)
    said = [(one.start, one.end, one.text) for heard in windows for one in heard.segments]
    return said, listening.duration, len(windows)
