"""The sample meeting that comes with the app, so that a person without a recording sees it work."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: a transcript, the sound that goes with it, and when it was held."""

    title: str
    held_at: datetime
    time_zone: str
    transcript: Path
    audio: Path


@dataclass(frozen=True)
class Samples:
    """Finds the sample in a language."""

    folder: Path

    def get(self, language: str) -> Sample:
        """The sample meeting in `language`; NotFound("sample_missing") without its files."""
        try:
            listed = json.loads((self.folder / "samples.json").read_text(encoding="utf-8"))
            entry = listed[language]
        except (OSError, ValueError, KeyError) as error:
            raise NotFound("sample_missing") from error
        return Sample(
            title=entry["title"],
            held_at=datetime.fromisoformat(entry["held_at"]),
            time_zone=entry["time_zone"],
            transcript=self.folder / entry["transcript"],
            audio=self.folder / entry["audio"],
        )
