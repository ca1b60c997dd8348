"""Words that no correction may bring, take or exchange, because they turn what was said: negations,
days, and opposites that sound or look alike (상반기 and 하반기, increase and decrease).

Doubt refuses: what is refused stays as it was heard, which is never wrong about what was heard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.domain.likeness import letters

_NEGATION = re.compile(
    r"""
    (?<![가-힣])[안못](?=[\s.,?!]|$)  # 안 된다, 못 했다; the next line takes 안돼요, not 안건
    | (?<![가-힣])[안못](?=[되돼된될됩할하해했합가갈갔갑와오올왔나났보봐봤써씁줄받맞있])
    | [않없] | 아니 | 아닌 | 아닙 | 모르 | 모른 | 몰라 | 몰랐 | 못[하해했한할]
    | 지\s?(?:말|마(?=[세십요라]|$|\s))
    | \b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|cannot|without|hardly|unless)\b
    | \b(?:ca|do|does|did|is|are|was|were|wo|would|could|should|has|have|had|must|ai|need)
        n['’]?t\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KOREAN = (
    "그저께|그제|어제|오늘|내일|모레|글피|오전|오후|자정|정오|새벽|지난|이번|다음|작년|올해|내년"
    "|상반기|하반기|분기|이상|이하|초과|미만|이전|이후|최대|최소|최고|최저|증가|감소|인상|인하"
    "|상승|하락|찬성|반대|승인|반려|보류|매출|지출|매입|매도|매수|수입|수출|입금|출금|유료|무료"
    "|내부|외부|포함|제외|가능|필요|성공|실패|합격|퍼센트|포인트"
)
_ENGLISH = (
    "january|february|april|june|july|august|september|october|november|december|today|tonight"
    "|tomorrow|yesterday|noon|midnight|am|pm|next|last|before|after|more|less|fewer|above|below"
    "|over|under|all|some|always|sometimes|must|may|might|can|could|should|would|will|percent"
    "|percentage|point|points"
)
_ENGLISH_STEMS = (
    "increas|decreas|includ|exclud|import|export|intern|extern|approv|reject|maxim|minim|inbound"
    "|outbound|accept|except|success|fail|agree|oppos|enabl|disabl"
)
_FIXED = re.compile(
    rf"[월화수목금토일]요일|{_KOREAN}|[%‰]|\b(?:{_ENGLISH})\b"
    rf"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:{_ENGLISH_STEMS})",
    re.IGNORECASE,
)
_PREFIXES = (
    "불", "미", "비", "무", "부", "반",
    "un", "in", "im", "ir", "il", "dis", "non", "de", "mis",
)  # fmt: skip
_STEM_KOREAN, _STEM_LATIN = 2, 3


def same(before: str, after: str) -> bool:
    """Do two texts have as many negations, and the same fixed words in the same order?"""
    if len(_NEGATION.findall(before)) != len(_NEGATION.findall(after)):
        return False
    return _fixed(before) == _fixed(after)


def negated(was: Sequence[str], becomes: Sequence[str]) -> bool:
    """Does a word gain or lose a prefix that turns it ("가능" and "불가능", "able", "unable")?"""
    old, new = [letters(word) for word in was], [letters(word) for word in becomes]
    return any(_turned(one, other) or _turned(other, one) for one in old for other in new)


def _turned(plain: str, prefixed: str) -> bool:
    for prefix in _PREFIXES:
        if not prefixed.startswith(prefix) or plain.startswith(prefix):
            continue
        rest = prefixed[len(prefix) :]
        stem = _STEM_LATIN if prefix.isascii() else _STEM_KOREAN
        if len(rest) >= stem and plain[:stem] == rest[:stem]:
            return True
    return False


def _fixed(text: str) -> list[str]:
    return [match.group().lower() for match in _FIXED.finditer(text)]
