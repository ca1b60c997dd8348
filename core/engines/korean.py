"""Korean morphemes by kiwipiepy, in a child process that ends when it is idle.

Measured (0.24): the model takes 340 MB (540 with its dictionary of multi-word names, which search
does not need) and 1-2 s to load; dropped in-process, 290 MB stayed with its allocator. So the
server keeps a pipe, not a model, and the memory comes back whole. The child is a plain subprocess:
`multiprocessing` would run Streamlit's main script again. Run as `python -m core.engines.korean`.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import EngineFailed, EngineUnavailable

IDLE_SECONDS = 120.0
_PATIENCE = 120.0
_BATCH_CHARACTERS = 20_000
_PIECE_CHARACTERS = 2_000
_ROOT = Path(__file__).resolve().parents[2]
_HANGUL = re.compile(r"[\uac00-\ud7a3]")

# Sejong tags whose morphemes carry meaning; Latin letters and digits are the caller's.
_NOUNS = frozenset(("NNG", "NNP", "NR", "XR", "UN", "NF"))
_VERBS = frozenset(("VV", "VA", "NV"))


def has_hangul(text: str) -> bool:
    """Whether a text has a Hangul syllable, and so is worth a Korean model."""
    return _HANGUL.search(text) is not None


class Morpheme(NamedTuple):
    """A meaningful piece of a word: its dictionary form and its Sejong tag."""

    form: str
    tag: str


class Korean:
    """Content morphemes of Korean texts. Threads may share it; it starts its child on first use
    and ends it after `idle_seconds` without one."""

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._used_at = 0.0
        self._timer: threading.Timer | None = None

    @property
    def child_id(self) -> int | None:
        """The process that holds the model now; None when nothing is loaded."""
        child = self._child
        return child.pid if child is not None else None

    def morphemes(self, texts: Sequence[str]) -> list[tuple[Morpheme, ...]]:
        """Nouns, numbers (NR), and verbs and adjectives in dictionary form (-다), per text.

        Texts without Hangul cost nothing and give (). Raises EngineUnavailable
        ("korean_unavailable") where kiwipiepy cannot be loaded, EngineFailed ("korean_failed")
        where it dies twice on the same texts.
        """
        found: list[list[Morpheme]] = [[] for _ in texts]
        for batch in _batches(_pieces(texts)):
            answers = self._ask([piece for _, piece in batch])
            for (index, _), morphemes in zip(batch, answers, strict=True):
                found[index].extend(Morpheme(form, tag) for form, tag in morphemes)
        return [tuple(morphemes) for morphemes in found]

    def standings(self, words: Sequence[str]) -> list[str]:
        """How each word stands in the dictionary: "unknown" where a piece of it is not there,
        "name" where one is a name, else "common". Raises as `morphemes` does."""
        return [str(standing) for standing in self._ask({"words": list(words)})] if words else []

    def release(self) -> None:
        """End the child now and give its memory back."""
        with self._lock:
            self._end()

    def _ask(self, pieces: list[str] | dict[str, list[str]]) -> list[Any]:
        with self._lock:
            for _ in range(2):  # a child may have been killed since it was last used
                child = self._child or self._start()
                answer = _exchange(child, pieces)
                if answer is not None:
                    self._used_at = time.monotonic()
                    self._watch()
                    if isinstance(answer, list):
                        return answer
                self._end()
                if answer is not None:
                    raise EngineUnavailable("korean_unavailable", reason=str(answer))
        raise EngineFailed("korean_failed")

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "core.engines.korean"]
        try:
            self._child = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                command,
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise EngineUnavailable("korean_unavailable", reason=str(error)) from error
        atexit.register(self.release)
        return self._child

    def _end(self) -> None:
        """Needs the lock."""
        child, self._child = self._child, None
        if child is not None:
            atexit.unregister(self.release)
            child.kill()  # it keeps nothing, so it needs no farewell
            child.communicate()

    def _watch(self) -> None:
        """Look again once it may have become idle. One timer at a time; needs the lock."""
        if self._timer is None:
            left = self._used_at + self._idle_seconds - time.monotonic()
            self._timer = threading.Timer(max(left, 0.01), self._end_if_idle)
            self._timer.daemon = True
            self._timer.start()

    def _end_if_idle(self) -> None:
        with self._lock:
            self._timer = None
            if self._child is None:
                return
            if time.monotonic() - self._used_at >= self._idle_seconds:
                self._end()
            else:
                self._watch()


@lru_cache
def shared_korean() -> Korean:
    """The one for this process: two would hold the model twice. Making it loads nothing."""
    return Korean()


def _pieces(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(index of text, piece) of the texts with Hangul; endless words are cut to bounded pieces."""
    for index, text in enumerate(texts):
        rest = text if has_hangul(text) else ""
        while rest:
            cut = len(rest)
            if cut > _PIECE_CHARACTERS:
                cut = rest.rfind(" ", 1, _PIECE_CHARACTERS)
                cut = cut if cut > 0 else _PIECE_CHARACTERS
            yield index, rest[:cut]
            rest = rest[cut:]


def _batches(pieces: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Pieces in small batches, so that a question need not wait for a whole meeting."""
    batch: list[tuple[int, str]] = []
    characters = 0
    for index, piece in pieces:
        batch.append((index, piece))
        characters += len(piece)
        if characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _exchange(child: subprocess.Popen[bytes], pieces: object) -> object | None:
    """Send a line, read a line; None if the child died or did not answer in time."""
    if child.stdin is None or child.stdout is None:
        return None
    watchdog = threading.Timer(_PATIENCE, child.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        child.stdin.write(json.dumps(pieces).encode() + b"\n")
        child.stdin.flush()
        line = child.stdout.readline()
        return json.loads(line) if line.endswith(b"\n") else None
    except OSError:
        return None
    finally:
        watchdog.cancel()


def serve() -> None:
    """The child: a JSON list of texts a line in, a JSON list of lists of [form, tag] a line out.
    For {"words": […]} a list of how each stands in the dictionary."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not break a line
    try:
        from kiwipiepy import Kiwi

        kiwi = Kiwi(num_workers=1, load_multi_dict=False, load_typo_dict=False)
    except Exception as error:  # whatever keeps it from loading is said by the parent
        answers.write(json.dumps({"error": str(error)}).encode() + b"\n")
        answers.flush()
        return
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        told = asked["words"] if isinstance(asked, dict) else asked
        texts = [text.encode("utf-8", "replace").decode() for text in told]
        judge = _standing if isinstance(asked, dict) else _contents
        found = [judge(tokens) for tokens in kiwi.tokenize(texts)]
        answers.write(json.dumps(found).encode() + b"\n")
        answers.flush()


def _contents(tokens: Iterable[Any]) -> list[list[str]]:
    found: list[list[str]] = []
    after_number = False
    for token in tokens:
        tag = token.tag.partition("-")[0]
        if tag == "NR" and after_number:
            found[-1][0] += token.form  # "이천이십육" comes in pieces
        elif tag in _NOUNS:
            found.append([token.form, tag])
        elif tag in _VERBS:
            found.append([token.form + "다", tag])
        after_number = tag == "NR"
    return found


def _standing(tokens: Iterable[Any]) -> str:
    pieces = list(tokens)
    if any(token.oov for token in pieces):
        return "unknown"
    return "name" if any(token.tag == "NNP" for token in pieces) else "common"


if __name__ == "__main__":
    serve()
