"""A deterministic reader of transcripts: what a perfect, dull model would extract.

It looks for lines `[12] Name: text` and decides by cue words, English and Korean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_LINE = re.compile(
    r"^\s*\[(\d+)\]\s*(?:([^:：\[\]\n]{1,40}?)\s*[:：]\s+)?(\S.*?)\s*$", re.MULTILINE
)
_DECISION = re.compile(
    r"\b(?:decided|agreed|approved|resolved|decision)\b|결정|합의|하기로|확정|승인", re.IGNORECASE
)
_ACTION = re.compile(
    r"\b(?:will|'ll|shall)\b.*\bby\b|\bI(?:'ll| will)\b|\baction item\b"
    r"|하겠습니다|겠습니다|까지|맡겠습니다|맡을게요|할게요",
    re.IGNORECASE,
)
_FACT = re.compile(r"\d|\bper ?cent\b|%|퍼센트|프로\b")
_ENGLISH_OWNER = re.compile(r"\b([A-Z][a-z]+(?: [A-Z][a-z]+)?)(?: will|'ll| shall)\b")
_PRONOUNS = {"I", "We", "It", "This", "That", "They", "He", "She", "You", "Then", "There", "Who"}
_KOREAN_OWNER = re.compile(
    r"([가-힣]{2,4})\s?(?:님|씨|팀장님?|과장님?|대리님?|부장님?)(?:이|가|은|는|께서)"
)
_ENGLISH_DUE = re.compile(r"\bby ((?:the )?(?:end of )?[\w-]+(?: \d{1,2})?)", re.IGNORECASE)
_KOREAN_DUE = re.compile(r"((?:\S*\d\S* )?\S+)까지")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_TRANSCRIPT = re.compile(r"<transcript>\n(.*?)\n</transcript>", re.DOTALL)
MISHEARD = {
    "결재 모듈": "결제 모듈",
    "회이록": "회의록",
    "the cash": "the cache",
    "cooper netties": "Kubernetes",
}
"""What the double knows for certain to be a mistake of speech recognition."""
LINES_PER_TOPIC = 20
QUOTE_CHARACTERS = 120


@dataclass(frozen=True)
class Utterance:
    number: int
    speaker: str
    text: str


def utterances(text: str) -> list[Utterance]:
    return [
        Utterance(int(number), speaker or "", said) for number, speaker, said in _LINE.findall(text)
    ]


def hangul_share(text: str) -> float:
    """Hangul among the letters, 0 to 1."""
    letters = [c for c in text if c.isalpha()]
    return sum("가" <= c <= "힣" for c in letters) / len(letters) if letters else 0.0


def read(text: str) -> dict[str, Any]:
    """The hints that fill a schema: lists by name, each item with every field name it may need."""
    lines = utterances(text)
    decisions = [_item(u) for u in lines if _DECISION.search(u.text)]
    actions = [_action(u) for u in lines if _ACTION.search(u.text)]
    questions = [_item(u) for u in lines if _asks(u)]
    facts = [_item(u) for u in lines if _FACT.search(u.text) and not _asks(u)]
    topics = [
        _topic(lines[start : start + LINES_PER_TOPIC])
        for start in range(0, len(lines), LINES_PER_TOPIC)
    ]
    found: dict[str, Any] = dict(_item(lines[0])) if lines else {}
    return found | {
        "topics": topics,
        "decisions": decisions,
        "actions": actions,
        "action_items": actions,
        "questions": questions,
        "open_questions": questions,
        "facts": facts,
        "key_points": facts,
        "changes": _corrections(text),
    }


def _corrections(text: str) -> list[dict[str, Any]]:
    """Each mistake in the lines that are asked about, not in those shown around them."""
    asked = _TRANSCRIPT.search(text)
    return [
        {"from": wrong, "number": line.number, "to": right, "why": f"{right}?"}
        for line in utterances(asked[1] if asked else "")
        for wrong, right in MISHEARD.items()
        if line.text.count(wrong) == 1
    ]


def _asks(utterance: Utterance) -> bool:
    return "?" in utterance.text or "？" in utterance.text


def _item(utterance: Utterance) -> dict[str, Any]:
    text = utterance.text
    quote = text[:QUOTE_CHARACTERS]
    named = ("text", "task", "title", "topic", "decision", "question", "fact", "description")
    return dict.fromkeys(named, text) | {
        "quote": quote,
        "evidence": quote,
        "speaker": utterance.speaker,
        "utterances": [utterance.number],
        "utterance": utterance.number,
    }


def _action(utterance: Utterance) -> dict[str, Any]:
    english = _ENGLISH_OWNER.search(utterance.text)
    korean = _KOREAN_OWNER.search(utterance.text)
    owner: str | None = utterance.speaker or None
    if english and english[1].split()[0] not in _PRONOUNS:
        owner = english[1]
    elif korean:
        owner = korean[1]
    due = _ENGLISH_DUE.search(utterance.text) or _KOREAN_DUE.search(utterance.text)
    date = _DATE.search(utterance.text)
    return _item(utterance) | {
        "owner": owner,
        "due": date[0] if date else None,
        "due_text": due[1] if due else None,
    }


def _topic(block: Sequence[Utterance]) -> dict[str, Any]:
    """Named by the first words of the longest line; its utterances are the whole block."""
    longest = max(block, key=lambda u: len(u.text))
    name = " ".join(longest.text.split()[:6]).rstrip(".,?!")
    numbers = {"utterances": [u.number for u in block]}
    return _item(longest) | dict.fromkeys(("text", "title", "topic", "task"), name) | numbers
