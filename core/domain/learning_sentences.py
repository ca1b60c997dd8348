"""What a model may make of what a person did: the schemas, its answers, and whether one holds.

A model words, code decides: a fact says nothing that the person did not type, a preference is about
how minutes are written and names nothing of the meeting. What does not hold is refused as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from core.domain import fixed_words, numerals
from core.domain.corrections import is_clean
from core.domain.likeness import letters, unlikeness
from core.domain.memory import SENTENCE_LIMIT, TERM_LIMIT, Kind
from core.domain.names_said import invents_name
from core.domain.transcript import written_in
from core.domain.wording import content, shared

NOTHING = "nothing"
LONGEST = 200
"""Characters of a sentence that a model words."""
_MOST_HEARD = 4
_SHARED = 0.6
"""Of a sentence's words that the person must have typed."""
_SAME_WORDS = 0.7
"""Of the words of two sentences, from which on they say the same."""
_SAME_TERM = 0.2
_CAPITAL = re.compile(r"(?<=[\w,;]\s)[A-Z][A-Za-z]+")
_NAME = re.compile(
    r"[A-Z][A-Za-z]+|[가-힣]{2,4}(?=\s?(?:님|씨|대리|과장|차장|부장|팀장|이사|대표|사원|주임))"
)
_QUOTED = re.compile(r"“[^”]{1,40}”|\"[^\"]{1,40}\"|‘[^’]{1,40}’|'[^']{1,40}'")
_FORM = re.compile(
    r"\b(?:dates?|days?|times?|format\w*|written|writ(?:e|ing)|word(?:ing|ed)?|tone|style|bullets?"
    r"|lists?|tables?|sentences?|paragraphs?|short\w*|brief\w*|concise\w*|long\w*|detail\w*|formal\w*"
    r"|polite\w*|plain\w*|order\w*|first|headings?|titles?|numbers?|figures?|amounts?|units?|currenc\w+"
    r"|spell\w*|names?|languages?|korean|english|active|passive|voice|tense|abbreviat\w+|acronyms?"
    r"|quot\w+|citations?|summar\w+|minutes|answers?|owners?|capital\w*|lower ?case|upper ?case"
    r"|emoji"
    r"|bold|italic\w*|markdown|numbered)\b"
    r"|날짜|요일|시각|형식|서식|표기|표현|문장|문체|말투|어투|어미|존댓말|높임말|반말|음슴체|개조식|경어"
    r"|명사형|글머리|목록|번호|표로|표를|짧|간결|간단|길게|자세|요약|회의록|답변|답은|순서|먼저|제목|소제목"
    r"|숫자|금액|단위|이름|직함|호칭|한국어|한글|영어|영문|약어|줄임말|인용|담당자|굵게|이모지|단락|문단"
    r"|능동|수동|쓰지|써 ?줘|적어|쓰기|쓴다|쓰는|써|끝나|끝내|끝맺",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Worded:
    """What is to be proposed: a kind, a sentence or a term, and what the term is misheard as."""

    kind: Kind
    text: str
    heard: tuple[str, ...] = ()


def chat_schema() -> dict[str, Any]:
    """The JSON schema of what a model makes of a message; keys in alphabetical order."""
    piece = {"type": "string", "minLength": 1, "maxLength": TERM_LIMIT}
    properties = {
        "heard": {"type": "array", "maxItems": _MOST_HEARD, "items": piece},
        "kind": {"type": "string", "enum": [*(kind.value for kind in Kind), NOTHING]},
        "text": {"type": "string", "maxLength": LONGEST},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def minutes_schema() -> dict[str, Any]:
    """The JSON schema of what a model makes of an edit of minutes."""
    properties = {
        "about": {"type": "string", "enum": ["form", "content"]},
        "text": {"type": "string", "maxLength": LONGEST},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def parse_chat(answer: str, *, typed: str) -> Worded | None:
    """What a message gives to keep, None for nothing. ValueError where the answer is none, or says
    what the person did not."""
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise ValueError("the answer is not an object")
    kind, text, heard = read.get("kind"), read.get("text"), read.get("heard")
    if not isinstance(kind, str) or not isinstance(text, str) or not isinstance(heard, list):
        raise ValueError("the answer lacks its fields")
    if kind == NOTHING:
        return None
    worded = Worded(Kind(kind), _one_line(text), tuple(_one_line(str(form)) for form in heard))
    if worded.kind is not Kind.GLOSSARY:
        worded = Worded(worded.kind, worded.text)
    _refuse_unsaid(worded, typed)
    return worded


def parse_minutes(
    answer: str, *, before: str, after: str, language: str, names: Collection[str] = ()
) -> str | None:
    """The one preference that an edit shows, None for none. ValueError where the answer is none, or
    a sentence about what was said in the meeting instead of how it is written."""
    read = json.loads(answer)
    about, text = (read.get("about"), read.get("text")) if isinstance(read, dict) else (None, None)
    if about not in ("form", "content") or not isinstance(text, str):
        raise ValueError("the answer lacks its fields")
    sentence = _one_line(text)
    if about == "content" or not sentence:
        return None
    _refuse_unclean(sentence)
    if not is_about_form(sentence) or not written_in(_QUOTED.sub("", sentence), language):
        raise ValueError("not about how it is written, or in another language")
    if _tells_of_the_meeting(sentence, f"{before}\n{after}", names):
        raise ValueError("about what was said")
    return sentence


def in_own_words(text: str) -> Worded:
    """What a person asked to remember, as they said it, typed by simple rules."""
    kept = _one_line(text)[:SENTENCE_LIMIT]
    return Worded(Kind.PREFERENCE if is_about_form(kept) else Kind.FACT, kept)


def is_about_form(sentence: str) -> bool:
    """Does a sentence speak of how something is written?"""
    return bool(_FORM.search(_QUOTED.sub("", sentence)))


def is_like_any(kind: Kind, text: str, others: Iterable[str]) -> bool:
    """Does one of the others say the same, if in somewhat other words?"""
    return any(_is_like(kind, text, other) for other in others)


def _is_like(kind: Kind, one: str, other: str) -> bool:
    if letters(one) == letters(other):
        return True
    if kind is Kind.GLOSSARY:
        return unlikeness(one, other) < _SAME_TERM
    if numerals.said(one) != numerals.said(other) or not fixed_words.same(one, other):
        return False
    first, second = content(one), content(other)
    together = first | second
    return bool(together) and len(first & second) >= _SAME_WORDS * len(together)


def _refuse_unsaid(worded: Worded, typed: str) -> None:
    _refuse_unclean(worded.text)
    if worded.kind is Kind.GLOSSARY:
        if len(worded.text) > TERM_LIMIT:
            raise ValueError("a term is too long")
        said = letters(typed)
        if not all(
            letters(form) and letters(form) in said for form in (worded.text, *worded.heard)
        ):
            raise ValueError("a term that was not typed")
        return
    keys = content(worded.text)
    if not keys or shared(keys, typed) < _SHARED * len(keys):
        raise ValueError("words that were not typed")
    if numerals.missing(worded.text, source=typed) or invents_name(worded.text, said=typed):
        raise ValueError("a number or a name that was not typed")


def _refuse_unclean(text: str) -> None:
    if not text or len(text) > LONGEST or not is_clean(text):
        raise ValueError("no sentence, or an unclean one")


def _tells_of_the_meeting(sentence: str, edit: str, names: Collection[str]) -> bool:
    """Does it hold a name of the meeting, or its words beyond those about writing? An example in
    quotation marks is the person's own."""
    plain = _QUOTED.sub(" ", sentence)
    known = {*names, *_CAPITAL.findall(edit), *_NAME.findall(edit)}
    if any(len(name) > 1 and re.search(rf"(?<!\w){re.escape(name)}", plain) for name in known):
        return True
    matter = content(_FORM.sub(" ", plain))
    return bool(matter) and shared(matter, edit) > max(1, len(matter) // 3)


def _one_line(text: str) -> str:
    return " ".join(text.split())
