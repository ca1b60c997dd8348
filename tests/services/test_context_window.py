"""One context window for every call to a model, chosen for the machine, in every process."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.app import App, build_app
from core.engines.base import Extractor, Message, ModelRequest
from core.errors import InvalidInput
from core.services.doctor import Health
from core.services.people import CONTEXT_WINDOWS
from core.services.wanted import WritingWanted
from core.settings import Settings
from core.store.tables import Meeting
from tests.doubles.ollama import OllamaDouble
from tests.services.conftest import nothing
from tests.services.test_minutes import long_meeting

MODEL = "ollama:gemma3:4b"
Make = Callable[..., Meeting]


@pytest.fixture
def processes(tmp_path: Path, double: OllamaDouble) -> Iterator[tuple[App, App]]:
    """Two Apps on one folder, as the server and the worker have them."""
    settings = Settings(data=tmp_path / "data", ollama_url=double.url)
    pages, worker = build_app(settings), build_app(settings)
    yield pages, worker
    pages.close()
    worker.close()


def ask(app: App) -> None:
    model = app.engines.writer(MODEL)
    assert not isinstance(model, Extractor)
    request = ModelRequest((Message("system", "Be short."), Message("user", "Hello")), 64)
    app.minutes.calls.complete(model, request, check=lambda: None)


def test_a_change_reaches_every_process_and_all_calls_use_one_window(
    processes: tuple[App, App], double: OllamaDouble
) -> None:
    double.answer = lambda request: "hello"
    pages, worker = processes
    ask(worker)
    ask(pages)
    pages.people.choose("any", name="num_ctx", value="4096")
    ask(worker)
    ask(pages)
    ask(worker)
    sent = [one.body["options"]["num_ctx"] for one in double.chats]
    assert sent == [sent[0], sent[0], 4096, 4096, 4096]
    assert sent[0] in (8192, 16384)  # by the machine's memory
    assert {one.context_length for one in worker.engines.loaded()} == {4096}


@pytest.mark.parametrize(("first", "then"), [("4096", "8192"), ("8192", "4096")])
def test_a_change_while_a_job_reads_costs_one_load(
    processes: tuple[App, App], double: OllamaDouble, make_meeting: Make, first: str, then: str
) -> None:
    """The worker's job holds a model of before, the pages ask with one of now."""
    pages, worker = processes
    pages.people.choose("any", name="num_ctx", value=first)
    meeting = make_meeting(worker, long_meeting(600))
    wanted = WritingWanted(llm=MODEL, style_version=None)
    plan = worker.minutes.plan(meeting, wanted=wanted, check=nothing)
    chats: list[list[str]] = []

    def between(step: object) -> None:
        if len(chats) == 1:
            pages.people.choose("any", name="num_ctx", value=then)
        chats.append([])
        ask(pages)

    assert len(plan["parts"]) > 3
    read = worker.minutes.read_all(meeting, plan, check=nothing, tell=between)
    minutes = worker.minutes.compose(meeting, plan, read, wanted=wanted, check=nothing)
    sent = [one.body["options"]["num_ctx"] for one in double.chats]
    assert [number for number, _ in itertools.groupby(sent)] == [int(first), int(then)]
    assert sum("reloaded" in str(one) for one in double.violations()) == 1
    assert minutes.draft.coverage.missing_utterances == ()
    assert minutes.draft.coverage.utterances_read == 600


def test_a_model_is_built_once_while_the_choice_stands(processes: tuple[App, App]) -> None:
    pages, _ = processes
    first = pages.engines.writer(MODEL)
    assert pages.engines.writer(MODEL) is first
    pages.people.choose("any", name="num_ctx", value="4096")
    second = pages.engines.writer(MODEL)
    assert second is not first
    assert pages.engines.writer(MODEL) is second


def test_going_back_to_automatic_forgets_the_choice(processes: tuple[App, App]) -> None:
    pages, worker = processes
    pages.people.choose("any", name="num_ctx", value="4096")
    assert worker.people.context_window() == 4096
    pages.people.choose("any", name="num_ctx", value=None)
    assert worker.people.context_window() is None


def test_a_window_never_passes_what_the_model_was_made_for(
    processes: tuple[App, App], double: OllamaDouble
) -> None:
    pages, _ = processes
    double.install("short:1b", family="llama", context_length=8192, size=1000)
    pages.people.choose("any", name="num_ctx", value="131072")
    windows = {one.model.name: one.num_ctx for one in pages.engines.suitable()}
    assert windows["short:1b"] == 8192
    assert windows["gemma3:4b"] == 131072


@pytest.mark.parametrize("value", ["5000", "0", "-1", "", "many", "16384 "])
def test_only_the_offered_windows_can_be_chosen(app: App, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        app.people.choose("any", name="num_ctx", value=value)
    assert refused.value.code == "context_window_unknown"
    assert str(CONTEXT_WINDOWS[0]) in refused.value.sentence("ko")
    assert app.people.context_window() is None


def test_the_environment_wins_over_the_machine(app: App) -> None:
    app.people.choose("any", name="num_ctx", value="8192")
    app.settings.num_ctx = 2048
    assert app.people.context_window() == 2048
    assert app.people.locked("num_ctx") == "2048"


def test_the_doctor_tells_models_that_all_lack_memory_from_none(
    processes: tuple[App, App], double: OllamaDouble
) -> None:
    pages, _ = processes
    for model in double.library.newest_first():
        double.remove(model.name)
    double.install("huge:1t", family="llama", size=10**15)
    user_id = pages.people.local_person().id
    found = {one.topic: one for one in pages.doctor.examine(user_id, language="en")}["ollama"]
    assert found.health is Health.MISSING
    assert "has models (1)" in found.sentence
    assert found.command == "ollama pull gemma3:1b"
