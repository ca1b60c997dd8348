"""Minutes by a language model: read into items (model_reader), looked through once more for what
was overlooked (second_look), then a summary written from what code could check (model_prose).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.minutes import Item
from core.engines.base import CheckCancelled, Extractor, LanguageModel
from core.prompts import neutral, render
from core.services.calls import ModelCalls
from core.services.model_prose import ModelProse, rules_for
from core.services.model_reader import ModelReader
from core.services.second_look import SecondLook
from core.services.style_size import told_of_style
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

_A_LANGUAGE = re.compile(
    r"한국어|한글|국문|영어|영문|일본어|중국어|[가-힣]어로|\b(?:language|korean|english|japanese|chinese"
    r"|german|french|spanish)\b",
    re.IGNORECASE,
)
"""A style that names a language may ask for another one than the meeting's."""


@dataclass(frozen=True)
class ModelWriter:
    """Writes with `model`; every call goes through `calls`. `extractor` knows the words by which
    people decide and hand out work."""

    model: LanguageModel
    calls: ModelCalls
    readings: Readings
    extractor: Extractor

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

    def look_again(
        self,
        material: Material,
        found: Sequence[Item],
        *,
        spans: Sequence[tuple[int, int]],
        check: CheckCancelled,
    ) -> PartRead | None:
        """One short question more about lines that sound like a decision or an action."""
        look = SecondLook(
            model=self.model,
            calls=self.calls,
            readings=self.readings,
            extractor=self.extractor,
        )
        return look.read(material, found, spans=spans, check=check)

    def summarise(
        self, material: Material, items: Sequence[Item], *, voice: Voice, check: CheckCancelled
    ) -> Summary:
        """Prose from verified items. Where none could be verified, nothing is asked of the
        model."""
        solid = [item for item in items if item.verified]
        rules = rules_for(material.language)
        if voice.template.focus:
            rules += "\n\n" + render("minutes_focus", focus=neutral(voice.template.focus))
        system = compose_system(rules=rules, style=voice.style, remembered=voice.remembered)
        if not solid:
            return Summary(text="", system=system, notices=("nothing_verified",))
        prose = ModelProse(
            model=self.model,
            calls=self.calls,
            material=material,
            system=system,
            check=check,
            any_language=bool(_A_LANGUAGE.search(voice.style or "")),
        )
        text = prose.write(solid)
        told = told_of_style(tuple(prose.notices), voice.style, self.model)
        return Summary(text=text, system=system, notices=tuple(told))

    def _reader(self) -> ModelReader:
        return ModelReader(model=self.model, calls=self.calls, readings=self.readings)
