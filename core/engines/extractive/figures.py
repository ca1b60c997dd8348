"""Whether a sentence names a figure: a number, an amount, a share or a day, in digits or words."""

from __future__ import annotations

import re

from core.engines.extractive.dates import DAY

_K_UNIT = (
    r"(?:퍼센트|프로|%|원|달러|유로|엔|명|개국|개월|개|건|시간|분|초|주|배|대|곳|층"
    r"|점|킬로|미터|톤|그램|년|월|일|시(?!작|스|장|험)"
    r"|가지|번째|번|살|권|장|팀|호|차|세트|박스|인분|평|회|위|억|만|천|포인트|기가"
    r"|메가|테라|단계|라인|석|쪽|페이지|사람|차례|달|살|분의)"
)
_SINO = r"[일이삼사오육칠팔구십백천만억조]"
_NATIVE = (
    r"(?:두|세|네|다섯|여섯|일곱|여덟|아홉|열|열한|열두|열다섯|스물|스무|서른|마흔"
    r"|쉰|예순|일흔|여든|아흔|수십|수백|수천|수만|절반)"
)
_FIGURES = (
    # digits, but no names such as "v2" or "B2B"
    re.compile(
        r"(?<![\w.])[$€£₩]?\d+(?:[.,:/-]\d+)*(?:%|[a-z]{1,3}(?![a-z]))?(?![A-Za-z0-9_])"
        r"|\d+(?=[ ]?[가-힣%])"
    ),
    re.compile(
        r"(?i)\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen"
        r"|twenty|thirty|forty|fifty"
        r"|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?"
        r"|half|twice|doubled?|tripled?"
        r"|halved|one (?:percent|per cent|in|third|hundred|thousand|million|day|week"
        r"|month|year|hour|more))\b"
    ),
    re.compile(
        rf"(?i)\b(?:{DAY}|(?:january|february|april|june|july|august|september|october"
        rf"|november|december))\b"
    ),
    re.compile(rf"(?<![가-힣])(?:{_SINO}{{2,}}|[일삼사오육칠팔구십백천만억])[ ]?{_K_UNIT}"),
    re.compile(
        r"(?<![가-힣])이[ ](?:퍼센트|프로|년|개월|주|배|킬로|억|만|천)"
        r"|(?<![가-힣])한[ ](?:시간|달|명|주|건|곳|개|해)"
    ),
    re.compile(rf"(?<![가-힣]){_NATIVE}[ ]?{_K_UNIT}|절반|(?<![가-힣])반으로"),
    re.compile(r"[월화수목금토일]요일"),
)
_EMPTY_FIGURE = re.compile(
    r"(?i)\b(?:(?:one|two) (?:of (?:us|you|them)|things?|points?|questions?)"
    r"|half of (?:me|it)|second thoughts?)\b"
    r"|(?:한|두|세|네) 번째|(?:한|두) (?:가지|분|번)(?! 더)|일 년 내내"
)


def has_figure(text: str) -> bool:
    """Whether a sentence names a number, an amount, a share or a day, in digits or in words."""
    kept = _EMPTY_FIGURE.sub(" ", text)
    return any(pattern.search(kept) for pattern in _FIGURES)
