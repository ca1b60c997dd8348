"""`python -m core backup` and `restore`. They tell where they are on standard error: on a terminal
in one line that is written over, elsewhere a line a step."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from filelock import Timeout

from core.app import App
from core.errors import ConfigError, InvalidInput
from core.messages import say
from core.services.archive import Tell, opened
from core.services.backup import Backup
from core.services.restoring import Restoring
from core.services.time_zones import local_time_zone
from core.settings import Settings
from core.store.database import is_shared
from core.worker.lock import worker_lock

_SHOWN_NAMES = 10


def backup(app: App, parsed: argparse.Namespace, language: str) -> None:
    """Write a backup and tell what it holds."""
    shown = _Shown(language)
    with shown:
        kept = Backup(app.database, app.settings.folder).write(
            Path(parsed.file),
            replace=parsed.force,
            with_recordings=not parsed.without_recordings,
            tell=shown.tell,
        )
    if kept.lost:
        shown.say("backup_lost", names=_listed(kept.lost))
    if kept.damaged:
        shown.say("backup_damaged", names=_listed(kept.damaged))
    if parsed.without_recordings:
        shown.say("backup_no_recordings")
    size = f"{kept.size / 1024**2:,.1f} MB"
    counts = {"meetings": kept.meetings, "recordings": kept.recordings}
    shown.say("backup_done", file=parsed.file, size=size, **counts)


def restore(settings: Settings, parsed: argparse.Namespace, language: str) -> None:
    """Put a backup back; no worker starts meanwhile."""
    shown = _Shown(language)
    source = Path(parsed.file).expanduser()
    with opened(source):  # what is no backup is told before what runs in the way
        pass
    restoring = Restoring(settings.folder, settings.database, settings.jobs_database)
    try:
        with shown, worker_lock(settings.folder, shared=is_shared(settings.database)):
            done = restoring.restore(source, force=parsed.force, tell=shown.tell)
    except OSError as error:
        if not isinstance(error, Timeout):
            facts = {"folder": str(settings.folder), "reason": error.strerror}
            raise ConfigError("data_folder", **facts) from error
        raise InvalidInput("backup_in_use", folder=str(settings.folder)) from error
    made_at = datetime.fromisoformat(done.made_at).astimezone(ZoneInfo(local_time_zone()))
    counts = {"meetings": done.meetings, "recordings": done.recordings}
    shown.say("restored", made_at=f"{made_at:%Y-%m-%d %H:%M}", **counts)
    if done.aside:
        shown.say("restored_aside", folder=str(done.aside))


class _Shown:
    """What a person at the terminal sees. A line that is written over goes with its block."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.tell: Tell = self._tell
        self._on_terminal = sys.stderr.isatty()
        self._last = ""

    def _tell(self, step: str, share: float) -> None:
        line = f"{say(f'cli.backup_{step}', self.language)} …"
        if self._on_terminal:
            line = f"{line} {share:4.0%}"
        if line != self._last:
            sys.stderr.write(f"\r\x1b[K{line}" if self._on_terminal else f"{line}\n")
            sys.stderr.flush()
            self._last = line

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        if self._on_terminal and self._last:
            sys.stderr.write("\r\x1b[K")

    def say(self, key: str, **facts: object) -> None:
        """One sentence."""
        sys.stderr.write(f"{say(f'cli.{key}', self.language, **facts)}\n")


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _SHOWN_NAMES
    return ", ".join(names[:_SHOWN_NAMES]) + (f" … (+{more})" if more > 0 else "")
