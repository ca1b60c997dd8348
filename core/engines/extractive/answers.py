"""What a question wants to hear, and which sentences can say it: a line that names no time does not
answer "when". Questions are told apart by their words (the coarse classes of Li & Roth 2002)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from core.domain.owners import is_named
from core.domain.transcript import language_of
from core.engines.extractive.cues import Cues, plain
from core.engines.extractive.dates import names_time, without_times
from core.engines.extractive.figures import has_figure
from core.engines.extractive.findings import decides
from core.engines.extractive.sentences import Sentence
from core.engines.words import content_terms


class Want(StrEnum):
    """A kind of answer. The values stand among a line's terms, and no word is one of them."""

    TIME = "?time"
    FIGURE = "?figure"
    PERSON = "?person"
    REASON = "?reason"
    DECISION = "?decision"


WANTS: dict[Want, Cues] = {
    Want.TIME: Cues(
        (
            r"언제|며칠(?!간)|몇 ?(?:월|일|시)(?!간)|무슨 ?요일|어느 ?요일|날짜",
            "출시일은 언제인가요?",
        ),
        (r"(?:일정|마감|기한)[은는이가]? ?(?:\?|어떻게|어찌|뭐)", "마감 일정은 어떻게 되나요?"),
        (r"(?i)\bwhen\b|\b(?:what|which) (?:date|day|time|month|week)\b", "When does it ship?"),
        (r"(?i)\bdeadline\b|\bby when\b|\bhow soon\b", "By when is it due?"),
    ),
    Want.FIGURE: Cues(
        (r"얼마|몇 ?(?!월|일(?!간)|시(?!간))", "예산은 얼마인가요?"),
        (r"(?:비율|금액|수치|퍼센트|인원수)[은는이가]?", "이탈 비율은 어떻게 되나요?"),
        (r"(?i)\bhow (?:much|many|long|large|big|often|old|far)\b", "How many came?"),
        (r"(?i)\bwhat (?:share|percentage|number|amount|size|price)\b", "What share of them left?"),
    ),
    Want.PERSON: Cues(
        (r"누가|누구|누굴|뉘|어느 ?분|담당자", "누가 맡았나요?"),
        (r"(?i)\bwho(?:m|se)?\b|\bwhich (?:person|team|of us)\b", "Who is on it?"),
    ),
    Want.REASON: Cues(
        (r"(?<![가-힣])왜(?![가-힣])|이유|원인|까닭|어째서|때문인", "왜 늦어졌나요?"),
        (r"(?i)\bwhy\b|\bhow come\b|\breasons?\b|\bcause[sd]?\b", "Why was it late?"),
    ),
    Want.DECISION: Cues(
        (r"결정|확정|합의|결론|정해(?:졌|진)|정했|정한|승인|하기로", "무엇을 하기로 했나요?"),
        (
            r"(?i)\b(?:decisions?|decide[ds]?|agreed?|agreements?|conclu\w+|settled|chosen|approved)\b",
            "What was decided?",
        ),
    ),
}
_REASON = Cues(
    (
        r"때문|덕분|탓에|이유|원인|[가-힣](?:느라|길래)|[라어아해]서(?=[ ,.요]|$)",
        "비가 와서 늦었어요",
    ),
    (r"[가-힣]니까(?=[ ,.]|$)|거든요|잖아요", "문제가 없으니까 갑시다"),
    (
        r"(?i)\b(?:because|since|due to|reason|so that|that's why|thanks to|caused?)\b",
        "Because of it.",
    ),
)
_FIRST_PERSON = re.compile(
    r"(?<![가-힣])(?:제가|저는|저희|내가|나는|우리(?:가| 팀)|제 쪽)"
    r"|\b(?:I|I'll|I'm|I've|me|we|we'll)\b"
)
_OF_ASKING = {
    "en": "reason share percentage",
    "ko": "얼마 며칠 언제 누구 이유 원인",
}
_OF_DECIDING = {
    "en": "decision decided agree agreement concluded settled",
    "ko": "결정 확정 합의 결론 정하다 승인",
}


def wanted(question: str) -> frozenset[Want]:
    """The kinds of answer a question wants; none where its words do not say."""
    text = plain(question)
    return frozenset(want for want, cues in WANTS.items() if cues.search(text))


@cache
def _terms(words: str) -> frozenset[str]:
    """Not at import, and Korean ones not for English questions: they load the analyser."""
    return frozenset(content_terms([words])[0])


def asked_terms(terms: Sequence[str], wants: frozenset[Want]) -> tuple[str, ...]:
    """What to look for: the question's terms and its wants. The words that ask for these are left
    out: lines decide in other words than "decide", and no answer says "how much"."""
    language = language_of(" ".join(terms))
    said_otherwise = _terms(_OF_ASKING[language]) if wants else frozenset()
    if Want.DECISION in wants:
        said_otherwise |= _terms(_OF_DECIDING[language])
    kept = [one for one in terms if one not in said_otherwise]
    return (*(kept or terms), *sorted(wants))


def offered(sentence: Sentence, wants: frozenset[Want], speakers: frozenset[str]) -> list[str]:
    """Those of the wants that a sentence could satisfy. `speakers` are the names of all."""
    if not wants or sentence.asks:
        return []
    text = plain(sentence.text)
    says = {
        Want.TIME: lambda: names_time(text),
        Want.FIGURE: lambda: has_figure(without_times(text)),
        Want.PERSON: lambda: _names_somebody(text, speakers),
        Want.REASON: lambda: _REASON.search(text) is not None,
        Want.DECISION: lambda: decides(sentence),
    }
    return [want for want in sorted(wants) if says[want]()]


def _names_somebody(text: str, speakers: frozenset[str]) -> bool:
    """Who speaks, or one of the others."""
    return bool(_FIRST_PERSON.search(text)) or any(is_named(one, text) for one in speakers)
