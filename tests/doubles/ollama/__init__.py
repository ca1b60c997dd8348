"""A faithful double of an Ollama server; see server.OllamaDouble."""

from tests.doubles.ollama.answers import ChatRequest, default_answer
from tests.doubles.ollama.faults import MODES
from tests.doubles.ollama.records import Record, Violation
from tests.doubles.ollama.server import OllamaDouble

__all__ = ["MODES", "ChatRequest", "OllamaDouble", "Record", "Violation", "default_answer"]
