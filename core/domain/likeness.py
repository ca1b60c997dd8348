"""How alike two pieces of text sound, Korean and English, by their letters alone.

A word that was misheard sounds like the word that was said; a word that sounds otherwise was not
misheard. Hangul is compared by its jamo, Latin by its letters and by a rough key of its sound, one
script with the other by the consonants. No dictionary, no vendor.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_CONSONANTS = {
    sign: group[-1]
    for group in ("ㄱㄲㅋk", "ㄴㅇn", "ㄷㄸㅌt", "ㄹl", "ㅁm", "ㅂㅃㅍp", "ㅅㅆs", "ㅈㅉㅊj", "ㅎh")
    for sign in group[:-1]
}
"""Consonants that are told apart poorly have one letter. A final ㅇ; an initial one is silent."""
_VOWELS = {
    sign: group[-1]
    for group in ("ㅏㅑㅘa", "ㅐㅔㅒㅖㅙㅚㅞe", "ㅓㅗㅕㅛㅝo", "ㅜㅡㅠu", "ㅣㅟㅢi")
    for sign in group[:-1]
}
_HOMOPHONES = tuple(
    frozenset(group)
    for group in ("ㅐㅔ", "ㅔㅖ", "ㅒㅖ", "ㅚㅙㅞ", "ㅢㅣ", "ㄱㄲ", "ㄷㄸ", "ㅂㅃ", "ㅅㅆ", "ㅈㅉ")
)
"""Jamo that most speakers do not tell apart, or only just."""
_ONE_FINAL = tuple(frozenset(group) for group in ("ㄱㄲㅋ", "ㄷㅅㅆㅈㅊㅌ", "ㅂㅍ"))
"""Finals that are one sound."""
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = (
    *("", "ㄱ", "ㄲ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ"),
    *(
        "ㄹㅌ",
        "ㄹㅍ",
        "ㄹㅎ",
        "ㅁ",
        "ㅂ",
        "ㅂㅅ",
        "ㅅ",
        "ㅆ",
        "ㅇ",
        "ㅈ",
        "ㅊ",
        "ㅋ",
        "ㅌ",
        "ㅍ",
        "ㅎ",
    ),
)
_HANGUL = re.compile(r"[가-힣]")
_LATIN = re.compile(r"[a-z]")
_ENGLISH = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:wr|rh)", "r"), (r"^(?:kn|gn|pn)", "n"), (r"^ps", "s"), (r"ight", "it"),
        (r"tion|sion", "xn"), (r"ph", "f"), (r"gh", ""), (r"ck|qu|q", "k"), (r"ch|sh", "x"),
        (r"c(?=[eiy])", "s"), (r"c", "k"), (r"dge|ge(?=$)", "j"), (r"wh", "w"), (r"mb$", "m"),
        (r"(?:ea|ee|ie|ei|ey|y$)", "i"), (r"(?:ai|ay)", "a"), (r"(?:oo|ou|ew)", "u"),
        (r"(?:oa|ow|au|aw)", "o"), (r"(?<=[a-z]{2})e$", ""), (r"(.)\1", r"\1"),
    )
)  # fmt: skip
_SKELETON = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"tion|sion", "sn"), (r"th|sh", "s"), (r"ph", "p"), (r"gh(?=$|t)", ""), (r"ck|qu|q", "k"),
        (r"ch|dge", "j"), (r"x", "ks"), (r"c(?=[eiy])", "s"), (r"c|g", "k"), (r"[fvb]", "p"),
        (r"d", "t"), (r"z", "j"), (r"r(?=$|[^aeiouy])", ""), (r"r", "l"), (r"[aeiouwy]", ""),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
_UNSTRESSED = re.compile(r"(?<=[a-z]{4})[aeiou](?=(?:l|r|nt|ns)$)")
_SOUND_ALIKE = tuple(
    frozenset(group.split())
    for group in (
        "their there theyre", "your youre", "hear here", "sight site cite",
        "role roll", "brake break", "wait weight", "plain plane", "fair fare", "pair pear pare",
        "board bored", "course coarse", "weather whether", "passed past", "patience patients",
        "threw through", "hour our", "sent cent scent", "cell sell", "cue queue", "sink sync",
        "bite byte", "poor pour", "way weigh", "week weak", "which witch",
        "root route", "stake steak", "tale tail", "vary very", "bear bare", "allowed aloud",
        "council counsel", "presence presents", "steel steal", "waist waste", "great grate",
        "tier tear", "pole poll", "whole hole", "main mane", "mail male", "made maid",
    )
)  # fmt: skip
"""Spelt so differently that the rules above do not see it."""
_FEWEST_CONSONANTS = 2
"""With fewer, one script says too little of the other."""


def letters(text: str) -> str:
    """The letters and digits of a text, small, without blanks and punctuation."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return "".join(character for character in composed if character.isalnum())


def unlikeness(one: str, other: str) -> float:
    """From 0 (they sound the same) to 1 (nothing in common)."""
    first, second = letters(one), letters(other)
    if first == second:
        return 0.0
    if not first or not second:
        return 1.0
    if _scripts(first) != _scripts(second):
        return _share(_skeleton(one), _skeleton(other), fewest=_FEWEST_CONSONANTS)
    spelt = _share(_jamo(first), _jamo(second))
    if _HANGUL.search(first):
        return spelt
    return min(spelt, _share(_english(one), _english(other)))


def same_sound(one: str, other: str) -> bool:
    """Are two words of one script told apart by nothing that is heard ("결재" and "결제", "cash"
    and "cache")? Stricter than `unlikeness`, which tells what may have been misheard."""
    first, second = letters(one), letters(other)
    if first == second:
        return True
    if _scripts(first) != _scripts(second):
        return False
    if not _HANGUL.search(first):
        keys = {_UNSTRESSED.sub("", _english(word)) for word in (first, second)}
        return len(keys) == 1 or any({first, second} <= group for group in _SOUND_ALIKE)
    if len(first) != len(second):
        return False
    return all(_is_homophone(*both) for both in zip(first, second, strict=True))


def skeleton(text: str) -> str:
    """The consonants that are heard of a text, in letters that both scripts share: what sounds
    alike has mostly the same. For an index; `unlikeness` judges."""
    return _skeleton(text)


def english_sound(text: str) -> str:
    """A rough key of how Latin letters sound: "cash" and "cache" share one. For an index, too."""
    return _english(text)


def alike_but_for_one(one: str, other: str) -> bool:
    """Does one letter or jamo at most make the difference?"""
    return distance(_jamo(letters(one)), _jamo(letters(other))) <= 1


def _is_homophone(one: str, other: str) -> bool:
    if one == other:
        return True
    if not (_HANGUL.match(one) and _HANGUL.match(other)):
        return False
    *first, final = _syllable(one)
    *second, other_final = _syllable(other)
    ends = final == other_final or any({final, other_final} <= group for group in _ONE_FINAL)
    return ends and all(
        sign == wanted or any({sign, wanted} <= group for group in _HOMOPHONES)
        for sign, wanted in zip(first, second, strict=True)
    )


def distance(one: Sequence[str], other: Sequence[str]) -> float:
    """Edit distance: 1 for each sign put in, left out or exchanged, half for two jamo that are
    easily misheard for each other."""
    row = [float(place) for place in range(len(other) + 1)]
    for count, sign in enumerate(one, start=1):
        before, row[0] = row[0], float(count)
        for place, wanted in enumerate(other, start=1):
            exchanged = before + _cost(sign, wanted)
            before = row[place]
            row[place] = min(exchanged, row[place] + 1, row[place - 1] + 1)
    return row[-1]


def _cost(one: str, other: str) -> float:
    if one == other:
        return 0.0
    for alike in (_VOWELS, _CONSONANTS):
        if one in alike and alike[one] == alike.get(other):
            return 0.5
    return 1.0


def _share(one: Sequence[str], other: Sequence[str], *, fewest: int = 1) -> float:
    if min(len(one), len(other)) < fewest:
        return 1.0
    return distance(one, other) / max(len(one), len(other))


def _scripts(text: str) -> tuple[bool, bool]:
    return bool(_HANGUL.search(text)), bool(_LATIN.search(text))


def _syllable(character: str) -> tuple[str, str, str]:
    rest, final = divmod(ord(character) - ord("가"), len(_FINALS))
    initial, medial = divmod(rest, len(_MEDIALS))
    return _INITIALS[initial], _MEDIALS[medial], _FINALS[final]


def _jamo(text: str) -> list[str]:
    """Jamo of syllables, other signs as they are. A silent initial counts: it marks a syllable."""
    signs: list[str] = []
    for character in text:
        if _HANGUL.match(character):
            initial, medial, final = _syllable(character)
            signs += [initial, medial, *final]
        else:
            signs.append(character)
    return signs


def _english(text: str) -> str:
    """A rough key of how English words sound: "write" and "right" share one."""
    return "".join(_rewritten(word, _ENGLISH) for word in _words(text))


def _skeleton(text: str) -> str:
    """The consonants that are heard, in the letters both scripts share."""
    kept = ""
    for word in _words(text):
        latin = ""
        for character in word:
            if not _HANGUL.match(character):
                latin += character
                continue
            kept += _rewritten(latin, _SKELETON)
            latin = ""
            initial, _, final = _syllable(character)
            kept += "" if initial == "ㅇ" else _CONSONANTS[initial]
            kept += "".join(_CONSONANTS[sign] for sign in final)
        kept += _rewritten(latin, _SKELETON)
    return kept


def _words(text: str) -> list[str]:
    return [letters(word) for word in text.split()]


def _rewritten(word: str, rules: Sequence[tuple[re.Pattern[str], str]]) -> str:
    for pattern, sound in rules:
        word = pattern.sub(sound, word)
    return word
