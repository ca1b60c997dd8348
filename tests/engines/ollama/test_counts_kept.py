"""Keeping what the server counted: it holds up no answer, and loses none."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from core.engines.base import ModelAnswer
from core.engines.ollama.catalogue import Catalogue
from core.engines.ollama.chat import OllamaModel
from core.errors import EngineFailed
from tests.doubles.ollama import OllamaDouble
from tests.engines.ollama.conftest import Ratios
from tests.engines.ollama.test_chat import KOREAN, LOOP, complete, request_for

Make = Callable[..., OllamaModel]


class Stuck(Ratios):
    """A database that someone else holds until `release` is set."""

    def __init__(self, *, at: str) -> None:
        super().__init__()
        self.at = at
        self.reached, self.release = threading.Event(), threading.Event()

    def _wait(self, now_at: str) -> None:
        if now_at == self.at:
            self.reached.set()
            assert self.release.wait(20)

    def ratio(self, model: str) -> tuple[float, int]:
        self._wait("ratio")
        return super().ratio(model)

    def observe(self, model: str, ratio: float) -> None:
        self._wait("observe")
        super().observe(model, ratio)


@pytest.mark.parametrize("at", ["ratio", "observe"])
def test_a_stalled_database_holds_up_no_other_answer(
    double: OllamaDouble, make_model: Make, at: str
) -> None:
    stuck = Stuck(at=at)
    waiting = OllamaModel(
        url=double.url,
        installed=Catalogue(double.url).find("gemma3:4b"),
        num_ctx=4096,
        ratios=stuck,
    )

    async def answer(model: OllamaModel) -> list[str | ModelAnswer]:
        return [piece async for piece in model.stream(request_for(KOREAN * 20))]

    first = LOOP.spawn(answer(waiting))
    assert stuck.reached.wait(20)
    try:
        assert LOOP.spawn(answer(make_model())).result(timeout=10)
        assert not first.done()
    finally:
        stuck.release.set()
    first.result(timeout=20)
    assert len(stuck.samples) == 1


def test_what_agrees_with_the_average_is_not_written_again(
    make_model: Make, ratios: Ratios
) -> None:
    """A write waits for every other: it must change something."""
    model = make_model(num_ctx=8192)
    request = request_for(KOREAN * 40)
    for _ in range(14):
        complete(model, request)
    assert len(ratios.samples) == 10
    ratios.samples = [sample * 1.03 for sample in ratios.samples]
    complete(model, request)
    assert len(ratios.samples) == 11


def test_an_answer_is_not_lost_because_its_count_was_not_kept(
    make_model: Make, ratios: Ratios, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise EngineFailed("database_locked")

    monkeypatch.setattr(ratios, "observe", locked)
    _, answer = complete(make_model(num_ctx=8192), request_for(KOREAN * 40))
    assert answer.text
