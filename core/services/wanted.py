"""What minutes are asked for, fixed at the moment of asking and carried in the job's input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.domain.templates import GENERAL, Template
from core.services.built_ins import in_language

MEETINGS_OWN = "meeting"
"""Where a language may be chosen: the one that was spoken."""

NO_STYLE = "none"
"""Where one of the person's styles may be chosen: none of them."""


@dataclass(frozen=True, slots=True)
class WritingWanted:
    """`llm` names the engine, `style_version` the person's style (None: none), `language` what to
    write in (None: the meeting's own).

    With `base` a version's missing `gap` (first and last utterance) is read, and all else of that
    version stays. With `correct` the model corrects what was heard before the minutes are written.
    """

    llm: str
    style_version: int | None
    template: Template = GENERAL
    language: str | None = None
    base: int | None = None
    gap: tuple[int, int] | None = None
    correct: bool = False

    def in_language_of(self, spoken: str | None) -> WritingWanted:
        """This with a built-in template as it is for the language that will be written in;
        `spoken` is the meeting's, None where unknown."""
        language = self.language or spoken
        if language is None:
            return self
        return replace(self, template=in_language(self.template, language))

    def as_json(self) -> dict[str, Any]:
        """For a job's input."""
        return {
            "llm": self.llm,
            "style_version": self.style_version,
            "template": self.template.as_json(),
            "language": self.language,
            "base": self.base,
            "gap": list(self.gap) if self.gap else None,
            "correct": self.correct,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> WritingWanted:
        """What `as_json` wrote; jobs of the first release have only the first two."""
        template, gap = stored.get("template"), stored.get("gap")
        return cls(
            llm=stored["llm"],
            style_version=stored["style_version"],
            template=Template.from_json(template) if template else GENERAL,
            language=stored.get("language"),
            base=stored.get("base"),
            gap=(gap[0], gap[1]) if gap else None,
            correct=stored.get("correct", False),
        )
