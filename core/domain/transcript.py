"""A transcript: numbered utterances. Numbers, not times, are what prompts and citations use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one person said in one breath.

    `number` starts at 1 and is unique in its meeting. `start` and `end` are seconds from the
    beginning of the recording, None where the transcript gave no times. `speaker` is the name as
    the transcript gave it, None where unknown.
    """

    number: int
    start: float | None
    end: float | None
    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Doubted:
    """An utterance that there is a reason against (domain.phantoms): it is not part of the
    transcript, unless a person brought it back."""

    utterance: Utterance
    reason: str
    brought_back: bool


@dataclass(frozen=True, slots=True)
class Transcript:
    """All utterances of a meeting in the order they were said, and the language they are in."""

    utterances: tuple[Utterance, ...]
    language: str | None = None
    duration: float | None = None

    def by_number(self) -> dict[int, Utterance]:
        """Utterances by their numbers."""
        return {utterance.number: utterance for utterance in self.utterances}


def numbered(
    spoken: Iterable[tuple[float | None, float | None, str | None, str]],
) -> tuple[Utterance, ...]:
    """Utterances numbered from 1, from (start, end, speaker, text); blank texts are left out."""
    cleaned = [
        (start, end, speaker, " ".join(text.split())) for start, end, speaker, text in spoken
    ]
    return tuple(
        Utterance(number=number, start=start, end=end, speaker=speaker, text=text)
        for number, (start, end, speaker, text) in enumerate(
            (row for row in cleaned if row[3]), start=1
        )
    )


def guess_language(utterances: Sequence[Utterance]) -> str:
    """ "ko" where at least a third of the letters are Hangul (Korean meetings quote much English),
    else "en"."""
    text = " ".join(utterance.text for utterance in utterances)
    return language_of(text)


def language_of(text: str) -> str:
    """The language a text is written in, by its letters: "ko" or "en"."""
    hangul, latin = _letters(text)
    return "ko" if hangul and hangul >= latin * 0.5 else "en"


def written_in(text: str, language: str) -> bool:
    """Whether a text may pass for one in this language: names and terms may be in the other, so
    only most of its letters tell."""
    hangul, latin = _letters(text)
    return hangul >= latin * 0.5 if language == "ko" else hangul <= latin


def _letters(text: str) -> tuple[float, int]:
    """How much Hangul and Latin, in Latin letters: a syllable block carries about two and a half
    of them."""
    return len(_HANGUL.findall(text)) * 2.5, len(_LATIN.findall(text))


def clock(seconds: float | None) -> str:
    """Seconds as h:mm:ss or mm:ss; an empty string where the time is unknown."""
    if seconds is None:
        return ""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{second:02d}" if hours else f"{minutes:02d}:{second:02d}"
