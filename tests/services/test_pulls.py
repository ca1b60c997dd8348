"""Fetching a model through Ollama: progress, cancelling, and what each failure says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core.app import App, build_app
from core.engines.ollama.pulling import Layers, PullStage, checked_model_name, pull, pull_failure
from core.errors import ConfigError, InvalidInput, MinutesError
from core.services.model_tasks import CANCELLED, FAILED, FINISHED
from core.services.pulls import RUNNING, Pull
from core.settings import Settings
from tests.doubles.ollama import OllamaDouble
from tests.waiting import until

RECORDED = Path(__file__).resolve().parents[1] / "data" / "ollama-wire"


def only(app: App) -> Pull:
    (pull,) = app.pulls.all()
    return pull


def ended(app: App, double: OllamaDouble) -> Pull:
    until(lambda: only(app).state != RUNNING, seconds=20)
    return only(app)


def pulls(double: OllamaDouble) -> list[object]:
    return [one for one in double.requests if one.path == "/api/pull"]


class Registry:
    """An Ollama whose /api/pull sends given lines and then ends, breaks off or goes on."""

    def __init__(self, *lines: dict[str, object], break_off: bool = False) -> None:
        self.lines, self.break_off = lines, break_off

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for line in self.lines:
            body = json.dumps(line).encode() + b"\n"
            writer.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")
        if not self.break_off:
            writer.write(b"0\r\n\r\n")
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()


async def told(registry: Registry) -> list[tuple[str, int, int]]:
    server = await asyncio.start_server(registry.answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        return [(one.stage.value, one.done, one.total) async for one in pull(url=url, name="m:1b")]


def test_a_model_is_fetched_and_can_be_used(app_with_model: App, double: OllamaDouble) -> None:
    double.offer("small:1b", family="llama", size=10_000_000)
    begun = app_with_model.pulls.start("local", " small:1b ")
    assert (begun.model, begun.state, begun.source) == ("small:1b", RUNNING, "registry.ollama.ai")
    found = ended(app_with_model, double)
    assert found.state == FINISHED
    assert (found.progress.done, found.progress.total) == (10_000_261, 10_000_261)
    assert found.progress.stage is PullStage.CHECKING
    assert "small:1b" in [one.model.name for one in app_with_model.engines.suitable()]


def test_nothing_is_fetched_unless_asked_for(app_with_model: App, double: OllamaDouble) -> None:
    app_with_model.engines.suitable()
    assert app_with_model.pulls.all() == []
    assert pulls(double) == []


def test_all_pages_see_one_and_the_same_pull(app_with_model: App, double: OllamaDouble) -> None:
    double.offer("small:latest", family="llama", size=10_000_000)
    double.delay_piece = 0.3
    first = app_with_model.pulls.start("local", "small")
    again = app_with_model.pulls.start("local", "small:latest")
    assert again.key == first.key
    ended(app_with_model, double)
    assert len(pulls(double)) == 1


def test_cancelling_closes_the_request_at_once_and_the_next_start_goes_on(
    app_with_model: App, double: OllamaDouble
) -> None:
    double.offer("small:1b", family="llama", size=10_000_000)
    double.delay_piece = 0.2
    first = app_with_model.pulls.start("local", "small:1b")
    until(lambda: only(app_with_model).progress.done > 0)
    app_with_model.pulls.cancel("local", "small:1b")
    assert only(app_with_model).state == CANCELLED
    until(lambda: double.requests[-1].disconnected)
    double.delay_piece = 0
    second = app_with_model.pulls.start("local", "small:1b")
    assert second.key != first.key
    assert ended(app_with_model, double).state == FINISHED
    app_with_model.pulls.forget("local", "small:1b")
    assert app_with_model.pulls.all() == []


def test_an_ollama_that_dies_on_the_way_is_told_and_resumed(
    app_with_model: App, double: OllamaDouble
) -> None:
    double.offer("small:1b", family="llama", size=10_000_000)
    double.delay_piece = 0.1
    app_with_model.pulls.start("local", "small:1b")
    until(lambda: only(app_with_model).progress.done > 0)
    double.stop()
    found = ended(app_with_model, double)
    assert found.error is not None
    assert (found.state, found.error.code) == (FAILED, "pull_broke_off")
    assert found.progress.done > 0
    double.start()
    app_with_model.pulls.start("local", "small:1b")
    assert ended(app_with_model, double).state == FINISHED


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda double: None, "pull_unknown"),
        (lambda double: setattr(double, "registry_up", False), "pull_unreachable"),
        (lambda double: double.stop(), "ollama_unreachable"),
    ],
)
def test_what_fails_is_told_by_its_cause(
    app_with_model: App,
    double: OllamaDouble,
    prepare: Callable[[OllamaDouble], None],
    code: str,
) -> None:
    prepare(double)
    app_with_model.pulls.start("local", "nothere:1b")
    found = ended(app_with_model, double)
    assert found.state == FAILED
    assert found.error is not None
    assert found.error.code == code
    for language in ("ko", "en"):
        assert found.error.sentence(language)


@pytest.mark.parametrize(
    "name",
    [
        "gem ma3", "../gemma3", "a/../b", "gemma3:..", "/gemma3", "gemma3/", "gemma3:", "a:b:c",
        "http://evil.example/x/y", "a/b/c/d", "한글", "gemma3\n4b", "-rf", "x" * 200, "a?b", "a@b",
    ],
)  # fmt: skip
def test_a_name_that_is_none_never_reaches_ollama(
    app_with_model: App, double: OllamaDouble, name: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        app_with_model.pulls.start("local", name)
    assert refused.value.code == "model_name_invalid"
    assert pulls(double) == []


def test_an_empty_name_is_asked_for(app_with_model: App) -> None:
    with pytest.raises(InvalidInput) as refused:
        app_with_model.pulls.start("local", "  ")
    assert refused.value.code == "model_name_empty"


@pytest.mark.parametrize(
    ("given", "full"),
    [
        ("gemma3", "gemma3:latest"),
        ("gemma3:4b-it-q4_K_M", "gemma3:4b-it-q4_K_M"),
        ("someone/model", "someone/model:latest"),
        ("hf.co/someone/Model-GGUF:Q4_K_M", "hf.co/someone/Model-GGUF:Q4_K_M"),
        ("localhost:5000/library/x", "localhost:5000/library/x:latest"),
    ],
)
def test_names_are_taken_as_ollama_takes_them(given: str, full: str) -> None:
    assert checked_model_name(given) == full


@pytest.mark.parametrize("name", ["big:cloud", "qwen3:480b-cloud", "Big:CLOUD"])
def test_a_model_of_the_cloud_is_fetched_only_where_that_is_permitted(
    app_with_model: App, double: OllamaDouble, name: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        app_with_model.pulls.start("local", name)
    assert refused.value.code == "remote_model_refused"
    app_with_model.engines.allow_remote = True
    app_with_model.pulls.start("local", name)
    ended(app_with_model, double)
    assert len(pulls(double)) == 1


@pytest.fixture
def far(tmp_path: Path) -> Iterator[App]:
    built = build_app(Settings(data=tmp_path / "data", ollama_url="http://192.0.2.1:11434"))
    yield built
    built.close()


def test_another_machine_is_not_asked_unless_that_is_permitted(far: App) -> None:
    with pytest.raises(ConfigError) as refused:
        far.pulls.start("local", "gemma3")
    assert refused.value.code == "remote_server_refused"


def test_layers_add_up_and_nothing_goes_backwards() -> None:
    lines: list[dict[str, object]] = [
        {"status": "pulling manifest"},
        {"status": "pulling a", "digest": "a", "total": 900},  # completed is missing
        {"status": "pulling a", "digest": "a", "total": 900, "completed": 450},
        {"status": "pulling b", "digest": "b", "total": 100},  # the whole grows
        {"status": "pulling a", "digest": "a", "total": 900, "completed": 300},  # a retry
        {"status": "pulling b", "digest": "b", "total": 100, "completed": 100},
        {"status": "pulling a", "digest": "a", "total": 900, "completed": 900},
        {"status": "verifying sha256 digest"},
    ]
    layers = Layers()
    seen = [layers.take(line) for line in lines]
    assert [one.done for one in seen] == [0, 0, 450, 450, 450, 550, 1000, 1000]
    assert [one.total for one in seen] == [0, 900, 900, 1000, 1000, 1000, 1000, 1000]
    assert [one.share for one in seen] == [0, 0, 0.5, 0.5, 0.5, 0.55, 0.99, 0.99]
    assert [one.stage for one in seen][-2:] == [PullStage.FETCHING, PullStage.CHECKING]


def test_the_recorded_pull_of_a_real_ollama_is_understood() -> None:
    recorded = json.loads((RECORDED / "pull-stream.json").read_text("utf-8"))["lines"]
    layers = Layers()
    seen = [layers.take(entry[1]) for entry in recorded if isinstance(entry, list)]
    assert seen[1].share == pytest.approx(524_288 / 4_805_344)
    assert seen[-1].total == 4_805_344 + 261
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    assert seen[-1].stage is PullStage.CHECKING


@pytest.mark.parametrize(
    ("lines", "break_off", "code"),
    [
        ((), False, "pull_broke_off"),  # it ended, and never said success
        (({"status": "pulling manifest"},), False, "pull_broke_off"),
        (({"status": "pulling manifest"},), True, "pull_broke_off"),
        (({"error": "write /root/.ollama: no space left on device"},), False, "pull_disk_full"),
        (({"error": "something new"},), False, "pull_failed"),
    ],
)
def test_only_success_is_success(
    lines: tuple[dict[str, object], ...], break_off: bool, code: str
) -> None:
    with pytest.raises(MinutesError) as failed:
        asyncio.run(told(Registry(*lines, break_off=break_off)))
    assert failed.value.code == code


def test_a_stream_that_says_success_has_ended_well() -> None:
    lines = ({"status": "pulling a", "digest": "a", "total": 9}, {"status": "success"})
    assert asyncio.run(told(Registry(*lines))) == [("fetching", 0, 9)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('Get "https://registry.ollama.ai/v2/": dial tcp: lookup registry.ollama.ai: no such host',
         "pull_unreachable"),
        ("pull model manifest: Get \"https://r/v2\": net/http: TLS handshake timeout",
         "pull_unreachable"),
        ("pull model manifest: 412: The model you are attempting to pull requires a newer version "
         "of Ollama.", "pull_needs_newer"),
        ("digest mismatch, file must be downloaded again: want a, got b", "pull_damaged"),
        ("pull model manifest: 401: unauthorized", "pull_refused"),
        ("max retries exceeded: EOF", "pull_broke_off"),
        ("invalid model name", "model_name_invalid"),
    ],
)  # fmt: skip
def test_ollamas_words_about_a_failed_pull_are_understood(text: str, code: str) -> None:
    assert pull_failure(text, name="m:1b").code == code
