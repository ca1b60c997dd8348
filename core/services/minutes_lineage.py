"""What became of changes by hand, and of items, from version to version of minutes."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.minutes import Draft, Item
from core.store.minutes_history import VersionMade

EDITED, RESTORED = "edited", "restored"


def edited_version(history: Sequence[VersionMade]) -> int | None:
    """The newest version where it holds changes by hand, None where it doesn't. `history` is newest
    first."""
    made = {one.version: one for one in history}
    if not history or not _holds_edits(history[0].version, made):
        return None
    return history[0].version


def edits_left_behind(history: Sequence[VersionMade]) -> int | None:
    """The version whose changes by hand are not in the newest one, because an engine wrote anew
    since; None where there is none. `history` is newest first."""
    made = {one.version: one for one in history}
    before = next((one for one in history if one.origin in (EDITED, RESTORED)), None)
    if before is None or before is history[0]:
        return None
    if not _holds_edits(before.version, made):
        return None
    in_newest = {one.version for one in _line(history[0].version, made)}
    return None if before.version in in_newest else before.version


def _holds_edits(version: int, made: dict[int, VersionMade]) -> bool:
    return any(one.origin == EDITED for one in _line(version, made))


def _line(version: int | None, made: dict[int, VersionMade]) -> list[VersionMade]:
    """A version and what it is based on, back to what an engine wrote."""
    line = []
    while version is not None and version in made:
        line.append(made[version])
        version = made[version].based_on
    return line


def counterpart(item: Item, draft: Draft) -> int | None:
    """Where an item of one version stands in another: the same one, else the only one of its kind
    that rests on the same utterances. None where it is not there any more."""
    same = [at for at, one in enumerate(draft.items) if one == item]
    alike = [
        at
        for at, one in enumerate(draft.items)
        if one.kind is item.kind and one.utterances and one.utterances == item.utterances
    ]
    if same:
        return same[0]
    return alike[0] if len(alike) == 1 else None
