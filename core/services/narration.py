"""Minutes read aloud: the summary as a sound file, made once for each version and kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from core.domain import citations
from core.domain.kinds import ItemKind
from core.domain.minutes import Minutes
from core.domain.transcript import language_of
from core.engines.factory import Engines
from core.errors import InvalidInput
from core.messages import say

_MARKUP = re.compile(r"[*_`#>|\\]+|^\s*[-+]\s+", re.MULTILINE)


@dataclass(frozen=True)
class Narration:
    """Speaks minutes into `folder`."""

    engines: Engines
    folder: Path

    def place(self, minutes: Minutes) -> Path:
        """Where the sound of these minutes is or will be."""
        return self.folder / f"{minutes.minutes_id}.wav"

    def ensure_spoken(self, minutes: Minutes) -> Path:
        """The sound file of the minutes' summary and decisions. Raises EngineUnavailable
        ("espeak_missing"), EngineFailed, InvalidInput("nothing_to_read")."""
        target = self.place(minutes)
        if target.is_file():
            return target
        text = spoken_text(minutes)
        if not text:
            raise InvalidInput("nothing_to_read")
        target.parent.mkdir(parents=True, exist_ok=True)
        self.engines.speaker().speak(text, language=language_of(text), target=target)
        return target


def spoken_text(minutes: Minutes) -> str:
    """What is read: the summary, then decisions, without markup and numbers of utterances."""
    summary = citations.replaced(minutes.draft.summary, lambda _: "")
    parts = [_MARKUP.sub(" ", summary)]
    decisions = [item.text for item in minutes.draft.of(ItemKind.DECISION) if item.verified]
    if decisions:
        parts += [say("minutes.decisions", minutes.language) + ".", *decisions]
    return "\n".join(" ".join(part.split()) for part in parts if part.strip())
