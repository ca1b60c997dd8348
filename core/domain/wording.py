"""Whether words were said: quotes letter for letter, claims by the words they share. Spaces, case
and punctuation never count: transcribers make them up, and Korean spacing is anybody's choice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import accumulate

from core.domain import numerals
from core.domain.common_words import ENDINGS, IRREGULAR, LIGHT, NEVER_ALONE

_APOSTROPHES = re.compile(r"['’‘`´]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"(?<=\d)[.](?=\d)")
_NOT_WORD = re.compile(r"[^\w\uf8ff]|_")
_FILLERS = frozenset(("um", "uh", "uhm", "erm", "hmm", "mm", "음", "어", "아", "에", "엄"))
_SCRIPTS = re.compile(r"[가-힣]+|[^\W\d_가-힣]+")
_COUNTED = re.compile(r"\d+[가-힣]{0,4}(?: 원[가-힣]{0,3})?")
_NUMERAL = re.compile(
    r"[일이삼사오육칠팔구십백천만억조]{2,}(?:원|명|월|일|년|시|분|개|퍼센트|프로)?"
    r"(?:까지|은|는|이|가|을|를|에|의|로|으로)?"
    r"|원(?:으로|까지|정도|입니다|이고|이며|이라고|을|은|에|씩)"
)
_SUFFIX = re.compile(r"(?:ations?|ing|ed|es|s|ly|e)$")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` in small letters, without punctuation, with single spaces; 1,000 is 1000 and 3.5 stays
    apart from 35."""
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    text = _DECIMAL.sub("\uf8ff", _THOUSANDS.sub("", text))
    return " ".join(_NOT_WORD.sub(" ", text).split())


def has_words(text: str) -> bool:
    """Is there a letter or a digit? Models write items of nothing but marks."""
    return any(map(str.isalnum, text))


def is_telling(quote: str) -> bool:
    """Does a quote say anything: three letters, and more than "yes, okay" or a lone "the"?"""
    words = fold(quote).split()
    letters = sum(map(len, words))
    return letters >= 3 and any(word not in NEVER_ALONE for word in words)


def says(text: str, quote: str) -> bool:
    """Does `quote` stand in `text`, word for word? Numbers at its edges must be whole ones."""
    said, wanted = fold(text), fold(quote)
    if not wanted:
        return False
    found = (
        f" {wanted} " in f" {said} "
        or _says_unspaced(said, wanted)
        or _says_unspaced(_without_fillers(said), _without_fillers(wanted))
    )
    return found and not numerals.missing(quote, source=text)


def content(text: str, *, names: Collection[str] = ()) -> frozenset[str]:
    """The words of a text that carry its matter, shortened so that inflected forms meet: not the
    grammar, not days and numbers, not what every set of minutes says ("agreed", "논의")."""
    keys = (_key(stem) for stem in stems(text, names=frozenset(names)))
    return frozenset(key for key in keys if len(key) > 1 and key not in _LIGHT_KEYS)


def shared(claim: frozenset[str], text: str) -> int:
    """How many of the content words of a claim stand in `text`."""
    own = content(text)
    unspaced = fold(text).replace(" ", "")
    return sum(key in own or (_is_hangul(key) and key in unspaced) for key in claim)


def _says_unspaced(said: str, wanted: str) -> bool:
    words = said.split()
    edges = {0, *accumulate(map(len, words))}
    joined, needle = "".join(words), wanted.replace(" ", "")
    place = joined.find(needle) if needle else -1
    while place >= 0:
        end = place + len(needle)
        opens = place in edges or _is_hangul(needle[0])
        closes = end in edges or _is_hangul(needle[-1])
        if opens and closes:
            return True
        place = joined.find(needle, place + 1)
    return False


def _without_fillers(folded: str) -> str:
    return " ".join(word for word in folded.split() if word not in _FILLERS)


def stems(text: str, *, names: frozenset[str] = frozenset()) -> Iterator[str]:
    """The words that carry a text's matter, whole but for their endings: see `content`."""
    for word in _SCRIPTS.findall(_COUNTED.sub(" ", fold(text))):
        if word in names or word in LIGHT or _NUMERAL.fullmatch(word):
            continue
        stem = _korean_stem(word) if _is_hangul(word) else _english_stem(word)
        if stem not in names and not (_is_hangul(word) and stem in LIGHT):
            yield stem


def _key(stem: str) -> str:
    return _korean_key(stem) if _is_hangul(stem) else stem[:5]


@lru_cache(maxsize=16384)
def _english_stem(word: str) -> str:
    word = IRREGULAR.get(word, word)
    stem = _SUFFIX.sub("", word) if len(word) > 3 else word
    if len(stem) < 3:
        stem = word
    if len(stem) > 3 and stem[-1] == stem[-2]:
        stem = stem[:-1]
    return stem


@lru_cache(maxsize=16384)
def _korean_stem(word: str) -> str:
    """A word without its particles and endings, two syllables at least."""
    while len(word) > 2:
        shorter = ENDINGS.sub("", word)
        if len(shorter) < 2 or shorter == word:
            break
        word = shorter
    return word


def _korean_key(stem: str) -> str:
    """The first two syllables, the second without its final consonant: 보내기로, 보낼게요 and
    보냈다 are one."""
    if len(stem) < 2:
        return ""
    second = ord(stem[1]) - 0xAC00
    return stem[0] + chr(0xAC00 + second - second % 28)


def _is_hangul(text: str) -> bool:
    return "가" <= text[:1] <= "힣"


_LIGHT_KEYS = frozenset(_korean_key(word) for word in LIGHT if _is_hangul(word)) - {""}
