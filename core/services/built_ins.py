"""The kinds of minutes that come with the program: one file a language under `core/templates`.

`general` has no file: it is what minutes are where nothing was chosen (domain.templates.GENERAL).
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

from core.domain.kinds import ItemKind
from core.domain.templates import GENERAL, Template
from core.messages import choose_language, say

KEYS = (GENERAL.key, "standup", "one_to_one", "interview", "lecture", "customer_call")
"""In the order they are offered."""


@lru_cache
def built_in(key: str, language: str) -> Template:
    """The built-in template `key` for minutes in `language`; KeyError where there is none."""
    if key == GENERAL.key:
        return GENERAL
    if key not in KEYS:
        raise KeyError(key)
    file = resources.files("core") / "templates" / choose_language(language) / f"{key}.toml"
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return Template(
        key=key,
        sections=tuple(ItemKind(kind) for kind in read["sections"]),
        titles={ItemKind(kind): title for kind, title in read["titles"].items()},
        focus=read["focus"].strip(),
    )


def in_language(template: Template, language: str) -> Template:
    """The template as it is for minutes in `language`: a built-in one speaks both, a person's own
    stays as they wrote it."""
    known = template.key in KEYS and not template.name
    return built_in(template.key, language) if known else template


def template_name(template: Template, language: str) -> str:
    """What a reader calls it. A key that this release does not know stands for itself."""
    if template.name:
        return template.name
    return say(f"templates.{template.key}", language) if template.key in KEYS else template.key
