"""The ways in which the double fails, and the rules by which it judges a client."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.doubles.asking import GOOD, SCHEMA, TRANSCRIPT, ask, minutes, said
from tests.doubles.ollama import MODES, OllamaDouble
from tests.waiting import until

STATUS = {
    "not_found_404": 404, "context_400": 400, "tools_400": 400, "thinking_400": 400,
    "busy_503": 503, "html_502": 502, "oom_500": 500, "midstream_error": 500,
    "runner_crash": 500,
}  # fmt: skip


@pytest.mark.parametrize("mode", sorted(STATUS))
def test_a_fault_strikes_once_and_is_recorded(ollama_double: OllamaDouble, mode: Any) -> None:
    ollama_double.fail_next(mode)
    answer = ask(ollama_double, "x")
    assert answer.status_code == STATUS[mode]
    assert ollama_double.requests[0].fault == mode
    if mode != "html_502":
        assert answer.json()["error"]
    assert said(ask(ollama_double, "x"))


def stream(double: OllamaDouble, **extra: Any) -> list[dict[str, Any]]:
    answer = ask(double, "x", stream=True, **extra)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("mode", ["midstream_error", "runner_crash"])
def test_an_error_after_the_first_line_comes_with_200(
    ollama_double: OllamaDouble, mode: Any
) -> None:
    ollama_double.fail_next(mode, after=2)
    lines = stream(ollama_double)
    assert [list(line)[-1] for line in lines] == ["done", "done", "error"]
    ask(ollama_double, "x")  # a crashed runner has to be loaded again
    assert ollama_double.chats[1].loaded is (mode == "runner_crash")


def test_a_stream_can_end_without_done(ollama_double: OllamaDouble) -> None:
    ollama_double.fail_next("no_done")
    lines = stream(ollama_double)
    assert len(lines) == 3
    assert not any(line["done"] for line in lines)


def test_a_repeated_token_ends_the_stream_without_done(ollama_double: OllamaDouble) -> None:
    ollama_double.fail_next("repeat30", count=2)
    lines = stream(ollama_double)
    assert len(lines) == 31
    assert lines[-1]["done"] is False
    whole = ask(ollama_double, "x").json()
    assert (whole["done"], whole["message"]["content"]) == (False, "네 " * 31)


@pytest.mark.parametrize("after", [0, 3])
def test_a_connection_can_be_reset(ollama_double: OllamaDouble, after: int) -> None:
    ollama_double.fail_next("tcp_abort", after=after)
    with pytest.raises(httpx.TransportError):
        stream(ollama_double)
    assert not ollama_double.requests[0].disconnected  # it was the server that left


def test_a_stall_lasts_as_long_as_asked(ollama_double: OllamaDouble) -> None:
    ollama_double.fail_next("stall", seconds=0.2)
    began = time.monotonic()
    assert stream(ollama_double)[-1]["done"]
    assert 0.2 <= time.monotonic() - began < 2


def leave(double: OllamaDouble, *, after_lines: int) -> float:
    """Reads some lines and closes; returns the time. Gives up waiting after 0.2 s."""
    url, body = f"{double.url}/api/chat", {"model": "tiny-qwen3", "messages": [{"role": "user"}]}
    with httpx.stream("POST", url, json=body, timeout=0.2) as response:
        lines = response.iter_lines()
        for _ in range(after_lines):
            next(lines)
    return time.time()


def test_a_client_that_leaves_is_noticed_within_100_ms(ollama_double: OllamaDouble) -> None:
    ollama_double.fail_next("endless")
    left = leave(ollama_double, after_lines=2)
    record = ollama_double.requests[0]
    until(lambda: record.finished_at)
    assert record.disconnected
    assert (record.disconnected_at or 0) - left < 0.1
    tokens = record.answer_tokens
    assert said(ask(ollama_double, "next"))  # the model is free again
    assert record.answer_tokens == tokens


@pytest.mark.parametrize(("mode", "after_lines"), [("slow_prefill", 0), ("stall", 2)])
def test_a_client_that_loses_patience_is_noticed(
    ollama_double: OllamaDouble, mode: Any, after_lines: int
) -> None:
    ollama_double.fail_next(mode, seconds=20)
    with pytest.raises(httpx.ReadTimeout):
        leave(ollama_double, after_lines=after_lines)
    until(lambda: ollama_double.requests[0].disconnected, seconds=1)


def test_bad_content_looks_like_a_good_stream(ollama_double: OllamaDouble) -> None:
    ollama_double.fail_next("trunc_json")
    cut = ask(ollama_double, TRANSCRIPT, format=SCHEMA).json()
    assert cut["done_reason"] == "length"
    ollama_double.fail_next("garbage_json")
    garbage = ask(ollama_double, TRANSCRIPT, format=SCHEMA).json()
    assert garbage["done_reason"] == "stop"
    for answer in (cut, garbage):
        with pytest.raises(json.JSONDecodeError):
            json.loads(answer["message"]["content"])
    ollama_double.fail_next("empty")
    empty = ask(ollama_double, TRANSCRIPT, format=SCHEMA).json()
    assert (empty["message"]["content"], empty["done_reason"]) == ("", "stop")


def test_lies_are_not_what_was_said(ollama_double: OllamaDouble) -> None:
    honest = minutes(ollama_double)
    ollama_double.fail_next("lies", count=2)
    lying = minutes(ollama_double)
    assert len(lying["decisions"]) < len(honest["decisions"])
    assert lying["decisions"][0]["quote"] not in TRANSCRIPT
    assert lying["decisions"][0]["utterances"][0] > 9000
    assert "98765" in lying["decisions"][0]["text"]
    assert "[9000]" in said(ask(ollama_double, TRANSCRIPT))


def test_faults_choose_their_requests(ollama_double: OllamaDouble) -> None:
    ollama_double.fail_next("busy_503", when=lambda body: body["model"] == "tiny-gemma3")
    ollama_double.fail_always("html_502", path="/api/tags")
    assert ask(ollama_double, "x").status_code == 200
    assert ask(ollama_double, "x", model="tiny-gemma3").status_code == 503
    assert ask(ollama_double, "x", model="tiny-gemma3").status_code == 200
    for _ in range(2):
        assert httpx.get(f"{ollama_double.url}/api/tags").status_code == 502
    with pytest.raises(ValueError, match="known: "):
        ollama_double.fail_next("nonsense")  # type: ignore[arg-type]


def test_a_load_is_spared_unless_it_is_asked_for(ollama_double: OllamaDouble) -> None:
    ollama_double.fail_next("oom_500")
    load = {"model": "tiny-qwen3", "messages": []}
    url = f"{ollama_double.url}/api/chat"
    assert httpx.post(url, json=load).status_code == 200
    ollama_double.fail_next("oom_500", when=lambda body: not body["messages"])
    assert httpx.post(url, json=load).status_code == 500


def test_every_mode_is_tried_here() -> None:
    tested = Path(__file__).read_text(encoding="utf-8")
    assert [mode for mode in MODES if f'"{mode}"' not in tested] == []


def test_a_client_that_keeps_the_rules_has_no_violations(ollama_double: OllamaDouble) -> None:
    warm_up = {"model": "tiny-qwen3", "messages": [], "options": {"num_ctx": 2048}, **GOOD}
    httpx.post(f"{ollama_double.url}/api/chat", json=warm_up)
    ask(ollama_double, "x")
    assert ollama_double.violations() == []


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"options": {"num_ctx": None}}, "num_ctx is missing"),
        ({"options": {"num_ctx": 4096}}, "num_ctx changed from 2048 to 4096"),
        ({"options": {"num_ctx": 4096}}, "the model was reloaded"),
        ({"options": {"num_predict": None}}, "num_predict is missing"),
        ({"shift": True}, "shift is not false"),
        ({"truncate": None}, "truncate is not false"),
        ({"think": None}, "think is omitted"),
        ({"messages": [{"role": "system", "content": "a"}] * 2}, "more than one system message"),
        (
            {"messages": [{"role": r, "content": "a"} for r in ("user", "system")]},
            "the system message is not first",
        ),
    ],
)
def test_a_broken_rule_is_reported(
    ollama_double: OllamaDouble, broken: dict[str, Any], rule: str
) -> None:
    ask(ollama_double, "x")
    ask(ollama_double, "x", **broken)
    assert rule in [v.rule for v in ollama_double.violations() if v.number == 1]
