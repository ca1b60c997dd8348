"""Whether a claim turns round what its lines say: "does not move" for "moves", "fell" for "rose".

Works on words alone. A claim is accused only where the lines hold one side and the claim the other;
lines with both sides, or neither, accuse nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.domain.wording import content

_SENTENCES = re.compile(r"(?<=[.!?。])\s+|\n")
_CLAUSES = re.compile(r"[,;:.!?。()]+(?!\d)|\bbut\b|\band\b|(?<=지만)\s|(?<=는데)\s|(?<=고)\s")
_TOKENS = re.compile(r"[가-힣]+|[a-z0-9']+")
_NOT = re.compile(
    r"not|no|never|none|nobody|nothing|cannot|without|neither|nor"
    r"|(?:ca|do|does|did|is|are|was|were|wo|would|could|should|has|have|had|must|need)n'?t"
)
_REACH = 5
_HEDGES = frozenset(("think", "believe", "sure", "want", "need"))
_AGREEING = frozenset(("against", "objection", "objections"))
_KOREAN_NOT = re.compile(r"[가-힣]*지(?:는|도|를)?$")
_REFUSED = re.compile(r"않|못|말(?!씀)|마(?:세|십)")
_EMPTY = frozenset(
    ("하지", "되지", "있지", "이지", "있는", "있을", "있어", "것은", "것이", "수가", "수는")
)

_ANY_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|cannot|without|neither|nor|hardly|barely|unless|instead"
    r"|unable|impossible|fail\w*|refus\w*|reject\w*|declin\w*|cancel\w*|drop\w*|stop\w*|lack\w*"
    r"|remov\w*|bann?\w*|forbid\w*|prohibit\w*|abandon\w*|ruled? out|rules out|avoid\w*"
    r"|prevent\w*|postpon\w*|miss\w*|difficult\w*|hard|late|out of"
    r"|rather than|until|only|off|against|no longer|open|pending|unclear|undecided|free)\b|n['’]t\b"
    r"|(?<![가-힣])[안못](?=[\s되돼된될됩할하해했합가갈갔갑와오나됐])|[않없]|아니|아닌|아닙|못"
    r"|모르|몰라"
    r"|지 ?(?:말|마)|불가|어렵|어려|힘들|취소|철회|반려|보류|거절|거부|반대|중단|제외|미정|부족"
    r"|실패"
    r"|말고|대신|비[가-힣]+적|무료|무상|미(?:해결|완료|달|포함|확정|정|지원|응답|처리|제공)"
    r"|불[가-힣]"
    r"|누락|삭제|면제|금지",
    re.IGNORECASE,
)

_HARMLESS = re.compile(
    r"(?:문제|차질|이상|탈|무리)\s?없|nobody noticed|\bno (?:problem|worries|doubt)"
    r"|without (?:any )?"
    r"(?:a )?(?:problem|trouble|issue|hitch)s?|anyone against(?: (?:that|it|this))?\? no\?"
    r"|이견[^.?]*\?"
    r"\s?없으시죠\?",
    re.IGNORECASE,
)
# "…, agreed?" tells; only what asks for an answer affirms nothing.
_QUESTION = re.compile(
    r"^\W*(?:who|what|when|where|why|how|which|do|does|did|is|are|can|could|should)\b.*\?"
    r"|(?:나요|까요|가요|은지|는지|죠)\?",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\b(?:reject\w*|declined|refus\w+|cancel\w*|denied|vetoed|turned down)\b|거절|거부|반려|반대"
    r"|철회|취소|부결|기각|보류"
    r"|중단",
    re.IGNORECASE,
)
_APPROVES = re.compile(
    r"\b(?:has|have|was|were) (?:already )?approved\b|승인(?:했|하였|됐|되었|받)", re.I
)
_ASSENTS = re.compile(
    r"\b(?:approv\w+|yes|ok|okay|fine|good|great|perfect|sure|agreed?|accept\w*|sign\w*|go ahead"
    r"|let['’]s"
    r"|pass\w*|clear\w*|we['’]ll|settled|confirmed|go with)\b|승인|네|예|좋|괜찮|찬성|동의|통과"
    r"|확정|결정|허가|결재",
    re.IGNORECASE,
)

_AXES = tuple(
    (re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE))
    for one, other in (
        (
            r"\b(?:ris(?:e|es|en|ing)|rose|increas\w+|grow(?:s|n|th|ing)?|grew|higher)\b"
            r"|\bup\b(?=[^.]{0,24}(?:percent|%))|(?<!오)늘(?:어|었|려|렸|리|린|릴|고|립|게)"
            r"|증가|증설|상승|급증|올랐|오른|오릅|인상|확대",
            r"\b(?:fall(?:s|en|ing)?|fell|decreas\w+|declin\w+|dropped|shr[aiu]nk\w*|lower(?:ed"
            r"|s)?)\b"
            r"|\bdown\b(?=[^.]{0,24}(?:percent|%))|줄(?:어|었|여|였|이|인|일|고|입)|감소|감축"
            r"|하락|급감"
            r"|내렸|내린|떨어[졌지진]|인하|축소|절반으로",
        ),
        (
            r"앞당|당겨|당기|\b(?:earlier|bring\w* forward|brought forward|moved? up)\b",
            r"미루|미뤄|미뤘|미룰|미룬|미룹|연기|늦추|늦춰|늦출|늦췄"
            r"|\b(?:postpon\w+|delay\w*|push\w* back|later)\b",
        ),
        (
            r"\b(?:approv\w+|accept\w*|sign\w* off|give\w* the go-ahead)\b|승인|찬성|통과|좋습니다",
            r"\b(?:reject\w*|declin\w+|refus\w+|den(?:y|ied)|cancel\w*|turn\w* down|veto\w*)\b"
            r"|거절|거부|반려|반대|철회|취소|보류|부결|기각",
        ),
        (
            r"\b(?:is|are|was|were|all|got) done\b|\b(?:finished|completed|succeeded|went well)\b"
            r"|끝냈|끝났|마쳤|완료|성공",
            r"\b(?:fail\w*|unfinished|abort\w*|broke down)\b|실패|미완료",
        ),
        (
            r"유지|그대로|\b(?:stays?|stayed|remains?|remained|unchanged)\b",
            r"미루|미뤄|미뤘|미룰|옮기|옮겨|옮길|바꾸|바꿔|변경|연기|\b(?:mov(?:e|es|ed)"
            r"|switch(?:es|ed)?"
            r"|postpon\w+|changes?|changed)\b|줄인|줄이",
        ),
        (
            r"\b(?:keep(?:s)? (?:on )?(?:us|paste|send|writ|do|go)\w*ing|continu\w+)\b|계속",
            r"\b(?:stop\w*|any ?more|no longer|quit)\b|그만|더 이상|중단|중지",
        ),
        (
            r"뽑|채용|\bhir(?:e|es|ed|ing)\b",
            r"줄이|감원|해고|\b(?:laid off|lay off|layoffs?|fir(?:e|es|ed))\b",
        ),
        (r"복잡", r"간단|단순|\bsimpler?\b"),
        (r"포함|\binclud\w+", r"제외|\bexclud\w+"),
        (r"사내|내부|자체|\bin-house\b|\binternal\w*", r"외주|외부|\boutsourc\w+|\bexternal\w*"),
        (r"남(?:겨|기|긴|길)|보존|\b(?:retain|preserv)\w*", r"삭제|지우|지웁|\b(?:delet|eras)\w+"),
        (r"\b(?:faster|quicker)\b|빨라", r"\bslower\b|느려"),
        (r"\b(?:cheaper|less expensive)\b|저렴", r"\b(?:more expensive|dearer)\b|비싸|비쌉"),
        (r"유료", r"무료"),
        (r"상반기", r"하반기"),
        (r"이상(?=[이으은을 ]|$)", r"이하"),
        (r"\bat least\b|최소", r"\bat most\b|최대"),
    )
)
_ORDER = re.compile(
    r"\b(?:(?P<before>before|prior to|ahead of)|(?P<after>after|following))"
    r" (?:the |a |an |our |its |their )?(?P<what>[a-z]{3,})"
)


def contradicts(claim: str, lines: Sequence[str]) -> bool:
    """Does the claim negate what the lines affirm, affirm what they negate, or say the opposite?"""
    said = _HARMLESS.sub(" ", "\n".join(lines))
    claim = _HARMLESS.sub(" ", claim)
    return (
        _unfounded(claim, said)
        or _opposite(claim, said)
        or _reordered(claim, said)
        or _negated(claim, said)
    )


def _unfounded(claim: str, said: str) -> bool:
    """Is something refused where the lines hold nothing negative, or approved where nothing
    assents?"""
    refused, approved = _REFUSES.search(claim), _APPROVES.search(claim)
    if refused and not _is_negated_at(claim, refused):
        return not _ANY_NEGATION.search(said)
    if approved and not _ANY_NEGATION.search(claim):
        return not _ASSENTS.search(said)
    return False


def _opposite(claim: str, said: str) -> bool:
    """Is the claim on one side of an axis alone, and are the lines on the other alone?

    A claim with both sides ("the approval was cancelled") is on the second, which acts on the
    first. A side under a negation counts as neither.
    """
    for first, second in _AXES:
        here = _sides(claim, first, second)
        there = _sides(said, first, second)
        if here and there and "?" not in here + there and here[-1] != there[-1] and len(there) == 1:
            return True
    return False


def _sides(text: str, first: re.Pattern[str], second: re.Pattern[str]) -> str:
    """ "1", "2" or "12", the sides of an axis that a text is on; "?" where one is negated."""
    sides = ""
    for mark, pattern in (("1", first), ("2", second)):
        for match in pattern.finditer(text):
            if _is_negated_at(text, match):
                return "?"
            sides = sides if mark in sides else sides + mark
    return sides


def _is_negated_at(text: str, match: re.Match[str]) -> bool:
    before = re.split(r"[.!?\n,;]", text[: match.start()].lower())[-1]
    after = re.split(r"[.!?\n,;]", text[match.end() :])[0][:12]
    return bool(
        re.search(r"(?:\b(?:not|no|never|cannot|without)|n['’]t)\b(?:\s\w+){0,2}\s*$", before)
        or re.search(r"(?<![가-힣])[안못]\s*$", before)
        or re.match(
            r"[가-힣]{0,4}(?:지(?:는|도)?|(?:할 )?수(?:는|가)?)\s?(?:않|못|없|말(?!씀)|마세)", after
        )
    )


def _reordered(claim: str, said: str) -> bool:
    """ "After the conference" for "before the conference"."""
    here, there = _orders(claim), _orders(said)
    return any(there.get(what, sides) != sides for what, sides in here.items())


def _orders(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for match in _ORDER.finditer(text.lower()):
        side = "before" if match["before"] else "after" if match["after"] else ""
        for what in content(match["what"]) if side else ():
            found[what] = found.get(what, frozenset()) | {side}
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """The words of a text by polarity, shortened so that inflected forms meet."""

    affirmed: frozenset[str]
    negated: frozenset[str]


def _negated(claim: str, said: str) -> bool:
    here, there = _told(claim), _told(said)
    if here.negated:
        plain = _told("\n".join(part for part in _SENTENCES.split(said) if _affirms(part)))
        turned = here.negated & plain.affirmed - here.affirmed
        return bool(turned) and not here.negated & there.negated
    if _ANY_NEGATION.search(claim):
        return False
    return bool(here.affirmed & there.negated - there.affirmed)


def _affirms(sentence: str) -> bool:
    return not _ANY_NEGATION.search(sentence) and not _QUESTION.search(sentence)


def _told(text: str) -> _Told:
    affirmed: set[str] = set()
    negated: set[str] = set()
    for clause in _CLAUSES.split(text.replace("’", "'").lower()):
        words = _TOKENS.findall(clause)
        turned = set(_negated_places(words))
        for place, word in enumerate(words):
            key = _key(word)
            if key:
                (negated if place in turned else affirmed).add(key)
    return _Told(frozenset(affirmed), frozenset(negated))


def _negated_places(words: Sequence[str]) -> Iterator[int]:
    for place, word in enumerate(words):
        if _NOT.fullmatch(word):
            yield from _english_target(words, place)
        elif word in ("안", "못") and place + 1 < len(words):
            yield place + 1
        elif place and _REFUSED.match(word) and _KOREAN_NOT.search(words[place - 1]):
            # "알리지 않기로"; in "결정 하지 않기로" the verb stands one word before.
            yield place - 2 if _key(words[place - 1]) == "" and place > 1 else place - 1
        elif place and word.startswith("없"):
            yield place - 1


def _english_target(words: Sequence[str], place: int) -> Iterator[int]:
    """The first word with a matter behind a negation: "don't think we can decide" is about
    deciding."""
    for other in range(place + 1, min(place + 1 + _REACH, len(words))):
        word = words[other]
        if word in _AGREEING:
            return
        if _key(word) and word not in _HEDGES:
            yield other
            return


@lru_cache(maxsize=8192)
def _key(word: str) -> str:
    """Verbs by their stem, across the contractions of Korean: 알리지 and 알려야 are one."""
    if not "가" <= word[:1] <= "힣":
        return next(iter(content(word)), "decid" if word.startswith("decid") else "")
    if len(word) < 2 or word in _EMPTY or word[:2] in _EMPTY:
        return ""
    return word[0] + _open(word[1])


_VOWELS = {6: 20, 9: 8, 14: 13, 1: 0}  # ㅕ→ㅣ, ㅘ→ㅗ, ㅝ→ㅜ, ㅐ→ㅏ


def _open(syllable: str) -> str:
    """A syllable without its final consonant, a contracted vowel undone."""
    lead, vowel = divmod((ord(syllable) - 0xAC00) // 28, 21)
    return chr(0xAC00 + (lead * 21 + _VOWELS.get(vowel, vowel)) * 28)
