"""Makes JSON that obeys a JSON schema, as Ollama's grammar forces a model to (research §5).

`hints` says what to fill in where the schema has a property of that name; whatever has no hint
gets the smallest value that is valid. Plays: $ref, anyOf/oneOf, allOf (merged), enum, const,
min/maxItems, min/maxLength, integer bounds. `pattern` is not obeyed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Json = Any
Schema = Mapping[str, Any]

MISSING = object()
_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
_FORMATS = {
    "date": "2026-01-01",
    "time": "09:00:00Z",
    "date-time": "2026-01-01T09:00:00Z",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


class InvalidSchemaError(ValueError):
    """The text says why; the server answers with it."""


def schema_of(request_format: Json) -> Schema | str | None:
    """The `format` of a request: None, "json" or a schema.

    Raises InvalidSchemaError with the recorded sentence (chat-format-bad) for anything else.
    """
    if request_format in (None, ""):
        return None
    if request_format == "json":
        return "json"
    if isinstance(request_format, dict):
        if not _known_types(request_format):
            raise InvalidSchemaError("invalid JSON schema in format")
        return request_format
    raw = json.dumps(request_format, ensure_ascii=False, separators=(",", ":"))
    quoted = json.dumps(raw, ensure_ascii=False)
    raise InvalidSchemaError(
        f'invalid format: {quoted}; expected "json" or a valid JSON Schema object'
    )


def _known_types(part: Json) -> bool:
    """A type that JSON has not is refused (seen with a real 0.17.4)."""
    if isinstance(part, list):
        return all(_known_types(one) for one in part)
    if not isinstance(part, dict):
        return True
    kind = part.get("type")
    if isinstance(kind, str) and kind not in _TYPES:
        return False
    return all(_known_types(one) for key, one in part.items() if key not in ("enum", "const"))


class Maker:
    """Makes one value for one schema (`root` holds the $defs)."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._top: dict[str, Json] = {}

    def make(self, hint: Json = MISSING) -> Json:
        """`hint`: names to values; objects deeper down that have no hint of their own use it."""
        self._top = hint if isinstance(hint, dict) else {}
        return self._make(self._root, hint, 0)

    def _resolve(self, schema: Schema) -> Schema:
        for _ in range(20):
            reference = schema.get("$ref")
            if not isinstance(reference, str):
                break
            target: Any = self._root
            for part in reference.removeprefix("#").strip("/").split("/"):
                if part:
                    target = target.get(part, {}) if isinstance(target, dict) else {}
            schema = {**target, **{k: v for k, v in schema.items() if k != "$ref"}}
        if "allOf" in schema:
            merged: dict[str, Any] = {k: v for k, v in schema.items() if k != "allOf"}
            for part in schema["allOf"]:
                merged |= self._resolve(part)
            return merged
        return schema

    def _make(self, schema: Schema, hint: Json, depth: int) -> Json:
        schema = self._resolve(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return hint if hint in schema["enum"] else schema["enum"][0]
        options = schema.get("anyOf") or schema.get("oneOf")
        if options:
            return self._make(self._choose(options, hint, depth), hint, depth)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kind, list):
            choice = self._choose([{"type": one} for one in kind], hint, depth)
            return self._make({**schema, "type": choice["type"]}, hint, depth)
        return self._value(kind, schema, hint, depth)

    def _choose(self, options: list[Schema], hint: Json, depth: int) -> Schema:
        """The first option that the hint suits; without a hint null if allowed, else the first."""
        resolved = [self._resolve(option) for option in options]
        for option in resolved:
            if hint is not MISSING and _suits(option.get("type", "object"), hint):
                return option
        if hint is None or hint is MISSING or depth > 6:
            for option in resolved:
                if option.get("type") == "null":
                    return option
        return resolved[0]

    def _value(self, kind: str, schema: Schema, hint: Json, depth: int) -> Json:
        if kind == "object":
            return self._object(schema, hint, depth)
        if kind == "array":
            return self._array(schema, hint, depth)
        if kind == "string":
            return _string(schema, hint)
        if kind in ("integer", "number"):
            return _number(kind, schema, hint)
        if kind == "boolean":
            return hint if isinstance(hint, bool) else True
        if kind == "null":
            return None
        raise InvalidSchemaError(f"JSON schema error at #: unrecognized type {kind}")

    def _object(self, schema: Schema, hint: Json, depth: int) -> dict[str, Json]:
        hints = hint if isinstance(hint, dict) else self._top
        required = schema.get("required", [])
        made: dict[str, Json] = {}
        for name, part in schema.get("properties", {}).items():
            if depth > 8 and name not in required:
                continue
            made[name] = self._make(part, hints.get(name, MISSING), depth + 1)
        return made

    def _array(self, schema: Schema, hint: Json, depth: int) -> list[Json]:
        least = int(schema.get("minItems", 0))
        most = int(schema.get("maxItems", max(least, 10_000)))
        items = schema.get("items", {"type": "string"})
        hints = list(hint)[:most] if isinstance(hint, (list, tuple)) else []
        if not isinstance(hint, (list, tuple)) and depth <= 6:
            least = min(most, max(least, 1))
        hints += [MISSING] * (least - len(hints))
        return [self._make(items, one, depth + 1) for one in hints]


def _suits(kind: Any, hint: Json) -> bool:
    kinds: dict[str, tuple[type, ...]] = {
        "object": (dict,),
        "array": (list, tuple),
        "string": (str,),
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
        "null": (type(None),),
    }
    if isinstance(hint, bool) and kind != "boolean":
        return False
    return isinstance(hint, kinds.get(str(kind), ()))


def _string(schema: Schema, hint: Json) -> str:
    default = _FORMATS.get(str(schema.get("format")), "text")
    if isinstance(hint, dict):
        hint = hint.get("text")
    text = hint if isinstance(hint, str) else ("" if hint is None else default)
    least, most = int(schema.get("minLength", 0)), schema.get("maxLength")
    text = text.ljust(least, "x")
    return text if most is None else text[: int(most)]


def _number(kind: str, schema: Schema, hint: Json) -> int | float:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
    high = schema.get("maximum", schema.get("exclusiveMaximum", 2**31) - 1)
    given = isinstance(hint, (int, float)) and not isinstance(hint, bool)
    value = min(max(hint if given else low, low), high)
    return int(value) if kind == "integer" else value
