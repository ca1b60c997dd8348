"""Words as a person corrects them: a term without its particle, letters that are read out one by
one ("에이피아이"), and what marks a word as a name."""

from __future__ import annotations

import re

from core.domain.likeness import letters, unlikeness

_EDGES = "\"'“”‘’()[]{}<>«»…,.;:!?~*_`"
_HANGUL = re.compile(r"[가-힣]")
_LATIN = re.compile(r"[A-Za-z]")
_PARTICLES = (
    *("이라고는", "이라고", "라고는", "에서는", "에게는", "이라는", "입니다", "이에요", "이랑은"),
    *(
        "라고",
        "라는",
        "이랑",
        "에서",
        "에게",
        "한테",
        "으로는",
        "으로",
        "까지",
        "부터",
        "마다",
        "처럼",
    ),
    *("보다", "예요", "이고", "이나", "이요", "하고", "께서", "께", "들은", "들이"),
    *(
        "은",
        "는",
        "이",
        "가",
        "을",
        "를",
        "의",
        "에",
        "도",
        "와",
        "과",
        "로",
        "만",
        "랑",
        "요",
        "나",
    ),
)
_PLAIN = frozenset(
    ("이라고", "에서", "에서는", "에게", "한테", "으로", "까지", "부터", "입니다", "을", "를", "는")
)
"""Particles that hardly any name ends in."""
_AFTER_CONSONANT = re.compile(r"^(?:이|은$|을$|과$|으로)")
_AFTER_VOWEL = re.compile(r"^(?:라|는$|가$|를$|와$|로$|랑$|예요$|나$|요$)")
_SAME = tuple(
    frozenset(group.split())
    for group in (
        "은 는", "이 가", "을 를", "과 와", "으로 로", "으로는 로는", "이랑 랑", "이라고 라고",
        "이에요 예요",
        "이라는 라는", "이나 나", "이요 요",
    )
)  # fmt: skip
RANKS = (
    "대리|과장|차장|부장|이사|상무|전무|대표|부?사장|회장|팀장|실장|본부장|주임|사원|책임|선임|수석"
    "|매니저|교수|박사|선생|원장|센터장|파트장|변호사|위원장?|의원|국장|사무관|주무관"
)
_HONOURED = re.compile(rf"(?:(?:{RANKS})님?|님|씨)$")
_RANK_NEXT = re.compile(rf"(?:(?:{RANKS})님?|님|씨)(?![가-힣]{{3}})")
_LETTERS = """
에이 비 씨 디 이 에프 지 에이치 아이 제이 케이 엘 엠 엔 오 피 큐 알 에스 티 유 브이 더블유 엑스 와이
제트 제로 원 투 쓰리 포 파이브 식스 세븐 에이트 나인
"""
_READ_OUT = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz0123456789",
        _LETTERS.split(),
        strict=True,
    )
)
_ACRONYM = re.compile(r"[A-Z0-9/&.-]{2,8}s?")


def has_hangul(text: str) -> bool:
    """Is there a syllable of Hangul in it?"""
    return bool(_HANGUL.search(text))


def has_latin(text: str) -> bool:
    """Is there a Latin letter in it?"""
    return bool(_LATIN.search(text))


def without_edges(text: str) -> str:
    """A phrase without the punctuation and the citations around it. "C++" and "C#" stay."""
    return text.strip(_EDGES + " ")


def bare(heard: str, meant: str) -> tuple[str, str]:
    """Both phrases without punctuation at their edges and the particles and titles they share."""
    old, new = without_edges(heard), without_edges(meant)
    old, new = _without_particle(old, new)
    return _without_title(old, new)


def _without_particle(old: str, new: str) -> tuple[str, str]:
    ending = _ending_of(new, old)
    if not ending:
        return old, new
    new = new[: -len(ending)]
    for other in sorted(_forms_of(ending), key=len, reverse=True):
        if old.endswith(other) and len(letters(old)) - len(other) >= 2:
            return without_edges(old[: -len(other)]), without_edges(new)
    return old, without_edges(new)


def _ending_of(new: str, old: str) -> str:
    """The particle that a phrase ends in: surely behind Latin letters, else one that the heard
    phrase has, too, or that no name ends in."""
    for particle in _PARTICLES:
        rest = new[: -len(particle)]
        if not new.endswith(particle) or len(letters(rest)) < 2 or not _fits(rest, particle):
            continue
        if _LATIN.match(rest[-1]) or rest[-1].isdigit():
            return particle
        if any(old.endswith(form) for form in _forms_of(particle)) or particle in _PLAIN:
            return particle
    return ""


def _fits(rest: str, particle: str) -> bool:
    """Does the particle have the form that it takes behind this sound?"""
    last = rest[-1]
    if not _HANGUL.match(last):
        return True
    final = (ord(last) - ord("가")) % 28
    if particle.startswith(("으로", "로")):
        return particle.startswith("으로") == (final not in (0, 8))
    if final:
        return not _AFTER_VOWEL.match(particle)
    return not _AFTER_CONSONANT.match(particle)


def _forms_of(particle: str) -> frozenset[str]:
    return next((group for group in _SAME if particle in group), frozenset((particle,)))


def _without_title(old: str, new: str) -> tuple[str, str]:
    one, other = _HONOURED.search(old), _HONOURED.search(new)
    if not (one and other) or one.group() != other.group():
        return old, new
    if min(len(letters(old)), len(letters(new))) - len(one.group()) < 2:
        return old, new
    return without_edges(old[: one.start()]), without_edges(new[: other.start()])


def is_titled(meant: str, following: str) -> bool:
    """Does a rank, or a title of politeness, follow the word or end it?"""
    if not has_hangul(meant):
        return False
    inside = _HONOURED.search(_without_particle(without_edges(meant), meant)[0])
    if inside and inside.start() >= 2:
        return True
    return bool(_RANK_NEXT.match(letters(following)))


def sounds_apart(heard: str, meant: str) -> float:
    """How unlike two phrases sound, from 0 to 1; an acronym may have been read out in letters."""
    apart = unlikeness(heard, meant)
    if _ACRONYM.fullmatch(meant) and has_hangul(heard):
        read = "".join(_READ_OUT.get(letter, "") for letter in letters(meant))
        apart = min(apart, unlikeness(letters(heard), read))
    return apart


def is_marked(word: str) -> bool:
    """Is a Latin word written as only names and terms are: GitHub, API, S3, CI/CD?"""
    inner = any(sign.isupper() for sign in word[1:])
    mixed = has_latin(word) and any(sign.isdigit() for sign in word)
    return has_latin(word) and (inner or mixed)
