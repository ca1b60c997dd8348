"""One double for a whole test module, as new for each test (starting one takes 0.2 s)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doubles.ollama import OllamaDouble


@pytest.fixture(scope="module")
def _shared_ollama() -> Iterator[OllamaDouble]:
    with OllamaDouble() as double:
        yield double


@pytest.fixture
def ollama_double(_shared_ollama: OllamaDouble) -> OllamaDouble:
    _shared_ollama.reset()
    return _shared_ollama
