"""A disk that was full: the job engine could not note what its jobs did, and they stand still for
ever. Once there is room, the worker is begun anew and goes on after the last step that was kept."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from core.services.room import looks_full, takes_bytes

FULL = ("disk_full_write", "disk_unwritable")
"""The codes of failures for want of room."""


@dataclass(frozen=True)
class Room:
    """What is known of the disk of the data folder."""

    folder: Path
    _was_full: threading.Event = field(default_factory=threading.Event, init=False, repr=False)

    def note_full(self) -> None:
        """Something could not be written."""
        self._was_full.set()

    def stand_still(self) -> NoReturn:
        """For a job that could not be written down: neither did it end, nor can it be said to have
        failed. It waits for the worker to be begun anew."""
        self.note_full()
        while True:
            threading.Event().wait()

    def is_back(self) -> bool:
        """Whether there was none and is some now."""
        if looks_full(self.folder):
            self._was_full.set()
            return False
        return self._was_full.is_set() and takes_bytes(self.folder)
