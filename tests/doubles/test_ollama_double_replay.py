"""Every exchange recorded with a real Ollama 0.17.4 is played to the double, and compared.

Contents are noise (the recorded models are random) and are not compared; what the model says is
taken from the recording, so that the number of tokens and the end of the stream can be.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.doubles.ollama import OllamaDouble

WIRE = Path(__file__).parents[1] / "data" / "ollama-wire"
RECORDINGS = sorted(path.stem for path in WIRE.glob("*.json"))
CANNOT_BE_REPLAYED: dict[str, str] = {}
TOKEN_TOLERANCE = 0.15
QWEN = {"model": "tiny-qwen3", "messages": [{"role": "user", "content": "x"}], "stream": False}
Replay = Callable[[OllamaDouble, dict[str, Any]], None]


def load(double: OllamaDouble, model: str, num_ctx: int) -> None:
    body = {"model": model, "messages": [], "options": {"num_ctx": num_ctx}}
    httpx.post(f"{double.url}/api/chat", json=body).raise_for_status()


def load_three(double: OllamaDouble, _: dict[str, Any]) -> None:
    load(double, "tiny-qwen3", 256)
    load(double, "tiny-gemma3", 2048)
    load(double, "tiny-llama", 100_000)


def copy_first(double: OllamaDouble, _: dict[str, Any]) -> None:
    body = {"source": "tiny-qwen3", "destination": "tiny-copy"}
    httpx.post(f"{double.url}/api/copy", json=body).raise_for_status()


def kill_first(double: OllamaDouble, _: dict[str, Any]) -> None:
    double.fail_next("runner_crash")
    httpx.post(f"{double.url}/api/chat", json=QWEN)


def take_registry_down(double: OllamaDouble, _: dict[str, Any]) -> None:
    double.registry_up = False


def kill_runner(double: OllamaDouble, _: dict[str, Any]) -> None:
    double.fail_next("runner_crash", after=5)


def warm_up_first(double: OllamaDouble, recording: dict[str, Any]) -> None:
    _send(double, recording["request"])


ARRANGED: dict[str, Replay] = {
    "ps-loaded": lambda double, _: load(double, "tiny-qwen3", 2048),
    "ps-after-num-ctx-above-model": load_three,
    "delete": copy_first,
    "after-runner-killed": kill_first,
    "pull-registry-down": take_registry_down,
    "runner-killed-mid-stream": kill_runner,
    "cache-2-same": warm_up_first,
    "cache-3-other-num-ctx": lambda double, _: load(double, "tiny-qwen3", 4096),
}


def recorded(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((WIRE / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def _lines(recording: dict[str, Any]) -> list[Any]:
    """The recorded lines; "… N lines left out" becomes None."""
    return [entry[1] if isinstance(entry, list) else None for entry in recording["lines"]]


def _noise(recording: dict[str, Any]) -> list[str] | None:
    """What the model said, token by token; padded where lines were left out; None for JSON."""
    body = recording["request"]["body"]
    lines = _lines(recording) if "lines" in recording else [recording.get("json")]
    said = [
        line["message"]["content"]
        for line in lines
        if isinstance(line, dict) and isinstance(line.get("message"), dict)
    ]
    if None in lines and set(said) == {"\n"}:
        return ["\n"] * 200
    if isinstance(body, dict) and body.get("format") and len(lines) == 1:
        return None
    stops = (body.get("options") or {}).get("stop") if isinstance(body, dict) else None
    if stops and said:
        return [*said[:-2], said[-2] + stops[0]]
    ended = lines and isinstance(lines[-1], dict) and lines[-1].get("done_reason") == "stop"
    return said if ended else [f"잡음{number} " for number in range(600)]


def _send(double: OllamaDouble, request: dict[str, Any]) -> httpx.Response:
    body = request["body"]
    if isinstance(body, dict):
        body = json.dumps(body, ensure_ascii=False).replace("<runner port>", "43571")
    return httpx.request(
        request["method"], double.url + request["path"], content=(body or "").encode()
    )


def shape(value: Any) -> Any:
    """Keys in their order and JSON types; of a list the different shapes that occur in it."""
    if isinstance(value, dict):
        return [(key, shape(one)) for key, one in value.items()]
    if isinstance(value, list):
        shapes: list[Any] = []
        for one in value:
            elided = isinstance(one, str) and one.startswith("…")
            if not elided and shape(one) not in shapes:
                shapes.append(shape(one))
        return shapes
    if isinstance(value, bool) or value is None:
        return str(value) if value is None else "bool"
    return "number" if isinstance(value, (int, float)) else "string"


def collapsed(lines: list[Any]) -> list[Any]:
    """Shapes of lines, neighbours that are alike become one; None stays."""
    found: list[Any] = []
    for line in lines:
        told = None if line is None else shape(line)
        if not found or found[-1] != told:
            found.append(told)
    return found


def assert_same_sequence(real: list[Any], played: list[Any]) -> None:
    """Where lines were left out, the beginning and the end must be the same."""
    if None not in real:
        assert collapsed(played) == collapsed(real)
        return
    gap = real.index(None)
    before, after = collapsed(real[:gap]), collapsed(real[gap + 1 :])
    whole = collapsed(played)
    assert whole[: len(before)] == before
    assert whole[-len(after) :] == after


def assert_same_facts(real: Any, played: Any) -> None:
    """Error text, done_reason, `done`, and token counts of one object."""
    if not isinstance(real, dict):
        return
    if "error" in real:
        assert _unnamed(played["error"]) == _unnamed(real["error"])
    for key in ("done", "done_reason", "status", "total"):
        if key in real and key in played:
            assert played[key] == real[key]
    for key in ("prompt_eval_count", "eval_count"):
        if key in real:
            assert played[key] == pytest.approx(real[key], rel=TOKEN_TOLERANCE), key


def _unnamed(error: Any) -> str:
    return re.sub(r"127\.0\.0\.1:(\d+|<runner port>)", "HOST", json.dumps(error))


def parse(response: httpx.Response) -> list[Any]:
    if response.headers.get("content-type") == "application/x-ndjson":
        return [json.loads(line) for line in response.text.splitlines()]
    return response.text.splitlines()


def events(lines: list[Any]) -> list[Any]:
    """Server-sent events: what follows `data: ` as JSON, the rest as it is."""
    return [
        json.loads(line[6:]) if isinstance(line, str) and line.startswith("data: {") else line
        for line in lines
    ]


def replay_one(double: OllamaDouble, recording: dict[str, Any]) -> None:
    response = _send(double, recording["request"])
    assert response.status_code == recording["status"]
    given = recording["headers"].get("content-type")
    assert response.headers.get("content-type") == given
    if "json" in recording:
        assert shape(response.json()) == shape(recording["json"])
        assert_same_facts(recording["json"], response.json())
        return
    real, played = _lines(recording), parse(response)
    if given == "text/event-stream":
        real, played = events(real), events(played)
    elif given != "application/x-ndjson":
        assert played == real
    assert_same_sequence(real, played)
    if real:
        assert_same_facts(real[-1], played[-1])


def replay_cancel(double: OllamaDouble, recording: dict[str, Any]) -> None:
    """The client closes after five lines; the next one is answered soon after."""
    double.fail_next("endless")
    body = recording["request"]["body"]
    with httpx.stream("POST", f"{double.url}/api/chat", json=body) as response:
        lines = response.iter_lines()
        played = [json.loads(next(lines)) for _ in range(5)]
    assert_same_sequence(_lines(recording), played)
    first = "안녕하세요, 회의를 시작하겠습니다."
    messages = [body["messages"][0], {"role": "user", "content": first}]
    following = {"num_ctx": 2048, "num_predict": 1}
    answer = httpx.post(
        f"{double.url}/api/chat",
        json={**body, "messages": messages, "options": following, "stream": False},
    ).json()
    assert_same_facts(recording["next"], answer)
    missing = set(recording["next"]) - set(answer)
    assert missing == set()
    assert double.requests[0].disconnected
    until = double.requests[1].finished_at or 0
    assert until - (double.requests[0].disconnected_at or 0) < 0.2


def _at_once(double: OllamaDouble, body: dict[str, Any], times: int) -> list[httpx.Response]:
    answers: list[httpx.Response] = []

    def ask() -> None:
        answers.append(httpx.post(f"{double.url}/api/chat", json=body))

    threads = [threading.Thread(target=ask) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def replay_four(double: OllamaDouble, recording: dict[str, Any]) -> None:
    """They queue: each one's first line comes after the last line of the one before."""
    double.delay_piece = 0.001
    answers = _at_once(double, recording["request"]["body"], times=4)
    assert [a.status_code for a in answers] == [r["status"] for r in recording["json"]]
    spans = sorted((parse(a)[0]["created_at"], parse(a)[-1]["created_at"]) for a in answers)
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))


def replay_queue_full(double: OllamaDouble, recording: dict[str, Any]) -> None:
    """OLLAMA_MAX_QUEUE=1 while the model loads."""
    double.scheduler.max_queue, double.scheduler.load_delay = 1, 0.3
    answers = _at_once(double, recording["request"]["body"], times=6)
    assert sorted(a.status_code for a in answers) == recording["statuses_of_six"]
    refused = next(a for a in answers if a.status_code == recording["status"])
    assert refused.json() == recording["json"]


REPLAYED_BY: dict[str, Replay] = {
    "cancel-by-closing": replay_cancel,
    "four-at-once": replay_four,
    "queue-full": replay_queue_full,
}


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_double_answers_as_the_real_one_did(ollama_double: OllamaDouble, name: str) -> None:
    assert name not in CANNOT_BE_REPLAYED
    recording = recorded(name)
    noise = _noise(recording)
    ollama_double.thoughts = ""
    if noise is not None:
        ollama_double.answer = lambda request: noise
    if name in ARRANGED:
        ARRANGED[name](ollama_double, recording)
    REPLAYED_BY.get(name, replay_one)(ollama_double, recording)


def test_no_recording_is_left_out() -> None:
    assert len(RECORDINGS) == 81
    assert not CANNOT_BE_REPLAYED
    assert set(ARRANGED) | set(REPLAYED_BY) <= set(RECORDINGS)


def test_a_wrong_double_fails_the_replay(ollama_double: OllamaDouble) -> None:
    ollama_double.remove("tiny-llama")
    with pytest.raises(AssertionError):
        replay_one(ollama_double, recorded("num-ctx-above-model"))
    ollama_double.answer = lambda request: "a short answer"
    with pytest.raises(AssertionError):
        replay_one(ollama_double, recorded("chat-once"))
