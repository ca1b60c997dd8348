"""Wishes for everything that is written from now on, in Korean: "앞으로 날짜는 …처럼 써 줘".

"앞으로" also opens requests for one answer ("앞으로 할 일을 정리해 줘"): without the particle that
sets it apart, what stands right behind it has to speak of how something is written.
"""

from __future__ import annotations

import re

from core.domain.learning_sentences import is_about_form

_ASKED = re.compile(
    # Not "언제나", "누구든", "뭐든": those ask nothing.
    r"(?<![가-힣])(?:누가|누구(?:를|와|의|에게|인지|야|죠)?(?![가-힣])|언제(?:까지|부터|였|인지)?(?![가-힣])"
    r"|언제였\S*|언제인지|어디(?!나|든|서든)|무엇(?!이든)|무슨|뭐(?!든)|뭘|뭔|왜|어떻게(?!든)|어떤지|얼마(?!든|나)"
    r"|몇\s?(?:명|번|시|월|일|개|퍼센트|%)|어느)"
)
_CUE_APART = re.compile(
    r"(?<![가-힣])(?:앞으로(?:는|도|,)|앞으론|(?:이제|지금|다음|다음번|오늘)\s?부터(?:는|,)?"
    r"|다음\s?(?:번\s?)?(?:회의록|답변|요약|글)부터(?:는)?)(?![가-힣])\s*"
)
_CUE_ALWAYS = re.compile(r"(?<![가-힣])(?:항상|언제나|매번|늘)(?![가-힣])\s*")
_CUE_PLAIN = re.compile(r"(?<![가-힣])(?:앞으로|다음번?에는|다음번?엔)(?![가-힣])\s*")
_CUE_NOW = re.compile(r"(?<![가-힣])이제(?![가-힣])\s*(?=\S*[은는](?![가-힣]))")
_LIGHT = re.compile(r"(?:(?:좀|더|꼭|모두|모든|다|내|제|우리|이|그|각|항상)\s+)+")
_FORM_FIRST = re.compile(r"결정|안건|참석자|기한|용어|직함|반말|말투|글자|한\s?(?:줄|문장|문단|장)")
"""Beside the words about writing (learning_sentences): parts of minutes that a wish may begin
with."""
_ONE_ANSWER = re.compile(r"\S+별(?:로|\s)|요약해|정리해|답해\s?봐|적어\s?봐")
_TO_COME = re.compile(r"할 일|해야|일정|계획|예정")
_RELATIVE = re.compile(r"\S+(?:는|던)\s")
"""A verb before a noun: "항상 늦는 사람", not "항상 존댓말로"."""
_ENDS = re.compile(
    r"(?:줘요?|주세요|주십시오|주면 좋겠\S*|주셨으면\S*|하세요|하십시오|해라|해줘"
    r"|바랍니다|바라요|부탁\S*|좋겠\S*"
    r"|마요?|마세요|마십시오|말아\S*|써요?|쓰세요|쓰자|하자|적어요?|적자|답해요?|붙여요?"
    r"|줄래요?|주실래요|주시겠어요|주겠어요?|줄 수 (?:있어|있니|있을까)요?"
    r"|주실 수 (?:있어요|있나요|있을까요))"
    r"[.!?~\s]*$"
)
_QUESTION_OF_A_WISH = re.compile(r"(?:줄래요?|주실래요|주시겠어요|주겠어요?|수 있\S+)\s*\?+\s*$")


def asks_in_korean(text: str) -> bool:
    """Does it hold a word that asks for something: who, what, when, how?"""
    return bool(_ASKED.search(text))


def requests(sentence: str) -> bool:
    """Does a Korean sentence end as a request does?"""
    return bool(_ENDS.search(sentence))


def is_wish(sentence: str) -> bool:
    """Does a Korean sentence ask for something from now on? Doubt says no."""
    if not _ENDS.search(sentence) or asks_in_korean(sentence):
        return False
    if sentence.rstrip().endswith("?") and not _QUESTION_OF_A_WISH.search(sentence):
        return False
    if _CUE_APART.search(sentence):
        return True
    if always := _CUE_ALWAYS.search(sentence):
        return _is_of_writing(sentence[always.end() :], sure=True)
    plain = _CUE_PLAIN.search(sentence) or _CUE_NOW.search(sentence)
    return plain is not None and _is_of_writing(sentence[plain.end() :], sure=False)


def _is_of_writing(rest: str, *, sure: bool) -> bool:
    """Does what follows a cue begin with how something is to be written? Behind a `sure` cue only
    what is plainly something else does not."""
    rest = _LIGHT.sub("", rest, count=1)
    first = rest.split(maxsplit=1)[0] if rest.split() else ""
    formed = is_about_form(first) or bool(_FORM_FIRST.match(rest))
    if sure:
        return formed or not _RELATIVE.match(rest)
    return formed and not _ONE_ANSWER.match(rest) and not _TO_COME.search(rest)
