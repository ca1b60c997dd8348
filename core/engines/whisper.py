"""Speech to text by faster-whisper.

A recording is heard in windows of a few minutes (core/engines/speech_windows.py). Within a window
the batched pipeline gets clips of speech with timestamps on. What that pipeline does not do is
done here and in whisper_model.py: it takes no language by itself that is worth having, it knows no
feature window other than 30 s, and it drops the tail of a clip whose last segment has no end, so
tails are heard again. It applies no threshold to what it heard either: each segment carries its
evidence, for judges.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal

import numpy as np

from core.domain.speech_evidence import Segment
from core.engines import media, speech_model
from core.engines.base import CheckCancelled, HeardWindow, Hearing, Listening
from core.engines.lifecycle import Resident
from core.engines.sound import RATE
from core.engines.speech_windows import Window, clips, cut_windows
from core.engines.whisper_model import (
    Answer,
    Ears,
    as_ours,
    detect_language,
    find_speech,
    hear_batch,
    loaded,
)
from core.errors import MinutesError

WINDOW = 180.0
"""Seconds of sound that are heard, and can be kept as done, at a time."""
IDLE = 600.0
FALLBACK_LANGUAGE = "en"
"""The language of a recording in which nobody speaks."""

log = logging.getLogger(__name__)


class WhisperTranscriber:
    """Implements Transcriber. The model is loaded on first use and let go after `idle` seconds.

    `model` is a name, a folder, or None for the machine's choice; names are looked for under
    `models_folder` and fetched on first use, with `on_download(bytes done, bytes in all)`.
    """

    def __init__(
        self,
        model: str | None,
        models_folder: Path,
        device: Literal["auto", "cpu", "cuda"] = "auto",
        *,
        on_download: speech_model.OnDownload | None = None,
        window: float = WINDOW,
        idle: float = IDLE,
    ) -> None:
        self._wanted = model
        self._models_folder = models_folder
        self._device = device
        self._on_download = on_download
        self._window = round(window * RATE)
        self._ears = Resident(self._load, idle=idle)

    @property
    def name(self) -> str:
        """ "whisper:model"; a folder is called by its last part."""
        return f"whisper:{Path(self._wanted or speech_model.choose_model()).name}"

    @property
    def is_loaded(self) -> bool:
        """Whether the model takes memory now."""
        return self._ears.is_loaded

    def hear(
        self,
        path: Path,
        *,
        language: str | None,
        check: CheckCancelled,
        hotwords: str | None = None,
    ) -> Hearing:
        """Transcribe a media file. Raises what `media.probe` and `media.decode` raise, and
        EngineUnavailable: speech_model_missing, speech_model_broken; EngineFailed: speech_failed.
        """
        heard = self.listen(path, language=language, check=check, hotwords=hotwords)
        segments = (segment for window in heard.windows for segment in window.segments)
        return Hearing(language=heard.language, duration=heard.duration, segments=segments)

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
        """The same by windows, beginning at `start` seconds; raises what `hear` raises."""
        media.probe(path)
        duration = media.sound_ends_at(path, check=check)
        self._ensure_model(check)
        windows = cut_windows(
            media.decode(path, check=check, start=start),
            longest=self._window,
            find_speech=lambda sound: self._use(lambda _: find_speech(sound), check),
            start=round(start * RATE),
        )
        if language is None:
            language, windows = self._detect(windows, check)
        hear = partial(
            self._hear_window,
            language=language,
            check=check,
            on_heard=on_heard,
            hotwords=hotwords,
        )
        return Listening(language, duration, _in_recording(windows, duration, hear))

    def _hear_window(
        self,
        window: Window,
        *,
        language: str,
        check: CheckCancelled,
        on_heard: Callable[[float], None] | None,
        hotwords: str | None,
    ) -> list[Segment]:
        """What is said in it, in seconds of the window, in the order of the starts."""
        if not window.speech:
            return []
        longest = self._use(lambda ears: ears.longest, check)
        waiting = clips(window, longest=longest)
        found: list[Segment] = []
        while waiting:
            check()
            if on_heard is not None:
                on_heard((window.start + waiting[0][0]) / RATE)
            hear = partial(
                hear_batch,
                window=window,
                waiting=waiting,
                language=language,
                hotwords=hotwords,
            )
            said, waiting = self._use(hear, check)
            found += said
        return sorted(found, key=lambda one: (one.start, one.end, one.text))

    def _detect(
        self, windows: Iterator[Window], check: CheckCancelled
    ) -> tuple[str, Iterator[Window]]:
        """The language of the first speech, and the windows from that one on."""
        for window in windows:
            if window.speech:
                speech = np.concatenate([window.sound[slice(*span)] for span in window.speech])
                language = self._use(partial(detect_language, speech=speech), check)
                return language, chain([window], windows)
        return FALLBACK_LANGUAGE, iter(())

    def _use(self, work: Callable[[Ears], Answer], check: CheckCancelled) -> Answer:
        return self._ears.use(lambda ears: as_ours(work, ears), check=check)

    def _ensure_model(self, check: CheckCancelled) -> None:
        """Fetch the model in the caller's own thread, where `check` may stop it."""

        def report(done: int, total: int | None) -> None:
            check()
            if self._on_download is not None:
                self._on_download(done, total)

        speech_model.ensure_model(
            self._wanted, models_folder=self._models_folder, on_download=report
        )
        check()

    def _load(self) -> Ears:
        name = self._wanted or speech_model.choose_model()
        folder = speech_model.ensure_model(name, models_folder=self._models_folder)
        enough = (speech_model.gpu_memory() or 0) >= speech_model.GPU_MEMORY
        if self._device == "cuda" or (self._device == "auto" and enough):
            try:
                return loaded(name, folder, "cuda")
            except MinutesError:
                if self._device == "cuda":
                    raise
                log.warning("The GPU cannot be used for speech; the CPU is.", exc_info=True)
        return loaded(name, folder, "cpu")


def _in_recording(
    windows: Iterator[Window], duration: float, hear: Callable[[Window], list[Segment]]
) -> Iterator[HeardWindow]:
    """The windows as they are heard, their times those of the whole recording."""
    for window in windows:
        offset = window.start / RATE
        segments = tuple(
            replace(
                one, start=min(offset + one.start, duration), end=min(offset + one.end, duration)
            )
            for one in hear(window)
        )
        yield HeardWindow(offset, window.end / RATE, segments)
