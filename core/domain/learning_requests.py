"""Messages that are nothing but something to keep: "기억해 줘: …", "From now on, …".

Such a message needs no answer. Whatever else stands in one (a question, a second request, a
quotation, a sentence that is not plainly a statement) makes it a message that wants an answer:
one answer too many is better than a question that nobody answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from core.domain.learning_cues import MASK, Cue, Told, masked, sentence_places, told_in
from core.domain.learning_wishes import asks_in_korean, requests
from core.domain.memory import SENTENCE_LIMIT

_COURTESY = re.compile(
    r"^\s*(?:안녕\S*|고마워\S*|감사\S*|부탁\S*|네|응|그래|저기|참|그리고|둘 다|모두"
    r"|hi|hello|hey|thanks?(?: you)?(?: a lot)?|thank you(?: very much)?|please|ok(?:ay)?)"
    r"[\s.!~,]*$",
    re.IGNORECASE,
)
_ENGLISH_ASKED = re.compile(
    r"\b(?:what|when|who|whom|whose|how|why|where|which|whether)\b|\?", re.IGNORECASE
)
_SECOND_REQUEST = re.compile(
    r"\b(?:and|then|also|now|but)\b[\s,]*(?:please\s+|could you\s+|can you\s+)?"
    r"(?:tell|show|give|list|summari[sz]e|explain|answer|find|write|translate|compare|draft|check)\b"
    r"|(?:해|알려|정리해|요약해|찾아|보여|말해|답해|설명해|번역해|비교해|만들어|적어|써)\s?"
    r"(?:주고|주면서|준 (?:다음|뒤|후)|줘,|주세요,)"
    r"|(?:알려|정리|요약|설명|번역|비교)(?:하고|한 (?:다음|뒤|후))",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"(?:알려|정리해?|요약해?|설명해?|보여|찾아|말해|뽑아|번역해?|비교해?|만들어|나열해?|궁금|답해)"
    r"(?:\s?(?:줘|주|봐|달라)\S*)?[.!~\s]*$"
    r"|^\s*(?:(?:and|now|then|please|also)[\s,]+)*(?:tell|show|give|list|summari[sz]e|explain|find"
    r"|write|translate|compare|draft|check|remind)\b",
    re.IGNORECASE,
)
"""A request for one answer."""
_KOREAN_CLAUSE = re.compile(r"(?:[다야어아해여요임함음죠지네게]|이에요|으?로)[.!~\s\"'”’)]*$")
_CALLED_SO = re.compile(r"라고\s*(?:꼭|좀|잘)?\s*(?:기억|명심)")
_WHETHER = re.compile(r"(?:는지|은지|인지|던지|ㄴ지|을지|할지)(?:를|도)?[\s.!]*$")
"""A question within a sentence: "누가 맡았는지"."""
_PRONOUN = re.compile(r"\b(?:i|we|you|they|he|she|it)\b\s+\w+", re.IGNORECASE)
_THE_THING = re.compile(r"^(?:the|a|an|those|these|all|any|every|each)\b", re.IGNORECASE)
"""A thing, not a clause: "the risks that they named"."""
_ENGLISH_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|should|must|does|do|did|isn['’]t|aren['’]t"
    r"|stands for|means|leads|works|runs|owns|left|joined|starts|begins|ends|likes|wants|prefers)\b"
    r"|\w['’]s\b|^to\s+[a-z]+",
    re.IGNORECASE,
)
_PAST = re.compile(r"\w\w+ed\b")
_SAYS_THAT = re.compile(r"\bthat\b\s*\S+\s+\S+|:\s*\S", re.IGNORECASE)
_BARE_CUE = re.compile(
    r"(?:기억|명심)\S*\s*\S*\s*(?:줘|주|둬|두|라|놔|놓)\S*[\s.!?~]*$|잊지\s?(?:마|말)"
    r"|^\s*(?:please\s+|and\s+)*(?:remember|keep in mind|don['’]t forget)\s+(?:that|this|it)"
    r"[\s.!]*$",
    re.IGNORECASE,
)
"""One that says nothing beside: "이거 기억해 줘.", "Remember that.\""""
_POLITE = r"(?:(?:please|ok(?:ay)?|and|also|so|hey)[\s,]+)*"
_DO = (
    r"(?:please\s+|do not\s+|don['’]t\s+|always\s+|never\s+)*"
    r"(?:answer|use|write|keep|put|call|spell|give|show|list|start|begin|end|make|mention|include"
    r"|leave|say|address|reply|respond|format|stop|avoid|quote|translate|sort|order|number|name"
    r"|add|mark|be|stick|treat|i\s+(?:want|need|prefer|would like)|i['’]d like|you should)\b"
)
_ENGLISH_WISH = re.compile(
    rf"^\s*{_POLITE}(?:(?:from now on|from here on(?: out)?|going forward|from today on|next time)"
    rf"[\s,:]+{_DO}|(?:always|never)\s+[a-z]+)"
    rf"|^\s*{_POLITE}{_DO}.*\b(?:from now on|going forward|from today on)[\s.!]*$",
    re.IGNORECASE,
)


def nothing_but(typed: str, *, speakers: Collection[str] = ()) -> Told | None:
    """All that a message asks to keep, where it asks for nothing else; None where it wants an
    answer, or holds more than an entry may."""
    told = told_in(typed, speakers=speakers)
    if told is None or told.cue is Cue.CORRECTION:
        return None
    own = masked(typed, speakers)
    said = [typed[slice(*place)] for place in sentence_places(own) if own[slice(*place)].strip()]
    if _has_pasted(own) or any(_wants_answer(one) for one in said):
        return None
    if told.cue is Cue.FROM_NOW_ON:
        return told if _is_one_wish(told, said) else None
    if not _says_something(told, typed):
        return None
    others = [one for one in said if not _is_cue(one) and not _COURTESY.match(one)]
    if not all(_is_statement(one) for one in others):
        return None
    text = _together(told, said, others)
    return Told(told.cue, text) if len(text) <= SENTENCE_LIMIT else None


def _has_pasted(own: str) -> bool:
    """Is a whole line somebody else's: code, a quotation, a line of a transcript?"""
    return any(line.strip() and not line.strip().strip(MASK) for line in own.splitlines())


def _wants_answer(sentence: str) -> bool:
    if _SECOND_REQUEST.search(sentence) or _ONCE.search(sentence) and not _is_cue(sentence):
        return True
    if asks_in_korean(sentence):
        return True
    found = _ENGLISH_ASKED.search(sentence)
    # "Can you remember that …?" is a request.
    return found is not None and not (found.group() == "?" and _is_cue(sentence))


def _is_cue(sentence: str) -> bool:
    """Is this the sentence that asks to keep?"""
    return told_in(sentence) is not None or bool(_BARE_CUE.search(sentence))


def _is_one_wish(told: Told, said: list[str]) -> bool:
    rest = [one for one in said if not _COURTESY.match(one)]
    if len(rest) != 1:
        return False
    return requests(told.text) or bool(_ENGLISH_WISH.search(told.text))


def _says_something(told: Told, typed: str) -> bool:
    """A clause, not just a name for something that was said: "그 결정", "the discussion"."""
    if re.search("[가-힣]", told.text):
        if _WHETHER.search(told.text):
            return False
        clause = _KOREAN_CLAUSE.search(told.text) or _CALLED_SO.search(typed)
        return bool(clause) or ":" in typed
    return _is_english_clause(told.text) or bool(_SAYS_THAT.search(typed))


def _is_statement(sentence: str) -> bool:
    if re.search("[가-힣]", sentence):
        return bool(_KOREAN_CLAUSE.search(sentence)) and not requests(sentence)
    return _is_english_clause(sentence)


def _is_english_clause(text: str) -> bool:
    if _ENGLISH_CLAUSE.search(text):
        return True
    tells = _PRONOUN.search(text) or _PAST.search(text)
    return bool(tells) and not _THE_THING.match(text)


def _together(told: Told, said: list[str], others: list[str]) -> str:
    """What is to be kept, with the statements that stand around it, in their order."""
    kept = [one for one in others if told.text not in " ".join(one.split())]
    if not kept:
        return told.text
    place = next((at for at, one in enumerate(said) if _holds(one, told.text)), 0)
    before = [one for one in kept if said.index(one) < place]
    behind = [one for one in kept if said.index(one) >= place]
    parts = (" ".join(one.split()) for one in (*before, told.text, *behind))
    return " ".join(one if one.endswith((".", "!")) else f"{one}." for one in parts)


def _holds(sentence: str, text: str) -> bool:
    return text[:10] in " ".join(sentence.split())
