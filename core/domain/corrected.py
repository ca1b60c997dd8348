"""What was corrected later in a meeting: the later statement stands and names the earlier one.

Two statements are one corrected when they are of one kind and about the same matter, state other
numbers (or the later one takes it back), and the later lines say that something is corrected. The
last is asked for because a budget for spring and one for autumn differ in nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from core.domain import numerals
from core.domain.due_words import weekdays_in
from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.transcript import Transcript
from core.domain.wording import content, fold

_KINDS = frozenset((ItemKind.DECISION, ItemKind.ACTION, ItemKind.FACT))
_CORRECTS = re.compile(
    r"정정|바로\s?잡|번복|철회|취소|잘못\s?(?:말|봤|알|적)"
    r"|아까|아니라|아니고|아닙니다|아니에요|말고|대신"
    r"|(?:으로|로)\s?(?:다시\s?)?(?:변경|수정|바꾸|바꿔|바꿨|바뀌|늘리|늘려|줄이|줄여)"
    r"|(?:으로|로)\s?(?:다시\s?)?(?:미루|미뤄|앞당|당기|당겨|연기|조정)"
    r"|다시\s?(?:보니|확인|계산|말씀|정하)"
    r"|\bcorrect(?:ion|ing)?\b|\bscratch that\b|\binstead\b|\brather than\b|\bi meant\b"
    r"|\bmisspoke\b"
    r"|\bmistake\b|\bwrong\b|\bno longer\b|\bactually\b|\bsorry\b|\bwe said\b|\bnot \w+ but\b"
    r"|\b(?:chang|revis|mov|push|adjust|updat|lower|rais|cut|reduc|increas|postpon|bring)\w*\b"
    r"(?:\W+\w+){0,6}?\W+(?:to|from|down|up|back|forward|by)\b",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(
    r"철회|취소|번복|하지\s?않기로|안\s?하기로|없던\s?(?:일|것)"
    r"|\bcancel\w*|\bscratch that\b|\bno longer\b|\bwon'?t\b|\bwithdraw\w*|\bdrop (?:it|that)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?<![A-Za-z'’])([A-HJ-Z]|[Vv]\d+)(?![A-Za-z'’])")
_NOT_BUT = re.compile(r"아니라|아니고|말고|\bnot\b|\binstead\b|\brather than\b", re.IGNORECASE)
_CHANGE = content(
    "정정 수정 변경 조정 연기 번복 철회 취소 바로잡 다시 아까 잘못 확인 계산"
    " 바꾸 바꿔 늘리 늘려 줄이 줄여 미루 미뤄 앞당겨"
    " correct correction scratch instead rather misspoke mistake wrong longer actually sorry change"
    " revise move push adjust update lower raise cut reduce increase postpone bring cancel withdraw"
)
"""Words that say that something changes, not what."""
_SAME_MATTER = 0.6


def link_corrections(items: Sequence[Item], transcript: Transcript) -> tuple[Item, ...]:
    """The items, in order, without those that a later one corrects; that one says so in `replaces`
    (its text) and `replaces_at` (its utterances). Only verified items that no person wrote are
    looked at."""
    spoken = transcript.by_number()
    kept: list[Item] = []
    for item in items:
        said = "\n".join(spoken[n].text for n in item.utterances if n in spoken)
        place = _corrected_place(kept, item, said)
        if place is None:
            kept.append(item)
            continue
        earlier = kept.pop(place)
        before = f"{earlier.replaces} → {earlier.text}" if earlier.replaces else earlier.text
        kept.append(
            replace(
                item,
                replaces=before,
                replaces_at=tuple(dict.fromkeys((*earlier.replaces_at, *earlier.utterances))),
            )
        )
    return tuple(kept)


def _corrected_place(kept: Sequence[Item], item: Item, said: str) -> int | None:
    """Where the item stands that this one corrects; the nearest before it."""
    told = f"{said}\n{item.text}"
    if not _can_be_linked(item) or not (_CORRECTS.search(told) or _TAKES_BACK.search(told)):
        return None
    for place in range(len(kept) - 1, -1, -1):
        if _corrects(item, kept[place], said):
            return place
    return None


def _can_be_linked(item: Item) -> bool:
    return item.kind in _KINDS and item.verified and not item.edited and bool(item.utterances)


def _corrects(later: Item, earlier: Item, said: str) -> bool:
    if later.kind is not earlier.kind or not _can_be_linked(earlier):
        return False
    if min(later.utterances) <= max(earlier.utterances):
        return False
    if fold(later.text) == fold(earlier.text):
        return False
    return _same_matter(later, earlier) and (
        _other_figures(later, earlier, said) or bool(_TAKES_BACK.search(f"{said}\n{later.text}"))
    )


def _same_matter(later: Item, earlier: Item) -> bool:
    if later.owner and earlier.owner and fold(later.owner) != fold(earlier.owner):
        return False
    if _labels(later.text) != _labels(earlier.text):
        return False
    one, other = content(later.text) - _CHANGE, content(earlier.text) - _CHANGE
    smaller = min(len(one), len(other))
    return smaller > 0 and len(one & other) >= max(1.0, _SAME_MATTER * smaller)


def _labels(text: str) -> frozenset[str]:
    """What tells like things apart: "team A", "B안", "v2"."""
    return frozenset(label.upper() for label in _LABEL.findall(text))


def _other_figures(later: Item, earlier: Item, said: str) -> bool:
    """Is one number, or the day, another? Where several are, it is another matter: "5 in the first
    quarter" and "7 in the second"."""
    new, old = _figures(later), _figures(earlier)
    gone, come = old - new, new - old
    if old and new:
        named_beside = not gone and bool(_NOT_BUT.search(said))  # "not 5 but 4"
        return len(come) == 1 and (len(gone) == 1 or named_beside)
    days = weekdays_in(later.text) | weekdays_in(later.due_text or "")
    days_before = weekdays_in(earlier.text) | weekdays_in(earlier.due_text or "")
    return bool(days and days_before and days != days_before)


def _figures(item: Item) -> frozenset[Fraction]:
    texts = (item.text, item.due_text or "")
    return frozenset(min(values) for text in texts for values in numerals.claimed(text))
