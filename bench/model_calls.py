"""What one call to a model takes longer through our gate, LangChain and checks than through a bare
HTTP client that reads the same answer to the same body.

The double answers as fast as it can and sends an answer in one piece at its end, so that nothing
of what we take for a token is hidden behind what it takes to make one: with a real model most of
it would be. Both sides take turns; each keeps its connection."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx

from bench.figures import Figure
from bench.fixtures import make_transcript
from bench.ollama import ENGINE, Double, ollama_double
from core.app import App, build_app
from core.engines.base import Extractor, LanguageModel, Message, ModelAnswer, ModelRequest
from core.settings import Settings

CALL_GOAL = 5.0
"""Milliseconds for an answer of one token."""
TOKEN_GOAL = 60.0
"""Microseconds for each token."""
TOKENS = 2000
_SHORT_RUNS, _LONG_RUNS = 300, 30
_QUICK = 5
_PROMPT_LINES = 15
_NUM_CTX = 8192
Ask = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of each side, run by run: through the gate, the engine alone, the bare client; and
    the processor's seconds of this process, which a busy machine changes less."""

    gated: tuple[float, ...]
    engine: tuple[float, ...]
    bare: tuple[float, ...]
    gated_cpu: tuple[float, ...]
    bare_cpu: tuple[float, ...]

    def added(self) -> float:
        """Seconds that a call takes longer than by the bare client: of the medians."""
        return median(self.gated) - median(self.bare)

    def cpu_added(self) -> float:
        """The same in processor's seconds."""
        return median(self.gated_cpu) - median(self.bare_cpu)

    def engine_added(self) -> float:
        """The same without the gate and the crossing between threads."""
        return median(self.engine) - median(self.bare)


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Milliseconds a call and microseconds a token, each beside what they are made of."""
    requests = {tokens: _request(folder, tokens) for tokens in (1, TOKENS)}
    with ollama_double("--answer", "counted", log=folder / "calls.jsonl") as double:
        bodies = _bodies(folder / "recorded", double, requests)
    with ollama_double(
        "--answer", "counted", "--burst"
    ) as double:  # without a log, which takes its time
        app = _app(folder / "data", double)
        try:
            short, long = _compare(app, double, requests, bodies, quick=quick)
        finally:
            app.close()
    per_token = _slope(short.added(), long.added())
    engine_token = _slope(short.engine_added(), long.engine_added())
    bare_token = _slope(median(short.bare), median(long.bare))
    cpu_token = _slope(short.cpu_added(), long.cpu_added())
    return [
        Figure("a call to a model, added", short.added() * 1000, "ms", CALL_GOAL),
        Figure("  in processor's time", short.cpu_added() * 1000, "ms"),
        Figure("  without the gate", short.engine_added() * 1000, "ms"),
        Figure("  the bare call itself", median(short.bare) * 1000, "ms"),
        Figure("each token, added", per_token, "µs", TOKEN_GOAL),
        Figure("  in processor's time", cpu_token, "µs"),
        Figure("  without the gate", engine_token, "µs"),
        Figure("  the bare token itself, made and read", bare_token, "µs"),
    ]


def _compare(
    app: App,
    double: Double,
    requests: dict[int, ModelRequest],
    bodies: dict[int, bytes],
    *,
    quick: bool,
) -> tuple[Times, Times]:
    model = _model(app)
    with httpx.Client(timeout=60) as client:
        sides: tuple[Ask, ...] = (
            lambda tokens: _ask_gated(app, model, requests[tokens]),
            lambda tokens: _ask_engine(app, model, requests[tokens]),
            lambda tokens: _ask_bare(client, double.url, bodies[tokens]),
        )
        for side in sides:
            side(TOKENS)
        short = _take_turns(sides, 1, times=_SHORT_RUNS // (_QUICK if quick else 1))
        long = _take_turns(sides, TOKENS, times=_LONG_RUNS // (_QUICK if quick else 1))
    return short, long


def _take_turns(sides: tuple[Ask, ...], tokens: int, *, times: int) -> Times:
    taken: list[list[float]] = [[] for _ in sides]
    worked: list[list[float]] = [[] for _ in sides]
    for turn in range(times):
        for place in range(len(sides)):
            # Another one begins each time: who comes after whom must favour nobody.
            number = (turn + place) % len(sides)
            begun, worked_before = time.perf_counter(), time.process_time()
            sides[number](tokens)
            taken[number].append(time.perf_counter() - begun)
            worked[number].append(time.process_time() - worked_before)
    gated, engine, bare = (tuple(each) for each in taken)
    return Times(gated, engine, bare, tuple(worked[0]), tuple(worked[2]))


def _slope(short: float, long: float) -> float:
    """Microseconds a token, from the seconds of an answer of one token and of a long one."""
    return (long - short) / (TOKENS - 1) * 1e6


def _ask_gated(app: App, model: LanguageModel, request: ModelRequest) -> int | None:
    """As a job asks: tells how many tokens came."""
    return app.minutes.calls.complete(model, request, check=_nothing).answer_tokens


def _ask_engine(app: App, model: LanguageModel, request: ModelRequest) -> int | None:
    async def answer() -> int | None:
        async for piece in model.stream(request):
            if isinstance(piece, ModelAnswer):
                return piece.answer_tokens
        return None

    return app.minutes.calls.loop.run(answer(), check=_nothing)


def _ask_bare(client: httpx.Client, url: str, body: bytes) -> int:
    pieces: list[str] = []
    counted = 0
    with client.stream("POST", f"{url}/api/chat", content=body) as answer:
        for line in answer.iter_lines():
            told = json.loads(line)
            pieces.append(told["message"]["content"])
            counted = told.get("eval_count", counted)
    assert "".join(pieces)
    return counted


def _bodies(folder: Path, double: Double, requests: dict[int, ModelRequest]) -> dict[int, bytes]:
    """What the engine sends for each request, word for word."""
    app = _app(folder, double)
    try:
        model = _model(app)
        for tokens, request in requests.items():
            assert _ask_gated(app, model, request) == tokens
    finally:
        app.close()
    return {tokens: call.body for tokens, call in zip(requests, double.calls(), strict=True)}


def _request(folder: Path, tokens: int) -> ModelRequest:
    """A question about some lines of a meeting; the double answers with so many tokens."""
    source = folder / "lines.txt"
    make_transcript(source, utterances=_PROMPT_LINES, seed=1)
    lines = source.read_text(encoding="utf-8")
    return ModelRequest(
        messages=(
            Message("system", "Answer from the lines alone and cite them."),
            Message("user", f"{lines}\nTokens wanted: {tokens}"),
        ),
        max_tokens=TOKENS + 100,
    )


def _app(folder: Path, double: Double) -> App:
    return build_app(
        Settings(data=folder, database_url=None, ollama_url=double.url, num_ctx=_NUM_CTX)
    )


def _model(app: App) -> LanguageModel:
    made = app.engines.writer(ENGINE)
    assert not isinstance(made, Extractor)
    return made


def _nothing() -> None:
    return
