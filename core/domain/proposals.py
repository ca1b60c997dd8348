"""Whether lines decide, or only ask and propose. A question that nobody answered is no decision,
and what a meeting puts off is none either."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SENTENCES = re.compile(r"(?<=[.!?。])\s+|\n")
_PROPOSES = re.compile(
    r"\?|\b(?:should we|could we|shall we|what if|how about|why don['’]t we|i(?:['’]d| would)"
    r"(?: rather| like to)? (?:suggest|propose)|i suggest|i propose|people keep asking|they want"
    r"|it['’]d be (?:nice|good|great)|would be (?:nice|good|great))\b"
    r"|제안|어떨까|어때요|어떠세요|어떻겠|면 좋겠|달라고|으면 하는데|고 싶은데|건의",
    re.IGNORECASE,
)
_SETTLES = re.compile(
    r"\b(?:let['’]s|we(?:['’]ll| will| move| approve| agreed| decided| go| are going)|decided"
    r"|agreed"
    r"|settled|approved|confirmed|that['’]s a decision|i['’]ll|i will|go with|is final|will be)\b"
    r"|(?:는|은|ㄴ|인|할|갈|올|둘|쓸) ?(?:걸로|것으로|거로)|기로|겠습니다|[하되가두쓰]죠|시죠"
    r"|합시다|[ㅂ가-힣]시다"
    r"|[할릴둘갈낼줄볼쓸]게요|승인|확정|통과|가결|정했|결정했|결정합|해 ?주세요",
    re.IGNORECASE,
)
_ASSENT = re.compile(
    r"^\W*(?:yes|yeah|yep|sure|ok|okay|agreed|fine|good|great|perfect|right|absolutely|done|will do"
    r"|sounds good|works for me|that works|makes sense|i agree|all right|deal|approved"
    r"|no objection\w*"
    r"|let['’]s|happy to|네|예|좋|그래|그러|그렇|동의|찬성|괜찮|맞|알겠|이의 없|오케이|저도)",
    re.IGNORECASE,
)
_PUTS_OFF = re.compile(
    r"\b(?:(?:don['’]t|do not|can['’]t|cannot) (?:think )?(?:we )?(?:can )?(?:decide|settle|agree)"
    r"|not (?:going to )?decid\w+|still open|undecided|(?:i )?take (?:that|it) back"
    r"|decide (?:\w+ )?later"
    r"|talk about it (?:in|next|later)|come back to (?:it|that|this))\b"
    r"|결정하지|정하지 (?:않|못|말)|안 정했|못 정했|정할 (?:문제|일)|(?:결정은|그건) 다음|미정"
    r"|나중에 정"
    r"|보고 (?:나서 )?(?:결정|정)|더 알아보고|검토해 ?보고 정",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:to be (?:decided|discussed|settled)|next meeting|later)\b"
    r"|정하기로|(?:논의|검토|확인)하기로|다음 (?:회의|주)에",
    re.IGNORECASE,
)
_TAG = re.compile(r",? (?:is that clear|all right|agreed|right|okay|그렇죠|맞죠|괜찮죠|아시겠죠)\?")
_DECISION = re.compile(
    r"\b(?:decided|agreed to|will (?:be|offer|use)|chose|settled on)\b|기로 (?:결정|했|하였|합의)"
    r"|결정했|확정했|확정하였"
)


def is_told_as_decision(claim: str) -> bool:
    """Does a sentence say that something was decided?"""
    return bool(_DECISION.search(claim)) and not puts_off(claim)


def puts_off(claim: str) -> bool:
    """Does a claim itself say that the matter is still to be settled?"""
    return bool(_PUTS_OFF.search(claim) or _LATER.search(claim))


def only_proposed(cited: Sequence[str], following: Sequence[str]) -> bool:
    """Do the cited lines ask, propose or put off, without anybody settling it there or assenting in
    the lines right after them? Lines that do neither are no proposals."""
    spoken = [_TAG.sub(".", line) for line in cited]
    sentences = [part for line in spoken for part in _SENTENCES.split(line)]
    if any(_settles(part) for part in sentences):
        return False
    if not any(_PROPOSES.search(part) or _PUTS_OFF.search(part) for part in sentences):
        return False
    if any(_PUTS_OFF.search(line) for line in (*cited, *following)):
        return True
    return not any(_ASSENT.search(line) for line in (*cited, *following))


def _settles(sentence: str) -> bool:
    return (
        bool(_SETTLES.search(sentence))
        and not _PUTS_OFF.search(sentence)
        and not _PROPOSES.search(sentence)
    )
