"""Counting tokens without a tokenizer: Ollama has no endpoint for it.

Weights for six classes of characters, fitted on the real vocabularies of gemma and qwen (error of
a chunk -5…+4 %); characters divided by four would be less than half the truth for Korean. The
server's own counts then calibrate the estimate for each model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.engines.base import Message

# tokens for each: Hangul syllable, ASCII letter, digit, space, line end, anything else
_WEIGHTS = {
    "gemma": (0.471, 0.117, 1.116, 0.518, 1.449, 0.967),
    "qwen": (0.611, 0.107, 1.305, 0.584, 0.590, 0.850),
}
_MESSAGE_OVERHEAD = 5
_PROMPT_OVERHEAD = 10
_CALIBRATED = 3
"""Samples from which the estimate of a model is trusted."""
_NEAR = 0.08
"""How far a calibrated estimate may be off (measured: -5…+4 %)."""
SAFETY = 1.1
"""The margin that every fit is judged with."""


def estimate(text: str, *, family: str) -> float:
    """Tokens of a text for a model family ("gemma3", "qwen2", …); the larger of both weights for
    a family we have not measured. Other scripts than Latin and Hangul are counted by bytes."""
    known = [weights for prefix, weights in _WEIGHTS.items() if family.startswith(prefix)]
    counts = dict.fromkeys(("hangul", "letter", "digit", " ", "\n", "other"), 0)
    wide = 0.0
    for character, times in Counter(text).items():
        kind = _kind(character)
        if kind == "wide":
            wide += times * len(character.encode()) / 3
        else:
            counts[kind] += times
    return wide + max(
        sum(weight * count for weight, count in zip(weights, counts.values(), strict=True))
        for weights in (known or _WEIGHTS.values())
    )


def _kind(character: str) -> str:
    if "\uac00" <= character <= "\ud7a3":
        return "hangul"
    if character.isascii():
        if character.isalpha():
            return "letter"
        if character.isdigit():
            return "digit"
        return character if character in " \n" else "other"
    # Han, kana and emoji: their weights were not measured, three bytes a token is safe.
    return "wide" if ord(character) > 0x2FFF else "other"


def estimate_messages(messages: Sequence[Message], *, family: str) -> float:
    """Tokens of a whole prompt with what the chat template adds."""
    return _PROMPT_OVERHEAD + sum(
        _MESSAGE_OVERHEAD + estimate(message.content, family=family) for message in messages
    )


def looks_cut(*, counted: int, estimated: float, num_ctx: int, samples: int) -> bool:
    """Whether the server's count says that it threw a part of the prompt away.

    `estimated` is calibrated. Counts of exactly `num_ctx` and of half of it plus 2 or 3 are what
    the two ways of cutting leave behind; a count far below the estimate counts only once the
    estimate is calibrated for this model.
    """
    if counted >= num_ctx:
        return True
    if counted in (num_ctx // 2 + 2, num_ctx // 2 + 3):
        # A whole prompt may have this size by chance; only a calibrated estimate can tell.
        return samples < _CALIBRATED or abs(counted / estimated - 1) > _NEAR
    return estimated >= 500 and samples >= _CALIBRATED and counted < 0.7 * estimated
