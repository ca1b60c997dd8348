"""Everything a person reads, in Korean and English: `<language>/<area>.toml`, keys `area.name`.

An area may be split over files: `errors-media.toml` belongs to `errors`. Texts hold `{slots}`. A
test proves that both languages have the same keys and slots.
"""

from __future__ import annotations

import string
import tomllib
from functools import lru_cache
from importlib import resources

from core.messages.particles import settle_particles

LANGUAGES = ("ko", "en")
DEFAULT_LANGUAGE = "en"


def say(key: str, language: str, **facts: object) -> str:
    """The text of `key` ("area.name") in `language`, its slots filled from `facts`.

    An unknown language falls back to English; an unknown key or a missing slot raises KeyError,
    because that is our mistake and a test must see it.
    """
    text = catalogue(language)[key]
    filled = string.Formatter().vformat(text, (), facts)
    return settle_particles(filled) if choose_language(language) == "ko" else filled


def choose_language(wanted: str | None) -> str:
    """The language we speak that is nearest to a locale such as "ko-KR"; English otherwise."""
    prefix = (wanted or "").replace("_", "-").split("-")[0].lower()
    return prefix if prefix in LANGUAGES else DEFAULT_LANGUAGE


@lru_cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language by key."""
    folder = resources.files("core.messages") / choose_language(language)
    texts: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        area = file.name.removesuffix(".toml").split("-")[0]
        for name, text in tomllib.loads(file.read_text(encoding="utf-8")).items():
            texts[f"{area}.{name}"] = text
    return texts
