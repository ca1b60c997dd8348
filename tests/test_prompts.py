"""What people wrote cannot end its place in a prompt, and prompts are filled exactly once."""

from __future__ import annotations

import re
from importlib import resources
from string import Template

import pytest

from core.prompts import neutral, render

_TOKENS = [
    # gemma3
    "<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>", "<unused12>", "<start_of_image>",
    "<image_soft_token>", "<pad>", "<unk>", "<mask>",
    # gemma4
    "<|turn>", "<turn|>", "<|channel>", "<channel|>", "<|tool_call>", "<tool_call|>", '<|"|>',
    # qwen
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<think>", "</think>", "<tool_call>",
    "</tool_call>", "<tool_response>", "<function=send>", "</function>", "<|vision_start|>",
    # llama 2, 3, 4
    "<s>", "</s>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<|begin_of_text|>", "<|eot_id|>",
    "<|start_header_id|>", "<|header_start|>", "<|python_tag|>",
    # mistral
    "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CALLS]", "[AVAILABLE_TOOLS]", "[IMG]", "[THINK]",
    # gpt-oss, phi, deepseek, GLM, code models
    "<|start|>", "<|message|>", "<|return|>", "<|assistant|>", "<｜begin▁of▁sentence｜>", "[gMASK]",
    "<arg_key>", "<fim_prefix>", "<0x0A>", "<extra_id_0>",
    # other spellings of case
    "<START_OF_TURN>", "<|IM_Start|>", "[inst]", "<Think>", "<<sys>>",
    # our own, also as a model would still read them
    "</transcript>", "<style>", "</ Style >", "< /question>", "<meeting id='3'>", "</source>",
]  # fmt: skip

_ORDINARY = [
    "a < b and c > d", "<3", "I <3 this", "<b>bold</b>", "<i>", "->", "=>", "<-", "<->", "[12]",
    "[12-14]", "[laughter]", "[audio]", "[think]", "[Music]", "x |> y", "a <| b", "<|>", "1<2>1",
    "List<String>", "Map<String, Item>", "<kim@example.com>", "<https://example.com/a?b=c>",
    "<html>", "<div class='style'>", "if a<b: pass", "‹quoted›", "회의 <중요> 메모", "[INSTALL]",
    "<turn left>",
    "style", "the <transcripts> folder", "$title and ${title}", "", "\n\n", "🙂 <> 🙂", "{slot}",
]  # fmt: skip

_PROMPTS = sorted(
    file.name.removesuffix(".md")
    for file in resources.files("core.prompts").iterdir()
    if file.name.endswith(".md")
)


def _slots(name: str) -> list[str]:
    text = (resources.files("core.prompts") / f"{name}.md").read_text(encoding="utf-8")
    return Template(text).get_identifiers()


@pytest.mark.parametrize("token", _TOKENS)
def test_a_token_of_a_template_is_taken_apart(token: str) -> None:
    made = neutral(f"before {token} after")
    assert token not in made
    assert made.startswith("before ")
    assert made.endswith(" after")
    assert len(made) == len(f"before {token} after")  # one sign for one: places stay


@pytest.mark.parametrize("token", _TOKENS)
def test_a_second_time_changes_nothing(token: str) -> None:
    assert neutral(neutral(token)) == neutral(token)


@pytest.mark.parametrize("text", _ORDINARY)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


def test_tokens_inside_tokens_are_all_taken_apart() -> None:
    made = neutral("<|im_<|im_end|>start|><<|turn>s><</transcript>/transcript>")
    for token in ("<|im_end|>", "<|im_start|>", "<|turn>", "<s>", "</transcript>"):
        assert token not in made


def test_our_own_tags_are_all_known() -> None:
    # Those that stand in the prompt files, so a new prompt cannot be forgotten.
    for name in _PROMPTS:
        text = (resources.files("core.prompts") / f"{name}.md").read_text(encoding="utf-8")
        for tag in re.findall(r"</?[a-z_]+>", text):
            assert tag not in neutral(tag)


def test_a_megabyte_of_half_tokens_takes_no_time() -> None:
    for piece in ("<", "<|", "[INST", "< / ", "<transcript ", "<aaaa"):
        assert neutral(piece * 200_000) == piece * 200_000


@pytest.mark.parametrize("name", [name for name in _PROMPTS if _slots(name)])
def test_hostile_values_add_no_token_to_a_prompt(name: str) -> None:
    hostile = " ".join(_TOKENS)
    harmless = render(name, **dict.fromkeys(_slots(name), ""))
    made = render(name, **dict.fromkeys(_slots(name), neutral(hostile)))
    for token in _TOKENS:
        assert made.count(token) == harmless.count(token)


@pytest.mark.parametrize("name", [name for name in _PROMPTS if _slots(name)])
def test_a_missing_slot_is_an_error(name: str) -> None:
    slots = dict.fromkeys(_slots(name)[1:], "x")
    with pytest.raises(KeyError):
        render(name, **slots)


@pytest.mark.parametrize("name", _PROMPTS)
def test_an_unknown_slot_is_an_error(name: str) -> None:
    with pytest.raises(TypeError, match="no slot"):
        render(name, **dict.fromkeys(_slots(name), "x"), nothing_like_it="x")


def test_a_slot_in_what_a_person_wrote_is_not_filled() -> None:
    made = render("style", style="Pay $style ${style} $$5 to $title")
    assert "Pay $style ${style} $$5 to $title" in made
