"""Plain text: pasted notes and the exports of Zoom, Teams, Otter and Clova Note. Lines under one
time or label are one utterance; a blank line ends it, and with it a label's hold on the words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from core.engines.readers.labels import speakers_among, split_label
from core.engines.readers.marks import Line, read_marks
from core.engines.readers.sentences import LONGEST_UTTERANCE, split_long
from core.engines.readers.timing import Cue

_WRAPPED_FROM = 50
_OPEN_END = re.compile(r"[^.?!…:;。？！]$")


def read_plain(text: str) -> list[Cue]:
    """The utterances of a plain text, long ones cut at sentence ends."""
    lines = read_marks(text.split("\n"))
    gathering = _Gathering(_speakers(lines))
    for line in lines:
        gathering.take(line)
    return [piece for cue in gathering.finish() for piece in split_long(cue)]


def _speakers(lines: list[Line]) -> frozenset[str]:
    """Judged from all lines, and from the first lines of paragraphs: in a text broken at the margin
    few lines bear a label, but most paragraphs do."""
    timed = any(line.mark for line in lines)
    spoken = [line for line in lines if line.name is None and line.text.strip()]
    before = [Line("", ""), *lines]
    firsts = [
        line
        for last, line in zip(before, lines, strict=False)
        if line.name is None and line.text.strip() and not last.raw.strip()
    ]
    return speakers_among((line.text for line in spoken), timed=timed) | speakers_among(
        (line.text for line in firsts), timed=timed
    )


@dataclass
class _Gathering:
    """Lines becoming utterances. `heading` is the name over the paragraphs that follow it."""

    speakers: frozenset[str]
    cues: list[Cue] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    start: float | None = None
    end: float | None = None
    broken: bool = False
    speaker: str | None = None
    heading: str | None = None
    grows: bool = False
    """Do following lines belong to the open utterance (it has a time or a speaker)?"""

    def take(self, line: Line) -> None:
        """Add the next line of the file."""
        if line.name is not None:
            self._open(line, speaker=line.name, text=line.text)
            self.heading = line.name
        elif line.mark:
            self.heading = None
            speaker, text = self._said(line.text)
            self._open(line, speaker=speaker, text=text)
        elif not line.text.strip():
            self._blank()
        else:
            self._untimed(line)

    def finish(self) -> list[Cue]:
        """All utterances."""
        self._close()
        return self.cues

    def _untimed(self, line: Line) -> None:
        speaker, text = self._said(line.text)
        if speaker is not None:
            self.heading = None
            # A time on a line of its own is that of the words below it, label or not.
            waits = self.grows and not self.words and self.speaker is None
            times = line
            if waits:
                times = replace(line, start=self.start, end=self.end, broken=self.broken)
            self._open(times, speaker=speaker, text=text)
        elif self.grows or self._is_wrapped(text):
            self.words.append(text)
        else:
            self._open(line, speaker=self.heading, text=text)
            self.grows = self.heading is not None

    def _said(self, text: str) -> tuple[str | None, str]:
        split = split_label(text)
        return split if split is not None and split[0] in self.speakers else (None, text)

    def _is_wrapped(self, text: str) -> bool:
        """Is it the rest of a sentence that an editor broke at the margin?"""
        last = self.words[-1].rstrip() if self.words else ""
        room = sum(map(len, self.words[-12:])) < LONGEST_UTTERANCE
        broken = len(last) >= _WRAPPED_FROM and bool(_OPEN_END.search(last))
        return room and broken and text.lstrip()[:1].islower()

    def _blank(self) -> None:
        if self.words or not self.grows:
            self._close()

    def _open(self, line: Line, *, speaker: str | None, text: str) -> None:
        self._close()
        self.start, self.end, self.speaker = line.start, line.end, speaker
        self.broken = line.broken
        self.words = [text] if text.strip() else []
        self.grows = True

    def _close(self) -> None:
        if self.words:
            text = " ".join(" ".join(self.words).split())
            self.cues.append(Cue(self.start, self.end, self.speaker, text, self.broken))
        self.words, self.grows, self.broken = [], False, False
        self.start = self.end = self.speaker = None
