"""The contracts of all engines. They speak domain types only and know nothing of the store."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from core.domain.minutes import Item
from core.domain.speech_evidence import Segment
from core.domain.transcript import Utterance

CheckCancelled = Callable[[], None]
"""Called often inside long work; raises when the work is to stop."""


def engine_name(engine: str) -> str:
    """The name of an engine as a reader knows it: "gemma3:4b" for "ollama:gemma3:4b"."""
    return engine.removeprefix("ollama:")


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a language model. `role` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call. `messages` begin with exactly one system message. `max_tokens` bounds the answer;
    `schema` (JSON schema) constrains it."""

    messages: tuple[Message, ...]
    max_tokens: int
    schema: Mapping[str, Any] | None = None
    temperature: float = 0.2


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """A whole answer that ended by itself. Token counts are the server's, None if not told."""

    text: str
    prompt_tokens: int | None = None
    answer_tokens: int | None = None


class TokenRatios(Protocol):
    """Remembers how a model's real token counts compare with the estimate."""

    def ratio(self, model: str) -> tuple[float, int]:
        """The average ratio of real to estimated tokens, and on how many samples it rests."""
        ...

    def observe(self, model: str, ratio: float) -> None:
        """Take in one more sample."""
        ...


class LanguageModel(Protocol):
    """A model that follows instructions."""

    @property
    def name(self) -> str:
        """ "vendor:model", as settings name it and minutes show it."""
        ...

    @property
    def context_window(self) -> int:
        """Tokens that prompt and answer share."""
        ...

    async def prepare(self) -> None:
        """Load the model and learn its real context window. Idempotent."""
        ...

    def count(self, messages: Sequence[Message]) -> int:
        """Estimated prompt tokens, templates included; calibrated, with no margin."""
        ...

    def fits(self, request: ModelRequest) -> bool:
        """Whether the prompt, a safety margin and the whole answer fit the context window."""
        ...

    def stream(self, request: ModelRequest) -> AsyncGenerator[str | ModelAnswer, None]:
        """Pieces of text as they come, then one ModelAnswer.

        Raises EngineFailed("answer_cut") when the answer hit a limit, EngineFailed(
        "prompt_too_long") when the server refused the prompt, EngineFailed or EngineUnavailable
        otherwise; never ends silently. Closing the iterator frees the server.
        """
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """An utterance that answers a question, with its score (higher is better)."""

    utterance: Utterance
    score: float


@runtime_checkable
class Extractor(Protocol):
    """Finds what matters without a language model: it ranks and quotes, and writes nothing."""

    @property
    def name(self) -> str:
        """ "extractive"."""
        ...

    def items(
        self, utterances: Sequence[Utterance], *, language: str, check: CheckCancelled
    ) -> tuple[Item, ...]:
        """Topics, decisions, actions, questions and facts; each quotes its utterance verbatim."""
        ...

    def summary(
        self, utterances: Sequence[Utterance], *, language: str, check: CheckCancelled
    ) -> tuple[Utterance, ...]:
        """The utterances that say most about the whole meeting, in the order they were said."""
        ...

    def due_words(self, text: str) -> str | None:
        """The words in an utterance that say when something is due, None if none do."""
        ...

    def passages(
        self, utterances: Sequence[Utterance], question: str, *, limit: int
    ) -> tuple[Passage, ...]:
        """The utterances that match the question best, best first; empty if nothing matches."""
        ...


@dataclass(frozen=True, slots=True)
class Hearing:
    """One pass over a recording. `language` is known before the first segment; iterate `segments`
    to do the work; times and `duration` are in seconds of the whole recording."""

    language: str
    duration: float
    segments: Iterator[Segment]


@dataclass(frozen=True, slots=True)
class HeardWindow:
    """A finished stretch of the recording, from `start` to `end` seconds, and what was said. A
    later `listen(start=end)` goes on with the next word."""

    start: float
    end: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Listening:
    """A pass over a recording window by window; stretches without speech before the first word
    are left out where the language is detected."""

    language: str
    duration: float
    windows: Iterator[HeardWindow]


class Transcriber(Protocol):
    """Turns sound into timed text."""

    @property
    def name(self) -> str:
        """ "whisper:model"."""
        ...

    def hear(
        self,
        path: Path,
        *,
        language: str | None,
        check: CheckCancelled,
        hotwords: str | None = None,
    ) -> Hearing:
        """Transcribe the sound of a media file; language None means detect it. `hotwords` are terms
        that may be said in it."""
        ...

    def listen(
        self,
        path: Path,
        *,
        language: str | None,
        check: CheckCancelled,
        start: float = 0.0,
        on_heard: Callable[[float], None] | None = None,
        hotwords: str | None = None,
    ) -> Listening:
        """The same by windows, beginning at `start` seconds: 0, or where a window ended. The sound
        alone says where windows end, not where a pass began. `on_heard` is told the second of the
        recording up to which everything was heard, also in the middle of a window."""
        ...


class Speaker(Protocol):
    """Reads text aloud into a file."""

    def speak(self, text: str, *, language: str, target: Path) -> None:
        """Write a sound file, whole or not at all; raises EngineUnavailable or EngineFailed."""
        ...
