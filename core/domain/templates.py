"""Kinds of minutes: which sections, in which order, and what the prose should dwell on.

A template chooses sections and focus, the person's style chooses the voice. Neither can hide what
was found: a section that a template does not name stands at the end where it holds anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.domain.kinds import ItemKind

_ALL = (
    ItemKind.TOPIC,
    ItemKind.DECISION,
    ItemKind.ACTION,
    ItemKind.QUESTION,
    ItemKind.FACT,
)
_USUAL = _ALL[1:]
"""Topics are the summary's thread: they are printed where there are some, never missed."""


@dataclass(frozen=True, slots=True)
class Template:
    """`key` names a built-in one ("general", "standup", …) or is the id of a person's own.

    `name` is "" for built-in ones, whose name is a message. `titles` are headings that differ from
    the usual ones. `focus` tells the writer of the prose what matters; "" adds nothing.
    """

    key: str
    name: str = ""
    sections: tuple[ItemKind, ...] = _USUAL
    titles: Mapping[ItemKind, str] = field(default_factory=dict)
    focus: str = ""

    def order(self) -> tuple[ItemKind, ...]:
        """All kinds: the chosen ones first, then the rest."""
        return (*self.sections, *(kind for kind in _ALL if kind not in self.sections))

    def as_json(self) -> dict[str, Any]:
        """This template as plain JSON: minutes keep it as it was when they were written."""
        return {
            "key": self.key,
            "name": self.name,
            "sections": [kind.value for kind in self.sections],
            "titles": {kind.value: title for kind, title in self.titles.items()},
            "focus": self.focus,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Template:
        """The template that `as_json` wrote."""
        return cls(
            key=stored["key"],
            name=stored["name"],
            sections=tuple(ItemKind(kind) for kind in stored["sections"]),
            titles={ItemKind(kind): title for kind, title in stored["titles"].items()},
            focus=stored["focus"],
        )


GENERAL = Template(key="general")
"""What minutes are where nothing else was chosen."""
