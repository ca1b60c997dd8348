"""Whether a correction does just what a person's glossary says: a form that a term is misheard as
becomes that term. Then it need not sound like it, and no name is too dear for it: the person named
both. Numbers, negations and days stay as they were said even so (corrections).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.domain.likeness import letters

_PARTICLES = re.compile(
    r"(?:이라고|라고|이랑|에서|에게|한테|으로|까지|부터|마다|처럼|보다|입니다|이에요|예요|이고|은|는|이|가|을|를"
    r"|의|에|도|와|과|로|만|랑|나|이나|요|님|씨|s)*"
)
_AFTER_CONSONANT = {
    "은": "는", "이": "가", "을": "를", "과": "와", "으로": "로", "이랑": "랑", "이라고": "라고",
    "이에요": "예요", "이나": "나",
}  # fmt: skip
"""Particles that follow a consonant, and what they are behind a vowel: a term may end otherwise
than what was heard."""


def is_named(
    was: Sequence[str], becomes: Sequence[str], heard: Mapping[str, Sequence[str]]
) -> bool:
    """Do these words become those by one term put for one of its misheard forms (`heard`: forms by
    term), with nothing else changed but the sound of a particle?"""
    old, written = letters("".join(was)), " ".join(becomes)
    new = letters("".join(becomes))
    return any(
        _is_put_for(form, term, old=old, new=new)
        for term, forms in heard.items()
        if term in written
        for form in forms
    )


def _is_put_for(form: str, term: str, *, old: str, new: str) -> bool:
    misheard, meant = letters(form), letters(term)
    if not misheard or not meant or not old.startswith(misheard) or not new.startswith(meant):
        return False
    before, after = old[len(misheard) :], new[len(meant) :]
    if not _PARTICLES.fullmatch(before) or not _PARTICLES.fullmatch(after):
        return False
    return before == after or after in (_AFTER_CONSONANT.get(before), _before_vowel(before))


def _before_vowel(particle: str) -> str | None:
    return next((one for one, other in _AFTER_CONSONANT.items() if other == particle), None)
