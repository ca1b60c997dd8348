"""From a name in the settings to an engine. Vendors are imported inside the branch that needs them.

`auto` takes the best installed model of Ollama, and the built-in extractive engine where there is
none; an engine that was named outright and cannot be had is an error.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from core.engines import speech_model
from core.engines.base import Extractor, LanguageModel, Speaker, TokenRatios, Transcriber
from core.engines.ollama.catalogue import (
    Catalogue,
    Installed,
    Loaded,
    best,
    default_context,
    is_cloud_name,
)
from core.engines.ollama.pulling import PullProgress, checked_model_name, pull
from core.errors import ConfigError, EngineUnavailable, MinutesError

if TYPE_CHECKING:
    from core.engines.ollama.chat import OllamaModel

EXTRACTIVE = "extractive"
AUTO = "auto"
VENDORS = ("auto", "extractive", "ollama:NAME")


@dataclass(frozen=True, slots=True)
class Suitability:
    """Whether a model can be used here, and if not why (a message key under `models`).

    `needed` and `free` are bytes of memory: what it takes with `num_ctx` tokens, and what there is.
    """

    model: Installed
    num_ctx: int
    usable: bool
    reason: str
    needed: int
    free: int


@dataclass
class Engines:
    """Builds each engine once and keeps it.

    `num_ctx` tells the context window chosen for this machine, None for automatic. It is asked for
    each engine and again at each call of one, because the pages and the worker are two processes
    and both must follow a change (see OllamaModel).
    """

    ollama_url: str
    ollama_is_remote: bool
    allow_remote: bool
    num_ctx: Callable[[], int | None]
    models_folder: Path
    ratios: TokenRatios
    _built: dict[str, tuple[OllamaModel, Installed]] = field(default_factory=dict, init=False)
    _extractor: Extractor | None = field(default=None, init=False)
    _transcribers: dict[str, Transcriber] = field(default_factory=dict, init=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False)

    def writer(self, name: str) -> LanguageModel | Extractor:
        """The engine of that name. Raises EngineUnavailable or ConfigError where it can't be had;
        never falls back by itself (see `resolve`)."""
        if name == EXTRACTIVE:
            return self.extractor()
        vendor, _, model = name.partition(":")
        if vendor == "ollama" and model:
            return self._ollama(model)
        raise ConfigError("engine_unknown", engine=name, known=", ".join(VENDORS))

    def resolve(self, name: str) -> tuple[str, MinutesError | None]:
        """The engine that `name` means now ("auto" becomes one), and why `auto` fell back."""
        if name != AUTO:
            return name, None
        try:
            judged = self.suitable()
        except MinutesError as reason:
            return EXTRACTIVE, reason
        found = best(tuple(one.model for one in judged if one.usable))
        if found is None:
            return EXTRACTIVE, EngineUnavailable("no_suitable_model", url=self.ollama_url)
        return f"ollama:{found.name}", None

    def suitable(self) -> tuple[Suitability, ...]:
        """Every installed model with our verdict."""
        catalogue = self._catalogue()
        models = catalogue.installed()
        in_memory = {entry.name for entry in catalogue.loaded()}
        free, wanted = free_memory(), self.num_ctx()
        return tuple(
            self._judge(model, loaded=model.name in in_memory, free=free, wanted=wanted)
            for model in models
        )

    def loaded(self) -> tuple[Loaded, ...]:
        """The models in Ollama's memory, with the context windows they really have."""
        return self._catalogue().loaded()

    def pull(self, name: str) -> AsyncGenerator[PullProgress, None]:
        """Have Ollama fetch a model from the internet; for the model loop.

        Raises InvalidInput for a name that is none, ConfigError where text would leave the machine.
        """
        url = self._catalogue().url
        wanted = checked_model_name(name)
        if is_cloud_name(wanted) and not self.allow_remote:
            raise ConfigError("remote_model_refused", model=wanted)
        return pull(url=url, name=wanted)

    def extractor(self) -> Extractor:
        """The built-in engine."""
        from core.engines.extractive import ExtractiveEngine

        with self._lock:
            if self._extractor is None:
                self._extractor = ExtractiveEngine()
            return self._extractor

    def ollama_version(self) -> str:
        """The version of the Ollama server."""
        return self._catalogue().version()

    def speech_model(self, model: str | None) -> tuple[str, bool]:
        """The name of the speech model that would be used, and whether it is here. Cheap."""
        return (
            model or speech_model.choose_model(),
            speech_model.is_present(model, models_folder=self.models_folder),
        )

    def fetch_speech_model(
        self, model: str | None, *, on_download: Callable[[int, int | None], None]
    ) -> None:
        """Have the speech model on this machine; `on_download` is told bytes done and in all."""
        speech_model.ensure_model(model, models_folder=self.models_folder, on_download=on_download)

    def transcriber(self, model: str | None) -> Transcriber:
        """The speech engine for a model's name or folder; by hardware where None."""
        from core.engines.whisper import WhisperTranscriber

        name = model or speech_model.choose_model()
        with self._lock:
            if name not in self._transcribers:
                self._transcribers[name] = WhisperTranscriber(
                    model=name, models_folder=self.models_folder
                )
            return self._transcribers[name]

    def can_speak(self) -> bool:
        """Whether this machine has a voice."""
        from core.engines import read_aloud

        return read_aloud.is_available()

    def speaker(self) -> Speaker:
        """What reads aloud."""
        from core.engines.read_aloud import ReadAloud

        return ReadAloud()

    def _catalogue(self) -> Catalogue:
        if self.ollama_is_remote and not self.allow_remote:
            raise ConfigError("remote_server_refused", url=self.ollama_url)
        return Catalogue(self.ollama_url)

    def _ollama(self, name: str) -> LanguageModel:
        from core.engines.ollama.chat import OllamaModel

        wanted = self.num_ctx()
        with self._lock:
            known, installed = self._built.get(name, (None, None))
            if installed is None:
                installed = self._writable(name)
            num_ctx = _context(installed, wanted)
            if known is None or known.num_ctx != num_ctx:
                known = OllamaModel(
                    url=self.ollama_url,
                    installed=installed,
                    num_ctx=num_ctx,
                    ratios=self.ratios,
                    window=partial(self._window, installed),
                )
                self._built[name] = known, installed
            return known

    def _window(self, installed: Installed) -> int:
        return _context(installed, self.num_ctx())

    def _writable(self, name: str) -> Installed:
        installed = self._catalogue().find(name)
        if installed.remote and not self.allow_remote:
            raise ConfigError("remote_model_refused", model=name)
        if not installed.can_write:
            raise EngineUnavailable("model_cannot_chat", model=name)
        return installed

    def _judge(
        self, model: Installed, *, loaded: bool, free: int, wanted: int | None
    ) -> Suitability:
        num_ctx = _context(model, wanted)
        needed = model.memory(num_ctx)
        if not model.can_write:
            reason = "cannot_chat"
        elif model.remote:
            reason = "remote"
        elif not (loaded or self.ollama_is_remote or needed <= free):
            reason = "no_memory"
        else:
            reason = ""
        return Suitability(
            model=model,
            num_ctx=num_ctx,
            usable=not reason,
            reason=reason,
            needed=needed,
            free=free,
        )


def _context(model: Installed, wanted: int | None) -> int:
    return default_context(model, wanted=wanted, total_memory=psutil.virtual_memory().total)


def free_memory() -> int:
    """Bytes a model may take on this machine now: main memory, and an NVIDIA card's own."""
    return int(psutil.virtual_memory().available) + _free_on_cards()


def _free_on_cards() -> int:
    program = shutil.which("nvidia-smi")
    if program is None:
        return 0
    try:
        told = subprocess.run(  # noqa: S603 (the program is found on PATH, arguments are fixed)
            [program, "--query-gpu=memory.free", "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(int(line) for line in told.stdout.split() if line.isdigit()) * 1024**2
