from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.engines.factory import Engines
from core.engines.ollama.catalogue import Catalogue, best, default_context
from core.errors import ConfigError, EngineUnavailable
from tests.doubles.ollama import OllamaDouble
from tests.engines.ollama.conftest import Ratios


def engines_for(url: str, *, allow_remote: bool = False, remote: bool = False) -> Engines:
    return Engines(
        ollama_url=url,
        ollama_is_remote=remote,
        allow_remote=allow_remote,
        num_ctx=lambda: None,
        models_folder=Path("/nowhere"),
        ratios=Ratios(),
    )


def _only(double: OllamaDouble, **models: dict[str, object]) -> None:
    for entry in Catalogue(double.url).installed():
        double.remove(entry.name)
    for name, facts in models.items():
        double.install(
            name.replace("_", ":"),
            family=str(facts.pop("family", "qwen3")),
            capabilities=facts.pop("capabilities", ["completion"]),
            size=facts.pop("size", 1_000_000),
            **facts,
        )


def test_auto_takes_the_most_parameters(double: OllamaDouble) -> None:
    _only(double, small_1b={"parameter_size": "1B"}, large_4b={"parameter_size": "4.3B"})
    assert engines_for(double.url).resolve("auto") == ("ollama:large:4b", None)


def test_auto_takes_the_newest_of_equals_then_the_first_by_name(double: OllamaDouble) -> None:
    _only(
        double,
        a_1b={"parameter_size": "1B", "modified_at": datetime(2026, 1, 1, tzinfo=UTC)},
        b_1b={"parameter_size": "1B", "modified_at": datetime(2026, 2, 1, tzinfo=UTC)},
        c_1b={"parameter_size": "1B", "modified_at": datetime(2026, 2, 1, tzinfo=UTC)},
    )
    assert engines_for(double.url).resolve("auto")[0] == "ollama:b:1b"


@pytest.mark.parametrize(
    "facts",
    [
        {"capabilities": ["embedding"]},  # cannot chat
        {"remote_host": "https://ollama.com", "remote_model": "big"},  # somebody else's machine
        {"size": 10**15},  # no machine has so much memory
    ],
)
def test_auto_leaves_out_what_cannot_or_may_not_write(
    double: OllamaDouble, facts: dict[str, object]
) -> None:
    _only(double, big_70b={"parameter_size": "70B", **facts}, small_1b={"parameter_size": "1B"})
    assert engines_for(double.url).resolve("auto")[0] == "ollama:small:1b"


def test_auto_leaves_out_cloud_tags(double: OllamaDouble) -> None:
    _only(double, small_1b={"parameter_size": "1B"})
    double.install("gpt-oss:120b-cloud", family="gptoss", capabilities=["completion"])
    assert engines_for(double.url).resolve("auto")[0] == "ollama:small:1b"


def test_auto_without_any_model_is_the_built_in_engine(double: OllamaDouble) -> None:
    _only(double)
    engine, reason = engines_for(double.url).resolve("auto")
    assert engine == "extractive"
    assert reason is not None
    assert reason.code == "no_suitable_model"


def test_auto_without_a_server_is_the_built_in_engine() -> None:
    engine, reason = engines_for("http://127.0.0.1:9").resolve("auto")
    assert engine == "extractive"
    assert reason is not None
    assert reason.code == "ollama_unreachable"


def test_an_engine_named_outright_must_be_there(double: OllamaDouble) -> None:
    with pytest.raises(EngineUnavailable) as missing:
        engines_for(double.url).writer("ollama:none:1b")
    assert missing.value.code == "model_missing"
    assert "ollama pull none:1b" in missing.value.sentence("ko")
    with pytest.raises(EngineUnavailable) as gone:
        engines_for("http://127.0.0.1:9").writer("ollama:gemma3:4b")
    assert gone.value.code == "ollama_unreachable"
    with pytest.raises(ConfigError) as unknown:
        engines_for(double.url).writer("gpt")
    assert unknown.value.code == "engine_unknown"


def test_a_name_without_a_tag_is_the_latest(double: OllamaDouble) -> None:
    double.install("solar:latest", family="llama", capabilities=["completion"])
    assert engines_for(double.url).writer("ollama:solar").name == "ollama:solar:latest"


def test_remote_models_and_servers_need_permission(double: OllamaDouble) -> None:
    double.install(
        "big:70b", family="llama", capabilities=["completion"], remote_host="https://ollama.com"
    )
    with pytest.raises(ConfigError) as model:
        engines_for(double.url).writer("ollama:big:70b")
    assert model.value.code == "remote_model_refused"
    assert engines_for(double.url, allow_remote=True).writer("ollama:big:70b")
    with pytest.raises(ConfigError) as server:
        engines_for(double.url, remote=True).writer("ollama:gemma3:4b")
    assert server.value.code == "remote_server_refused"
    engine, reason = engines_for(double.url, remote=True).resolve("auto")
    assert engine == "extractive"
    assert reason is not None
    assert not [one for one in double.requests if one.path == "/api/chat"]


def test_an_embedding_model_cannot_be_chosen(double: OllamaDouble) -> None:
    double.install("bge:latest", family="bert", capabilities=["embedding"])
    with pytest.raises(EngineUnavailable) as refused:
        engines_for(double.url).writer("ollama:bge")
    assert refused.value.code == "model_cannot_chat"


@pytest.mark.parametrize(
    ("trained", "wanted", "memory", "num_ctx"),
    [
        (131072, None, 64 * 1024**3, 16384),
        (131072, None, 8 * 1024**3, 8192),
        (8192, None, 64 * 1024**3, 8192),  # never more than the model was made for
        (131072, 32768, 8 * 1024**3, 32768),  # the owner knows best
        (8192, 32768, 64 * 1024**3, 8192),
    ],
)
def test_the_window_follows_from_what_does_not_change(
    double: OllamaDouble, trained: int, wanted: int | None, memory: int, num_ctx: int
) -> None:
    double.install("m:1b", family="llama", capabilities=["completion"], context_length=trained)
    model = Catalogue(double.url).find("m:1b")
    assert default_context(model, wanted=wanted, total_memory=memory) == num_ctx


def test_no_model_is_the_best_of_none() -> None:
    assert best(()) is None
