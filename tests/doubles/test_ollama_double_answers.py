"""What the double says when nothing is plugged in, and what it does with a schema."""

from __future__ import annotations

import json
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]
import pytest

from tests.doubles.asking import KOREAN, TRANSCRIPT, ask, minutes, said
from tests.doubles.ollama import OllamaDouble
from tests.doubles.ollama.reader import hangul_share


def test_the_reader_finds_what_is_in_the_lines(ollama_double: OllamaDouble) -> None:
    found = minutes(ollama_double)
    assert [item["utterances"] for item in found["decisions"]] == [[1], [3]]
    assert [item["utterances"] for item in found["questions"]] == [[5]]
    assert [item["utterances"] for item in found["facts"]] == [[3], [4]]
    actions = {a["utterances"][0]: (a["owner"], a["due_text"]) for a in found["actions"]}
    assert actions == {2: ("Lee", "Monday"), 4: ("이영희", "6월 30일")}
    assert len(found["topics"]) == 1
    for item in found["decisions"] + found["facts"] + found["topics"]:
        assert item["quote"] in TRANSCRIPT


def test_there_is_a_topic_for_every_twenty_lines(ollama_double: OllamaDouble) -> None:
    found = minutes(ollama_double, "\n".join(f"[{n}] Kim: point {n} is short." for n in range(45)))
    assert len(found["topics"]) == 3
    assert [topic["utterances"][0] for topic in found["topics"]] == [0, 20, 40]


@pytest.mark.parametrize(
    ("question", "korean"), [("무엇을 결정했나요?", True), ("What was decided?", False)]
)
def test_prose_cites_numbers_that_are_there(
    ollama_double: OllamaDouble, question: str, korean: bool
) -> None:
    text = f"{TRANSCRIPT}\n" if not korean else KOREAN.format(n=8) + "\n[9] 이: 좋습니다.\n"
    answer = said(ask(ollama_double, text + question))
    cited = {int(part.split("]")[0]) for part in answer.split("[")[1:]}
    assert cited
    assert cited <= {int(part.split("]")[0]) for part in text.split("[")[1:]}
    assert 3 <= answer.count("].") <= 6
    assert (hangul_share(answer) > 0.5) is korean


def test_a_question_about_minutes_in_the_system_prompt_is_answered(
    ollama_double: OllamaDouble,
) -> None:
    system = "Minutes:\n- The budget grew by 30 percent. [12]\n- Lee books the room. [15]"
    messages = [
        {"role": "system", "content": f"{system}\nSTYLE-MARK:zebra"},
        {"role": "user", "content": "Who books the room?"},
    ]
    answer = said(ask(ollama_double, messages=messages))
    assert answer.startswith("zebra ")
    assert "Lee books the room" in answer
    assert "[15]" in answer


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": {"type": "integer", "minimum": 3}, "minItems": 2},
        {"anyOf": [{"type": "null"}, {"type": "string"}]},
        {"type": "object", "properties": {"a": {"enum": ["x", 1]}, "b": {"const": True}}},
        {"type": "object", "properties": {"s": {"type": "string", "minLength": 9}}},
        {  # recursive
            "type": "object",
            "properties": {"kids": {"type": "array", "items": {"$ref": "#"}}, "n": {}},
            "required": ["kids"],
        },
        {"type": "object", "properties": {"d": {"type": "string", "format": "date"}}},
        {"type": ["object", "null"], "properties": {"n": {"type": "number", "maximum": -4}}},
    ],
)
def test_any_schema_is_obeyed(ollama_double: OllamaDouble, schema: dict[str, Any]) -> None:
    answer = said(ask(ollama_double, "anything", format=schema))
    jsonschema.validate(json.loads(answer), schema)


def test_format_json_is_an_object(ollama_double: OllamaDouble) -> None:
    assert isinstance(json.loads(said(ask(ollama_double, "x", format="json"))), dict)


def test_a_dict_is_sent_as_json_and_pieces_as_they_are(ollama_double: OllamaDouble) -> None:
    ollama_double.answer = lambda request: {"말": request.last_user}
    assert json.loads(said(ask(ollama_double, "안녕"))) == {"말": "안녕"}
    ollama_double.answer = lambda request: iter(["하나 ", "둘"])
    answer = httpx.post(
        f"{ollama_double.url}/api/chat",
        json={"model": "tiny-qwen3", "messages": [{"role": "user", "content": "x"}]},
    )
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["message"]["content"] for line in lines] == ["하나 ", "둘", ""]
