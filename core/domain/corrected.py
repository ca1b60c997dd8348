"""What was corrected later in a meeting: the later statement stands and names the earlier one.

Two statements are one corrected when they are of one kind and about the same matter, state other
numbers (or the later one takes it back), and the later lines say that something is corrected. In
doubt both stay: a true statement hidden is worse than a corrected one shown beside the new.
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
from core.domain.sameness import differ, labels, lacking, matter
from core.domain.transcript import Transcript
from core.domain.wording import fold

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
_NOT_BUT = re.compile(r"아니라|아니고|말고|\bnot\b|\binstead\b|\brather than\b", re.IGNORECASE)
_CHANGE = matter(
    "정정 수정 변경 조정 연기 번복 철회 취소 바로잡 다시 아까 잘못 계산 대신 바꾸기 바꿔"
    " 늘리기 늘려 줄이기 줄여 미루기 미뤄 앞당겨 옮기기 옮겨 연기 당겨 맞습니다 아니라"
    " correct correction scratch instead rather misspoke mistake wrong longer actually sorry change"
    " revise revision move push adjust update lower raise cut reduce increase postpone bring cancel"
    " withdraw sell sale drop"
)
"""Words that say that something changes, not what."""


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
    if later.owner and earlier.owner and fold(later.owner) != fold(earlier.owner):
        return False
    if labels(later.text) != labels(earlier.text):
        return False
    if _names_what_it_corrects(later, earlier, said):
        return True
    if not _same_matter(later, earlier):
        return False
    return _other_figures(later, earlier, said) or _takes_it_back(later, earlier, said)


def _names_what_it_corrects(later: Item, earlier: Item, said: str) -> bool:
    """Is the old number spoken beside the new one, of a matter they share? The surest sign."""
    old, new = _figures(earlier), _figures(later)
    gone = old - new if old - new else old
    return (
        len(old) == 1
        and gone <= numerals.said(said)
        and bool(new - old)
        and bool(_CORRECTS.search(said))
        and _mostly_in(_matter(earlier), f"{said} {later.text}")
    )


def _mostly_in(words: frozenset[str], text: str) -> bool:
    return len(words) > 0 and 2 * len(lacking(words, matter(text))) <= len(words)


def _same_matter(later: Item, earlier: Item) -> bool:
    """Has not each a word that the other lacks? "Print budget" and "video budget" are two."""
    one, other = _matter(later), _matter(earlier)
    return bool(one) and bool(other) and not differ(one, other)


def _matter(item: Item) -> frozenset[str]:
    """The words of a statement, without those that say that something changes."""
    return lacking(matter(item.text), _CHANGE)


def _takes_it_back(later: Item, earlier: Item, said: str) -> bool:
    return (
        bool(_TAKES_BACK.search(f"{said}\n{later.text}"))
        and not _TAKES_BACK.search(earlier.text)
        and weekdays_in(later.text) == weekdays_in(earlier.text)
        and _figures(later) <= _figures(earlier)
    )


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
