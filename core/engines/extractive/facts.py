"""Which figures are worth a line: amounts, shares, counts with a unit, days of events.

A number that is corrected later gives way to the correction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.engines.extractive.cues import Cues, plain
from core.engines.extractive.sentences import Sentence
from core.engines.extractive.summary import importance
from core.engines.extractive.vectors import Vectors
from core.engines.words import content_terms

MOST_FACTS = 12
_K_NUMBER = (
    r"(?:[\d,.]+[십백천만억조]*|[일이삼사오육칠팔구십백천만억조]{2,}|[십백천만억]|수[십백천])"
)
_E_NUMBER = (
    r"(?:\d[\d,.]*|(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion"
    r"|half|quarter|and|a)[ -]?)+)"
)
_STRONG = (
    re.compile(rf"{_K_NUMBER} ?(?:\S{{0,4}} ?){{0,2}}(?:원|달러|유로|엔|퍼센트|프로|%)"),
    re.compile(r"[$€£₩]\s?\d|\d\s?%"),
    re.compile(rf"(?i){_E_NUMBER} ?(?:dollars?|euros?|pounds?|won|bucks|percent|per cent)\b"),
    re.compile(
        r"(?i)\b(?:half (?:of|the|a)|(?:in|by) half|a third|a quarter|twice|double[ds]?"
        r"|tripled?|halved)\b|절반|[가-힣] 배"
    ),
)
_COUNTED = (
    re.compile(
        r"(?:[\d,]+[백천만억]*|[십백천만]+|[가-힣]{1,4}) ?(?:명|건|대|개사|곳|장|권|시간|일|주"
        r"|개월|년|배"
        r"|점|톤|킬로|평|석|세트|박스|인분)(?![가-힣]{3})"
    ),
    re.compile(
        rf"(?i)\b{_E_NUMBER} ?(?:[a-z-]+ )?(?:people|customers?|users?|tickets?|visitors?"
        rf"|leads?|orders?"
        r"|hours?|days?|weeks?|months?|years?|units?|members?|answers?|applications?|accounts?"
        r"|points?|minutes?|tons?|miles?|kilo\w*|calls?|students?|guests?|copies|seats?|rooms?)\b"
    ),
    re.compile(r"\d\s?(?:ms|kg|km|gb|mb|tb|kwh)\b", re.IGNORECASE),
)
_CHANGES = re.compile(
    r"(?i)늘었|늘어|줄었|줄어|올랐|내렸|증가|감소|평균|총|전체|목표|매출|비용|예산|합계"
    r"|\b(?:up|down|rose|fell|grew|increase\w*|decrease\w*|average|total|goal|target|cost\w*|budget"
    r"|revenue|spent|sold|dropped|gained|lost)\b"
)
_WEAK = re.compile(
    r"(?i)apparently|회의(?:를)? 시작|(?:다음|이번) 회의"
    r"|안건|순서|번째|자리|점심|저녁에|날씨|주말에 (?:뭐|어디)"
    r"|\b(?:item|agenda|things to|items|versions?|options?|lunch|weather|weekend|kids"
    r"|minute break)\b"
)
CORRECTION = Cues(
    (
        r"(?:아까|앞에서|방금|조금 전|전에|처음에"
        r"|제가)\s?.*?(?P<old>\S+(?: \S+)?)(?:이)?라고 (?:했|말씀"
        r"|말했|드렸|적었|썼)\S*(?:데|지만|만|나|던 건|던 거)",
        "아까 5백 명이라고 했는데 6백 명입니다.",
    ),
    (
        r"(?P<old>\S+ ?\S+)(?:이|가) 아니(?:라|고)\s.*\d*(?:입니다|이에요|예요|이었|였|맞)",
        "5백 명이 아니라 6백 명입니다.",
    ),
    (
        r"(?i)\b(?:i|we) (?:said|told you|wrote|mentioned|quoted"
        r"|gave you) (?P<old>.{3,80}?),? (?:but"
        r"|and) (?:actually )?(?:it|that|the|they)(?:'s|'re| is| are| was| should| \w+ is)",
        "I said five hundred, but it's six hundred.",
    ),
    (
        r"(?i)\b(?:it|that)(?:'s| is| was) (?P<new>.{3,40}), not (?P<old>.{3,40}?)[.!]?$",
        "It's six hundred, not five hundred.",
    ),
    (r"(?i)\bnot (?P<old>.{3,40}?),? but (?P<new>.{3,40})$", "Not five hundred, but six hundred."),
)


def telling_facts(sentences: Sequence[Sentence], spoken: Sequence[Sentence]) -> set[int]:
    """Indices into `sentences` of the facts to keep. `spoken` are all sentences of the meeting,
    among which the corrections are looked for."""
    wrong = _corrected(spoken)
    left = [i for i, sentence in enumerate(sentences) if not _is_wrong(sentence, wrong)]
    if not left:
        return set()
    group = [sentences[index] for index in left]
    weights = importance(group, Vectors([sentence.terms for sentence in group]))
    scale = max((float(weight) for weight in weights), default=1.0) or 1.0
    scores = {
        index: _strength(sentence.text) + float(weight) / scale
        for index, sentence, weight in zip(left, group, weights, strict=True)
    }
    telling = [index for index in left if scores[index] > 0] or left
    telling.sort(key=lambda index: (-scores[index], index))
    return set(telling[:MOST_FACTS])


def corrects(sentence: Sentence) -> bool:
    """Whether a sentence says that an earlier figure was wrong, and gives the right one."""
    return bool(_old_figures(sentence))


def _strength(text: str) -> float:
    score = 2.0 if any(p.search(text) for p in _STRONG) else 0.0
    score += 1.0 if any(p.search(text) for p in _COUNTED) else 0.0
    score += 0.5 if _CHANGES.search(text) else 0.0
    if CORRECTION.search(plain(text)):
        score += 2.0
    return score - (1.5 if score < 2.0 and _WEAK.search(text) else 0.0)


def _corrected(spoken: Sequence[Sentence]) -> list[tuple[int, frozenset[str]]]:
    """Where a figure is corrected, and which it was."""
    return [(s.place, figures) for s in spoken if (figures := _old_figures(s))]


def _old_figures(sentence: Sentence) -> frozenset[str]:
    found = CORRECTION.search(plain(sentence.text))
    if found is None:
        return frozenset()
    (terms,) = content_terms([found.group("old")])
    old = {term for term in terms if term[:1].isdigit()}
    said = {term for term in sentence.terms if term[:1].isdigit()}
    return frozenset(old) if said - old else frozenset()


def _is_wrong(sentence: Sentence, wrong: Sequence[tuple[int, frozenset[str]]]) -> bool:
    numbers = {term for term in sentence.terms if term[:1].isdigit()}
    return any(sentence.place < place and old <= numbers for place, old in wrong)
