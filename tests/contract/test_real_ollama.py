"""The same rules on a real Ollama with tiny random models: `MINUTES_TEST_OLLAMA_URL=http://…`.

Its answers are noise; its tokens, limits, cache and errors are real. Every request must be
accepted, nothing may overflow, and noise must never become a decision. Not part of a fresh
machine's `make test`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core.app import App, build_app
from core.domain.grounding import check
from core.domain.kinds import ItemKind
from core.domain.memory import Kind, Status
from core.domain.minutes import Item
from core.engines.base import Message, ModelAnswer, ModelRequest
from core.engines.model_loop import ModelLoop
from core.engines.ollama.catalogue import Catalogue
from core.engines.ollama.chat import OllamaModel
from core.errors import EngineFailed, EngineUnavailable
from core.services.jobs import error_of
from core.services.wanted import WritingWanted
from core.settings import Settings
from core.store.tables import Meeting
from tests.contract.relay import Relay
from tests.services.conftest import make_meeting, nothing, write
from tests.services.test_long_meetings import three_hours
from tests.services.test_minutes import MEETING
from tests.services.two_people import heard, person, written

pytestmark = pytest.mark.contract
URL = os.environ.get("MINUTES_TEST_OLLAMA_URL", "")
MODELS = ("tiny-qwen3", "tiny-gemma3")
LOOP = ModelLoop()
LLM = "ollama:tiny-qwen3"
OF = {
    "Ana": ("AAA-STYLE: 짧은 글머리표로만, 음슴체로 씁니다.", "AAA-FACT: 예산은 팀장이 정한다."),
    "Bo": ("BBB-STYLE: 정중한 존댓말로 길게 씁니다.", "BBB-FACT: 회의는 월요일에 한다."),
}
MAY_FAIL_WITH = {"answer_empty", "answer_cut", "ollama_failed"}
"""How an answer of noise may end; a refused or cut request is none of them."""

__all__ = ["make_meeting"]


class Ratios:
    def ratio(self, model: str) -> tuple[float, int]:
        return 1.0, 0

    def observe(self, model: str, ratio: float) -> None:
        self.last = ratio


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    built = build_app(Settings(data=tmp_path / "data", ollama_url=URL, num_ctx=4096))
    yield built
    built.close()


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay(URL) as running:
        yield running


@pytest.fixture
def app_of_two(tmp_path: Path, relay: Relay) -> Iterator[App]:
    built = build_app(
        Settings(data=tmp_path / "data", ollama_url=relay.url, num_ctx=4096, llm=LLM, accounts=True)
    )
    yield built
    built.close()


def model_of(name: str, *, num_ctx: int = 2048, ratios: Ratios | None = None) -> OllamaModel:
    return OllamaModel(
        url=URL,
        installed=Catalogue(URL).find(name),
        num_ctx=num_ctx,
        ratios=ratios or Ratios(),
        retry_after=(),
    )


def answer_to(model: OllamaModel, request: ModelRequest) -> ModelAnswer:
    async def run() -> ModelAnswer:
        async for piece in model.stream(request):
            if isinstance(piece, ModelAnswer):
                return piece
        raise AssertionError("no end")

    return LOOP.spawn(run()).result(timeout=120)


def request_for(text: str, *, max_tokens: int = 16, **more: object) -> ModelRequest:
    return ModelRequest(
        messages=(Message("system", "Be brief."), Message("user", text)),
        max_tokens=max_tokens,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("name", MODELS)
def test_the_window_we_ask_for_is_the_window_we_get(name: str) -> None:
    model = model_of(name)
    LOOP.spawn(model.prepare()).result(timeout=120)
    loaded = {entry.name: entry.context_length for entry in Catalogue(URL).loaded()}
    assert loaded[f"{name}:latest"] == 2048
    assert model.context_window == 2048


@pytest.mark.parametrize("name", MODELS)
def test_noise_that_runs_on_is_cut_and_said_to_be(name: str) -> None:
    with pytest.raises(EngineFailed) as cut:
        answer_to(model_of(name), request_for("말해 보세요", max_tokens=4))
    assert cut.value.code in ("answer_cut", "answer_empty", "answer_unfinished")


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(
    "line",
    [
        "[12] 김지수: 다음 주 화요일까지 배포 문서를 작성하겠습니다.\n",
        "[12] Sarah: I propose that we move the launch to the tenth of December.\n",
    ],
)
def test_our_estimate_is_near_the_servers_count(name: str, line: str) -> None:
    ratios = Ratios()
    model = model_of(name, ratios=ratios)
    with pytest.raises(EngineFailed):
        answer_to(model, request_for(line * 30, max_tokens=1))
    assert 0.85 <= ratios.last <= 1.15


def test_a_schema_is_obeyed_even_by_noise() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"]}
    answer = answer_to(model_of("tiny-qwen3"), request_for("json", max_tokens=200, schema=schema))
    assert isinstance(json.loads(answer.text)["a"], bool)


def test_a_model_that_is_not_installed_is_named() -> None:
    with pytest.raises(EngineUnavailable) as missing:
        Catalogue(URL).find("no-such-model")
    assert missing.value.code == "model_missing"


@pytest.mark.parametrize("name", MODELS)
def test_noise_never_becomes_a_decision(
    app: App,
    make_meeting: Callable[..., Meeting],
    name: str,
) -> None:
    meeting = make_meeting(app, "\n".join(MEETING.splitlines()[2:4]))
    with suppress(EngineFailed):  # "nothing_read": no version is kept
        write(app, meeting, llm=f"ollama:{name}")
    minutes = app.minutes.newest(meeting.user_id, meeting.id)
    decided = minutes.draft.of(ItemKind.DECISION) if minutes else ()
    assert not any(item.verified for item in decided)
    turn = app.chat.ask(meeting.user_id, meeting.id, "언제 출시하나요?", llm=f"ollama:{name}")
    done = app.chat.wait(meeting.user_id, turn.id, timeout=200)
    failure = error_of(done.error)
    assert done.state in ("finished", "failed")
    assert failure is None or failure.code in ("answer_cut", "answer_unfinished", "answer_empty")


def test_forty_thousand_tokens_go_through_without_overflow_or_reload(
    tmp_path: Path, make_meeting: Callable[..., Meeting]
) -> None:
    """Every part is asked about, in one context window; what cannot be read is named; no noise
    becomes a finding. (tiny-gemma3 would take hours: a schema over its 262 000 tokens is slow.)"""
    name = "tiny-qwen3"
    app = build_app(Settings(data=tmp_path / "long", ollama_url=URL, num_ctx=8192))
    meeting = make_meeting(app, three_hours(), name="three hours.vtt")
    wanted = WritingWanted(llm=f"ollama:{name}", style_version=None)
    plan = app.minutes.plan(meeting, wanted=wanted, check=nothing)
    readings = app.minutes.read_all(meeting, plan, check=nothing, tell=lambda _: None)
    app_loaded = app.engines.loaded()
    unread = [tuple(gap) for read in readings for gap in read["unread"]]
    found = [Item.from_json(item) for read in readings for item in read["items"]]
    said = app.meetings.transcript(meeting.user_id, meeting.id)
    checked = check(found, said, language=said.language)
    app.close()

    borders = [number for part in plan["parts"] for number in part]
    assert borders[0] == 1
    assert borders[-1] == len(three_hours().split(" --> ")) - 1
    assert all(
        after == before + 1 for before, after in zip(borders[1::2], borders[2::2], strict=False)
    )
    assert [one.context_length for one in app_loaded if one.name.startswith(name)] == [8192]
    lost = {number for first, last in unread for number in range(first, last + 1)}
    assert lost or found, "neither read nor named"
    assert not [item for item in checked if item.verified]


def in_words(body: object) -> str:
    return json.dumps(body, ensure_ascii=False)


def test_every_request_carries_its_own_persons_words_and_no_others(
    app_of_two: App, relay: Relay, tmp_path: Path
) -> None:
    app = app_of_two
    ids = {name: person(app, name, admin=name == "Ana") for name in OF}
    for name, (style, fact) in OF.items():
        app.people.save_style(ids[name], style)
        app.memory.add(ids[name], kind=Kind.FACT, text=fact)
    meeting = heard(app, tmp_path, ids["Ana"], MEETING)
    app.sharing.share(ids["Ana"], meeting.id, "Bo", may_edit=True)
    for name, user_id in ids.items():
        own, [others] = name[0] * 3 + "-", [one[0] * 3 + "-" for one in OF if one != name]
        since = len(relay.chats)
        version = written(app, meeting, user_id, llm=LLM)
        summarised = len(relay.chats)
        turn = app.chat.ask(user_id, meeting.id, "언제 출시하기로 했나요?", llm=LLM)
        turn = app.chat.wait(user_id, turn.id, timeout=900)
        app.learning.wait(user_id, timeout=900)
        failure = error_of(turn.error)
        assert turn.state == "finished" or (failure and failure.code in MAY_FAIL_WITH), failure
        sent = [in_words(body) for body in relay.chats[since:]]
        assert summarised > since
        assert len(sent) > summarised - since
        assert not [body for body in sent if others in body]
        assert f"{own}STYLE" in sent[summarised - since]
        assert f"{own}FACT" in sent[summarised - since]
        minutes = app.minutes.version(user_id, meeting.id, version)
        assert minutes.draft.system is None or others not in minutes.draft.system
    assert set(relay.statuses) == {200}


def test_noise_is_not_learnt(app_of_two: App, relay: Relay, tmp_path: Path) -> None:
    """The person asked for it to be kept: what is proposed is in their own words, and only that."""
    app = app_of_two
    user_id = person(app, "Ana", admin=True)
    meeting = heard(app, tmp_path, user_id, MEETING)
    said = "김 팀장은 영업을 맡고 있어. 기억해 줘. 그런데 언제 출시하기로 했나요?"
    turn = app.chat.ask(user_id, meeting.id, said, llm=LLM)
    app.chat.wait(user_id, turn.id, timeout=900)
    app.learning.wait(user_id, timeout=900)
    assert app.memory.entries(user_id, status=Status.ACTIVE) == []
    for entry in app.memory.entries(user_id, status=Status.PROPOSED):
        assert set(entry.text.rstrip(".").split()) <= set(said.replace(".", " ").split())
    assert set(relay.statuses) == {200}
