"""Tokens, what fits in the context window, and what the prefix cache still holds.

Counts come from the class-weight estimator of research §7 over the rendered prompt, with the
template's own tokens counted exactly; the recorded prompt_eval_count values are met within 15 %.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tests.doubles.ollama.models import Model
from tests.doubles.ollama.templates import Turn, render

# hangul, ascii letter, digit, space, newline, other (research §7, nudged where a real 0.17.4
# with these vocabularies counted otherwise: gemma other .967, qwen hangul .611 and digit 1.305)
_WEIGHTS = {
    "gemma": (0.471, 0.117, 1.116, 0.518, 1.449, 0.850),
    "qwen": (0.625, 0.107, 1.100, 0.584, 0.590, 0.850),
}
_STRUCTURE = re.compile(
    r"<\|im_start\|>\w*\n?|<\|im_end\|>\n?|<start_of_turn>\w*\n?|<end_of_turn>\n?"
    r"|</?think>|<bos>|<eos>|<\|\w+\|>"
)
_ROLES = ("system", "user", "assistant", "model", "tool")
NUM_KEEP = 5
"""num_keep 4 and the BOS token: what a cut prompt keeps of its head (research §2)."""
IMAGE_TOKENS = 6
"""A text model gets `[img-0]` as plain text (recording chat-images-not-capable)."""


class DoesNotFitError(Exception):
    """The prompt is longer than the context and the client forbade cutting it."""

    def __init__(self, prompt_tokens: int) -> None:
        super().__init__(prompt_tokens)
        self.prompt_tokens = prompt_tokens


@dataclass(frozen=True)
class Fitted:
    """A prompt that fits. `messages` are what is left of the request; `overflowed`: some is not."""

    messages: list[Turn]
    rendered: str
    tokens: int
    overflowed: bool


def _class(character: str) -> int:
    if "가" <= character <= "힣":
        return 0
    if character.isascii() and character.isalpha():
        return 1
    if character.isdigit():
        return 2
    return {" ": 3, "\n": 4}.get(character, 5)


def _weights(family: str) -> tuple[tuple[float, ...], ...]:
    for known, weights in _WEIGHTS.items():
        if family.startswith(known):
            return (weights,)
    return (_WEIGHTS["qwen"],) if family == "llama" else tuple(_WEIGHTS.values())


@lru_cache(maxsize=8192)
def text_tokens(family: str, text: str) -> float:
    """Estimated tokens of plain text; for a family we have no weights of, the larger guess."""
    classes = [0] * 6
    for character, times in Counter(text).items():
        classes[_class(character)] += times
    return max(
        sum(n * w for n, w in zip(classes, weights, strict=True)) for weights in _weights(family)
    )


def _structure_tokens(model: Model, mark: str) -> int:
    """`<|im_start|>user\\n` is three tokens; in the recorded gemma3 a turn mark is seven."""
    special, _, rest = mark.partition(">")
    plain = "_of_turn" in special and not model.turns_are_special
    role = rest.strip()
    role_tokens = 1 if role in _ROLES else math.ceil(len(role) / 3)
    return (7 if plain else 1) + role_tokens + (1 if rest.endswith("\n") else 0)


def count_tokens(model: Model, rendered: str) -> int:
    """Tokens of a rendered prompt. Special tokens in a user's text count as special, as they do
    in Ollama (recordings special-tokens-*)."""
    total = 1.0  # BOS
    position = 0
    for match in _STRUCTURE.finditer(rendered):
        total += text_tokens(model.family, rendered[position : match.start()])
        total += _structure_tokens(model, match[0])
        position = match.end()
    total += text_tokens(model.family, rendered[position:])
    return math.ceil(total)


def _keep_tail(family: str, text: str, tokens: float) -> str:
    """The end of `text` that has about `tokens` tokens."""
    weights = _weights(family)[0]
    left = tokens
    for index in range(len(text) - 1, -1, -1):
        left -= weights[_class(text[index])]
        if left < 0:
            return text[index + 1 :]
    return text


@dataclass(frozen=True)
class Window:
    """How one server version fits a prompt into `num_ctx` tokens."""

    num_ctx: int
    truncate: bool
    shift: bool
    modern: bool

    def fit(
        self, model: Model, messages: Sequence[Turn], *, think: bool | None, tools: str = ""
    ) -> Fitted:
        """Drops the oldest non-system messages, then cuts the one that is left (research §2).

        0.17 cuts a single long message to exactly num_ctx (overflow-default-one-message); 0.30
        to about half of it, and only with `shift`. Raises DoesNotFitError where it says 400.
        """
        kept = list(messages)
        rendered, tokens = self._measure(model, kept, think, tools)
        whole = tokens
        if self.truncate:
            for first in range(1, len(messages)):
                if tokens <= self.num_ctx:
                    break
                systems = [m for m in messages[:first] if m.role == "system"]
                kept = systems + list(messages[first:])
                rendered, tokens = self._measure(model, kept, think, tools)
        limit = self.num_ctx - 1 if self.modern else self.num_ctx
        if tokens <= limit:
            return Fitted(kept, rendered, tokens, overflowed=whole > tokens)
        if not self.truncate or (self.modern and not self.shift):
            raise DoesNotFitError(tokens)
        size = self.num_ctx
        if self.modern:
            size = self.num_ctx - (self.num_ctx - NUM_KEEP) // 2
        return self._cut(model, kept, size)

    def _measure(
        self, model: Model, messages: Sequence[Turn], think: bool | None, tools: str
    ) -> tuple[str, int]:
        rendered = render(model.template, messages, think=think, tools=tools)
        images = sum(m.images for m in messages)
        per_image = 256 if "vision" in model.capabilities else IMAGE_TOKENS
        return rendered, count_tokens(model, rendered) + images * per_image

    def _cut(self, model: Model, kept: Sequence[Turn], size: int) -> Fitted:
        """Keeps num_keep tokens and the tail: the system prompt and the beginning are gone."""
        room = size - NUM_KEEP - 5  # the closing marks and the assistant's header
        last = kept[-1]
        tail = _keep_tail(model.family, last.content, room)
        messages = [replace(last, content=tail)]
        return Fitted(messages, render(model.template, messages, think=None), size, overflowed=True)


def cached_tokens(model: Model, held: str, rendered: str, *, modern: bool) -> int:
    """Tokens of `rendered` that the slot still holds.

    With sliding-window attention a rollback beyond the window loses everything (research §3); in
    0.17.4 any rollback does, once more than the window is held (seen with a real one).
    """
    common = 0
    for mine, theirs in zip(held, rendered, strict=False):
        if mine != theirs:
            break
        common += 1
    if common == 0:
        return 0
    tokens = count_tokens(model, held[:common])
    if model.window and common < len(held):
        whole = count_tokens(model, held)
        if (whole - tokens if modern else whole) > model.window:
            return 0
    return tokens
