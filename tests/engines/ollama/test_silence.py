"""How long a server may be silent: minutes before its first word, much less within an answer."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from core.engines.ollama import chat
from core.engines.ollama.chat import OllamaModel
from core.engines.ollama.transport import PAUSE, TIMEOUT
from tests.doubles.ollama import OllamaDouble
from tests.engines.ollama.test_chat import complete, failure_of, request_for
from tests.waiting import until

Make = Callable[..., OllamaModel]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within an answer a third of a second is long; before it TIMEOUT stays."""
    monkeypatch.setattr(chat, "PAUSE", 0.3)


def test_a_server_that_dies_within_its_answer_is_given_up_soon(
    double: OllamaDouble, make_model: Make
) -> None:
    double.fail_always("stall", seconds=30)  # after the first piece
    begun = time.monotonic()
    error = failure_of(make_model(), request_for("hello"))
    assert time.monotonic() - begun < 10
    assert error.code == "ollama_silent"
    until(lambda: double.chats[-1].disconnected, seconds=1)
    assert len(double.chats) == 1  # it was heard


def test_the_first_word_may_take_longer_than_a_pause(
    double: OllamaDouble, make_model: Make
) -> None:
    double.delay_first = 0.8
    _, answer = complete(make_model(), request_for("hello"))
    assert answer.text


def test_a_slow_answer_is_no_silent_one(double: OllamaDouble, make_model: Make) -> None:
    double.answer = lambda request: "one two three four five six seven eight nine ten"
    double.delay_piece = 0.1
    pieces, answer = complete(make_model(), request_for("hello"))
    assert len(pieces) * 0.1 > 0.3
    assert answer.text == "one two three four five six seven eight nine ten"


def test_a_slow_processor_has_time_for_each_word() -> None:
    assert TIMEOUT.read is not None
    assert 60 <= PAUSE < TIMEOUT.read / 2
