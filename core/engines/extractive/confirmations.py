"""Decisions said twice: bare confirmations ("Good, that's settled.") and recaps join the decision
that they confirm, or stand for the sentence beside them that says it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.domain.kinds import ItemKind
from core.engines.extractive.cues import Cues, plain
from core.engines.extractive.readings import Reading
from core.engines.extractive.sentences import Sentence

BARE_ENGLISH = Cues(
    (
        r"(?i)^\W*(?:(?:ok(?:ay)?|al(?:l ?)?right|yes|yeah|good|great|fine|perfect|right|so|then"
        r"|well|and|excellent|lovely|no|thanks)\b\W*)*(?:(?:that|it|this)(?:'s| is| was)"
        r"(?: now| then| all)? (?:settled|decided|agreed|approved|confirmed|final|a decision"
        r"|our decision|the decision|a deal|a go|done)|decision made|settled|decided|confirmed"
        r"|we have a decision|(?:the )?motion (?:carries|passes|is carried|carried|passed)"
        r"|consider (?:it|that) (?:decided|settled)|we(?:'re| are) (?:all )?(?:agreed|settled))"
        r"(?: then| everyone| everybody| on that| by all)?\W*$",
        "Good, that's settled.",
    ),
    (
        r"(?i)^\W*(?:so )?(?:those|these|that's|those are|these are) (?:are |were )?(?:the |our "
        r"|all )*(?:\w+ )?(?:decisions?|things we(?:'ve)? (?:decided|agreed))\b[^:]{0,20}$",
        "So those are our three decisions for today.",
    ),
)
BARE_KOREAN = Cues(
    (
        r"^\W*(?:(?:네|예|자|좋아요|좋습니다|그럼|그러면|오케이|알겠습니다|그래요|이제"
        r"|일단)[\s,.]*)*"
        r"(?:(?:그렇게|이렇게|그대로|이대로|그걸로|이걸로)[\s,]*)?(?:최종 )?(?:결정|확정|합의|승인)"
        r"(?:이|된 걸로|하는 걸로|된 것으로)? ?(?:하겠습니다|할게요|하죠|합니다|입니다|이에요"
        r"|됐습니다"
        r"|됐네요|되었습니다|했습니다|된 거죠|났습니다|알겠습니다|하시죠|합시다)\W*$",
        "네, 그렇게 확정할게요.",
    ),
    (
        r"(?:이렇게|이상|총|오늘|이상으로)[\s,]*(?:\S+ )?(?:[가-힣]{1,3}|\d+) ?(?:가지|건"
        r"|개)(?:를|을"
        r"|가|로)? ?(?:\S+ )?(?:결정|합의|확정|승인|의결)\S*\W*$",
        "이렇게 네 가지 결정했습니다.",
    ),
)
_OFFER = Cues(
    (r"(?i)\b(?:i|we) (?:can|could) (?!see|hear|tell|imagine|understand)\w+", "I can move it."),
    (r"(?:수 있습니다|수 있어요|면 됩니다|면 돼요)\W*$", "알림을 추가하면 됩니다."),
)
_STATES = re.compile(
    r"(?i)^\W*(?:so |then )?(?:we|our|the|it|that means)\b|[가-힣](?:다|요|죠)\W*$"
)
_AGAINST = re.compile(r"(?i)\bnot\b|n't|\binstead\b|\bno longer\b|않|취소|대신|말고|철회|보류")
_COMMON = frozenset(
    """
    결정 확정 승인 합의 의결 최종 그렇다 decid agre approv settl go let's final confirm decis
    """.split()  # noqa: SIM905
)
_NEAR = 2
_BACK = 3
_COMPARED = 40


def bare(sentence: Sentence) -> bool:
    """Whether a sentence confirms a decision without saying which."""
    text = plain(sentence.text)
    return any(table.search(text) is not None for table in (BARE_ENGLISH, BARE_KOREAN))


def each_decision_once(readings: Sequence[Reading], sentences: Sequence[Sentence]) -> list[Reading]:
    """The readings with each decision once; other kinds are untouched."""
    kept: list[Reading] = []
    decisions: list[int] = []
    taken = {reading.index for reading in readings if not reading.bare}
    for reading in readings:
        if reading.kind != ItemKind.DECISION:
            kept.append(reading)
            continue
        whole = _whole(reading, [kept[at] for at in decisions[-1:]], sentences, taken)
        if whole is None:
            continue
        same = _same_as(whole, [(at, kept[at]) for at in decisions[-_COMPARED:]])
        if same is not None:
            kept[same] = kept[same].joined(whole.sentence)
            continue
        decisions.append(len(kept))
        kept.append(whole)
    return kept


def _same_as(reading: Reading, earlier: Sequence[tuple[int, Reading]]) -> int | None:
    if reading.bare and reading.proposal is None and earlier:
        at, last = earlier[-1]
        if reading.place - last.place <= _NEAR or _counts(reading):
            return at
    return next((at for at, one in reversed(earlier) if _repeats(one, reading)), None)


def _whole(
    reading: Reading, last: Sequence[Reading], sentences: Sequence[Sentence], taken: set[int]
) -> Reading | None:
    """A bare confirmation with the sentence that says what it confirms; None where none does."""
    if not reading.bare:
        return reading
    since = last[-1].index if last else -1
    near = bool(last) and reading.place - last[-1].place <= _NEAR
    if near and (reading.proposal is None or _before(reading.proposal, last[-1])):
        return replace(reading, proposal=None)
    if reading.proposal is not None:
        return reading
    if last and _counts(reading):
        return reading
    beside = _beside(reading, sentences, since=since, taken=taken)
    if beside is not None:
        return replace(reading, proposal=beside)
    return reading if len(_content(reading.sentence)) >= 2 else None


def _beside(
    reading: Reading, sentences: Sequence[Sentence], *, since: int, taken: set[int]
) -> Sentence | None:
    """What is confirmed: the next sentence of the same breath, or an offer made just before."""
    after = reading.index + 1
    if after < len(sentences) and after not in taken:
        following = sentences[after]
        if _states(following) and following.place == reading.place:
            return following
    for index in range(reading.index - 1, max(since, reading.index - 1 - _BACK), -1):
        sentence = sentences[index]
        offers = _OFFER.search(plain(sentence.text)) is not None
        own = sentence.place == reading.place and _states(sentence)
        if (offers or own) and len(set(sentence.terms)) >= 2 and not sentence.asks:
            return sentence
    return None


def _states(sentence: Sentence) -> bool:
    if sentence.asks or len(set(sentence.terms)) < 3:
        return False
    return _STATES.search(plain(sentence.text)) is not None


def _counts(reading: Reading) -> bool:
    text = plain(reading.sentence.text)
    return any(table.rows[1] and re.search(table.rows[1][0], text) for table in _BARE)


_BARE = (BARE_ENGLISH, BARE_KOREAN)


def _before(sentence: Sentence, reading: Reading) -> bool:
    return sentence.place <= reading.place


def _repeats(one: Reading, other: Reading) -> bool:
    """Whether the later decision says the earlier one again: same figures, mostly same words."""
    first, second = one.proposal or one.sentence, other.proposal or other.sentence
    mine, yours = _content(first), _content(second)
    least = min(len(mine), len(yours))
    sure = least >= 2 or (least == 1 and _figures(first) & _figures(second))
    if not sure or len(mine & yours) / least < 0.75:
        return False
    if bool(_AGAINST.search(first.text)) != bool(_AGAINST.search(second.text)):
        return False
    return _marks(second) <= _marks(first)


def _content(sentence: Sentence) -> set[str]:
    return {term for term in sentence.terms if term not in _COMMON and not term[:1].isdigit()}


def _marks(sentence: Sentence) -> set[str]:
    """Figures and single letters, which tell "option A" from "option B"."""
    letters = set(re.findall(r"\b[A-HJ-Z]\b|(?<![가-힣])[가-힣](?= ?안\b)", sentence.text))
    return letters | _figures(sentence)


def _figures(sentence: Sentence) -> set[str]:
    return {term for term in sentence.terms if term[:1].isdigit()}
