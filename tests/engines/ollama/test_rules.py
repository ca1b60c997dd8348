"""The rules for Ollama (docs/rules.md), clause by clause, where test_chat.py does not hold them."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from langchain_core.messages import AIMessageChunk

from core.engines.ollama import chat
from core.engines.ollama.chat import OllamaModel
from core.engines.ollama.tokens import estimate
from core.engines.ollama.transport import TIMEOUT, StrictTransport
from tests.doubles.ollama import OllamaDouble, context
from tests.engines.ollama.conftest import Ratios
from tests.engines.ollama.test_chat import KOREAN, LOOP, complete, failure_of, request_for
from tests.waiting import until

Make = Callable[..., OllamaModel]
ENGLISH = "[1] Kim: We move the launch to the third of May and write to the shop on Monday.\n"


class Scripted:
    """A ChatOllama that says one thing with the `end` given, after raising what is in `errors`."""

    def __init__(self, *errors: Exception, end: dict[str, Any] | None = None) -> None:
        self.errors = list(errors)
        self.end = {"done": True, "done_reason": "stop"} if end is None else end
        self.calls = 0

    async def astream(self, messages: object, **options: object) -> AsyncIterator[AIMessageChunk]:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        yield AIMessageChunk(content="half an answer", response_metadata=self.end)


@pytest.fixture
def scripted(make_model: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[..., OllamaModel]:
    """A model whose client is the one given."""

    def make(client: Scripted) -> OllamaModel:
        model = make_model()
        monkeypatch.setattr(model, "_chat_client", lambda: client)
        return model

    return make


# 1: one num_ctx


def test_the_window_is_asked_of_the_server_after_loading(
    double: OllamaDouble, make_model: Make
) -> None:
    complete(make_model(), request_for("hello"))
    paths = [record.path for record in double.requests]
    assert "/api/ps" in paths[paths.index("/api/chat") : paths.index("/api/chat", -1)]


# 3 and 12: counted before, learned after


def test_a_fit_leaves_a_tenth_and_room_for_the_whole_answer(make_model: Make) -> None:
    model = make_model(num_ctx=4096)
    count = model.count(request_for(KOREAN * 60).messages)
    most = int(4096 - 1.1 * count)
    assert model.fits(request_for(KOREAN * 60, max_tokens=most))
    assert not model.fits(request_for(KOREAN * 60, max_tokens=most + 1))


@pytest.mark.parametrize(
    ("family", "known"),
    [("gemma3", "gemma"), ("gemma3n", "gemma"), ("qwen2", "qwen"), ("qwen3moe", "qwen")],
)
def test_a_family_is_known_by_how_it_begins(family: str, known: str) -> None:
    text = KOREAN + ENGLISH + "2026-11-23 🙂"
    assert estimate(text, family=family) == estimate(text, family=known)
    assert estimate(KOREAN, family="gemma") != estimate(KOREAN, family="qwen")
    both = (estimate(KOREAN, family="gemma"), estimate(KOREAN, family="qwen"))
    assert estimate(KOREAN, family="solar") >= max(both)


@pytest.mark.parametrize("family", ["gemma3", "qwen3"])
@pytest.mark.parametrize(("text", "least", "most"), [(KOREAN, 1.3, 2.2), (ENGLISH, 3.0, 4.6)])
def test_tokens_cost_what_they_cost_in_each_language(
    family: str, text: str, least: float, most: float
) -> None:
    """Characters a token as measured with the real vocabularies; a quarter of the characters
    would be half the truth for Korean."""
    assert least < len(text) / estimate(text, family=family) < most


@pytest.fixture
def other_tokenizer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The server counts 1.45 tokens where the research has one."""
    heavier = tuple(1.45 * weight for weight in context._WEIGHTS["gemma"])
    monkeypatch.setitem(context._WEIGHTS, "gemma", heavier)
    context.text_tokens.cache_clear()
    yield
    context.text_tokens.cache_clear()


@pytest.mark.usefixtures("other_tokenizer")
def test_a_tokenizer_far_from_the_estimate_is_learned(make_model: Make, ratios: Ratios) -> None:
    model = make_model(num_ctx=8192)
    request = request_for(KOREAN * 60)
    _, answer = complete(model, request)
    assert ratios.samples[0] > 1.3
    assert answer.prompt_tokens is not None
    assert model.count(request.messages) == pytest.approx(answer.prompt_tokens, rel=0.05)


# 4 and 5: done, done_reason, thinking


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ({}, "answer_unfinished"),
        ({"done": False}, "answer_unfinished"),
        ({"done": True}, "answer_unfinished"),
        ({"done": True, "done_reason": "load"}, "answer_unfinished"),
        ({"done": True, "done_reason": "unload"}, "answer_unfinished"),
        ({"done": False, "done_reason": "stop"}, "answer_unfinished"),
        ({"done": True, "done_reason": "length"}, "answer_cut"),
    ],
)
def test_only_an_answer_that_stopped_by_itself_is_one(
    scripted: Callable[..., OllamaModel], end: dict[str, Any], code: str
) -> None:
    assert failure_of(scripted(Scripted(end=end)), request_for("hello")).code == code


def test_a_server_that_ignores_the_limit_is_stopped(double: OllamaDouble, make_model: Make) -> None:
    double.fail_always("endless")
    assert failure_of(make_model(), request_for("hello", max_tokens=64)).code == "answer_cut"
    until(lambda: double.chats[-1].disconnected, seconds=1)
    assert len(double.chats) == 1


def test_a_thinking_model_is_told_not_to_think(double: OllamaDouble, make_model: Make) -> None:
    double.thoughts = "Let me think about this. " * 60
    double.answer = lambda _: "네, 그렇게 결정했습니다."
    model = make_model("tiny-qwen3-thinking", num_ctx=2048)
    _, answer = complete(model, request_for("hello", max_tokens=64))
    assert answer.text == "네, 그렇게 결정했습니다."
    assert answer.answer_tokens is not None
    assert answer.answer_tokens < 64
    assert double.violations() == []


# 8, 9 and 11: no other way to a model


def test_core_streams_and_does_nothing_else_with_langchain() -> None:
    """No synchronous call (it can't be cancelled), no repairing parser, no tools, no agent."""
    other_ways = re.compile(
        r"\.(?:invoke|batch|abatch|with_structured_output|bind_tools)\("
        r"|\b(?:create_agent|init_chat_model|tool_choice|ToolStrategy|JsonOutputParser"
        r"|PydanticOutputParser|parse_partial_json|parse_json_markdown|repair_json)\b"
    )
    imported = []
    for path in sorted(Path("core").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        assert not other_ways.search(source), path
        imported += re.findall(
            r"^\s*((?:from|import) lang(?:chain|graph)\S*.*?)(?: +#|$)", source, re.M
        )
    assert imported == ["from langchain_ollama import ChatOllama"]


# 10: time-outs, and who is asked again


def test_every_call_may_wait_minutes_for_its_first_word_but_not_for_a_connection(
    double: OllamaDouble, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[dict[str, float | None]] = []
    send = StrictTransport.handle_async_request

    async def recorded(self: StrictTransport, request: httpx.Request) -> httpx.Response:
        used.append(request.extensions["timeout"])
        return await send(self, request)

    monkeypatch.setattr(StrictTransport, "handle_async_request", recorded)
    complete(make_model(), request_for("hello"))
    assert used == [TIMEOUT.as_dict()] * 2
    connect, read, write = (used[0][name] for name in ("connect", "read", "write"))
    assert connect is not None
    assert read is not None
    assert write is not None
    assert connect <= 10
    assert 300 <= read <= 900
    assert write <= 60


def test_a_server_that_falls_silent_is_given_up_and_not_asked_again(
    double: OllamaDouble, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "TIMEOUT", httpx.Timeout(connect=1, read=0.5, write=1, pool=None))
    double.fail_always("stall", seconds=30)
    assert failure_of(make_model(), request_for("hello")).code == "ollama_silent"
    until(lambda: double.chats[-1].disconnected, seconds=1)
    assert len(double.chats) == 1


@pytest.mark.parametrize(
    "mode",
    ["html_502", "oom_500", "runner_crash", "not_found_404", "no_done", "empty", "trunc_json"],
)
def test_what_was_heard_is_not_asked_again(
    double: OllamaDouble, make_model: Make, mode: Any
) -> None:
    double.fail_next(mode)
    failure_of(make_model(), request_for("hello"))
    assert len(double.chats) == 1


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (httpx.ConnectError("refused"), 2),  # the server is started anew
        (httpx.RemoteProtocolError("closed"), 2),
        (httpx.ReadError("reset"), 2),
        (httpx.ReadTimeout("ten minutes"), 1),  # it heard, and is busy with it
        (json.JSONDecodeError("no JSON", "<html>", 0), 1),  # something that is no Ollama answered
    ],
)
def test_only_a_lost_connection_is_made_again(
    scripted: Callable[..., OllamaModel], error: Exception, tries: int
) -> None:
    client = Scripted(error)
    model = scripted(client)
    if tries > 1:
        complete(model, request_for("hello"))
    else:
        failure_of(model, request_for("hello"))
    assert client.calls == tries


@pytest.mark.parametrize("mode", ["busy_503", "tcp_abort"])
def test_loading_is_asked_again_like_any_other_call(
    double: OllamaDouble, make_model: Make, mode: Any
) -> None:
    """A busy server refuses loads, and only loads."""
    double.fail_next(mode, count=2, after=0, when=lambda body: not body["messages"])
    _, answer = complete(make_model(), request_for("hello"))
    assert answer.text
    loads = [record for record in double.requests if record.path == "/api/chat"]
    assert len(loads) == 4
    assert len(double.chats) == 1


def test_cancelling_while_the_model_loads_frees_the_server(
    double: OllamaDouble, make_model: Make
) -> None:
    double.scheduler.load_delay = 30
    model = make_model()

    loading = LOOP.spawn(model.prepare())
    until(lambda: any(one.path == "/api/chat" for one in double.requests))
    loading.cancel()
    until(lambda: double.requests[-1].disconnected, seconds=1)
