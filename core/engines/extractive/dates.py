"""When something is due, in the words that were spoken; another module makes dates of them."""

from __future__ import annotations

import re

DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan\.?|feb\.?|apr\.?|aug\.?|sept?\.?|oct\.?|nov\.?|dec\.?)"
)
_NUMBER = (
    r"(?:\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|a couple of"
    r"|a few|the next (?:two|three|few))"
)
_ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|(?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth"
    r"|seventh|eighth|ninth)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth"
    r"|nineteenth|twentieth|thirtieth)"
)
_UNIT = r"(?:minute|hour|day|business day|working day|week|month|quarter|year|sprint|weekend)"
_PART = (
    r"(?:the )?(?:very )?(?:end|start|beginning|middle|close)(?: of)? (?:the |this |next |that )?"
)
_CLOCK = r"(?:\d{1,2}(?::\d{2})? ?(?:a\.?m\.?|p\.?m\.?|o'clock)|noon|midnight)"
_AFTER_DAY = r"(?:for|so|and|or|if|then|at|to|with|because|please|but|when|by|i|we|you|they|it)"
# One row a form of speech; longer forms before the shorter ones that they begin with.
_WHEN = "|".join(
    (
        rf"{_PART}(?:day|business|{_UNIT}|{_MONTH}|{DAY})\b",  # the end of November
        rf"(?:the )?{_ORDINAL} (?:of )?{_MONTH}\b(?: \d{{4}})?",  # the tenth of December
        rf"{_MONTH} (?:the )?(?:{_ORDINAL}|\d{{1,2}})\b(?:,? \d{{4}})?",  # December 10th
        rf"(?:early|mid|late)[ -]{_MONTH}\b",  # mid May
        rf"(?:(?:this|next|coming|the following|following|this coming) )?{DAY}(?:'s meeting)?\b"
        r"(?: (?:morning|noon|afternoon|evening|night))?(?: next week)?",  # next Tuesday
        rf"(?:the )?(?:this|next|following|coming|same) (?:{_UNIT}|meeting|call|{_MONTH})\b",
        r"the (?:next|following|coming) (?:\w+ )?(?:meeting|release|review|call|standup)\b",
        r"(?:the day after )?tomorrow\b(?: (?:morning|noon|afternoon|evening|night))?",
        r"(?:later )?today\b|tonight\b|this (?:morning|afternoon|evening)\b",
        r"(?:eod|cob|eow|eom|end of day|end of week|asap|as soon as possible)\b",
        r"the weekend\b",
        rf"(?:the )?{_ORDINAL}(?! (?!{_AFTER_DAY}\b)\w+)",  # the 3rd
        r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?",
        rf"{_MONTH}\b(?! (?:i|we|you|be)\b)",
        rf"{_CLOCK}",
        r"q[1-4]\b",
    )
)
# "by Wednesday, the twenty first": a second name of the same day belongs to the first.
_ALSO = (
    rf"(?:,? (?:the )?{_ORDINAL}(?: of {_MONTH})?\b(?! (?:floor|quarter|draft|version|half))"
    rf"|,? {_MONTH} (?:the )?(?:{_ORDINAL}|\d{{1,2}})\b|, (?:the )?{DAY}\b"
    r"|,? (?:at )?(?:the )?end of (?:the )?day\b|,? (?:eod|cob|noon|midnight)\b)*"
)
_ENGLISH_DUE = (
    re.compile(
        rf"\b(?:no later than|not later than|by|before|until|till|due(?: on| by)?) "
        rf"(?:(?:the|this) )?(?:{_WHEN}){_ALSO}(?: (?:at|by) {_CLOCK})?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:with)?in (?:the next )?{_NUMBER} {_UNIT}s?\b(?:'s? time)?"
        rf"|\b{_NUMBER} {_UNIT}s? from now",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:on|in|over|for|from) (?:the )?(?!{_CLOCK})(?:{_WHEN}){_ALSO}", re.IGNORECASE
    ),
    re.compile(
        rf"(?<!last )(?<!at the )\b(?:{_PART}(?:day|{_UNIT}|{_MONTH})"
        rf"|(?:this|next) (?:{DAY}|week|month|quarter|year)(?!')"
        rf"|tomorrow(?: (?:morning|afternoon|evening))?|today|tonight|this (?:morning|afternoon)"
        rf"|eod|cob|asap|as soon as possible|{DAY})\b{_ALSO}",
        re.IGNORECASE,
    ),
)

_K_NUMBER = (
    r"(?:\d{1,4}|[일이삼사오육칠팔구십백]{1,5}|한두|두세|서너|한|두|세|네|다섯|여섯"
    r"|일곱|여덟|아홉|열(?:한|두)?|며칠)"
)
_K_SPACE = r"[ ]?"
# One row a form of speech, as above.
_K_NAMED = (
    rf"{_K_NUMBER}{_K_SPACE}년",
    rf"(?:\d{{1,2}}|십이|십일|시|십|유|[일이삼사오육칠팔구]){_K_SPACE}월(?!요)",  # 십일월, 12월
    rf"{_K_NUMBER}{_K_SPACE}일(?![가-힣]*(?:정|반|단))",  # 십오일
    r"\d{1,2}/\d{1,2}|\d{4}-\d{2}-\d{2}",
    r"(?:이번|다음|다다음|오는|돌아오는|차|금|익|내)[ ]?(?:주말?|달|월|년|분기"
    r"|해|스프린트|회의|미팅|배포)(?:[ ]?(?:초|말|중순|중))?",
    r"[월화수목금토일]요일",
    r"(?:오늘|내일모레|내일|모레|글피|주말|월말|연말|연초|월초|분기[ ]?말|학기[ ]?말"
    r"|올해|내년)(?:[ ]?(?:중|말|초))?",
    r"(?:오전|오후|저녁|밤|아침|점심|새벽|정오|자정)",
    r"(?:하루|이틀|사흘|나흘|닷새|엿새|열흘|보름|일주일|한나절)",
    rf"{_K_NUMBER}{_K_SPACE}시(?:{_K_SPACE}(?:반|{_K_NUMBER}{_K_SPACE}분))?(?!간)",
    rf"{_K_NUMBER}{_K_SPACE}(?:주일|주|개월|달|시간|분기|분|일)",
    r"(?:상반기|하반기|[일이삼사1-4]{1}[ ]?분기)(?:[ ]?(?:초|말|중))?",
)
_K_WHEN = "|".join(
    (
        *_K_NAMED,
        r"(?:퇴근|출근|출시|회의|배포|마감|휴가|추석|설날|설)",
        r"(?:초|말|중순|하순|상순|안|이내|내|뒤|후|이후)",
    )
)
_K_END = (
    r"(?:까지(?:는|로|만)?|이전(?:까지|에)|전까지|전에|전으로|안에|안으로|이내(?:로"
    r"|에)?|내로|내에|중으로|중에|뒤에|후에|쯤|께|당일)"
)
# "이번 주 금요일, 그러니까 16일에": the same day said twice.
_K_JOIN = r"(?:[의인 ]{0,2}|, ?(?:그러니까|그니까|즉|곧|아니면)?,? ?)"
_K_PHRASE = rf"(?<![가-힣])(?<!지난 )(?<!지난주 )(?<!매주 )(?:{_K_WHEN})(?:{_K_JOIN}(?:{_K_WHEN}))*"
# "갱신 7일 전에": a distance from something else, not a day.
_K_DISTANCE = re.compile(
    rf"{_K_NUMBER}{_K_SPACE}(?:일|주일|주|개월|달|시간|분|년){_K_SPACE}(?:전|뒤마다|후마다)"
    r"(?:에(?:는|만|도)?|마다|쯤)?$"
)
_K_CLOCK = re.compile(
    rf"(?:(?:오전|오후|저녁|밤|아침|점심|새벽) ?)?{_K_NUMBER}{_K_SPACE}시"
    rf"(?:{_K_SPACE}(?:반|{_K_NUMBER}{_K_SPACE}분))?에(?:는)?"
)
_KOREAN_DUE = (
    re.compile(rf"{_K_PHRASE}[ ]?{_K_END}(?![가-힣]{{2}})"),
    re.compile(rf"{_K_PHRASE}(?<=[일주달말초월년시후뒤요전밤침녁])(?:에(?:는)?|날)(?![가-힣])"),
    re.compile(
        r"(?<![가-힣])(?:(?:오늘|내일|모레|이번[ ]?주|다음[ ]?주|다음[ ]?달|이번[ ]?달"
        r"|금주|차주)(?:[ ][월화수목금토일]요일)?"
        r"(?:[ ]?(?:중|오전|오후|아침|저녁))?|[월화수목금토일]요일|바로|당장"
        r"|최대한 빨리)(?=[ ,.]|$)"
    ),
)


_SOME_TIME = (
    re.compile(rf"\b(?:{_WHEN})", re.IGNORECASE),
    re.compile(rf"(?<![가-힣])(?:{'|'.join(_K_NAMED)})"),
)


def names_time(text: str) -> bool:
    """Whether a sentence names a day, a time of day or a span, whatever for."""
    return any(pattern.search(text) for pattern in _SOME_TIME)


def without_times(text: str) -> str:
    """A sentence without the words that name times."""
    for pattern in _SOME_TIME:
        text = pattern.sub(" ", text)
    return text


def due_words(text: str) -> str | None:
    """The first and strongest spoken term of a sentence ("by Friday", "금요일까지"), or None.

    "by …" and "…까지" win over a bare weekday.
    """
    for pattern in (*_KOREAN_DUE[:1], *_ENGLISH_DUE[:2], *_KOREAN_DUE[1:], *_ENGLISH_DUE[2:]):
        for match in pattern.finditer(text):
            words = match.group().strip(" ,")
            if words and not _K_DISTANCE.search(words) and not _K_CLOCK.fullmatch(words):
                return words
    return None
