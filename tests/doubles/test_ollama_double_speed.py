"""The double as a server of fixed speed with several slots, and answers that leave in one piece."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.doubles.asking import ask, said
from tests.doubles.ollama import OllamaDouble, Record, Speed, counted_answer


def _together(double: OllamaDouble, count: int) -> list[Record]:
    """`count` requests at the same time, on a model that is loaded."""
    ask(double, "1")
    with ThreadPoolExecutor(count) as threads:
        list(threads.map(lambda number: ask(double, f"{number}: 10"), range(count)))
    return double.chats[1:]


def _most_at_once(records: list[Record]) -> int:
    spans = [(one.started_at or 0.0, one.stopped_at or 0.0) for one in records]
    return max(sum(begun <= at < ended for begun, ended in spans) for at, _ in spans)


def test_a_call_takes_what_its_tokens_cost_at_the_speed(ollama_double: OllamaDouble) -> None:
    ollama_double.answer = counted_answer
    ollama_double.speed = Speed(prompt=2000.0, answer=100.0)
    told = ask(ollama_double, "a word or two, then 20").json()
    record = ollama_double.chats[0]
    assert record.answer_tokens == 20
    assert record.started_at is not None
    assert record.stopped_at is not None
    nominal = ollama_double.speed.seconds(prompt_tokens=record.prompt_tokens, answer_tokens=20)
    assert nominal == pytest.approx(0.2 + record.prompt_tokens / 2000)
    assert record.stopped_at - record.started_at >= nominal - 0.001
    assert told["eval_duration"] == 200_000_000


def test_the_cache_saves_no_time_at_a_fixed_speed(ollama_double: OllamaDouble) -> None:
    ollama_double.speed = Speed(prompt=1000.0, answer=1000.0)
    first, second = (ask(ollama_double, "the same again").json() for _ in range(2))
    assert ollama_double.chats[1].cached_tokens > 0
    assert first["prompt_eval_duration"] == second["prompt_eval_duration"]


@pytest.mark.parametrize("slots", [1, 4])
def test_as_many_requests_run_at_once_as_there_are_slots(
    ollama_double: OllamaDouble, slots: int
) -> None:
    ollama_double.answer = counted_answer
    ollama_double.speed = Speed(prompt=1000.0, answer=50.0)
    ollama_double.scheduler.slots = slots
    assert _most_at_once(_together(ollama_double, 6)) == slots


def test_a_reload_waits_for_every_slot_and_gives_all_back(ollama_double: OllamaDouble) -> None:
    ollama_double.answer = counted_answer
    ollama_double.speed = Speed(prompt=1000.0, answer=50.0)
    ollama_double.scheduler.slots = 3
    ask(ollama_double, "1")
    sizes = (4096, 4096, 8192, 8192)
    with ThreadPoolExecutor(4) as threads:
        answers = [
            threads.submit(ask, ollama_double, f"{number}: 10", options={"num_ctx": size})
            for number, size in enumerate(sizes)
        ]
    assert all(said(answer.result()) for answer in answers)
    spans = [(one.started_at or 0.0, one.stopped_at or 0.0) for one in ollama_double.chats]
    reloads = [one.started_at or 0.0 for one in ollama_double.chats if one.reloaded]
    assert reloads
    assert all(ended <= at for at in reloads for begun, ended in spans if begun < at)
    ollama_double.requests.clear()
    assert _most_at_once(_together(ollama_double, 5)) == 3


def test_a_burst_has_the_same_lines_and_leaves_at_the_end(ollama_double: OllamaDouble) -> None:
    ollama_double.answer = counted_answer

    def lines() -> list[dict[str, object]]:
        answer = ask(ollama_double, "say 40", stream=True)
        return [json.loads(line) for line in answer.text.splitlines()]

    apart = lines()
    ollama_double.burst = True
    together = lines()
    assert [line["message"] for line in together] == [line["message"] for line in apart]
    assert (len(together), together[-1]["done"]) == (41, True)
    with httpx.stream(
        "POST", f"{ollama_double.url}/api/chat", json=ollama_double.chats[0].body
    ) as answer:
        first = next(answer.iter_raw())
    assert first.count(b"\n") == 41
