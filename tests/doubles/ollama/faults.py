"""Ways to fail (research §1.6), for all requests or for the next N that match.

`modern` picks the error texts of 0.30 (research §1.5); those of 0.17.4 are the recorded ones.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from tests.doubles.ollama.wire import RefusalError

Mode = Literal[
    "not_found_404", "context_400", "tools_400", "thinking_400", "busy_503", "html_502",
    "midstream_error", "no_done", "tcp_abort", "stall", "slow_prefill", "endless", "trunc_json",
    "garbage_json", "empty", "repeat30", "lies", "oom_500", "runner_crash",
]  # fmt: skip
MODES: tuple[str, ...] = get_args(Mode)
When = Callable[[dict[str, Any]], bool]

INPUT_TOO_LONG = "the input length exceeds the context length"
PROMPT_TOO_LONG = (
    "the prompt is longer than the context length currently available to the model; shorten the "
    "prompt, adjust the context length in settings, or use a model with a longer context length"
)
BUSY = "server busy, please try again.  maximum pending requests exceeded"
RUNNER_GONE = "an error was encountered while running the model: unexpected EOF"
RUNNER_STOPPED = (
    "model runner has unexpectedly stopped, this may be due to resource limitations or an "
    "internal error, check ollama server logs for details"
)
HTML_502 = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass
class Fault:
    """`after`: chunks sent before it strikes. `seconds`: how long stall and slow_prefill last."""

    mode: Mode
    path: str = "/api/chat"
    left: int | None = None
    when: When | None = None
    after: int = 3
    seconds: float = 30.0

    def matches(self, path: str, body: dict[str, Any]) -> bool:
        """Without `when` an /api/chat that only loads (no messages) is spared."""
        if path != self.path:
            return False
        if self.when is not None:
            return self.when(body)
        return path != "/api/chat" or bool(body.get("messages"))


@dataclass
class Faults:
    """The faults in wait; those for the next N come before the ones for always."""

    _waiting: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        if fault.mode not in MODES:
            raise ValueError(f"unknown fault {fault.mode!r}; known: {', '.join(MODES)}")
        with self._lock:
            self._waiting.append(fault)
            self._waiting.sort(key=lambda f: f.left is None)

    def take(self, path: str, body: Any) -> Fault | None:
        if not isinstance(body, dict):
            return None
        with self._lock:
            for fault in self._waiting:
                if not fault.matches(path, body):
                    continue
                if fault.left is not None:
                    fault.left -= 1
                    if fault.left <= 0:
                        self._waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()


def exceeds_context(prompt_tokens: int, num_ctx: int) -> str:
    """The llama-server body that 0.30 passes on as a string (research §1.5)."""
    message = (
        f"request ({prompt_tokens} tokens) exceeds the available context size ({num_ctx} tokens), "
        "try increasing it"
    )
    error = {
        "code": 400,
        "message": message,
        "type": "exceed_context_size_error",
        "n_prompt_tokens": prompt_tokens,
        "n_ctx": num_ctx,
    }
    return json.dumps({"error": error}, separators=(",", ":"))


def refuse(fault: Fault | None, *, model: str, num_ctx: int, modern: bool) -> None:
    """Raises what the server says before anything is generated, if the fault is such a one."""
    if fault is None:
        return
    texts: dict[str, tuple[int, str]] = {
        "not_found_404": (404, f"model '{model}' not found"),
        "context_400": (
            400,
            exceeds_context(num_ctx + 1000, num_ctx) if modern else INPUT_TOO_LONG,
        ),
        "tools_400": (400, f"registry.ollama.ai/library/{model} does not support tools"),
        "thinking_400": (400, f'"{model}" does not support thinking'),
        "busy_503": (503, BUSY),
        "oom_500": (
            500,
            "llama-server process has terminated: exit status 2: cudaMalloc failed: out of memory"
            if modern
            else "model requires more system memory (9.1 GiB) than is available (7.3 GiB)",
        ),
    }
    if fault.mode in texts:
        raise RefusalError(*texts[fault.mode])


def lie(answer: Any) -> Any:
    """Drops every second item, invents numbers, cites utterances that are not there and quotes
    what nobody said; works on any JSON of the reader."""
    if isinstance(answer, dict):
        return {key: _lie_about(key, value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [lie(one) for one in answer[::2]]
    return answer


def _lie_about(key: str, value: Any) -> Any:
    if key in ("utterances", "u", "ids") and isinstance(value, list):
        return [number + 9000 for number in value if isinstance(number, int)] or [9001]
    if key in ("quote", "evidence") and isinstance(value, str):
        return "nobody ever said this sentence"
    if isinstance(value, str) and value and key not in ("owner", "due"):
        return f"{value} 98765 %"
    return lie(value)


def lie_in_prose(text: str) -> Iterable[str]:
    return _lying_sentences(text.split(". "))


def _lying_sentences(sentences: list[str]) -> Iterator[str]:
    for index, sentence in enumerate(sentences[::2]):
        yield f"{sentence.split('[')[0].rstrip()} 98765 [{9000 + index}]. "
