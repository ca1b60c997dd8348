"""The Ollama double of the tests in a process of its own, so that its work is not in ours."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import ROOT, end, environment
from tests.waiting import free_port

MODEL = "tiny-qwen3"
ENGINE = f"ollama:{MODEL}"


@dataclass(frozen=True, slots=True)
class Call:
    """One answer that the double gave: when it came to it (its place in the log), how long it had
    a slot in seconds, and whether it read a part (a schema was asked for) or wrote."""

    arrived: float
    seconds: float
    reads: bool
    body: bytes
    prompt_tokens: int
    answer_tokens: int


@dataclass(frozen=True)
class Double:
    """The server, and the log that it keeps if it was asked to."""

    url: str
    log: Path | None

    def calls(self) -> list[Call]:
        """Every call that generated, in the order of arrival."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log else []
        told = [json.loads(line) for line in lines]
        found = [_call(one) for one in told if one["path"] == "/api/chat" and one["answer"]]
        return sorted(found, key=lambda call: call.arrived)


@contextmanager
def ollama_double(*options: str, log: Path | None = None) -> Iterator[Double]:
    """The double with the command's options, as long as the block lasts."""
    port = free_port()
    logging = []
    if log:
        log.touch()
        logging = ["--log", str(log)]
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.doubles.ollama", "--port", str(port), *logging, *options],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
    )
    try:
        assert child.stdout is not None
        if not child.stdout.readline():
            raise RuntimeError("the Ollama double did not start")
        yield Double(f"http://127.0.0.1:{port}", log)
    finally:
        end(child)


def _call(told: dict[str, Any]) -> Call:
    return Call(
        arrived=told["time"],
        seconds=told["stopped_at"] - told["started_at"],
        reads=isinstance(told["body"].get("format"), dict),
        body=told["raw"].encode(),
        prompt_tokens=told["prompt_tokens"],
        answer_tokens=told["answer_tokens"],
    )
