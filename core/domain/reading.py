"""What a model answers when it reads a part of a meeting: the schema, and items out of the answer.

Strict on purpose: an answer that does not obey the schema is no answer. LangChain's parsers mend
half a JSON into a valid-looking object, which is how truncated minutes are born.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.transcript import Utterance

_TEXT = {"type": "string", "minLength": 1, "maxLength": 400}
_NULLABLE = {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 120}, {"type": "null"}]}
_NUMBERS = {
    "type": "array",
    "items": {"type": "integer", "minimum": 1},
    "minItems": 1,
    "maxItems": 12,
}
_MOST = {"topics": 4, "decisions": 12, "actions": 12, "questions": 10, "facts": 20}
_KINDS = {
    "topics": ItemKind.TOPIC,
    "decisions": ItemKind.DECISION,
    "actions": ItemKind.ACTION,
    "questions": ItemKind.QUESTION,
    "facts": ItemKind.FACT,
}


def _array(name: str, **properties: Any) -> dict[str, Any]:
    # Alphabetical keys: some servers sort them, and generation follows their order. Evidence
    # (quote) then comes before the claim (text), which is how it should be thought.
    ordered = dict(sorted(properties.items()))
    return {
        "type": "array",
        "maxItems": _MOST[name],
        "items": {"type": "object", "properties": ordered, "required": list(ordered)},
    }


def reading_schema() -> dict[str, Any]:
    """The JSON schema of one part's reading."""
    said = {"quote": _TEXT, "text": _TEXT, "utterances": _NUMBERS}
    arrays = {
        "actions": _array("actions", **said, owner=_NULLABLE, due_text=_NULLABLE),
        "decisions": _array("decisions", **said),
        "facts": _array("facts", **said),
        "questions": _array("questions", **said),
        "topics": _array("topics", text=_TEXT, utterances=_NUMBERS),
    }
    return {"type": "object", "properties": arrays, "required": list(arrays)}


def parse_reading(text: str) -> tuple[Item, ...]:
    """Items of an answer, unchecked against the transcript. ValueError where it is not exactly
    what the schema asks for."""
    answer = json.loads(text)
    if not isinstance(answer, dict):
        raise ValueError("the answer is not an object")
    items: list[Item] = []
    for name, kind in _KINDS.items():
        entries = answer.get(name)
        if not isinstance(entries, list):
            raise ValueError(f"{name} is not an array")
        items.extend(_item(kind, entry) for entry in entries)
    return tuple(items)


def overfull(items: Sequence[Item]) -> bool:
    """Whether some list is as long as the schema allows, so that more may have been left out."""
    return any(
        sum(item.kind is kind for item in items) >= _MOST[name]
        for name, kind in _KINDS.items()
        if kind is not ItemKind.TOPIC
    )


def transcript_lines(utterances: Sequence[Utterance]) -> list[str]:
    """The lines a model reads: `[12] Kim: text`. Numbers, not times: they cost a third less and
    code turns them back into times that are right."""
    return [transcript_line(utterance) for utterance in utterances]


def transcript_line(utterance: Utterance) -> str:
    """One such line."""
    name = f" {utterance.speaker}:" if utterance.speaker else ""
    return f"[{utterance.number}]{name} {utterance.text}"


def _item(kind: ItemKind, entry: object) -> Item:
    if not isinstance(entry, dict):
        raise ValueError(f"a {kind} is not an object")
    numbers = entry.get("utterances")
    if not isinstance(numbers, list) or not all(
        isinstance(number, int) and not isinstance(number, bool) for number in numbers
    ):
        raise ValueError(f"a {kind} without utterances")
    text = _string(entry, "text")
    if not text:
        raise ValueError(f"a {kind} without text")
    quote = _string(entry, "quote")
    if quote is None and kind is not ItemKind.TOPIC:
        raise ValueError(f"a {kind} without a quote")
    return Item(
        kind=kind,
        text=text,
        utterances=tuple(sorted(set(numbers))),
        quote=quote,
        owner=_string(entry, "owner"),
        due_text=_string(entry, "due_text"),
    )


def _string(entry: dict[str, object], name: str) -> str | None:
    value = entry.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text")
    return " ".join(value.split()) or None
