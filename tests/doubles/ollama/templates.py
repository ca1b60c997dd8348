"""Prompt templates: how messages become the text that a model sees.

Played from the recordings chat-debug-render-* and the Modelfiles in show-*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Template = Literal["qwen-double-system", "qwen-thinking", "gemma", "chatml", "plain"]

TEMPLATE_TEXTS: dict[Template, str] = {
    "qwen-double-system": (
        "{{- if .System }}<|im_start|>system\n{{ .System }}<|im_end|>\n{{ end }}"
        "{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}"
        "<|im_start|>assistant\n"
    ),
    "qwen-thinking": "{{- if or .System .Tools }}<|im_start|>system … {{ .Thinking }} …",
    "gemma": (
        '{{- range $i, $_ := .Messages }}\n{{- if or (eq .Role "user") (eq .Role "system") }}'
        "<start_of_turn>user\n{{ .Content }}<end_of_turn>\n{{ end }}{{- end }}"
    ),
    "chatml": (
        "{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}"
        "<|im_start|>assistant\n"
    ),
    "plain": "{{ .Prompt }}",
}


@dataclass
class Turn:
    role: str
    content: str
    thinking: str = ""
    images: int = 0


def collate(messages: Sequence[Turn]) -> tuple[str, list[Turn]]:
    """Neighbours of one role become one; all system texts are also joined (template.collate)."""
    turns: list[Turn] = []
    for message in messages:
        if turns and turns[-1].role == message.role != "tool":
            turns[-1] = replace(turns[-1], content=f"{turns[-1].content}\n\n{message.content}")
        else:
            turns.append(replace(message))
    system = "\n\n".join(m.content for m in messages if m.role == "system")
    return system, turns


def render(
    template: Template, messages: Sequence[Turn], *, think: bool | None, tools: str = ""
) -> str:
    """The prompt as the model sees it (recordings chat-debug-render-*)."""
    system, turns = collate(messages)
    if template == "gemma":
        return _render_gemma(turns)
    if template == "qwen-thinking":
        return _render_thinking(system, turns, think=think, tools=tools)
    text = ""
    if template == "qwen-double-system" and system:
        text = f"<|im_start|>system\n{system}<|im_end|>\n"
    for turn in turns:
        text += f"<|im_start|>{turn.role}\n{turn.content}<|im_end|>\n"
    return f"{text}<|im_start|>assistant\n"


def _render_gemma(turns: list[Turn]) -> str:
    text = ""
    for index, turn in enumerate(turns):
        last = index == len(turns) - 1
        if turn.role in ("user", "system"):
            text += f"<start_of_turn>user\n{turn.content}<end_of_turn>\n"
            text += "<start_of_turn>model\n" if last else ""
        elif turn.role == "assistant":
            text += f"<start_of_turn>model\n{turn.content}" + ("" if last else "<end_of_turn>\n")
    return text


def _render_thinking(system: str, turns: list[Turn], *, think: bool | None, tools: str) -> str:
    text = ""
    if system or tools:
        tail = f"\n# Tools\n{tools}\n" if tools else ""
        text = f"<|im_start|>system\n{system}{tail}<|im_end|>\n"
    for index, turn in enumerate(turns):
        if turn.role == "user":
            mark = ""
            if index == 0 and think is not None:
                mark = " /think" if think else " /no_think"
            text += f"<|im_start|>user\n{turn.content}{mark}<|im_end|>\n"
        elif turn.role == "assistant":
            thought = f"<think>{turn.thinking}</think>\n" if turn.thinking else ""
            text += f"<|im_start|>assistant\n{thought}{turn.content}<|im_end|>\n"
        if turn.role != "assistant" and index == len(turns) - 1:
            text += "<|im_start|>assistant\n"
            text += "<think>\n\n</think>\n\n" if think is False else ""
    return text
