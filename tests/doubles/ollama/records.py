"""What was asked: one record a request, and the rules that a good client keeps (research §0)."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.ollama.models import full_name


@dataclass
class Record:
    """One request, filled in while it is answered. Times: seconds since the epoch."""

    method: str
    path: str
    raw: bytes
    body: Any = None
    time: float = field(default_factory=time.time)
    started_at: float | None = None
    """When it got a slot of the model's; None if it never did."""
    stopped_at: float | None = None
    """When it gave the slot back."""
    finished_at: float | None = None
    status: int | None = None
    disconnected: bool = False
    disconnected_at: float | None = None
    prompt_tokens: int = 0
    cached_tokens: int = 0
    answer_tokens: int = 0
    loaded: bool = False
    """The model was not in memory and had to be loaded."""
    reloaded: bool = False
    """It was in memory with other runner options: killed and loaded again."""
    overflowed: bool = False
    """The prompt, or the prompt and the answer, did not fit in num_ctx."""
    done_reason: str | None = None
    answer: str = ""
    fault: str | None = None

    @property
    def is_chat(self) -> bool:
        return self.path == "/api/chat" and bool(self.messages)

    @property
    def messages(self) -> list[dict[str, Any]]:
        found = self.body.get("messages") if isinstance(self.body, dict) else None
        return [m for m in found if isinstance(m, dict)] if isinstance(found, list) else []

    @property
    def options(self) -> dict[str, Any]:
        found = self.body.get("options") if isinstance(self.body, dict) else None
        return found if isinstance(found, dict) else {}

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self) | {"raw": self.raw.decode("utf-8", "replace")}


@dataclass(frozen=True)
class Violation:
    """A broken rule; `number` is the request's place in `double.requests`, from 0."""

    number: int
    rule: str
    record: Record = field(repr=False)

    def __str__(self) -> str:
        return f"request {self.number} {self.record.path}: {self.rule}"


def violations(records: Iterable[Record]) -> list[Violation]:
    """Every rule broken by /api/chat and /api/generate requests, in order.

    A request that only loads (no messages) must carry the same num_ctx, shift and truncate as the
    others; the rest is not asked of it. One that only unloads (keep_alive 0) is free.
    """
    found: list[Violation] = []
    num_ctx: dict[str, Any] = {}
    for number, record in enumerate(records):
        if record.path not in ("/api/chat", "/api/generate") or not isinstance(record.body, dict):
            continue
        speaks = bool(record.messages or record.body.get("prompt"))
        if not speaks and record.body.get("keep_alive") in (0, "0", "0s"):
            continue
        rules = _window_rules(record, num_ctx)
        if speaks:
            rules += _speech_rules(record)
        found += [Violation(number, rule, record) for rule in rules]
    return found


def _window_rules(record: Record, num_ctx: dict[str, Any]) -> list[str]:
    rules = []
    model = full_name(str(record.body.get("model", "")))
    given = record.options.get("num_ctx")
    if given is None:
        rules.append("num_ctx is missing")
    elif num_ctx.setdefault(model, given) != given:
        rules.append(f"num_ctx changed from {num_ctx[model]} to {given}")
    for switch in ("shift", "truncate"):
        if record.body.get(switch) is not False:
            rules.append(f"{switch} is not false")
    if record.reloaded:
        rules.append("the model was reloaded")
    return rules


def _speech_rules(record: Record) -> list[str]:
    rules = []
    if not isinstance(record.options.get("num_predict"), int):
        rules.append("num_predict is missing")
    if record.body.get("think") is None:
        rules.append("think is omitted")
    roles = [m.get("role") for m in record.messages]
    if roles.count("system") > 1:
        rules.append("more than one system message")
    if "system" in roles and roles[0] != "system":
        rules.append("the system message is not first")
    if record.overflowed:
        rules.append("the context overflowed")
    return rules
