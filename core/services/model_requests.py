"""What reading and summarising by a language model have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.engines.base import LanguageModel, Message, ModelRequest
from core.messages import say

BAD_ANSWER = frozenset(
    ("answer_cut", "answer_empty", "answer_unfinished", "prompt_too_long", "prompt_cut")
)
"""Codes of EngineFailed that say something of this one answer, not of the engine."""


def answer_tokens(model: LanguageModel) -> int:
    """Tokens that a long answer may have."""
    return max(512, min(2048, model.context_window // 4))


def request_to(
    model: LanguageModel,
    system: str,
    user: str,
    *,
    schema: Mapping[str, Any] | None = None,
    most: int | None = None,
) -> ModelRequest:
    """One system and one user message. `most` bounds the answer further: a short part has a short
    answer, and a model that raves is stopped early."""
    usual = answer_tokens(model)
    return ModelRequest(
        messages=(Message("system", system), Message("user", user)),
        max_tokens=min(usual, max(512, most or usual)),
        schema=schema,
        temperature=0.2 if schema is None else 0.0,
    )


def language_name(language: str) -> str:
    """A language as prompts call it."""
    return say("prompts.language_name", language)
