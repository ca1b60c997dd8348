"""Having an Ollama server fetch a model: what it says while it does, as progress and as errors.

The server fetches, not we; closing the request stops it, and what it has is kept for the next try.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx

from core.engines.ollama.failures import failure, ollama_failures
from core.engines.ollama.transport import TIMEOUT, certificates
from core.errors import EngineFailed, EngineUnavailable, InvalidInput, MinutesError

REGISTRY = "registry.ollama.ai"
_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}"
_NAME = re.compile(rf"(?:(?:{_PART}(?::\d{{1,5}})?/)?{_PART}/)?{_PART}(?::{_PART})?")
_ALMOST = 0.99
_DISK_FULL = ("no space left on device", "not enough space", "disk quota exceeded")
_UNKNOWN = ("file does not exist", "manifest unknown", "not found")
_TOO_OLD = ("newer version of ollama",)
_REFUSED = ("unauthorized", "401", "403", "access denied")
_DAMAGED = ("digest mismatch",)
_AWAY = (
    "dial tcp",
    "no such host",
    "connection refused",
    "network is unreachable",
    "server misbehaving",
    "tls handshake",
    "i/o timeout",
    "context deadline exceeded",
    "certificate",
)
_BROKE_OFF = ("eof", "connection reset", "max retries exceeded", "stalled", "broken pipe")


class PullStage(StrEnum):
    """What a pull does now."""

    ASKING = "asking"
    FETCHING = "fetching"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far a pull is: bytes over all layers known so far, and a share of 0 to 1."""

    stage: PullStage = PullStage.ASKING
    done: int = 0
    total: int = 0
    share: float = 0.0


@dataclass
class Layers:
    """Adds up the layers that the server names by digest, in any order; nothing goes backwards."""

    _totals: dict[str, int] = field(default_factory=dict)
    _done: dict[str, int] = field(default_factory=dict)
    _stage: PullStage = PullStage.ASKING
    _share: float = 0.0

    def take(self, line: Mapping[str, Any]) -> PullProgress:
        """The progress after one more line."""
        digest, total = line.get("digest"), line.get("total")
        if isinstance(digest, str) and isinstance(total, int):
            self._stage = PullStage.FETCHING
            self._totals[digest] = max(self._totals.get(digest, 0), total)
            completed = line.get("completed")  # left out while it is 0
            known = completed if isinstance(completed, int) else 0
            self._done[digest] = min(max(self._done.get(digest, 0), known), self._totals[digest])
        elif self._totals:
            self._stage = PullStage.CHECKING
        done, total = sum(self._done.values()), sum(self._totals.values())
        # A layer that is named late makes the whole larger: the bar then stands still, and it is
        # full only when the server says that all is there.
        self._share = max(self._share, min(_ALMOST, done / total if total else 0.0))
        return PullProgress(stage=self._stage, done=done, total=total, share=self._share)


def checked_model_name(name: str) -> str:
    """`name` with its tag, as the server lists it. Raises InvalidInput("model_name_invalid")."""
    given = name.strip()
    if not given:
        raise InvalidInput("model_name_empty")
    if not _NAME.fullmatch(given) or ".." in given:
        raise InvalidInput("model_name_invalid", model=given[:80])
    return given if ":" in given.rsplit("/", 1)[-1] else f"{given}:latest"


def source_of(name: str) -> str:
    """The host that a model comes from: the first of three parts, else Ollama's own registry."""
    parts = name.split("/")
    return parts[0] if len(parts) > 2 else REGISTRY


async def pull(*, url: str, name: str) -> AsyncGenerator[PullProgress, None]:
    """Have the server at `url` fetch a model; ends only when it is installed, otherwise raises.

    Closing it closes the request, which stops the server.
    """
    layers = Layers()
    try:
        with ollama_failures(model=name, url=url):
            async with aclosing(_lines(url=url, name=name)) as lines:
                async for line in lines:
                    if "error" in line:
                        raise pull_failure(str(line["error"]), name=name)
                    if line.get("status") == "success":
                        return
                    yield layers.take(line)
    except EngineFailed as error:
        if error.code in ("ollama_broke_off", "ollama_silent"):
            raise EngineFailed("pull_broke_off", model=name) from error
        raise
    raise EngineFailed("pull_broke_off", model=name)


async def _lines(*, url: str, name: str) -> AsyncGenerator[Mapping[str, Any], None]:
    # A proxy of the environment must not come between us and this machine.
    async with (
        httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, verify=certificates()) as client,
        client.stream("POST", f"{url}/api/pull", json={"model": name, "stream": True}) as answer,
    ):
        if answer.status_code >= 400:
            raise _refusal(answer.status_code, await answer.aread(), name=name)
        async for text in answer.aiter_lines():
            if text.strip():
                line = json.loads(text)
                yield line if isinstance(line, dict) else {}


def _refusal(status: int, body: bytes, *, name: str) -> MinutesError:
    text = body.decode(errors="replace")
    try:
        text = str(json.loads(text)["error"])
    except (ValueError, KeyError, TypeError):
        return failure(status, text, model=name)
    return pull_failure(text, name=name)


def pull_failure(text: str, *, name: str) -> MinutesError:
    """What the server's own words about a failed pull mean."""
    lowered = text.lower()
    kinds: tuple[tuple[tuple[str, ...], MinutesError], ...] = (
        (("invalid model name",), InvalidInput("model_name_invalid", model=name)),
        (_DISK_FULL, EngineFailed("pull_disk_full", model=name)),
        (_TOO_OLD, EngineUnavailable("pull_needs_newer", model=name)),
        (_DAMAGED, EngineFailed("pull_damaged", model=name)),
        (_AWAY, EngineUnavailable("pull_unreachable", model=name, source=source_of(name))),
        (_UNKNOWN, EngineUnavailable("pull_unknown", model=name, source=source_of(name))),
        (_REFUSED, EngineUnavailable("pull_refused", model=name, source=source_of(name))),
        (_BROKE_OFF, EngineFailed("pull_broke_off", model=name)),
    )
    for signs, error in kinds:
        if any(sign in lowered for sign in signs):
            return error
    plain = " ".join(re.sub(r"<[^>]*>", " ", text).split())[:200]
    return EngineFailed("pull_failed", model=name, reason=plain)
