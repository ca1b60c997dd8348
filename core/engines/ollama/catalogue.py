"""What an Ollama server has, and which of it can write minutes here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from core.engines.ollama.failures import failure, ollama_failures
from core.engines.ollama.transport import certificates
from core.errors import EngineFailed

_TIMEOUT = httpx.Timeout(connect=2, read=10, write=10, pool=None)
_GIB = 1024**3
_BYTES_A_VALUE = 2
"""The KV cache holds 16-bit floats unless the server's owner said otherwise."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A model of a server. Sizes are bytes; `parameters` is a count; `context_length` the tokens
    it was trained for; `cache_bytes` what one token of context costs in memory; `guessed`, that an
    old server told no capabilities."""

    name: str
    size: int
    parameters: float
    family: str
    context_length: int
    capabilities: tuple[str, ...]
    modified_at: str
    cache_bytes: int
    remote: bool
    guessed: bool = False

    @property
    def can_write(self) -> bool:
        """Can it chat at all?"""
        return "completion" in self.capabilities

    @property
    def only_embeds(self) -> bool:
        """Does it make vectors and no text?"""
        return "embedding" in self.capabilities and not self.can_write

    def memory(self, num_ctx: int) -> int:
        """Bytes it takes with a context of `num_ctx` tokens."""
        return self.size + self.cache_bytes * num_ctx


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model that is in memory now, with its real context window in tokens."""

    name: str
    context_length: int
    size: int
    size_vram: int


@dataclass(frozen=True)
class Catalogue:
    """Reads a server's lists. Raises EngineUnavailable("ollama_unreachable") where none answers."""

    url: str

    def version(self) -> str:
        """The server's version."""
        return str(self._get("/api/version").get("version", ""))

    def installed(self) -> tuple[Installed, ...]:
        """All models, as the server lists them."""
        listed = self._get("/api/tags").get("models") or []
        models = []
        for entry in listed:
            try:
                models.append(self._installed(entry))
            except EngineFailed:
                continue  # listed, but deleted or broken by the time it was asked for
        return tuple(models)

    def find(self, name: str) -> Installed:
        """One model by its name; EngineUnavailable("model_missing") where it is not installed."""
        wanted = name if ":" in name else f"{name}:latest"
        entry = next(
            (
                entry
                for entry in self._get("/api/tags").get("models") or []
                if entry.get("name") in (name, wanted)
            ),
            None,
        )
        if entry is None:
            raise failure(404, "not found", model=name)
        return self._installed(entry)

    def loaded(self) -> tuple[Loaded, ...]:
        """The models in memory."""
        return tuple(
            Loaded(
                name=entry.get("name", ""),
                context_length=int(entry.get("context_length") or 0),
                size=int(entry.get("size") or 0),
                size_vram=int(entry.get("size_vram") or 0),
            )
            for entry in self._get("/api/ps").get("models") or []
        )

    def _installed(self, entry: Mapping[str, Any]) -> Installed:
        name = str(entry["name"])
        shown = self._post("/api/show", {"model": name}, model=name)
        info = shown.get("model_info") or {}
        details = shown.get("details") or entry.get("details") or {}
        architecture = str(info.get("general.architecture") or details.get("family") or "")
        return Installed(
            name=name,
            size=int(entry.get("size") or 0),
            parameters=_parameters(info, details),
            family=str(details.get("family") or architecture),
            context_length=int(info.get(f"{architecture}.context_length") or 4096),
            # Old servers do not tell capabilities: then only the families that embed are known.
            capabilities=tuple(shown.get("capabilities") or _guessed(architecture)),
            modified_at=str(entry.get("modified_at") or ""),
            cache_bytes=_cache_bytes(info, architecture),
            remote=_is_remote(entry, shown),
            guessed=not shown.get("capabilities"),
        )

    def _get(self, path: str) -> dict[str, Any]:
        return self._ask("GET", path, None, model="")

    def _post(self, path: str, body: Mapping[str, Any], *, model: str) -> dict[str, Any]:
        return self._ask("POST", path, body, model=model)

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None, *, model: str
    ) -> dict[str, Any]:
        with ollama_failures(model=model, url=self.url):
            # A proxy of the environment must not come between us and this machine.
            answer = httpx.request(
                method,
                self.url + path,
                json=body,
                timeout=_TIMEOUT,
                trust_env=False,
                verify=certificates(),
            )
            if answer.status_code >= 400:
                raise failure(answer.status_code, answer.text, model=model)
            content = answer.json()
        if not isinstance(content, dict):
            raise EngineFailed("ollama_failed", model=model, reason=str(content)[:100])
        return content


def default_context(model: Installed, *, wanted: int | None, total_memory: int) -> int:
    """The one `num_ctx` for every call to a model on this machine, in tokens.

    It follows from the model, the machine's whole memory and what was chosen for the machine, and
    from nothing that changes by itself (free memory): another value in a later call would restart
    the model and lose its cache.
    """
    usual = 8192 if total_memory <= 8 * _GIB else 16384
    return min(model.context_length, wanted or usual)


def best(usable: tuple[Installed, ...]) -> Installed | None:
    """The model that `auto` takes: the most parameters, then the newest, then by name."""
    by_name = sorted(usable, key=lambda model: model.name)
    newest_first = sorted(by_name, key=_moment, reverse=True)
    return max(newest_first, key=lambda model: model.parameters, default=None)


def _moment(model: Installed) -> float:
    try:
        return datetime.fromisoformat(model.modified_at).timestamp()
    except ValueError:
        return 0.0


def _is_remote(entry: Mapping[str, Any], shown: Mapping[str, Any]) -> bool:
    return bool(
        entry.get("remote_host")
        or entry.get("remote_model")
        or shown.get("remote_host")
        or shown.get("remote_model")
        or is_cloud_name(str(entry["name"]))
    )


def is_cloud_name(name: str) -> bool:
    """Does the tag say that the model runs on Ollama's own machines?"""
    tag = name.rsplit("/", 1)[-1].partition(":")[2].lower()
    return tag == "cloud" or tag.endswith("-cloud")


def _guessed(architecture: str) -> tuple[str, ...]:
    return ("embedding",) if "bert" in architecture else ("completion",)


def _parameters(info: Mapping[str, Any], details: Mapping[str, Any]) -> float:
    count = info.get("general.parameter_count")
    if isinstance(count, int | float) and count > 0:
        return float(count)
    text = str(details.get("parameter_size") or "").strip().upper()
    units = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
    try:
        return float(text[:-1]) * units[text[-1]]
    except (KeyError, ValueError, IndexError):
        return 0.0


def _cache_bytes(info: Mapping[str, Any], architecture: str) -> int:
    def number(key: str, default: int) -> int:
        value = info.get(f"{architecture}.{key}")
        return int(value) if isinstance(value, int | float) else default

    heads = max(1, number("attention.head_count", 32))
    width = number("embedding_length", 4096) // heads
    key = number("attention.key_length", width)
    value = number("attention.value_length", width)
    layers = number("block_count", 32)
    return layers * number("attention.head_count_kv", heads) * (key + value) * _BYTES_A_VALUE
