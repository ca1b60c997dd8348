"""What is installed: models with their capabilities and sizes.

Presets are the models of the recordings (tags, show-*). Nothing here runs or loads.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.doubles.ollama.templates import Template

NAME = re.compile(r"[\w./:\-@]+")
_EPOCH = dt.datetime(2026, 11, 23, 0, 27, 22, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Model:
    """One installed model. `size` in bytes, `context_length` (trained) in tokens."""

    name: str
    family: str
    capabilities: tuple[str, ...] = ("completion",)
    context_length: int = 32768
    size: int = 3_338_801_804
    parameter_size: str = "4.3B"
    quantization: str = "Q4_K_M"
    embedding_length: int = 2560
    template: Template = "chatml"
    remote_host: str = ""
    remote_model: str = ""
    modified_at: dt.datetime = _EPOCH
    turns_are_special: bool = True
    """False: the vocabulary knows no <start_of_turn> (the recorded tiny-gemma3)."""
    broken: bool = False
    """The runner dies on the first request (recording embed-runner-crash)."""
    digest: str = ""
    window: int = 0
    """Sliding-window attention size in tokens, 0 for plain attention (research §3)."""

    @property
    def is_embedder(self) -> bool:
        return "embedding" in self.capabilities and "completion" not in self.capabilities


def full_name(name: str) -> str:
    """`tiny-qwen3` → `tiny-qwen3:latest`, as /api/tags names it; a registry host stays."""
    return name if ":" in name.rsplit("/", 1)[-1] else f"{name}:latest"


def default_template(family: str, capabilities: Iterable[str]) -> Template:
    if family.startswith("gemma") and family != "gemma4":
        return "gemma"
    if "embedding" in capabilities:
        return "plain"
    return "qwen-thinking" if "thinking" in capabilities else "chatml"


def make_model(name: str, family: str, **facts: Any) -> Model:
    """A model with the defaults of its family; unknown facts are a TypeError."""
    capabilities = tuple(facts.pop("capabilities", ("completion",)))
    facts.setdefault("template", default_template(family, capabilities))
    if family.startswith("gemma3"):
        facts.setdefault("window", 1024)
    if "embedding" in capabilities:
        facts.setdefault("embedding_length", 1024)
    model = Model(name=full_name(name), family=family, capabilities=capabilities, **facts)
    if not model.digest:
        identity = f"{model.name}{model.size}{model.parameter_size}"
        model = replace(model, digest=hashlib.sha256(identity.encode()).hexdigest())
    return model


def presets() -> list[Model]:
    """The six models of the recordings, as `tags.json` lists them (and the embedder's new name)."""

    def at(clock: str) -> dt.datetime:
        return dt.datetime.fromisoformat(f"2026-11-23T{clock}+00:00")

    tiny: dict[str, Any] = {"quantization": "F16", "embedding_length": 64}
    bert: dict[str, Any] = tiny | {
        "capabilities": ("embedding",), "context_length": 512, "parameter_size": "2.05M"
    }  # fmt: skip
    qwen: dict[str, Any] = tiny | {"context_length": 40960, "parameter_size": "19.55M"}
    return [
        make_model("tiny-bert", "bert", size=4805605, modified_at=at("01:10:17.535708"),
                   digest="b655db06e177884aa5b06b0a0a723d72f2ea567565055bc7c3b6f433fecd630d",
                   **bert),
        make_model("tiny-qwen3", "qwen3", template="qwen-double-system", size=45024873,
                   modified_at=at("00:32:51.462610"),
                   digest="2255d2fe5b7b40521003a7955d73a80bab4fdb44fca927369dd04f39abd8ea55",
                   **qwen),
        make_model("tiny-qwen3-thinking", "qwen3", size=45025531,
                   capabilities=("completion", "tools", "thinking"),
                   modified_at=at("00:32:50.935464"),
                   digest="d89a59d718be9ce8ef8ee4a2bfc2fa0a761cd66196b3f8185c858d9bbf351726",
                   **qwen),
        make_model("tiny-broken", "bert", size=4739781, broken=True,
                   modified_at=at("00:32:26.779364"),
                   digest="b0e70e26bfb99a310c8694a19a81df6cc2c9b47b5ca5df112493a36b8e6e1c8d",
                   **bert),
        make_model("tiny-gemma3", "gemma3", size=49531881, context_length=32768,
                   parameter_size="16.88M", turns_are_special=False, window=512,
                   modified_at=at("00:27:22.682338"),
                   digest="6dfb0fb494b5b55a5e251663fed37400852ddf44ad93ce723af4f650a505eea4",
                   **tiny),
        make_model("tiny-llama", "llama", size=40802043, context_length=8192,
                   parameter_size="16.49M", modified_at=at("00:27:22.931812"),
                   digest="fcc74ff27d7edba65e6a66aec6115c67eeaa59a3a876a9d705a8dbf7c1c087d5",
                   **tiny),
    ]  # fmt: skip


@dataclass
class Library:
    """The installed models, by full name, case ignored as Ollama does."""

    _models: dict[str, Model] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for model in presets():
            self.put(model)

    def put(self, model: Model) -> None:
        self._models[model.name.lower()] = model

    def find(self, name: str) -> Model | None:
        return self._models.get(full_name(name).lower())

    def drop(self, name: str) -> bool:
        return self._models.pop(full_name(name).lower(), None) is not None

    def newest_first(self) -> list[Model]:
        """Sorted as /api/tags does: by whole seconds, newest first, else by name."""
        by_name = sorted(self._models.values(), key=lambda m: m.name)
        return sorted(by_name, key=lambda m: -int(m.modified_at.timestamp()))
