"""`python -m core doctor`: what works on this machine, and the speech model fetched on demand."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from core.app import App
from core.cli_people import acting
from core.messages import say
from core.services.doctor import Health
from core.services.people import MACHINE

_SIGNS = {Health.GOOD: "✓", Health.MISSING: "–", Health.BROKEN: "✗"}


def doctor(app: App, parsed: argparse.Namespace, language: str) -> None:
    """Print every finding with the command that mends it."""
    user_id = acting(app, parsed, otherwise=MACHINE)
    if parsed.fetch_speech_model:
        app.engines.fetch_speech_model(
            app.people.choice(user_id, name="whisper_model"), on_download=_show_download(language)
        )
    for finding in app.doctor.examine(user_id, language=language):
        sys.stdout.write(f"{_SIGNS[finding.health]} {finding.sentence}\n")
        if finding.command:
            sys.stdout.write(f"    {finding.command}\n")


def _show_download(language: str) -> Callable[[int, int | None], None]:
    shown = -1

    def show(done: int, total: int | None) -> None:
        nonlocal shown
        percent = 100 * done // total if total else 0
        if percent != shown:
            shown = percent
            sys.stderr.write(f"{say('steps.fetching', language)} ({percent} %)\n")

    return show
