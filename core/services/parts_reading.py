"""Reading the parts of a meeting, some at once, and how much of the meeting that was."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from core.domain import grounding
from core.domain.minutes import Coverage, Item
from core.domain.transcript import Transcript
from core.engines.base import CheckCancelled
from core.services.reading_progress import ReadingProgress, Standing
from core.services.writers import Material, Part, PartRead, Writer, between


class _OthersFailed(Exception):
    """Another part failed: there is no use in going on with this one."""


@dataclass
class PartsReading:
    """Reads parts with `writer`. `check` may raise to stop all of it; `tell` is told the standing
    whenever `check` is asked, by one thread at a time."""

    writer: Writer
    material: Material
    check: CheckCancelled
    tell: Callable[[Standing], None]
    _telling: threading.Lock = field(default_factory=threading.Lock, init=False)
    _failed: threading.Event = field(default_factory=threading.Event, init=False)

    def run(self, parts: Sequence[Part], *, at_once: int) -> list[PartRead]:
        """What each part held, in their order. The first failure stops the others and is raised."""
        sizes = [self._size(part) for part in parts]
        progress = ReadingProgress(sizes)
        if at_once <= 1 or len(parts) <= 1:
            return [self._read(part, progress) for part in parts]
        with ThreadPoolExecutor(max_workers=min(at_once, len(parts))) as pool:
            futures = [pool.submit(self._read, part, progress) for part in parts]
        errors = [error for future in futures if (error := future.exception())]
        for error in errors:
            if not isinstance(error, _OthersFailed):
                raise error
        return [future.result() for future in futures]

    def _read(self, part: Part, progress: ReadingProgress) -> PartRead:
        place = part.number - 1

        def look() -> None:
            if self._failed.is_set():
                raise _OthersFailed
            self._look(progress)

        try:
            progress.begin(place)
            look()
            read = self.writer.read(
                self.material,
                part=part,
                check=look,
                heard=lambda characters: progress.heard(place, characters),
            )
            progress.end(place, self._confirmed(read.items))
            look()
            return read
        except BaseException:
            self._failed.set()
            raise

    def _look(self, progress: ReadingProgress) -> None:
        with self._telling:
            self.check()
            self.tell(progress.standing())

    def _confirmed(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """Only what the transcript bears out is shown before the whole is checked."""
        checked = grounding.check(items, self.material.transcript, language=self.material.language)
        return tuple(item for item in checked if item.verified)

    def _size(self, part: Part) -> int:
        spoken = between(self.material.transcript, part.first, part.last)
        return max(1, sum(len(utterance.text) for utterance in spoken))


def coverage_of(
    read: Sequence[PartRead],
    transcript: Transcript,
    *,
    parts: int,
    seconds: float | None,
    base: Coverage | None = None,
    gap: tuple[int, int] | None = None,
) -> Coverage:
    """How much of the meeting was read. With `base` only `gap` was read now, the rest then."""
    spoken = transcript.by_number()
    unread = [lost for part in read for lost in part.unread]
    if base is not None:
        unread += [missing for missing in base.missing_utterances if missing != gap]
    covered = {n for part in read for first, last in part.covered for n in range(first, last + 1)}
    lost = {n for first, last in unread for n in range(first, last + 1)} - covered
    gaps = _joined((number, number) for number in lost & spoken.keys())
    missing = []
    for first, last in gaps:
        start, end = spoken[first].start, spoken[last].end or spoken[last].start
        if start is not None and end is not None:
            missing.append((start, end))
    tokens = sum(part.tokens for part in read) + ((base.tokens or 0) if base else 0)
    return Coverage(
        utterances_read=len(spoken) - len(lost & spoken.keys()),
        utterances_total=len(spoken),
        missing=tuple(missing),
        missing_utterances=gaps,
        parts=parts if base is None else base.parts,
        seconds=seconds,
        tokens=tokens or None,
    )


def _joined(gaps: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ranges in order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(gaps):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)
