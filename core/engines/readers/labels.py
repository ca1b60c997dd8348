"""Who speaks, by the label before a text: "Kim: …". Written for too few rather than too many: words
taken for a name are a false speaker, and owners of actions are found through speakers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

LONGEST_LABEL = 40

_LABELLED = re.compile(
    r"(?P<name>[^:：\n]{1,60}?)(?P<closed>\*{0,2}) ?[:：](?P<space>\*{0,2}\s*)(?P<text>.*)",
    re.DOTALL,
)
# Zoom's chat: "From Kim to Everyone: …"
_CHAT = re.compile(r"^From +(\S.*?) +to +\S.*$")
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Ms|Mrs|Prof|St|Jr|Sr|[A-Z])\.")
_SENTENCE = re.compile(r"[.?!,;:：…。、，？！\"“”<>=|{}\[\]/\\@#]")
_LETTER = re.compile(r"[^\W\d_]")
_PARTICLE = re.compile(r"(?:d[eai]|del|der|den|la|le|van|von|of|the|and|al|bin|ibn|y|e|&|-|–)")
_NOT_NAMES = re.compile(
    r"(?:notes?|remember|reminder|deadline|due(?: date)?|agenda|decisions?|actions?"
    r"|action items?|to-?do|tasks?|summary|conclusions?|date|time|when|where|why|what|how"
    r"|location|place|venue|attendees|participants|present|absent|subject|title|topics?"
    r"|question|problem|issue|goal|example|for example|e\.?g|i\.?e|p\.?s|warning|important"
    r"|update|fyi|tip|tl;?dr|re|fwd?|cc|bcc|from|to|sent|budget|cost|price|status|owner"
    r"|risks?|next steps?|step|link|url|see|source|meeting|meeting id|passcode|password"
    r"|phone|email|https?|mailto|ftp|file|version|result|results|options?|part|section"
    r"|chapter|figure|table|item|background|context|overview|minutes|duration|language"
    r"|kind|created|recorded|transcript|am|pm|first|second|third|finally|also"
    r"|참고|주의|결론|안건|일시|장소|참석|참석자|참여자|불참|불참자|요약|결정|결정 ?사항"
    r"|할 ?일|메모|비고|날짜|시간|제목|주제|회의|회의명|회의 ?제목|작성자|작성일|예|예시"
    r"|예를 들면|예를 들어|질문|답변|답|문제|문제점|이유|원인|목표|목적|배경|결과|방법"
    r"|기한|마감|마감일|담당|담당자|예산|비용|일정|현황|상태|링크|출처|첨부|추가|공지|알림"
    r"|중요|핵심|요점|정리|다음 단계|액션 ?아이템|논의|논의 ?사항|공유|공유 ?사항|보고"
    r"|보고 ?사항|의견|총평|개요|내용|순서|버전|전화|이메일|주소)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:참석자|참여자|attendees?|participants?) ?\d{1,3}", re.IGNORECASE)
_WHEN = re.compile(
    r"^(?:am|pm)$|\d\s?(?:am|pm)\b|\b(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?\b|(?:jan|feb|mar|apr|jun|jul|aug|sep|oct"
    r"|nov|dec)[a-z]* \d|\b(?:19|20)\d\d\b|오전|오후|[월화수목금토일]요일|\d월|\d일",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|i|we|you|it|that|this|there|have|has|had|will|would|should|can|not|do"
    r"|does|my|our|your|at|by|because|so|but|if)\b",
    re.IGNORECASE,
)
_KOREAN_CLAUSE = re.compile(
    r"(?:는데|니다|어요|아요|해요|에요|예요|지만|면서|에서|으로|부터|까지|하면|라면|은데|거든|까요|것은|것)$"
)


def split_label(text: str) -> tuple[str, str] | None:
    """("Kim", "hello") for "Kim: hello" where the label could be a speaker's; else None."""
    match = _LABELLED.match(text[:120])
    if match is None:
        return None
    name = match["name"].strip(" \t*•-")
    if name.startswith("From "):
        name = _CHAT.sub(r"\1", name)
    rest = text[match.end("space") :]
    glued = not match["space"]
    if glued and (rest[:1] in tuple("/\\") or (name[-1:].isdigit() and rest[:1].isdigit())):
        return None
    if glued and rest and name.isascii() and not rest[0].isalpha():
        return None
    return (name, rest) if could_be_speaker(name) else None


@lru_cache(maxsize=4096)
def could_be_speaker(name: str) -> bool:
    """Could these words be what a transcript calls a speaker? Form alone; files decide the rest."""
    bare = _ABBREVIATION.sub("", name)
    if not _LETTER.search(name) or len(name) > LONGEST_LABEL or _SENTENCE.search(bare):
        return False
    if len(name.split()) > 5 or _WHEN.search(name) or _is_heading(name):
        return False
    return not _CLAUSE.search(name) and not _KOREAN_CLAUSE.search(name)


def _is_heading(name: str) -> bool:
    """ "Action 2", "주요 안건": the last word tells what it is. But "참석자 2" speaks."""
    if _NUMBERED.fullmatch(name):
        return False
    words = re.sub(r"\([^)]*\)|[\d#.]+", " ", name).split()
    return bool(
        words and (_NOT_NAMES.fullmatch(" ".join(words)) or _NOT_NAMES.fullmatch(words[-1]))
    )


@lru_cache(maxsize=4096)
def looks_like_name(name: str) -> bool:
    """Every word is capitalised, a number or a particle; Korean and other scripts: at most three
    short words."""
    words = re.sub(r"[()]", " ", name).split()
    if any(ord(character) > 0x2FF for character in name):
        return len(words) <= 3 and len(name) <= 16
    return all(
        word[0].isupper() or word[0].isdigit() or _PARTICLE.fullmatch(word) for word in words
    )


def speakers_among(texts: Iterable[str], *, timed: bool) -> frozenset[str]:
    """The labels that are speakers in a file of these texts.

    In a dialogue (most lines are labelled, or a third of them and somebody speaks twice) every
    label counts that looks like a name. Elsewhere it must also be used twice, and not once in
    a book. `timed` lines are a dialogue's already, so there one line is enough to judge by.
    """
    counts: Counter[str] = Counter()
    lines = 0
    for text in texts:
        lines += 1
        split = split_label(text)
        if split is not None:
            counts[split[0]] += 1
    labelled, repeated = counts.total(), any(count > 1 for count in counts.values())
    mostly = labelled * 2 > lines and (labelled >= 2 or timed)
    dialogue = mostly or (labelled * 3 >= lines and repeated)
    rare = labelled * 20 < lines
    return frozenset(name for name, count in counts.items() if _counts(name, count, dialogue, rare))


def _counts(name: str, count: int, dialogue: bool, rare: bool) -> bool:
    named = looks_like_name(name)
    if dialogue:
        return named or count > 1 or len(name.split()) == 1
    return named and count > 1 and not rare
