"""What a short sentence says of whom, for those few ways of saying that hold for one thing at a
time: who leads what, what something costs, when it is due.

Precise rather than broad: "Kim likes tea" and "Kim likes coffee" may both be true, so they are no
claims at all. What has another shape than the ones below is none either.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_LONGEST_SUBJECT, _LONGEST_VALUE = 5, 3
"""Words."""
_FINAL = re.compile(r"[.!~。\s]+$")
_BLANKS = re.compile(r"\s+")
_ARTICLE = re.compile(r"^(?:the|our|my|a|an) ")
_LOOSE = re.compile(
    r"\b(?:and|or|not|no|never|if|when|while|but|also|both|in|on|at|for|from|until|till|since|before"
    r"|after|during|with|without|every|each|some|sometimes|only|was|were|will|used|might|may|could"
    r"|would|should|who|which|that)\b|n't\b|[,;/&]"
)
"""Words that narrow, join or take back: what has them may hold beside another."""
_CHARGE = "charge"
_LEADS = re.compile(
    r"^(?P<subject>.+?) (?:leads|heads|is in charge of|is the (?:head|lead|director) of)"
    r" (?P<value>.+)$"
)
"""Not "owns" or "manages": who owns one service may well own another."""
_ENGLISH = tuple(
    (re.compile(rf"^(?P<subject>.+?) {words} (?P<value>.+)$"), predicate)
    for words, predicate in (
        ("reports to", "reports"),
        ("works (?:in|at|for)", "works"),
        ("is based in", "based"),
        ("(?:is|are) located in", "located"),
        ("(?:is|are) due(?: on| by)?", "due"),
        ("starts(?: on| at)?", "starts"),
        ("ends(?: on| at)?", "ends"),
        ("costs", "costs"),
        ("is (?:spelled|spelt|written)", "spelt"),
        ("is (?:called|named)", "called"),
    )
)
_HOLDS_A_ROLE = re.compile(
    r"^(?P<subject>.+?) is (?:the|our) (?P<value>.+?) ?(?P<role>lead|manager|head|director|owner"
    r"|designer|developer|engineer)$"
)
_CHIEF = re.compile(
    r"^(?P<subject>.+?) is (?:the|our) (?P<value>c[a-z]o|head|president|chair|founder)$"
)
_ATTRIBUTE = (
    r"budget|deadline|due date|price|cost|fee|salary|target|headcount|launch date|release date"
    r"|start date|end date|title|role|email|email address|address|phone number|extension|manager"
    r"|lead|owner|c[a-z]o|version|code name|location|venue|birthday"
)
_IS = re.compile(rf"^(?P<subject>(?:.+ )?(?:{_ATTRIBUTE})) is (?:now )?(?P<value>.+)$")
_WANTS = re.compile(
    r"^(?:i (?:want|prefer|like)|please (?:write|use)|write|use) (?P<subject>\w+) (?:as|in|like) "
    r"(?P<value>.+)$"
)

_TOPIC = re.compile(r"^(?P<name>.*[가-힣A-Za-z0-9])(?:께서는|께서|은|는|이|가)$")
_CHARGE_KO = re.compile(
    r"^(?P<value>.+?)(?:을|를) (?:맡(?:는다|습니다|아요|음|고 있(?:다|습니다|어요|음))|"
    r"(?:담당|총괄)(?:한다|합니다|해요|함|하고 있(?:다|습니다|어요|음))"
    r"|이끈다|이끕니다|이끌어요|이끌고 있(?:다|습니다|어요))$"
)
_IN_CHARGE_KO = re.compile(
    r"^(?P<value>.+?) (?:담당|책임자|총괄)(?:이다|입니다|이에요|예요|임|자다)?$"
)
_BELONGS_KO = re.compile(
    r"^(?P<value>.+?)(?: 소속(?:이다|입니다|이에요|임)?"
    r"|에서 (?:일한다|일합니다|일해요|근무한다|근무합니다))$"
)
_COPULA_KO = re.compile(r"(?:이다|입니다|이에요|예요|이야|임|다)$")
_ATTRIBUTE_KO = re.compile(
    r"(?:예산|마감|마감일|기한|가격|비용|단가|연봉|목표|출시일|배포일|시작일|종료일|이름|직책|직급|이메일"
    r"|주소|전화번호|내선|인원|대표|책임자|담당자|담당|버전|위치|장소|시작|정원|생일|코드명|약칭)$"
)
_WANTS_KO = re.compile(
    r"^(?P<subject>날짜|시간|숫자|금액|이름|제목|결정|할 일)(?:은|는|을|를) (?P<value>.+?)"
    r"(?:처럼|식으로|형식으로|형태로|으로|로) (?:써|적어|표기해|쓴다|적는다|원한다|쓰기|쓸 것).*$"
)
_LOOSE_KO = re.compile(
    r"(?:^| )(?:안|못|않\S*|아니\S*|및|또는|혹은|그리고|만약|가끔|주로|함께|같이|예전\S*|전에\S*"
    r"|작년\S*)(?: |$)"
    r"|[가-힣A-Za-z](?:와|과|랑|이랑|하고|에서|에게|부터|까지|에|은|는)(?: |$)|[,;/&]"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """`value` is what holds of `subject` by `predicate`, and nothing else does beside it."""

    subject: str
    predicate: str
    value: str

    def contradicts(self, other: Claim) -> bool:
        """Do both say something of the same thing, and not the same? A value that only says more
        ("domestic sales" and "sales") is none against the other."""
        if (self.subject, self.predicate) != (other.subject, other.predicate):
            return False
        mine, theirs = set(self.value.split()), set(other.value.split())
        return not (mine <= theirs or theirs <= mine)


def claim_of(text: str) -> Claim | None:
    """What a sentence claims, None where it is of no shape that holds for one thing only."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    sentence = _FINAL.sub("", _BLANKS.sub(" ", folded)).strip()
    if re.search("[가-힣]", sentence) and (found := _korean(sentence)):
        return found
    return _english(sentence)


def _english(sentence: str) -> Claim | None:
    for pattern, predicate in ((_LEADS, _CHARGE), *_ENGLISH):
        if match := pattern.match(sentence):
            return _claim(match["subject"], predicate, match["value"], loose=_LOOSE)
    if match := _HOLDS_A_ROLE.match(sentence):
        return _claim(match["subject"], f"role {match['role']}", match["value"], loose=_LOOSE)
    if match := _CHIEF.match(sentence):
        return _claim(match["subject"], "chief", match["value"], loose=_LOOSE)
    if match := _IS.match(sentence):
        return _claim(match["subject"], "is", match["value"], loose=_LOOSE)
    if match := _WANTS.match(sentence):
        return _claim(match["subject"], "written", match["value"], loose=_LOOSE)
    return None


def _korean(sentence: str) -> Claim | None:
    if match := _WANTS_KO.match(sentence):
        return _claim(match["subject"], "written", match["value"], loose=_LOOSE_KO)
    words = sentence.split()
    for place, word in enumerate(words[:_LONGEST_SUBJECT]):
        topic = _TOPIC.match(word)
        if topic is None or place == len(words) - 1:
            continue
        subject = " ".join([*words[:place], topic["name"]])
        return _said_of(subject, " ".join(words[place + 1 :]))
    return None


def _said_of(subject: str, rest: str) -> Claim | None:
    for pattern, predicate in (
        (_CHARGE_KO, _CHARGE),
        (_IN_CHARGE_KO, _CHARGE),
        (_BELONGS_KO, "works"),
    ):
        if match := pattern.match(rest):
            return _claim(subject, predicate, match["value"], loose=_LOOSE_KO)
    if _ATTRIBUTE_KO.search(subject):
        return _claim(subject, "is", _COPULA_KO.sub("", rest), loose=_LOOSE_KO)
    return None


def _claim(subject: str, predicate: str, value: str, *, loose: re.Pattern[str]) -> Claim | None:
    subject, value = _ARTICLE.sub("", subject.strip()), _ARTICLE.sub("", value.strip())
    if not subject or not value or loose.search(subject) or loose.search(value):
        return None
    if len(subject.split()) > _LONGEST_SUBJECT or len(value.split()) > _LONGEST_VALUE:
        return None
    return Claim(subject, predicate, value)
