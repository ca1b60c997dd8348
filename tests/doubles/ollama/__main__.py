"""`python -m tests.doubles.ollama --port N` starts one for hand use, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import threading

from tests.doubles.ollama.answers import brief_answer, counted_answer, default_answer
from tests.doubles.ollama.faults import MODES
from tests.doubles.ollama.pace import Speed
from tests.doubles.ollama.server import VERSIONS, OllamaDouble

ANSWERS = {"default": default_answer, "brief": brief_answer, "counted": counted_answer}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.doubles.ollama")
    parser.add_argument("--port", type=int, default=11434)
    parser.add_argument("--profile", choices=list(VERSIONS), default="0.17")
    parser.add_argument("--log", help="a JSON line for each request goes to this file")
    parser.add_argument("--delay-first", type=float, default=0.0, help="seconds")
    parser.add_argument("--delay-piece", type=float, default=0.0, help="seconds")
    parser.add_argument("--fault", choices=MODES, help="every chat fails so")
    parser.add_argument(
        "--install", action="append", default=[], metavar="NAME=FAMILY", help="an extra model"
    )
    parser.add_argument(
        "--speed", type=float, nargs=2, metavar=("PROMPT", "ANSWER"), help="tokens a second, fixed"
    )
    parser.add_argument("--slots", type=int, default=1, help="OLLAMA_NUM_PARALLEL")
    parser.add_argument(
        "--burst", action="store_true", help="a streamed answer leaves in one piece"
    )
    parser.add_argument(
        "--answer",
        choices=list(ANSWERS),
        default="default",
        help="brief: two entries a list; counted: as many tokens as the question says",
    )
    given = parser.parse_args()
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with OllamaDouble(profile=given.profile, port=given.port, log=given.log) as double:
        double.delay_first, double.delay_piece = given.delay_first, given.delay_piece
        double.speed = Speed(*given.speed) if given.speed else None
        double.scheduler.slots = given.slots
        double.burst = given.burst
        double.answer = ANSWERS[given.answer]
        for pair in given.install:
            name, _, family = pair.partition("=")
            double.install(name, family=family or "qwen3")
        if given.fault:
            double.fail_always(given.fault)
        print(f"Ollama double ({given.profile}) at {double.url}", flush=True)
        stopping.wait()


if __name__ == "__main__":
    main()
