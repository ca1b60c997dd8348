"""The real clients, langchain-ollama and ollama, talk to the double as they do to Ollama."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import ollama
import pytest
from langchain_ollama import ChatOllama
from pydantic import BaseModel

from tests.doubles.ollama import OllamaDouble
from tests.waiting import until


class Decision(BaseModel):
    text: str
    utterances: list[int]


class Minutes(BaseModel):
    decisions: list[Decision]


def chat_model(double: OllamaDouble, **extra: Any) -> ChatOllama:
    given = {"num_ctx": 4096, "num_predict": 300, "reasoning": False} | extra
    return ChatOllama(model="tiny-qwen3", base_url=double.url, **given)


def test_langchain_invokes_and_streams(ollama_double: OllamaDouble) -> None:
    ollama_double.answer = lambda request: "안녕하세요, 회의록입니다."
    model = chat_model(ollama_double)
    answer = model.invoke([("system", "rules"), ("user", "hello")])
    assert answer.content == "안녕하세요, 회의록입니다."
    assert answer.response_metadata["done_reason"] == "stop"
    assert answer.usage_metadata is not None
    chunks = list(model.stream("hello"))
    assert len(chunks) > 3
    assert "".join(str(chunk.content) for chunk in chunks) == answer.content
    assert ollama_double.chats[0].body["think"] is False
    assert ollama_double.chats[0].body["options"]["num_ctx"] == 4096


def test_langchain_gets_structured_output(ollama_double: OllamaDouble) -> None:
    model = chat_model(ollama_double).with_structured_output(Minutes)
    found = model.invoke("[3] Kim: We agreed on the budget.\n[4] Lee: Fine.")
    assert isinstance(found, Minutes)
    assert [d.utterances for d in found.decisions] == [[3]]


def test_langchain_breaks_rules_that_the_double_sees(ollama_double: OllamaDouble) -> None:
    """It cannot send shift and truncate (research §0.2)."""
    chat_model(ollama_double).invoke("x")
    rules = {violation.rule for violation in ollama_double.violations()}
    assert rules == {"shift is not false", "truncate is not false"}


@pytest.mark.parametrize(
    ("mode", "status"),
    [("not_found_404", 404), ("context_400", 400), ("busy_503", 503), ("html_502", 502)],
)
def test_langchain_raises_the_status(ollama_double: OllamaDouble, mode: Any, status: int) -> None:
    ollama_double.fail_next(mode)
    with pytest.raises(ollama.ResponseError) as caught:
        chat_model(ollama_double).invoke("x")
    assert caught.value.status_code == status


def test_langchain_raises_for_an_error_line_and_a_reset(ollama_double: OllamaDouble) -> None:
    ollama_double.fail_next("midstream_error")
    with pytest.raises(ollama.ResponseError) as caught:
        list(chat_model(ollama_double).stream("x"))
    assert caught.value.status_code == -1
    ollama_double.fail_next("tcp_abort")
    with pytest.raises(httpx.TransportError):
        list(chat_model(ollama_double).stream("x"))


def test_langchain_takes_a_stream_without_done_for_success(ollama_double: OllamaDouble) -> None:
    """The trap of research §0.4, which the app must look out for itself."""
    ollama_double.fail_next("no_done")
    answer = chat_model(ollama_double).invoke("x")
    assert "done_reason" not in answer.response_metadata


def test_cancelling_a_task_closes_the_connection(ollama_double: OllamaDouble) -> None:
    ollama_double.fail_next("endless")

    async def cancel() -> None:
        task = asyncio.create_task(chat_model(ollama_double).ainvoke("x"))
        while not (ollama_double.chats and ollama_double.chats[0].status is None):
            await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    until(lambda: ollama_double.chats[0].disconnected, seconds=1)


def test_the_ollama_client_reads_every_endpoint(ollama_double: OllamaDouble) -> None:
    client = ollama.Client(ollama_double.url)
    assert client.list().models[0].model == "tiny-bert:latest"
    assert client.show("tiny-qwen3").capabilities == ["completion"]
    assert client.generate("tiny-qwen3", "hello").response
    assert client.ps().models[0].context_length == 4096
    vectors = client.embed("tiny-bert", ["a budget", "the budget", "홍길동"]).embeddings
    near, far = (
        sum(a * b for a, b in zip(vectors[0], other, strict=True)) for other in vectors[1:]
    )
    assert near > far + 0.2
    assert [p.status for p in client.pull("tiny-pulled", stream=True)][-1] == "success"
    client.copy("tiny-qwen3", "copied")
    client.delete("copied")
    with pytest.raises(ollama.ResponseError, match="not found"):
        client.chat("copied", [{"role": "user", "content": "x"}])


def test_the_ollama_client_sees_thinking_in_its_own_field(ollama_double: OllamaDouble) -> None:
    client = ollama.Client(ollama_double.url)
    messages = [{"role": "user", "content": "x"}]
    parts = list(client.chat("tiny-qwen3-thinking", messages, think=True, stream=True))
    thoughts = "".join(part.message.thinking or "" for part in parts)
    assert thoughts == ollama_double.thoughts
    assert parts[-1].done_reason == "stop"
