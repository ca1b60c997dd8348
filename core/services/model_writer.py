"""Minutes by a language model: read into items (model_reader), then a summary written from the
items that code could check (model_prose).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.minutes import Item
from core.engines.base import CheckCancelled, LanguageModel
from core.prompts import neutral, render
from core.services.calls import ModelCalls
from core.services.model_prose import ModelProse, rules_for
from core.services.model_reader import ModelReader
from core.services.system_prompt import compose_system
from core.services.writers import (
    Heard,
    Material,
    Part,
    PartRead,
    Readings,
    Summary,
    Voice,
    unheard,
)


@dataclass(frozen=True)
class ModelWriter:
    """Writes with `model`; every call goes through `calls`."""

    model: LanguageModel
    calls: ModelCalls
    readings: Readings

    @property
    def name(self) -> str:
        """The engine's name."""
        return self.model.name

    def plan(self, material: Material, *, check: CheckCancelled) -> list[tuple[int, int]]:
        """As few parts as fit the context window, cut between utterances."""
        return self._reader().plan(material, check=check)

    def read(
        self, material: Material, *, part: Part, check: CheckCancelled, heard: Heard = unheard
    ) -> PartRead:
        """Items of one part, not yet checked against the transcript."""
        return self._reader().read(material, part=part, check=check, heard=heard)

    def summarise(
        self, material: Material, items: Sequence[Item], *, voice: Voice, check: CheckCancelled
    ) -> Summary:
        """Prose from verified items. Where none could be verified, nothing is asked of the
        model."""
        solid = [item for item in items if item.verified]
        rules = rules_for(material.language)
        if voice.template.focus:
            rules += "\n\n" + render("minutes_focus", focus=neutral(voice.template.focus))
        system = compose_system(rules=rules, style=voice.style)
        if not solid:
            return Summary(text="", system=system, notices=("nothing_verified",))
        prose = ModelProse(
            model=self.model, calls=self.calls, material=material, system=system, check=check
        )
        text = prose.write(solid)
        return Summary(text=text, system=system, notices=tuple(prose.notices))

    def _reader(self) -> ModelReader:
        return ModelReader(model=self.model, calls=self.calls, readings=self.readings)
