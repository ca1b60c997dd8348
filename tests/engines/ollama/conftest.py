from collections.abc import Callable

import pytest

from core.engines.ollama.catalogue import Catalogue
from core.engines.ollama.chat import OllamaModel
from tests.doubles.ollama import OllamaDouble


class Ratios:
    """Remembers in memory (engines.base.TokenRatios)."""

    def __init__(self) -> None:
        self.samples: list[float] = []

    def ratio(self, model: str) -> tuple[float, int]:
        if not self.samples:
            return 1.0, 0
        return sum(self.samples) / len(self.samples), len(self.samples)

    def observe(self, model: str, ratio: float) -> None:
        self.samples.append(ratio)


@pytest.fixture
def ratios() -> Ratios:
    return Ratios()


@pytest.fixture
def make_model(double: OllamaDouble, ratios: Ratios) -> Callable[..., OllamaModel]:
    def make(name: str = "gemma3:4b", *, num_ctx: int = 4096) -> OllamaModel:
        return OllamaModel(
            url=double.url,
            installed=Catalogue(double.url).find(name),
            num_ctx=num_ctx,
            ratios=ratios,
            retry_after=(0.01, 0.01),
        )

    return make
