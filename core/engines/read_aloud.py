"""Text read aloud by eSpeak NG through pyttsx3, the only file that imports it.

pyttsx3 keeps one engine a process, loses files when asked twice, prints to stdout, fails in
silence and may hang, so each piece of text is spoken by a process of its own
(`python -m core.engines.read_aloud`, JSON on stdin), and what it wrote is looked at before it is
believed. The driver is always eSpeak: the others of pyttsx3 write other formats.
"""

from __future__ import annotations

import ctypes
import json
import re
import subprocess
import sys
import wave
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import numpy as np

from core.errors import EngineFailed, EngineUnavailable, InvalidInput

INSTALL_COMMAND = "sudo apt-get install espeak-ng"
SPEAKER = (sys.executable, "-m", "core.engines.read_aloud")
PROJECT = Path(__file__).resolve().parents[2]

LIBRARIES = (
    "libespeak-ng.so.1",
    "/usr/local/lib/libespeak-ng.so.1",
    "libespeak.so.1",
    "/opt/homebrew/lib/libespeak-ng.1.dylib",
    "/usr/local/lib/libespeak-ng.1.dylib",
    "C:\\Program Files\\eSpeak NG\\libespeak-ng.dll",
)
"""Where pyttsx3 looks for eSpeak."""

VOICES = {"ko": "ko", "en": "en-us"}
WORDS_A_MINUTE = 165
LONGEST_PIECE = 600
"""Characters a process speaks: pyttsx3 copies all sound so far with each new bit of it."""
SECONDS_A_CHARACTER = 0.05
"""About ten times what eSpeak takes on a slow machine."""
ESPEAK_MISSING = 3
"""Exit status of the process where there is no eSpeak."""

_SENTENCE = re.compile(r"(?<=[.!?。…])\s+|\s*\n\s*")
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class ReadAloud:
    """Implements Speaker; the files are WAV, mono, 16 bit.

    `timeout` is the seconds a piece of text may take to begin with; more are added by its length.
    `command` runs `main` of this module in another process.
    """

    def __init__(self, *, timeout: float = 20.0, command: Sequence[str] = SPEAKER) -> None:
        self._timeout = timeout
        self._command = tuple(command)

    def speak(self, text: str, *, language: str, target: Path) -> None:
        """Write `text` as sound to `target`, which is there only when it is whole.

        Raises InvalidInput: read_aloud_empty (no letter or digit in the text); EngineUnavailable:
        espeak_missing; EngineFailed: read_aloud_slow, read_aloud_failed.
        """
        spoken = [piece for piece in pieces(text) if any(map(str.isalnum, piece))]
        if not spoken:
            raise InvalidInput("read_aloud_empty")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with TemporaryDirectory(dir=target.parent, prefix=".speaking-") as folder:
                files = [Path(folder) / f"{number}.wav" for number in range(len(spoken))]
                for piece, file in zip(spoken, files, strict=True):
                    self._speak_piece(piece, VOICES.get(language[:2], VOICES["en"]), file)
                whole = Path(folder) / "whole.wav"
                _join(files, whole)
                whole.replace(target)
        except OSError as failed:
            raise EngineFailed("read_aloud_failed", reason=str(failed)) from failed

    def _speak_piece(self, piece: str, voice: str, file: Path) -> None:
        order = {"text": piece, "voice": voice, "file": str(file.resolve())}
        limit = self._timeout + len(piece) * SECONDS_A_CHARACTER
        try:
            done = subprocess.run(  # noqa: S603 (our own module, no shell)
                self._command,
                input=json.dumps(order).encode(),
                capture_output=True,
                timeout=limit,
                cwd=PROJECT,
                check=False,
            )
        except subprocess.TimeoutExpired as slow:
            raise EngineFailed("read_aloud_slow", seconds=round(limit)) from slow
        if done.returncode == ESPEAK_MISSING:
            raise EngineUnavailable("espeak_missing", command=INSTALL_COMMAND)
        if done.returncode != 0:
            raise EngineFailed("read_aloud_failed", reason=_last_line(done.stderr))
        if not _holds_sound(file):
            raise EngineFailed("read_aloud_failed", reason="eSpeak NG: no sound")


def is_available() -> bool:
    """Whether eSpeak's library is on this machine; cheap, and asked anew each time."""
    for library in LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError:
            continue
        return True
    return False


def pieces(text: str) -> list[str]:
    """The text in pieces of at most LONGEST_PIECE characters, cut between sentences where that
    can be, else between words; no word is lost."""
    found: list[str] = []
    for part in _parts(_UNSPEAKABLE.sub(" ", text)):
        if found and len(found[-1]) + 1 + len(part) <= LONGEST_PIECE:
            found[-1] = f"{found[-1]}\n{part}"
        else:
            found.append(part)
    return found


def _parts(text: str) -> Iterator[str]:
    for sentence in filter(None, map(str.strip, _SENTENCE.split(text))):
        rest = sentence
        while len(rest) > LONGEST_PIECE:
            space = rest.rfind(" ", 1, LONGEST_PIECE + 1)
            cut = space if space > 0 else LONGEST_PIECE
            yield rest[:cut].strip()
            rest = rest[cut:].strip()
        yield rest


def _join(files: Sequence[Path], target: Path) -> None:
    with wave.open(str(target), "wb") as whole:
        for number, file in enumerate(files):
            with wave.open(str(file), "rb") as piece:
                if number == 0:
                    whole.setparams(piece.getparams())
                whole.writeframes(piece.readframes(piece.getnframes()))


def _holds_sound(file: Path) -> bool:
    """Whether a file is a WAV with anything but silence in it."""
    try:
        with wave.open(str(file), "rb") as sound:
            samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)
    except (OSError, EOFError, ValueError, wave.Error):
        return False
    return bool(samples.any())


def _last_line(stderr: bytes) -> str:
    lines = stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "?"


def main() -> int:
    """Speak one order from stdin: {text, voice, file}. The exit status is ESPEAK_MISSING where
    there is no eSpeak."""
    order = json.load(sys.stdin)
    with redirect_stdout(sys.stderr):  # pyttsx3 prints
        import pyttsx3

        try:
            engine = pyttsx3.init("espeak")
        except (RuntimeError, ImportError, OSError) as missing:
            print(missing, file=sys.stderr)  # noqa: T201 (a process's way to say why)
            return ESPEAK_MISSING
        # eSpeak speaks in a thread of its own, and runAndWait returns before it is done.
        finished = Event()
        engine.connect("finished-utterance", lambda **_: finished.set())
        engine.setProperty("voice", order["voice"])
        engine.setProperty("rate", WORDS_A_MINUTE)
        engine.save_to_file(order["text"], order["file"])
        engine.runAndWait()
        finished.wait()  # the parent's time limit holds here, too
    return 0


if __name__ == "__main__":
    sys.exit(main())
