"""Whether items rest on what was said. Models glue true quotes to false claims, so the quote, every
number, the owner and the claim's own words are each looked for; what fails stays, unverified."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.domain import numerals
from core.domain.due_words import tells_time, weekdays_in
from core.domain.kinds import ItemKind
from core.domain.lines_said import LinesSaid, as_one, with_speakers
from core.domain.minutes import Item
from core.domain.names_said import invents_name
from core.domain.owners import (
    found_owner,
    invents_person,
    is_named,
    misassigns,
    misnamed,
    name_words,
)
from core.domain.paired_numbers import misstates, units_met
from core.domain.polarity import contradicts
from core.domain.proposals import only_proposed, puts_off
from core.domain.quotes import look_up
from core.domain.transcript import Transcript, Utterance, language_of
from core.domain.wording import content, fold, has_words, says, shared

_CLAIM_IN_CITED = 0.3
_CLAIM_NEAR = 0.5
_FEW_WORDS = 2
_LARGE = 99
_DUE_SHARE = 0.5
_STRANGE = re.compile(
    r"[^\W\d_a-zA-Z\u00aa-\u024f\u0300-\u03ff\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"
)
"""Letters but those of Latin, Greek (symbols) and Hangul."""


def check(
    items: Sequence[Item], transcript: Transcript, *, language: str | None = None
) -> tuple[Item, ...]:
    """The same items in the same order, each with its verdict. `language` is the one they were to
    be written in, None where nobody knows.

    Citations of utterances that do not exist are removed; a citation that misses its quote by at
    most NEAR utterances is mended; an owner and a due date that nobody spoke of become None.
    `verified` means: cited, quoted word for word, every number said, and the claim about the same
    matter as the lines it cites.
    """
    meeting = LinesSaid(transcript, language)
    return tuple(_checked(item, meeting) for item in items)


def _checked(item: Item, meeting: LinesSaid) -> Item:
    numbers = tuple(spoken.number for spoken in meeting.cited(item.utterances))
    quote = look_up(item, numbers, meeting)
    cited = meeting.cited(quote.numbers)
    owner = _owner(item, quote.numbers, cited, meeting)
    due_text = item.due_text if _is_due_said(item, quote.numbers, meeting) else None
    falsely_owned = owner is None and item.owner is not None and _is_doer(item, cited)
    solid = (
        bool(cited)
        and has_words(item.text)
        and quote.found
        and not falsely_owned
        and not misnamed(item.text, speakers=meeting.speakers, near=meeting.around(quote.numbers))
        and not invents_person(item.text, said=meeting.everything)
        and not invents_name(item.text, said=meeting.everything)
        and not numerals.missing(item.text, source=with_speakers(cited))
        and not _is_turned(item, cited, meeting)
        and _is_about(item, quote.numbers, cited, meeting)
        and not _is_in_no_language(item.text, meeting.everything)
    )
    return replace(
        item.checked(verified=solid, start=cited[0].start if cited else None),
        utterances=quote.numbers,
        quote=quote.text,
        owner=owner,
        due_text=due_text,
        due=item.due if due_text else None,
    )


def _is_in_no_language(text: str, said: str) -> bool:
    """Does a claim hold letters of a script that neither language has and nobody used? A model that
    slips into another language, or raves, writes them; no line can bear them out."""
    strange = {letter for letter in _STRANGE.findall(text) if letter not in said}
    return bool(strange)


def _is_doer(item: Item, cited: Sequence[Utterance]) -> bool:
    """Does the text have its owner act? "Send it to Tom" only names him, as the line does."""
    owner = item.owner or ""
    opening = " ".join(item.text.split()[:2])
    spoken_of = is_named(owner, as_one(cited)) and not is_named(owner, opening)
    return is_named(owner, item.text) and not spoken_of


def _is_turned(item: Item, cited: Sequence[Utterance], meeting: LinesSaid) -> bool:
    """Are the right words and numbers put together to say what the lines do not?"""
    lines = [spoken.text for spoken in cited]
    in_own_words = not any(says(line, item.text) for line in lines)
    if in_own_words and contradicts(item.text, lines):
        return True
    if in_own_words and misstates(item.text, "\n".join(lines)):
        return True
    if misassigns(item.text, speakers=meeting.speakers, cited=cited):
        return True
    if item.kind is not ItemKind.DECISION or puts_off(item.text):
        return False
    last = [cited[-1].number] if cited else []
    following = [spoken.text for spoken in meeting.around(last, before=-1)]
    return only_proposed(lines, following)


def _owner(
    item: Item, numbers: tuple[int, ...], cited: Sequence[Utterance], meeting: LinesSaid
) -> str | None:
    if item.owner is None:
        return None
    following = [spoken for spoken in meeting.around(numbers, before=0) if spoken not in cited]
    return found_owner(item.owner, cited=cited, following=following)


def _is_due_said(item: Item, numbers: tuple[int, ...], meeting: LinesSaid) -> bool:
    """Do words tell a time, and were they spoken here? Numbers and weekdays must have been, in
    whichever language; of the other words most, where they are in the language spoken."""
    if not item.due_text or not tells_time(item.due_text):
        return False
    near = with_speakers(meeting.around(numbers))
    if says(near, item.due_text):
        return True
    if numerals.missing(item.due_text, source=near):
        return False
    if weekdays_in(item.due_text) - weekdays_in(near):
        return False
    words = [word for word in fold(item.due_text).split() if not re.search(r"\d", word)]
    if language_of(item.due_text) != language_of(near):
        return True
    heard = fold(near).split()
    return not words or sum(word in heard for word in words) > _DUE_SHARE * len(words)


def _is_about(
    item: Item, numbers: tuple[int, ...], cited: Sequence[Utterance], meeting: LinesSaid
) -> bool:
    """Does the claim speak of what the cited lines speak of? Names and dates do not count: a lie
    borrows those first. Across languages words cannot be compared, and numbers have to do: in
    minutes that are to be in the claim's language."""
    said = as_one(cited)
    names = meeting.names | (name_words(item.owner) if item.owner else frozenset())
    claim = content(item.text, names=names)
    if not claim or says(said, item.text):
        return True
    tongue = language_of(item.text)
    if tongue != language_of(said) and tongue == (meeting.language or tongue):
        return True
    if _figures_agree(item.text) or _is_tied_by_number(item, numbers, cited, meeting):
        return True  # They were all said in the cited lines, which no other claim would hit.
    needed = max(1.0, _CLAIM_IN_CITED * len(claim))
    if shared(claim, said) >= needed:
        return True
    near = shared(claim, as_one(meeting.around(numbers)))
    if item.kind is ItemKind.TOPIC:
        return near >= needed
    # "Yes, let's do that": what was agreed to stands beside it. Lines of their own matter do not
    # borrow their neighbours'.
    enough = max(min(2.0, len(claim)), _CLAIM_NEAR * len(claim))
    return near >= enough and len(content(said, names=names)) <= _FEW_WORDS


def _is_tied_by_number(
    item: Item, numbers: tuple[int, ...], cited: Sequence[Utterance], meeting: LinesSaid
) -> bool:
    """Does a number of the claim stand in the cited lines with its unit, and in the quote itself or
    beside a word of the claim?"""
    if not units_met(item.text, as_one(cited)):
        return False
    if item.quote and not numerals.missing(item.text, source=item.quote):
        return True
    claim = content(item.text, names=meeting.names)
    return shared(claim, as_one(meeting.around(numbers))) > 0


def _figures_agree(claim: str) -> bool:
    """Are there so many numbers in a claim, one of them large, that they stand for its words?"""
    values = {min(found) for found in numerals.claimed(claim)}
    return len(values) > 1 and max(values) > _LARGE
