"""What `--help` says, in the reader's language. argparse's own few words are English."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from core.messages import say

_HEADINGS = {"options": "help_options", "positional arguments": "help_positionals"}


class HelpFormatter(argparse.HelpFormatter):
    """argparse's layout, with headings of ours."""

    def __init__(self, prog: str, *, language: str) -> None:
        super().__init__(prog)
        self._language = language

    def start_section(self, heading: str | None) -> None:
        """A group of arguments; those that argparse makes have English names."""
        known = _HEADINGS.get(heading or "")
        super().start_section(say(f"cli.{known}", self._language) if known else heading)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """How the command is written."""
        if prefix is None:
            prefix = f"{say('cli.help_usage', self._language)}: "
        super().add_usage(usage, actions, groups, prefix)
