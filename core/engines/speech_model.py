"""Which speech model to use, where it lies, and how it is fetched. Imports no speech engine, so
that the doctor can ask at once; the only file that imports huggingface_hub.

A model is a folder `<models folder>/<name>`; a download goes into `<name>.part` beside it and is
renamed when it is whole, so a folder that is there is complete.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

import psutil

from core.errors import EngineFailed, EngineUnavailable

OnDownload = Callable[[int, int | None], None]
"""Told bytes done, and bytes in all where known; may raise to stop the download."""

FETCH_COMMAND = ".venv/bin/python -m core doctor --fetch-speech-model"

REPOSITORIES = {
    **{
        name: f"Systran/faster-whisper-{name}"
        for name in ("tiny", "base", "small", "medium", "large-v1", "large-v2", "large-v3")
    },
    **{
        f"{name}.en": f"Systran/faster-whisper-{name}.en"
        for name in ("tiny", "base", "small", "medium")
    },
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
"""Where the converted models lie on the Hugging Face Hub; any other OWNER/NAME may be given."""

NEEDED = ("config.json", "model.bin", "tokenizer.json")
"""Without tokenizer.json faster-whisper would fetch one from the network in silence."""
WANTED = (*NEEDED, "preprocessor_config.json", "vocabulary.json", "vocabulary.txt")

GIB = 1024**3
GPU_MEMORY = 6 * GIB
"""large-v3-turbo in float16 with batches of 8 takes under 5 GB."""
CPU_MEMORY = 8 * GIB - GIB // 2
"""An 8 GB machine reports a little less."""


def choose_model() -> str:
    """The model for this machine: large-v3-turbo, the one that hears Korean well (4.6 % of
    characters wrong on FLEURS-ko), where it fits, else small."""
    if (gpu_memory() or 0) >= GPU_MEMORY or psutil.virtual_memory().total >= CPU_MEMORY:
        return "large-v3-turbo"
    return "small"


@lru_cache
def gpu_memory() -> int | None:
    """Bytes of memory of the first NVIDIA GPU, None where there is none."""
    try:
        driver: Any = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None
    device, memory = ctypes.c_int(), ctypes.c_size_t()
    failed = (
        driver.cuInit(0)
        or driver.cuDeviceGet(ctypes.byref(device), 0)
        or driver.cuDeviceTotalMem_v2(ctypes.byref(memory), device)
    )
    return None if failed else memory.value


def model_folder(model: str | None, *, models_folder: Path) -> Path:
    """The folder that a model lies in or would be fetched into; None means `choose_model()`. A
    path to a folder is used as it is."""
    name = model or choose_model()
    given = Path(name).expanduser()
    if given.is_dir() or given.is_absolute():
        return given
    return models_folder / name.replace("/", "--")


def is_present(model: str | None, *, models_folder: Path) -> bool:
    """Whether the model's files are there; cheap, and no proof that they are sound."""
    folder = model_folder(model, models_folder=models_folder)
    return all(_has_content(folder / name) for name in NEEDED)


def ensure_model(
    model: str | None,
    *,
    models_folder: Path,
    on_download: OnDownload | None = None,
    endpoint: str | None = None,
) -> Path:
    """The model's folder, fetched first where it is not there. `endpoint` is the address of the
    hub, by default the public one.

    Raises EngineUnavailable: speech_model_missing (not there and not to be had),
    speech_model_broken (a folder that lacks files); EngineFailed: speech_model_fetch_failed.
    """
    name = model or choose_model()
    folder = model_folder(name, models_folder=models_folder)
    if is_present(name, models_folder=models_folder):
        return folder
    if folder.is_dir() and not folder.is_relative_to(models_folder):
        raise EngineUnavailable("speech_model_folder", folder=str(folder))
    if folder.is_dir():
        raise EngineUnavailable(
            "speech_model_broken", model=name, folder=str(folder), command=FETCH_COMMAND
        )
    repository = REPOSITORIES.get(name, name)
    if repository.count("/") != 1 or Path(name).is_absolute():
        _refuse_missing(name)
    _fetch(name, repository, folder, on_download or _silent, endpoint)
    return folder


def _refuse_missing(name: str) -> NoReturn:
    raise EngineUnavailable("speech_model_missing", model=name, command=FETCH_COMMAND)


def _fetch(
    name: str, repository: str, folder: Path, on_download: OnDownload, endpoint: str | None
) -> None:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HTTPError, OfflineModeIsEnabled  # type: ignore[attr-defined]

    partial = folder.with_name(f"{folder.name}.part")
    try:
        partial.mkdir(parents=True, exist_ok=True)
        hub = HfApi(endpoint=endpoint)
        listed = hub.model_info(repository, files_metadata=True, timeout=20)
        sizes = {
            file.rfilename: file.size for file in listed.siblings or () if file.rfilename in WANTED
        }
        progress = _progress(on_download, sum(size or 0 for size in sizes.values()) or None)
        for file in sizes:
            hub.hf_hub_download(
                repository, file, revision=listed.sha, local_dir=partial, tqdm_class=progress
            )
        if not folder.exists():  # another process may have been faster
            partial.rename(folder)
    except (HTTPError, OfflineModeIsEnabled) as offline:
        raise EngineUnavailable(
            "speech_model_missing", model=name, command=FETCH_COMMAND
        ) from offline
    except OSError as failed:
        raise EngineFailed("speech_model_fetch_failed", model=name, reason=str(failed)) from failed


def _progress(on_download: OnDownload, total: int | None) -> Any:
    """A progress bar class, as huggingface_hub wants one, that draws nothing and reports bytes."""
    from tqdm import tqdm  # type: ignore[import-untyped]

    done = 0

    class Bar(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            nonlocal done
            options.pop("name", None)
            done += options.get("initial") or 0
            super().__init__(*args, **{**options, "disable": True})

        def update(self, n: float | None = 1) -> bool | None:
            nonlocal done
            done += int(n or 0)
            on_download(done if total is None else min(done, total), total)
            return None

    return Bar


def _silent(done: int, total: int | None) -> None:
    """Nobody wants to know how far a download is."""
    del done, total


def _has_content(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except OSError:
        return False
