"""The rules an Ollama client must obey, each against a double that breaks when it is broken."""

import json
from collections.abc import Callable
from contextlib import aclosing

import pytest

from core.engines.base import Message, ModelAnswer, ModelRequest
from core.engines.model_loop import ModelLoop
from core.engines.ollama import transport
from core.engines.ollama.catalogue import Catalogue, Loaded
from core.engines.ollama.chat import OllamaModel
from core.engines.ollama.tokens import looks_cut
from core.errors import EngineFailed, EngineUnavailable, MinutesError
from tests.doubles.ollama import OllamaDouble
from tests.engines.ollama.conftest import Ratios
from tests.waiting import until

LOOP = ModelLoop()
Make = Callable[..., OllamaModel]
KOREAN = "[1] 김지수: 다음 주 화요일까지 배포 문서를 작성하겠습니다.\n"


def request_for(text: str, *, max_tokens: int = 256, **more: object) -> ModelRequest:
    return ModelRequest(
        messages=(Message("system", "Be brief."), Message("user", text)),
        max_tokens=max_tokens,
        **more,  # type: ignore[arg-type]
    )


def complete(model: OllamaModel, request: ModelRequest) -> tuple[list[str], ModelAnswer]:
    async def run() -> tuple[list[str], ModelAnswer]:
        pieces: list[str] = []
        async with aclosing(model.stream(request)) as stream:
            async for piece in stream:
                if isinstance(piece, ModelAnswer):
                    return pieces, piece
                pieces.append(piece)
        raise AssertionError("the stream ended silently")

    return LOOP.spawn(run()).result(timeout=30)


def failure_of(model: OllamaModel, request: ModelRequest) -> MinutesError:
    with pytest.raises(MinutesError) as failed:
        complete(model, request)
    return failed.value


def test_an_answer_comes_in_pieces_and_then_whole(double: OllamaDouble, make_model: Make) -> None:
    double.answer = lambda _: "네, 그렇게 결정했습니다. Ship it."
    pieces, answer = complete(make_model(), request_for("뭐라고 했나요?"))
    assert len(pieces) > 1
    assert answer.text == "".join(pieces) == "네, 그렇게 결정했습니다. Ship it."
    assert answer.prompt_tokens
    assert double.violations() == []


def test_every_call_carries_the_same_window_and_nothing_is_cut_silently(
    double: OllamaDouble, make_model: Make
) -> None:
    """Rules 1, 2, 4, 5 and 6: on the wire, warm-up included."""
    model = make_model(num_ctx=8192)
    complete(model, request_for("one"))
    complete(model, request_for("two", max_tokens=64, schema={"type": "object"}))
    bodies = [record.body for record in double.requests if record.path == "/api/chat"]
    assert len(bodies) == 3
    for body in bodies:
        assert body["options"]["num_ctx"] == 8192
        assert body["shift"] is False
        assert body["truncate"] is False
        assert body["think"] is False
    assert [body["options"]["num_predict"] for body in bodies[1:]] == [256, 64]
    assert bodies[2]["format"] == {"type": "object"}
    assert not any(record.reloaded for record in double.chats)
    assert double.violations() == []


def test_a_prompt_that_does_not_fit_is_not_sent(double: OllamaDouble, make_model: Make) -> None:
    failed = failure_of(make_model(num_ctx=2048), request_for(KOREAN * 200))
    assert failed.code == "prompt_too_long"
    assert double.chats == []


def test_a_prompt_the_server_refuses_is_too_long(double: OllamaDouble, make_model: Make) -> None:
    double.fail_next("context_400")
    failed = failure_of(make_model(), request_for("short"))
    assert failed.code == "prompt_too_long"


def test_the_exact_size_in_a_refusal_calibrates(ratios: Ratios) -> None:
    """What was counted too low is sent, refused with its true size, and not sent again."""
    with OllamaDouble(profile="0.30") as modern:
        modern.install("qwen3:8b", family="qwen3", capabilities=["completion"])
        model = OllamaModel(
            url=modern.url,
            installed=Catalogue(modern.url).find("qwen3:8b"),
            num_ctx=2048,
            ratios=ratios,
        )
        ratios.samples = [0.6]
        request = request_for(KOREAN * 105)
        assert model.fits(request)
        assert failure_of(model, request).code == "prompt_too_long"
        assert modern.chats[-1].status == 400
    assert ratios.samples[1:] == [pytest.approx(1.0, abs=0.15)]
    assert not model.fits(request)


def test_a_prompt_the_server_cut_is_noticed(
    double: OllamaDouble, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without `truncate: false` on the wire (a proxy may drop it) the server answers 200 to half a
    prompt; its own count gives it away."""
    monkeypatch.setattr(transport, "_strict", lambda request: request)
    monkeypatch.setattr(OllamaModel, "_takes", lambda *_: True)
    model = make_model("tiny-qwen3", num_ctx=2048)  # gemma3's runner dies of it instead
    failed = failure_of(model, request_for(KOREAN * 200))
    assert double.chats[-1].overflowed
    assert failed.code == "prompt_cut"


@pytest.mark.parametrize(
    ("counted", "estimated", "samples", "cut"),
    [
        (2048, 1700, 0, True),  # all of the window
        (1027, 1950, 0, True),  # half of it and 3: how newer servers cut
        (600, 1500, 3, True),  # far below a calibrated estimate
        (600, 1500, 2, False),  # not calibrated yet
        (300, 480, 9, False),  # too short to judge
        (1027, 1030, 2, True),  # half of the window, by chance or not
        (1027, 1030, 9, False),  # by chance: a calibrated estimate says the same
        (1027, 1500, 9, True),
        (1028, 1030, 2, False),
    ],
)
def test_a_count_that_tells_of_a_cut(
    counted: int, estimated: float, samples: int, cut: bool
) -> None:
    assert looks_cut(counted=counted, estimated=estimated, num_ctx=2048, samples=samples) is cut


@pytest.mark.parametrize(
    ("mode", "kind", "code"),
    [
        ("not_found_404", EngineUnavailable, "model_missing"),
        ("html_502", EngineFailed, "ollama_failed"),
        ("midstream_error", EngineFailed, "ollama_failed"),
        ("no_done", EngineFailed, "answer_unfinished"),
        ("trunc_json", EngineFailed, "answer_cut"),
        ("empty", EngineFailed, "answer_empty"),
        ("oom_500", EngineUnavailable, "model_out_of_memory"),
        ("runner_crash", EngineFailed, "ollama_failed"),
    ],
)
def test_each_failure_has_its_name(
    double: OllamaDouble, make_model: Make, mode: str, kind: type[MinutesError], code: str
) -> None:
    double.fail_always(mode)  # type: ignore[arg-type]
    failed = failure_of(make_model(), request_for("hello"))
    assert type(failed) is kind
    assert failed.code == code
    assert "<" not in failed.sentence("ko")  # no HTML of a proxy reaches a person


def test_a_busy_server_is_asked_again(double: OllamaDouble, make_model: Make) -> None:
    double.fail_next("busy_503", count=2)
    _, answer = complete(make_model(), request_for("hello"))
    assert answer.text
    assert len(double.chats) == 3


def test_a_server_that_stays_busy_is_said_to_be(double: OllamaDouble, make_model: Make) -> None:
    double.fail_always("busy_503")
    assert failure_of(make_model(), request_for("hello")).code == "ollama_busy"


def test_a_connection_lost_before_the_first_word_is_made_again(
    double: OllamaDouble, make_model: Make
) -> None:
    double.fail_next("tcp_abort", after=0)
    _, answer = complete(make_model(), request_for("hello"))
    assert answer.text


def test_a_connection_lost_in_the_middle_is_not_answered_twice(
    double: OllamaDouble, make_model: Make
) -> None:
    double.fail_next("tcp_abort", after=3)
    failed = failure_of(make_model(), request_for("hello"))
    assert failed.code == "ollama_broke_off"
    assert len(double.chats) == 1


def test_no_server_is_a_sentence(make_model: Make, double: OllamaDouble) -> None:
    model = make_model()
    double.stop()
    failed = failure_of(model, request_for("hello"))
    assert failed.code == "ollama_unreachable"
    assert double.url in failed.sentence("ko")


def test_closing_the_stream_frees_the_server(double: OllamaDouble, make_model: Make) -> None:
    double.fail_always("endless")
    model = make_model()

    async def some_pieces() -> None:
        async with aclosing(model.stream(request_for("hello"))) as stream:
            async for _ in stream:
                return

    LOOP.spawn(some_pieces()).result(timeout=10)  # a loop that ends would close it anyway
    until(lambda: double.chats[-1].disconnected, seconds=1)


def test_cancelling_before_the_first_word_frees_the_server(
    double: OllamaDouble, make_model: Make
) -> None:
    double.fail_always("slow_prefill", seconds=30)
    asked = LOOP.spawn(_drain(make_model()))
    until(lambda: double.chats)
    asked.cancel()
    until(lambda: double.chats[-1].disconnected, seconds=1)


async def _drain(model: OllamaModel) -> None:
    async with aclosing(model.stream(request_for("hello"))) as stream:
        async for _ in stream:
            pass


def test_a_schema_is_obeyed_and_comes_back_as_it_was(
    double: OllamaDouble, make_model: Make
) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    _, answer = complete(make_model(), request_for("hello", schema=schema))
    assert "a" in json.loads(answer.text)


def test_estimates_are_calibrated_by_what_the_server_counts(
    make_model: Make, ratios: Ratios
) -> None:
    model = make_model(num_ctx=8192)
    request = request_for(KOREAN * 40)
    before = model.count(request.messages)
    _, answer = complete(model, request)
    assert ratios.samples
    assert answer.prompt_tokens is not None
    assert before != answer.prompt_tokens
    assert abs(model.count(request.messages) - answer.prompt_tokens) <= 1


def test_an_answer_of_one_token_is_counted_too(make_model: Make, ratios: Ratios) -> None:
    """Its last line comes after as many pieces as it may have tokens."""
    failed = failure_of(make_model(num_ctx=8192), request_for(KOREAN * 40, max_tokens=1))
    assert failed.code == "answer_cut"
    assert len(ratios.samples) == 1


def test_short_prompts_teach_nothing(make_model: Make, ratios: Ratios) -> None:
    complete(make_model(), request_for("hello"))
    assert ratios.samples == []


def test_a_smaller_window_than_asked_for_is_adopted(
    make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some servers give less than they were asked for; /api/ps tells what was really given."""
    given = Loaded(name="gemma3:4b", context_length=2048, size=1, size_vram=1)
    monkeypatch.setattr(Catalogue, "loaded", lambda _: (given,))
    model = make_model(num_ctx=8192)
    LOOP.spawn(model.prepare()).result(timeout=10)
    assert model.context_window == 2048
    assert not model.fits(request_for(KOREAN * 120))
