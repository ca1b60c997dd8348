"""Where a person tells the chat something to keep: "remember that …", "앞으로는 …", "no, it is
spelled …".

Looks only at what the person typed themselves: quotations, code and pasted lines of a transcript
never give a cue. A question is none, and nobody else's words are ever looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.domain.learning_wishes import is_wish

_FOREIGN = re.compile(
    r"```.*?(?:```|\Z)"  # code
    r"|^[ \t]*>[^\n]*"  # a quotation
    r"|^[ \t]*(?:\[\d+\]|\(?\d{1,2}:\d{2})[^\n]*"  # a line of a transcript
    r"|“[^”\n]*”|\"[^\"\n]*\"|「[^」\n]*」|『[^』\n]*』|‘[^’\n]*’|`[^`\n]*`"
    # A Korean particle stands right behind the closing mark: '…'라고.
    r"|(?<![\w'])'[^'\n]{2,}'(?![A-Za-z0-9_])",
    re.DOTALL | re.MULTILINE,
)
_SPEAKER_LINE = re.compile(
    r"^[ \t]*[^\s:,.]{1,20}(?: [^\s:,.]{1,20})?:[ \t]+\S[^\n]*", re.MULTILINE
)
_SAYS = r"(?:[:：]|[(\[]?\d{1,2}:\d{2})"
"""Behind a name: a colon, or a time."""
MASK = "\ue000"
"""Stands for foreign words; no word of its own."""
_SENTENCE = re.compile(r"[^.!?。\n]*(?:(?<=\d)\.(?=\d)[^.!?。\n]*|\.(?=\w)[^.!?。\n]*)*[.!?。]*")
_LEAST = 4
"""Letters that a statement needs."""

_POLITE = (
    r"(?:(?:please|also|and|so|ok(?:ay)?|hey|well|by the way|btw|i(?:'d| would) like you to"
    r"|i (?:want|need) you to|you (?:should|must)"
    r"|(?:can|could|would|will) you(?: please)?)[,:]?\s+)*"
)
_REMEMBER = re.compile(
    rf"^\s*{_POLITE}(?:remember|keep in mind|bear in mind|(?:do not|don['’]t) forget"
    r"|(?:make a|take) note|(?:save|add) (?:this |it )?to (?:your |the )?memory)\b"
    r"(?:\s+(?:that|this))?\s*[:,]?\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ASKS_FOR_IT = re.compile(r"\b(?:can|could|would|will) you\b", re.IGNORECASE)
_ASKED_ABOUT = re.compile(r"^(?:what|when|who|whom|how|why|where|which|whether|if|me|us)\b", re.I)
_FROM_NOW_ON = re.compile(
    r"\b(?:from now on|from here on(?: out)?|going forward|from today on|next time)\b"
    rf"|^\s*{_POLITE}(?:always|never)\s+[a-z]+",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:said|says|told|decided|agreed|announced|mentioned|asked|wrote)\b"
    r"|(?:라고|다고|자고) (?:말|했|하|결정)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\s*(?:no|nope|actually|wrong|correction|that['’]?s (?:wrong|incorrect)"
    r"|that['’]?s not (?:right|correct))"
    r"\b[\s,.:;—–-]+(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_STATES = re.compile(
    r"\b(?:is|are|was|were|isn['’]t|spelled|spelt|written|pronounced|means|leads|works|runs|owns"
    r"|heads|belongs|stands for|called|reports to)\b|\w['’]s\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:i|we)\s+(?:mean|meant|want|need|asked)\b|^(?:give|show|tell|list|write|make|try|answer)\b"
    r"|^(?:what|when|who|how|why|where|which|is|are|do|does|did|can|could)\b",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    r"\b(?:is|it['’]?s|are)\s+(?:spelled|spelt|written)\s+\S|\bspell(?:ed|t)? (?:it|as)\b", re.I
)

_KEEP = (
    r"(?:기억(?:을)?|명심|메모리에\s*저장)\s*(?:좀\s*)?"
    r"(?:해\s*(?:줘|주세요|주십시오|주시겠|주실|줄래|줄\s*수|주면|주시면|둬|두세요|두십시오|두시|놔|놓으|라)"
    r"|하세요|하십시오|하도록|해요?(?=[.!\s]*$))|잊지\s*(?:마|말)"
)
_KOREAN_REMEMBER = re.compile(rf"(?P<cue>{_KEEP})[^:]*(?::\s*(?P<rest>.+))?$", re.DOTALL)
_KOREAN_ASKED_FOR = re.compile(r"(?:줄래|줄\s*수|주시겠|주실)")
_KOREAN_ASKS = re.compile(
    r"(?:줘요?|주세요|주십시오|주면 좋겠\S*|주셨으면\S*|하세요|하십시오|해라"
    r"|바랍니다|바라요|부탁\S*|좋겠\S*"
    r"|마요?|마세요|마십시오|말아\S*|써요?|쓰세요|쓰자|하자|적어요?|적자)[.!~\s]*$"
)
_KOREAN_NO = re.compile(
    r"^\s*(?:아니(?:요|오|야|에요|예요)?|아뇨|아닙니다|아닌데(?:요)?|틀렸(?:어|어요|습니다)|정정(?:할게요?|합니다)?"
    r"|그게 아니라|그게 아니고)[\s,.!~]+(?P<rest>.+)$",
    re.DOTALL,
)
_KOREAN_NOT_BUT = re.compile(r"\S+(?:이|가)\s*아니(?:라|고)\s+\S+")
_KOREAN_STATES = re.compile(
    r"(?:야|이에요|예요|입니다|에요|다|거든요?|이지요?|지요|죠|임"
    r"|해요|어요|아요|라고 (?:해|써|읽어)요?)[.!~\s]*$"
)
_KOREAN_QUESTION = re.compile(
    r"(?:나요|까요|까|는가|은가|는지|ㄴ가요|던가요?|냐|니|지요?)\s*\?|\?\s*$"
)
_KOREAN_ENDS = (
    (
        re.compile(r"[다라](?:는|던)\s*(?:것|걸|거|점|사실)(?:을|를|도|은|만)?\s*(?:꼭|잘|좀)?$"),
        "다",
    ),
    (
        re.compile(
            r"[,:]?\s*(?:이거|이것|이건|그거|그건|이걸|그걸|이 점|이 내용)?"
            r"(?:을|를|은|도)?\s*(?:꼭|잘|좀)?$"
        ),
        "",
    ),
    (re.compile(r"(?<=[다요야음임])(?:라고|고)$"), ""),
    (re.compile(r"(?<=[가-힣A-Za-z0-9])(?:이라고|라고)$"), ""),
    (re.compile(r"[,\s]+$"), ""),
)


class Cue(StrEnum):
    """How a person said that something is to be kept."""

    REMEMBER = "remember"
    FROM_NOW_ON = "from_now_on"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be kept, in the person's own words."""

    cue: Cue
    text: str


def told_in(typed: str, *, speakers: Collection[str] = ()) -> Told | None:
    """What a person asks to keep in a message of theirs; None where they ask for nothing of the
    kind. A line that is marked as said by one of the `speakers` is the meeting's."""
    hidden = masked(typed, speakers)
    places = [place for place in sentence_places(hidden) if hidden[slice(*place)].strip()]
    for number, (start, end) in enumerate(places):
        sentence = hidden[start:end]
        near = [typed[slice(*place)] for place in places[number - 1 : number] if number]
        behind = [typed[slice(*place)] for place in places[number + 1 : number + 2]]
        found = _remember(sentence, typed[start:end], near, behind)
        found = found or _from_now_on(sentence, typed[start:end])
        found = found or _correction(sentence, typed[start:end])
        if found and sum(sign.isalnum() for sign in found.text) >= _LEAST:
            return found
    return None


def masked(typed: str, speakers: Collection[str]) -> str:
    """The text with everything that is not the person's own hidden, each sign by one."""

    def hide(match: re.Match[str]) -> str:
        return "".join(sign if sign == "\n" else MASK for sign in match.group())

    own = _FOREIGN.sub(hide, typed)
    if speakers:
        names = "|".join(map(re.escape, sorted(speakers)))
        own = re.sub(rf"^[ \t]*(?:{names})[ \t]*{_SAYS}[^\n]*", hide, own, flags=re.MULTILINE)
    if len(_SPEAKER_LINE.findall(own)) > 1:
        own = _SPEAKER_LINE.sub(hide, own)
    return own


def sentence_places(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends."""
    for match in _SENTENCE.finditer(text):
        if match.group():
            yield match.span()


def _remember(sentence: str, own: str, near: list[str], behind: list[str]) -> Told | None:
    found = _REMEMBER.match(sentence)
    if found:
        asks = sentence.rstrip().endswith("?") and not _ASKS_FOR_IT.search(sentence)
        rest = own[found.start("rest") :].strip(" ?.!")
        if asks or _ASKED_ABOUT.match(rest):
            return None
        if not rest.strip(MASK + " "):  # "Kim leads sales. Remember that."
            stated = [one for one in near if not one.rstrip().endswith("?")]
            rest = (stated or behind or [""])[0].strip()
        return Told(Cue.REMEMBER, _one_line(rest))
    return _korean_remember(sentence, own, near, behind)


def _korean_remember(sentence: str, own: str, near: list[str], behind: list[str]) -> Told | None:
    found = _KOREAN_REMEMBER.search(sentence)
    if found is None:
        return None
    if sentence.rstrip().endswith("?") and not _KOREAN_ASKED_FOR.search(found.group("cue")):
        return None
    if found.group("rest"):
        return Told(Cue.REMEMBER, _one_line(own[found.start("rest") :]))
    said = own[: found.start()].strip()
    for ending, shorter in _KOREAN_ENDS:
        said = ending.sub(shorter, said)
    if sum(sign.isalnum() for sign in said) < _LEAST:
        said = (near or behind or [""])[0]
    return Told(Cue.REMEMBER, _one_line(said))


def _from_now_on(sentence: str, own: str) -> Told | None:
    if _REPORTED.search(sentence):
        return None
    english = not sentence.rstrip().endswith("?") and _FROM_NOW_ON.search(sentence)
    if english or is_wish(sentence):
        return Told(Cue.FROM_NOW_ON, _one_line(own))
    return None


def _correction(sentence: str, own: str) -> Told | None:
    if sentence.rstrip().endswith("?") or _KOREAN_QUESTION.search(sentence):
        return None
    english = _NO.match(sentence)
    if english:
        rest = english.group("rest")
        if _STATES.search(rest) and not _ASKS.match(rest):
            return Told(Cue.CORRECTION, _one_line(own[english.start("rest") :]))
    if _SPELLED.search(sentence):
        return Told(Cue.CORRECTION, _one_line(own))
    korean = _KOREAN_NO.match(sentence)
    stated = _KOREAN_STATES.search(sentence) and not _KOREAN_ASKS.search(sentence)
    if korean and stated:
        return Told(Cue.CORRECTION, _one_line(own[korean.start("rest") :]))
    if stated and _KOREAN_NOT_BUT.search(sentence):
        return Told(Cue.CORRECTION, _one_line(own))
    return None


def _one_line(text: str) -> str:
    return " ".join(text.split()).strip(" ,")
