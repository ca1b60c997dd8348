"""Content terms of mixed Korean and English text, for ranking and for search.

English words are lower-cased and stemmed (Snowball's English stemmer, Porter 2001); Korean ones
are the content morphemes of `core.engines.korean`. Numbers spelt out become digits, so that
"fifteen percent" finds "15%". Stopwords of both languages are left out. Order is not kept.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer  # type: ignore[import-untyped]

from core.engines.korean import Korean, Morpheme, shared_korean

_WORD = re.compile(
    r"\d+(?:[.,:]\d+)*|[^\W\d_\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]+(?:['’][a-z]+)?\d*"
)
_LONGEST = 40
_stemmer = EnglishStemmer()
_stemmer_lock = threading.Lock()


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Function words, and the words that every meeting is full of.
ENGLISH_STOPWORDS = _listed("""
    a about above actually after again against ain all almost already alright also although always
    am an and another any anybody anyone anything anyway are aren't around as at away back
    basically be because been before being below between both but by bye came can can't cannot
    cause come comes coming could couldn't course did didn't do does doesn't doing don don't done
    down during each either else em er erm even ever every everybody everyone everything exactly
    fact few fine first for from further get gets getting give go goes going gonna good got gotta
    great guess had hadn't has hasn't have haven't having he he'll he's hello her here here's hers
    herself hey hi him himself his hm hmm how how's however huh i i'd i'll i'm i've if in indeed
    into is isn't it it'll it's its itself just kay kind kinda know last least less let let's like
    little ll look lot lots made make makes many maybe me mean means might mine mm mmhmm more most
    much must my myself nah never no nobody none nope nor not nothing now of off oh ok okay on
    once one ones only onto or other others otherwise ought our ours ourselves out over own
    perhaps please pretty probably put quite rather re really right said same saw say saying says
    see seem seems seen shall she she's should shouldn't since so some somebody somehow someone
    something sometimes somewhat sorry sort still stuff such sure take takes talk than thank
    thanks that that'll that's the their theirs them themselves then there there's these they
    they'd they'll they're they've thing things think this those though thought through til till
    to too uh uhhuh um under until up upon us use ve very want wanted wants was wasn't way we we'd
    we'll we're we've welcome well went were weren't what what's whatever when where whether which
    while who who's whole whom whose why will with within without won't would wouldn't wow yea
    yeah yep yes yet you you'd you'll you're you've your yours yourself
""")

# Morphemes that carry little alone: light verbs, "thing", "time", honorifics, fillers.
KOREAN_STOPWORDS = _listed("""
    것 거 수 때 등 점 중 그것 이것 저것 여기 거기 저기 누구 무엇 뭐 어디 언제 우리 저희 생각 말씀
    말 부분 경우 정도 지금 이제 그때 다음 이번 저번 감사 안녕 네 예 음 어 아 그냥 진짜 정말 약간
    조금 일단 하다 되다 있다 없다 같다 보다 주다 가다 오다 알다 모르다 그렇다 이렇다 저렇다 어떻다
    어떠하다 그러다 이러다 어쩌다 않다 드리다 받다 대하다 위하다 관하다 말다 싶다 계시다 이다
    아니다 나오다 들다 많다 좋다 맞다 때문 만큼 이상 가지 의하다 통하다 따르다 말하다
""")

_ONES = "zero one two three four five six seven eight nine"
_TEENS = """ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH_NUMBERS = {
    **{word: number for number, word in enumerate(f"{_ONES} {_TEENS}".split())},
    **{word: number for number, word in zip(range(20, 100, 10), _TENS.split(), strict=True)},
}
_ENGLISH_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_KOREAN_DIGITS = {digit: number for number, digit in enumerate("영일이삼사오육칠팔구")}
_KOREAN_SCALES = {"십": 10, "백": 100, "천": 1_000}
_KOREAN_MYRIADS = {"만": 10_000, "억": 100_000_000}
_KOREAN_NUMBER = re.compile("[영일이삼사오육칠팔구십백천만억]+")


def content_terms(texts: Sequence[str], *, korean: Korean | None = None) -> list[tuple[str, ...]]:
    """The content terms of each text. Korean is loaded only if some text has Hangul."""
    cleaned = [unicodedata.normalize("NFKC", text) for text in texts]
    morphemes = (korean or shared_korean()).morphemes(cleaned)
    return [
        (*_latin_terms(text), *_korean_terms(found))
        for text, found in zip(cleaned, morphemes, strict=True)
    ]


def english_words(text: str) -> list[str]:
    """Words and numbers of a text outside Hangul, lower-cased, in order."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of an English lower-case word; "'s" is dropped."""
    with _stemmer_lock:  # the stemmer keeps its state between two calls
        return str(_stemmer.stemWord(word.removesuffix("'s")[:_LONGEST]))


def _latin_terms(text: str) -> list[str]:
    terms: list[str] = []
    spelt: list[str] = []
    for word in [*english_words(text), ""]:
        if word in _ENGLISH_NUMBERS or (spelt and word in _ENGLISH_SCALES):
            spelt.append(word)
            continue
        if spelt and (number := _english_number(spelt)) is not None:
            terms.append(number)
        spelt = []
        if word and word not in ENGLISH_STOPWORDS and (len(word) > 1 or word.isdigit()):
            terms.append(word.replace(",", "") if word[0].isdigit() else stem(word))
    return terms


def _english_number(words: list[str]) -> str | None:
    """["forty", "two", "thousand"] -> "42000"; a lone "one" is a pronoun more often."""
    if words == ["one"]:
        return None
    total = part = 0
    for word in words:
        if word in _ENGLISH_NUMBERS:
            part += _ENGLISH_NUMBERS[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        else:
            total += max(part, 1) * _ENGLISH_SCALES[word]
            part = 0
    return str(total + part)


def _korean_terms(found: Sequence[Morpheme]) -> list[str]:
    return [
        str(_korean_number(form)) if tag == "NR" and _KOREAN_NUMBER.fullmatch(form) else form
        for form, tag in found
        if form not in KOREAN_STOPWORDS
    ]


def _korean_number(form: str) -> int:
    """ "삼백오십" -> 350, "오백만" -> 5000000 (Sino-Korean only)."""
    total = part = digit = 0
    for letter in form:
        if letter in _KOREAN_DIGITS:
            digit = digit * 10 + _KOREAN_DIGITS[letter]
        elif letter in _KOREAN_SCALES:
            part += max(digit, 1) * _KOREAN_SCALES[letter]
            digit = 0
        else:
            total += max(part + digit, 1) * _KOREAN_MYRIADS[letter]
            part = digit = 0
    return total + part + digit
