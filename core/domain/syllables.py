"""How many syllables a text takes to say, at least: what speaking rates are counted in, because
Korean and English words cannot be compared."""

from __future__ import annotations

import re

_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_WORD = re.compile(r"[a-z']+", re.IGNORECASE)
_VOWELS = re.compile(r"[aeiouy]+", re.IGNORECASE)
_SILENT_E = re.compile(r"(?<![aeiouyl])e$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_OTHER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def syllables(text: str) -> int:
    """At least so many: a digit counts as one ("2026" is five), a word without a vowel too."""
    english = sum(_of_word(word) for word in _WORD.findall(text))
    return english + sum(len(one.findall(text)) for one in (_HANGUL, _DIGIT, _OTHER))


def _of_word(word: str) -> int:
    return max(1, len(_VOWELS.findall(_SILENT_E.sub("", word))))
