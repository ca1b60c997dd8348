"""A faithful double of an Ollama server; see server.OllamaDouble."""

from tests.doubles.ollama.answers import (
    ChatRequest,
    brief_answer,
    counted_answer,
    default_answer,
)
from tests.doubles.ollama.faults import MODES
from tests.doubles.ollama.pace import Speed
from tests.doubles.ollama.records import Record, Violation
from tests.doubles.ollama.server import OllamaDouble

__all__ = [
    "MODES",
    "ChatRequest",
    "OllamaDouble",
    "Record",
    "Speed",
    "Violation",
    "brief_answer",
    "counted_answer",
    "default_answer",
]
