"""Citations in prose: `[12]`, `[12][31]`, `[12, 31]`, `[12-14]` name utterances by number."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

_GROUP = re.compile(r"\[\s*(#?\d{1,6}(?:\s*(?:,|;|-|–|~)\s*#?\d{1,6})*)\s*\]")
_RANGE = re.compile(r"(\d+)\s*[-–~]\s*#?(\d+)")
_LONGEST_RANGE = 50
_SENTENCE = re.compile(
    # up to its end mark, the quotes that close after it, and its citations; "3.5" has no end
    r"[^\n]*?(?:[.!?。…]+[\"'”’)\]]*(?:[ \t]*\[[^\]\n]*\])*(?=\s|$)|\n|$)"
)
_ABBREVIATION = re.compile(
    r"(?:^|.*\s)(?:[A-Za-z]|Dr|Mr|Mrs|Ms|Prof|St|No|vs|e\.g|i\.e|etc|approx)\."
)


@dataclass(frozen=True, slots=True)
class Cited:
    """Prose whose citations all exist. `numbers` in the order of first mention; `removed` counts
    citations of utterances that were not given."""

    text: str
    numbers: tuple[int, ...]
    removed: int


def numbers_in(text: str) -> tuple[int, ...]:
    """Every utterance number a text cites, in order, once each."""
    found: dict[int, None] = {}
    for group in _GROUP.finditer(text):
        for number in _numbers(group.group(1)):
            found.setdefault(number)
    return tuple(found)


def checked(text: str, *, allowed: Collection[int]) -> Cited:
    """`text` with each citation as `[n]`, those not in `allowed` taken out."""
    numbers: dict[int, None] = {}
    removed = 0

    def settle(group: re.Match[str]) -> str:
        nonlocal removed
        wanted = _numbers(group.group(1))
        kept = [number for number in wanted if number in allowed]
        removed += len(wanted) - len(kept)
        for number in kept:
            numbers.setdefault(number)
        return "".join(f"[{number}]" for number in kept)

    settled = _GROUP.sub(settle, text)
    # A removed citation leaves its blank behind.
    return Cited(re.sub(r"[ \t]+([.,!?])", r"\1", settled).strip(), tuple(numbers), removed)


def share_of_cited_sentences(text: str, *, allowed: Collection[int]) -> float:
    """The share of sentences that cite at least one allowed utterance; 0 for no sentence."""
    found = sentences(text)
    cited = [part for part in found if any(n in allowed for n in numbers_in(part))]
    return len(cited) / len(found) if found else 0.0


def sentences(text: str) -> list[str]:
    """The sentences of a text with their citations, without what holds no word. "Dr. Kim" does not
    end after two letters."""
    found: list[str] = []
    for line in text.split("\n"):
        begun = ""
        for part in _SENTENCE.findall(line):
            begun = f"{begun} {part.strip()}".strip()
            if not _ABBREVIATION.fullmatch(begun):
                found.append(begun)
                begun = ""
        if begun:
            found.append(begun)
    return [part for part in found if re.search(r"\w", _GROUP.sub("", part))]


def replaced(text: str, replacement: Callable[[int], str]) -> str:
    """`text` with each citation written by `replacement(number)`, such as a link to its time."""
    return _GROUP.sub(
        lambda group: "".join(replacement(number) for number in _numbers(group.group(1))), text
    )


def _numbers(group: str) -> list[int]:
    numbers: list[int] = []
    for part in re.split(r"[,;]", group.replace("#", "")):
        span = _RANGE.search(part)
        if span:
            first, last = int(span.group(1)), int(span.group(2))
            if first <= last <= first + _LONGEST_RANGE:
                numbers.extend(range(first, last + 1))
                continue
            numbers.extend((first, last))
        else:
            numbers.append(int(part))
    return numbers
