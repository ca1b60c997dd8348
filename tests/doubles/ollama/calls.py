"""Request bodies, parsed and refused as Ollama's handlers do (recordings chat-bad-*, num-ctx-*)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.ollama.schema import InvalidSchemaError, Schema, schema_of
from tests.doubles.ollama.templates import Turn
from tests.doubles.ollama.wire import RefusalError

_INTEGERS = {
    "num_ctx", "num_batch", "num_gpu", "main_gpu", "num_thread", "num_keep", "seed",
    "num_predict", "top_k", "repeat_last_n",
}  # fmt: skip
_FLOATS = {
    "top_p", "min_p", "typical_p", "temperature", "repeat_penalty", "presence_penalty",
    "frequency_penalty",
}  # fmt: skip
_GO_NAMES = {str: "string", bool: "bool", int: "number", float: "number", dict: "object",
             list: "array"}  # fmt: skip
_FIELDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "model": (str, "string"),
    "messages": (list, "[]api.Message"),
    "stream": (bool, "bool"),
    "options": (dict, "map[string]interface {}"),
    "truncate": (bool, "bool"),
    "shift": (bool, "bool"),
}


def parse_body(raw: bytes, *, openai: bool = False) -> Any:
    """Raises 400 with the text of Go's decoder (recordings chat-bad-json, chat-empty-body)."""
    if not raw.strip() and openai:
        raise _invalid_request("EOF")
    if not raw.strip():
        raise RefusalError(400, "missing request body")
    try:
        return json.loads(raw)
    except json.JSONDecodeError as error:
        if error.pos >= len(raw.decode("utf-8", "replace").rstrip()) or "Unterminated" in error.msg:
            raise RefusalError(400, "unexpected EOF") from error
        where = "looking for beginning of value"
        if "delimiter" in error.msg:
            where = "after object key:value pair"
        character = error.doc[error.pos]
        raise RefusalError(400, f"invalid character {character!r} {where}") from error


def _invalid_request(text: str) -> RefusalError:
    error = {"message": text, "type": "invalid_request_error", "param": None, "code": None}
    return RefusalError(400, text, body={"error": error})


@dataclass
class Call:
    """One request to generate. `messages` empty: only load (or unload)."""

    model: str
    messages: list[Turn]
    options: dict[str, Any] = field(default_factory=dict)
    stream: bool = True
    truncate: bool = True
    shift: bool = True
    think: bool | str | None = None
    raw_format: Any = None
    keep_alive: Any = None
    tools: str = ""
    debug_render: bool = False

    def schema(self) -> Schema | str | None:
        try:
            return schema_of(self.raw_format)
        except InvalidSchemaError as error:
            raise RefusalError(500, str(error), in_stream=self.stream) from error

    def check_options(self) -> None:
        """Unknown options pass; a wrong type is a 500 (recording num-ctx-wrong-type)."""
        for name, value in self.options.items():
            if value is None:
                continue
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if name in _INTEGERS and not number:
                raise RefusalError(500, f'option "{name}" must be of type integer')
            if name in _FLOATS and not number:
                raise RefusalError(500, f'option "{name}" must be of type float32')
            if name == "use_mmap" and not isinstance(value, bool):
                raise RefusalError(500, f'option "{name}" must be of type boolean')
            if name == "stop" and not isinstance(value, list):
                raise RefusalError(500, f'option "{name}" must be of type array')
            if name == "stop" and not all(isinstance(one, str) for one in value):
                raise RefusalError(500, f'option "{name}" must be of an array of strings')

    def check_think(self) -> None:
        levels = ("high", "medium", "low")
        if isinstance(self.think, str) and self.think not in levels:
            raise RefusalError(
                400,
                f'invalid think value: "{self.think}" '
                '(must be "high", "medium", "low", true, or false)',
            )


def check_fields(body: Any, request_type: str) -> dict[str, Any]:
    if not isinstance(body, dict):
        kind = _GO_NAMES.get(type(body), "null")
        raise RefusalError(
            400, f"json: cannot unmarshal {kind} into Go value of type api.{request_type}"
        )
    for name, (kinds, go_type) in _FIELDS.items():
        value = body.get(name)
        if value is not None and not isinstance(value, kinds):
            given = _GO_NAMES.get(type(value), "null")
            raise RefusalError(
                400,
                f"json: cannot unmarshal {given} into Go struct field {request_type}.{name} "
                f"of type {go_type}",
            )
    return body


def _turn(message: Any) -> Turn:
    content = message.get("content") or ""
    if isinstance(content, list):  # the OpenAI shape allows parts
        content = "".join(part.get("text", "") for part in content)
    return Turn(
        role=str(message.get("role", "")),
        content=content,
        thinking=message.get("thinking") or "",
        images=len(message.get("images") or []),
    )


def _common(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "model": body.get("model") or "",
        "options": body.get("options") or {},
        "stream": body.get("stream") is not False,
        "truncate": body.get("truncate") is not False,
        "shift": body.get("shift") is not False,
        "think": body.get("think"),
        "raw_format": body.get("format"),
        "keep_alive": body.get("keep_alive"),
        "debug_render": bool(body.get("_debug_render_only")),
    }


def chat_call(body: Any) -> Call:
    body = check_fields(body, "ChatRequest")
    tools = body.get("tools") or []
    text = "\n".join(json.dumps(tool, ensure_ascii=False) for tool in tools)
    messages = [_turn(m) for m in body.get("messages") or []]
    return Call(messages=messages, tools=text, **_common(body))


def generate_call(body: Any) -> Call:
    body = check_fields(body, "GenerateRequest")
    messages = []
    if body.get("prompt"):
        if body.get("system"):
            messages.append(Turn("system", body["system"]))
        messages.append(Turn("user", body["prompt"], images=len(body.get("images") or [])))
    return Call(messages=messages, **_common(body))


def openai_call(body: Any) -> Call:
    """`options.num_ctx` is ignored here, as in Ollama (research §1.4)."""
    body = check_fields(body, "ChatCompletionRequest")
    if not body.get("messages"):
        raise _invalid_request("[] is too short - 'messages'")
    options: dict[str, Any] = {}
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    if limit:
        options["num_predict"] = limit
    for name in ("temperature", "top_p", "seed", "frequency_penalty", "presence_penalty"):
        if body.get(name) is not None:
            options[name] = body[name]
    stop = body.get("stop")
    if stop:
        options["stop"] = [stop] if isinstance(stop, str) else stop
    asked = body.get("response_format") or {}
    raw_format: Any = "json" if asked.get("type") == "json_object" else None
    if asked.get("type") == "json_schema":
        raw_format = asked.get("json_schema", {}).get("schema")
    return Call(
        model=body.get("model") or "",
        messages=[_turn(m) for m in body.get("messages") or []],
        options=options,
        stream=bool(body.get("stream")),
        raw_format=raw_format,
        tools="\n".join(json.dumps(tool) for tool in body.get("tools") or []),
    )
