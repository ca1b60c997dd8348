"""Texts to begin a style with, each thought through as a model reads it. They are messages, in the
language of the person who chooses; how minutes are to be written is theirs to change."""

from __future__ import annotations

from dataclasses import dataclass

from core.messages import say

STARTERS = (
    "bullets",
    "executive",
    "actions",
    "engineer",
    "absent",
    "notes",
    "polite",
    "english",
)


@dataclass(frozen=True, slots=True)
class Starter:
    """One of STARTERS in words: its name, what it is for, and the text."""

    key: str
    name: str
    what: str
    text: str


def starter(key: str, language: str) -> Starter:
    """The starter of that key, in "ko" or "en"."""
    name, what, text = (
        say(f"styles.starter_{key}_{part}", language) for part in ("name", "what", "text")
    )
    return Starter(key=key, name=name, what=what, text=text.strip())
