"""What the double does beyond the recordings: context, loading, cache, queue, models."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.doubles.asking import KOREAN, ask, said
from tests.doubles.ollama import ChatRequest, OllamaDouble
from tests.waiting import until

# Context


def test_default_truncation_drops_the_oldest_and_keeps_the_system(
    ollama_double: OllamaDouble,
) -> None:
    seen: list[ChatRequest] = []
    ollama_double.answer = lambda request: seen.append(request) or "ok"  # type: ignore[func-returns-value]
    turns = [KOREAN.format(n=n) * 6 for n in range(20)]
    answer = ask(ollama_double, *turns, "마지막 질문", truncate=True, options={"num_ctx": 1024})
    assert said(answer) == "ok"
    assert seen[0].system == "RULES"
    assert seen[0].last_user == "마지막 질문"
    assert 2 < len(seen[0].messages) < len(turns)
    assert answer.json()["prompt_eval_count"] <= 1024
    assert ollama_double.requests[0].overflowed


def test_one_long_message_loses_its_head_and_the_system_prompt(ollama_double: OllamaDouble) -> None:
    seen: list[ChatRequest] = []
    ollama_double.answer = lambda request: seen.append(request) or "ok"  # type: ignore[func-returns-value]
    text = "\n".join(KOREAN.format(n=n) for n in range(200))
    answer = ask(ollama_double, text, truncate=True, shift=True, options={"num_ctx": 1024})
    assert answer.json()["prompt_eval_count"] == 1024
    assert seen[0].system == ""
    assert text.endswith(seen[0].last_user)
    assert len(seen[0].last_user) < len(text) / 2


def test_truncate_false_is_a_400_and_counts_as_overflow(ollama_double: OllamaDouble) -> None:
    answer = ask(ollama_double, KOREAN * 200, options={"num_ctx": 1024})
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "the input length exceeds the context length"},
    )
    assert [v.rule for v in ollama_double.violations()] == ["the context overflowed"]


def test_num_predict_and_a_full_context_end_with_length(ollama_double: OllamaDouble) -> None:
    ollama_double.answer = lambda request: (f"w{n} " for n in range(1000))
    short = ask(ollama_double, "x", options={"num_predict": 7}).json()
    assert (short["done_reason"], short["eval_count"]) == ("length", 7)
    full = ask(ollama_double, "x", options={"num_ctx": 256, "num_predict": 900}).json()
    assert full["done_reason"] == "length"
    assert full["prompt_eval_count"] + full["eval_count"] == 256
    shifted = ask(ollama_double, "x", options={"num_ctx": 256, "num_predict": 900}, shift=True)
    assert shifted.json()["eval_count"] == 900


def test_a_sliding_window_model_dies_when_its_context_shifts(ollama_double: OllamaDouble) -> None:
    """Seen with a real 0.17.4 and tiny-gemma3."""
    ollama_double.answer = lambda request: (f"w{n} " for n in range(1000))
    answer = ask(ollama_double, "x", model="tiny-gemma3", shift=True, options={"num_ctx": 128})
    assert answer.status_code == 500
    assert "unexpected EOF" in answer.json()["error"]


def test_a_stop_word_is_not_sent_even_across_pieces(ollama_double: OllamaDouble) -> None:
    ollama_double.answer = lambda request: ["one ", "tw", "o E", "N", "D three"]
    answer = ask(ollama_double, "x", options={"stop": ["END"]})
    assert (said(answer), answer.json()["done_reason"]) == ("one two ", "stop")


# Loading and cache


def test_another_num_ctx_reloads_and_clears_the_cache(ollama_double: OllamaDouble) -> None:
    text = KOREAN * 20
    cold, warm = ask(ollama_double, text).json(), ask(ollama_double, text).json()
    assert warm["prompt_eval_count"] == cold["prompt_eval_count"]
    assert warm["prompt_eval_duration"] < cold["prompt_eval_duration"] / 10
    assert warm["load_duration"] < cold["load_duration"] / 4
    other = ask(ollama_double, text, options={"num_ctx": 1024}).json()
    assert other["load_duration"] > 4 * warm["load_duration"]
    assert other["prompt_eval_duration"] > 10 * warm["prompt_eval_duration"]
    assert [r.reloaded for r in ollama_double.requests] == [False, False, True]
    assert [r.loaded for r in ollama_double.requests] == [True, False, True]


def test_an_appended_chat_is_cached_up_to_the_new_question(ollama_double: OllamaDouble) -> None:
    ollama_double.answer = lambda request: "fine"
    first = KOREAN * 20
    ask(ollama_double, first)
    ask(ollama_double, first, "fine", "새 질문")
    record = ollama_double.chats[1]
    assert 0 < record.prompt_tokens - record.cached_tokens < 25


def test_keep_alive_says_how_long_it_stays(ollama_double: OllamaDouble) -> None:
    def names() -> list[str]:
        loaded = httpx.get(f"{ollama_double.url}/api/ps").json()["models"]
        return [f"{m['name']} {m['context_length']}" for m in loaded]

    ask(ollama_double, "x", keep_alive="10m")
    assert names() == ["tiny-qwen3:latest 2048"]
    ask(ollama_double, "x", keep_alive="50ms")
    until(lambda: names() == [])
    ask(ollama_double, "x", keep_alive=0)
    assert names() == []
    assert [r.reloaded for r in ollama_double.chats] == [False] * 3


def test_one_at_a_time_in_the_order_of_arrival(ollama_double: OllamaDouble) -> None:
    ollama_double.delay_piece = 0.005
    ollama_double.answer = lambda request: [f"{request.last_user} "] * 5
    threads = []
    for number in range(3):
        thread = threading.Thread(target=ask, args=(ollama_double, str(number)))
        thread.start()
        threads.append(thread)
        until(lambda: len(ollama_double.requests) == len(threads))
    for thread in threads:
        thread.join()
    ends = [record.finished_at or 0 for record in ollama_double.requests]
    assert ends == sorted(ends)
    assert ends[2] - ends[0] > 0.04


# Models and capabilities


def test_models_can_be_installed_and_removed(ollama_double: OllamaDouble) -> None:
    ollama_double.install(
        "gemma3:4b", family="gemma3", capabilities=["completion", "vision"],
        context_length=131072, size=3_338_801_804, parameter_size="4.3B",
    )  # fmt: skip
    ollama_double.install("big:cloud", family="gptoss", remote_host="https://ollama.com:443")
    tags = httpx.get(f"{ollama_double.url}/api/tags").json()["models"]
    by_name = {tag["name"]: tag for tag in tags}
    assert by_name["big:cloud"]["remote_host"] == "https://ollama.com:443"
    shown = httpx.post(f"{ollama_double.url}/api/show", json={"model": "gemma3:4b"}).json()
    assert shown["model_info"]["gemma3.context_length"] == 131072
    assert shown["capabilities"] == ["completion", "vision"]
    ollama_double.remove("gemma3:4b")
    assert ask(ollama_double, "x", model="gemma3:4b").status_code == 404
    with pytest.raises(KeyError):
        ollama_double.remove("gemma3:4b")


def test_a_thinking_model_thinks_unless_told_not_to(ollama_double: OllamaDouble) -> None:
    def message(**extra: Any) -> dict[str, Any]:
        answer = ask(ollama_double, "x", model="tiny-qwen3-thinking", **extra)
        told: dict[str, Any] = answer.json()["message"]
        return told

    assert message(think=True)["thinking"] == ollama_double.thoughts
    assert message(think=None)["thinking"] == ollama_double.thoughts
    assert "thinking" not in message(think=False)
    cut = message(think=True, options={"num_predict": 3})
    assert (cut["content"], bool(cut["thinking"])) == ("", True)


def test_a_pulled_model_is_installed(ollama_double: OllamaDouble) -> None:
    ollama_double.offer("new:1b", family="qwen3", size=1_000_000)
    url = f"{ollama_double.url}/api/pull"
    lines = httpx.post(url, json={"model": "new:1b"}).text.splitlines()
    assert json.loads(lines[-1]) == {"status": "success"}
    assert ask(ollama_double, "x", model="new:1b").status_code == 200
    failed = httpx.post(url, json={"model": "nope", "stream": False})
    assert (failed.status_code, failed.json()["error"]) == (
        500,
        "pull model manifest: file does not exist",
    )


# 0.30 and the command line


def test_the_newer_profile_cuts_to_half_and_tells_counts() -> None:
    with OllamaDouble(profile="0.30") as double:
        seen: list[ChatRequest] = []
        double.answer = lambda request: seen.append(request) or "ok"  # type: ignore[func-returns-value]
        long = "\n".join(KOREAN.format(n=n) for n in range(200))
        cut = ask(double, long, truncate=True, shift=True, options={"num_ctx": 1024})
        assert cut.json()["prompt_eval_count"] == 1024 // 2 + 3
        assert "RULES" not in seen[0].system
        refused = ask(double, long, shift=True, options={"num_ctx": 1024})
        inner = json.loads(refused.json()["error"])["error"]
        assert (refused.status_code, inner["type"]) == (400, "exceed_context_size_error")
        assert inner["n_prompt_tokens"] > inner["n_ctx"] == 1024
        ask(double, "x", options={"num_ctx": 1024})
        assert [r.reloaded for r in double.requests] == [False, False, True]  # shift changed
        assert double.requests[2].answer == "ok"


def test_it_runs_alone_and_writes_a_log(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    command = [sys.executable, "-m", "tests.doubles.ollama", "--port", "0", "--log", str(log)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        httpx.get(f"{url}/api/version").raise_for_status()
        process.terminate()
        assert process.wait(timeout=10) == 0
    record = json.loads(log.read_text(encoding="utf-8"))
    assert (record["path"], record["status"]) == ("/api/version", 200)


def test_an_answerer_that_raises_does_not_go_unseen() -> None:
    def fail(request: ChatRequest) -> str:
        raise LookupError(request.last_user)

    double = OllamaDouble()
    double.start()
    double.answer = fail
    assert ask(double, "x").status_code == 500
    assert isinstance(double.errors[0], LookupError)
    with pytest.raises(LookupError, match="x"):
        double.__exit__(None, None, None)
