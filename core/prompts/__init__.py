"""Prompts are product: one Markdown file each, with $slots. `render` fills them and nothing else.

Whatever a person or a meeting wrote enters as a slot value, between tags of its own, made `neutral`
first: Ollama tokenises the rendered prompt with special-token parsing on, so `<|im_start|>` in a
transcript would otherwise open a new turn.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from string import Template

# Tokens written as tags; gemma, qwen, llama 2, mistral, GLM, and what their tokenisers share.
_MARKS = (
    r"(?:start|end)_of_(?:turn|image|audio|video|text)|start_function_\w+|end_function_\w+"
    r"|(?:start|end)oftext|bos|eos|s|unk|pad|cls|sep|mask|blank|turn|channel|message|think|thinking"
    r"|seed:think|tools?|tool_\w+|minimax:tool_call|im_start|im_end|(?:image|audio|video)_soft_token"
    r"|unused_?\d+|reserved_\w+|special_\d+|extra_id_\d+|fim_\w+|file_sep|repo_?name|arg_key|arg_value"
    r"|0x[0-9a-f]{2}|/function|/parameter|(?:function|parameter)=[^<>\n]{0,80}"
)
_ANGLED = (
    # <|im_start|> <|turn> <channel|>, DeepSeek's wide bars, <<SYS>>
    r"<(?=[|｜][^<>\s]{1,60}>)",
    r"<(?=[^<>\s|｜]{1,60}[|｜]>)",
    r"<(?=</?SYS>>)",
    rf"<(?=/?(?:{_MARKS})>)",
)
_SQUARE = (
    r"\[(?=/?(?:INST|SYSTEM_PROMPT|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|AVAILABLE_TOOLS|IMG_BREAK"
    r"|IMG_END|MODEL_SETTINGS|BEGIN_AUDIO|CALL_ID|gMASK|@BOS@|control_\d+)\])",
    # In small letters these stand in transcripts ("[audio]") and are no tokens.
    r"(?-i:\[(?=/?(?:IMG|THINK|ARGS|AUDIO|PREFIX|MIDDLE|SUFFIX|MASK|PAD|CLS|SEP|UNK)\]))",
)
_OWN_TAG = re.compile(r"</?([a-z_]+)>")
_SAFE = {"<": "‹", "[": "［"}


def render(name: str, **slots: str) -> str:
    """The prompt `name` with its slots filled, each exactly once: a `$slot` in a value stays text.

    KeyError for a missing slot, TypeError for one that the prompt does not have.
    """
    template = _template(name)
    unknown = set(slots) - set(template.get_identifiers())
    if unknown:
        raise TypeError(f"prompt {name!r} has no slot {sorted(unknown)}")
    return template.substitute(slots).strip()


def neutral(text: str) -> str:
    """`text` with chat templates' tokens and the prompts' own tags taken apart (‹|im_start|>), so
    that a transcript, a style or a question cannot end its place in the prompt.

    All other text stays as it is: "a < b", "<b>", "->", "[12]". Doing it twice changes nothing.
    """
    return _special().sub(lambda match: _SAFE[match.group()], text)


@lru_cache
def _template(name: str) -> Template:
    file = resources.files("core.prompts") / f"{name}.md"
    return Template(file.read_text(encoding="utf-8"))


@lru_cache
def _special() -> re.Pattern[str]:
    """One pattern for all of it; our own tags are those that stand in the prompts, so that a new
    prompt cannot be forgotten. Models read `</ Transcript >` as the tag, so this breaks it too."""
    own = "|".join(sorted(_own_tags()))
    ours = rf"<(?=\s{{0,3}}/?\s{{0,3}}(?:{own})\b[^<>\n]{{0,80}}>)"
    return re.compile("|".join((*_ANGLED, ours, *_SQUARE)), re.IGNORECASE)


def _own_tags() -> set[str]:
    prompts = resources.files("core.prompts")
    files = [file for file in prompts.iterdir() if file.name.endswith(".md")]
    return {tag for file in files for tag in _OWN_TAG.findall(file.read_text(encoding="utf-8"))}
