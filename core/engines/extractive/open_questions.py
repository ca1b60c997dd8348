"""Questions that stay open: nobody answers them, or the answer is "I don't know".

Whether an answer answers is not understood: whatever another speaker states next counts as one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.engines.extractive.cues import Cues, plain
from core.engines.extractive.readings import Reading
from core.engines.extractive.sentences import Sentence

UNKNOWN_ENGLISH = Cues(
    (
        r"(?i)\b(?:not (?:really |quite |too |entirely )?sure|no idea|(?:don't|do not|doesn't"
        r"|nobody) (?:really |actually )?know|unclear|hard to say|can't say|couldn't say"
        r"|good question|wish i knew|not decided|undecided|no (?:answer|decision) yet)\b",
        "Good question, I'm not sure.",
    ),
    (
        r"(?i)\b(?:let me|i'll|i will|i'd have to|i need to|i'd need to|we(?:'ll| will| need to"
        r"|'d need to| should)|someone should) (?:have to |need to )?(?:\w+ )?(?:check|find out"
        r"|look into|look it up|ask|get back|come back|see|think about|investigate|verify"
        r"|confirm|talk about)\b",
        "Let me check that.",
    ),
    (
        r"(?i)\b(?:can't|cannot|don't think we can|won't) (?:decide|answer|tell|settle)\b"
        r"|\b(?:decide|discuss|talk about|answer|settle|revisit|park) (?:it|that|this) (?:\w+ )?"
        r"(?:later|next|in|another|offline|for now)\b|\bneed (?:the |some |more )?(?:numbers|data"
        r"|information|details)\b|\bto be (?:decided|confirmed|determined)\b|\bstill open\b",
        "We can't decide that today.",
    ),
)
UNKNOWN_KOREAN = Cues(
    (
        r"모르겠|모릅니다|몰라요|글쎄|확실하지 않|확실치 않|정확하지 않|애매|장담|잘 모르",
        "글쎄요, 잘 모르겠네요.",
    ),
    (
        r"(?:확인|조사|검토|체크|파악|문의)(?:을|를|이|가)? ?(?:해 ?보(?!니|면)|해 ?봐|해야"
        r"|필요|하고 (?:다시"
        r"|알려)|한 (?:뒤|후|다음))|알아보|알아봐|물어보|물어봐|여쭤보|여쭤봐|찾아보|찾아봐|고민해",
        "확인해 보고 알려 드릴게요.",
    ),
    (
        r"(?:다음|나중|추후|차후|이따)\S* (?:\S+ )?(?:정하|정할|결정|논의|이야기|얘기|다시"
        r"|보죠|보시죠"
        r"|다루)|아직 (?:\S+ ){0,3}?(?:[안못] ?(?:정|나왔|받|들)|결정되지|확정)|미정"
        r"|정해지지 않|정하지 (?:못|않)"
        r"|답을 못|결정 못",
        "그건 다음 주에 정하죠.",
    ),
)
HOLLOW = Cues(
    (
        r"^\W*(?:(?:네|예|자|그럼|그리고|그러면|아|음)[\s,]+)*[가-힣]{1,4} ?(?:님|씨|팀장님?"
        r"|대리님?"
        r"|과장님?|부장님?|이사님?|대표님?|선생님?|매니저님?)?(?:은요|는요|도요|께서는요"
        r"|쪽은요)?\s*\?",
        "민재 님?",
    ),
    (
        r"(?i)^\W*(?:(?:and|so|ok(?:ay)?|but|what about|how about)\b[\s,]*)*[A-Z][\w'-]*\s*\?$",
        "What about Tom?",
    ),
    (
        r"^\W*(?:(?:네|아|어|그|잠깐만)[\s,]+)*(?:\S+ ){0,2}[가-힣A-Za-z\d]+(?:이)?요\s*\?$"
        r"(?<![까나가데세해돼죠지]요\?)(?<![았었]어요\?)(?<!예요\?)(?<!에요\?)",
        "40퍼센트요?",
    ),
    (
        r"(?:다는|라는|단|란|다고 하신|자는) (?:거|말씀|뜻|이야기|얘기|건)(?:죠|지요|이죠"
        r"|인가요|이신가요"
        r"|예요|맞)|(?:거|게|것) ?(?:맞|아니)(?:죠|지요|나요|습니까|아요|에요|예요)",
        "그러니까 두 배라는 거죠?",
    ),
    (
        r"(?:창문|마이크|에어컨|화면|문|불|의자|소리|커피|물|점심|저녁|자리|난방|커튼|볼륨)\S* "
        r"(?:\S+ ){0,3}?(?:닫|열|켜|켤|끄|끌|줄|키우|키울|보이|들리|드실|마실|먹|앉|띄|옮|바꿀|넘)",
        "창문 좀 닫을까요?",
    ),
    (
        r"(?i)\b(?:open|close|shut|turn (?:up|down)|hear)\b.*\b(?:window|door|blinds|volume|noise"
        r"|echo|that)\b|\b(?:on mute|share (?:your|the) screen|seat taken|eating|chips"
        r"|can you hear|my screen)\b",
        "Could someone open the window?",
    ),
    (r"(?:이야기|얘기|안건|논의)\S* (?:\S+ )?(?:할까요|해 볼까요|하실까요)", "예산 얘기도 할까요?"),
    (
        r"^\W*(?:저|제가|네|아)?\W*(?:저 )?질문(?:이|을)? ?(?:하나|한 가지"
        r"|좀)?(?:만)? ?(?:더 )?(?:있|드|할)",
        "저 질문 하나 있어요.",
    ),
    (
        r"(?i)^\W*(?:is|are) (?:it|that|this|they) (?:made of|a joke|serious|on purpose)\b"
        r"|\b(?:isn't|aren't|wasn't|doesn't|don't|didn't|won't|right|correct) ?(?:it|they|you|that"
        r"|we|he|she)?\?$",
        "It's the blue one, isn't it?",
    ),
)
_ASKS_AGAIN = re.compile(r"[?？]\s*$")
_HEARD = 2
_UNDECIDED_AFTER = 3


@dataclass(frozen=True, slots=True)
class Answers:
    """The sentences of the meeting by utterance, to look for an answer in."""

    by_place: dict[int, list[Sentence]]
    several: bool
    """Whether more than one speaker is told apart."""

    @classmethod
    def of(cls, sentences: Sequence[Sentence]) -> Answers:
        """From all sentences of a meeting."""
        by_place: dict[int, list[Sentence]] = {}
        for sentence in sentences:
            by_place.setdefault(sentence.place, []).append(sentence)
        return cls(by_place, len({s.utterance.speaker for s in sentences}) > 1)


def stays_open(reading: Reading, answers: Answers) -> bool:
    """Whether a question deserves a place among the open ones."""
    text = plain(reading.sentence.text)
    if HOLLOW.search(text):
        return False
    following = [
        answers.by_place[place]
        for place in range(reading.place + 1, reading.place + 1 + _UNDECIDED_AFTER)
        if place in answers.by_place
    ]
    if answers.several:
        following = [said for said in following if said[0].utterance.speaker != reading.speaker]
    replies = [said for said in following if not _only_asks(said)]
    if not replies:
        return True
    return any(_unknown(said[: _HEARD - at]) for at, said in enumerate(replies[:_HEARD]))


def _only_asks(said: Sequence[Sentence]) -> bool:
    return all(_ASKS_AGAIN.search(sentence.text) for sentence in said)


def _unknown(said: Sequence[Sentence]) -> bool:
    """Whether the first sentences of an answer leave the question open."""
    texts = [plain(sentence.text) for sentence in said]
    return any(UNKNOWN_ENGLISH.search(t) or UNKNOWN_KOREAN.search(t) for t in texts)
