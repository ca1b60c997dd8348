"""A worker as it was in the first release, where a transcription was heard in one step: run
`python -m tests.worker.first_release heard` or `… hearing`, by where it is to be killed."""

import sys
import threading
from typing import Any

from dbos import DBOS

import core.worker.__main__ as worker
from core.app import App
from core.worker.workflows import Steps

HEARD = {
    "language": "ko",
    "utterances": [
        {"number": 1, "start": 0.0, "end": 1.0, "speaker": None, "text": "첫 판이 들은 말입니다."}
    ],
    "notices": [],
}
"""Nothing that is said in any recording, so that it shows who heard."""


def _register(app: App) -> None:
    steps = Steps(app)

    @DBOS.step(name="hear")
    def hear(job: dict[str, Any]) -> dict[str, Any]:
        steps.progress(job).running()
        if sys.argv[1] == "hearing":
            _until_killed()
        return HEARD

    @DBOS.workflow(name="transcribe", max_recovery_attempts=5)
    def transcribe(job: dict[str, Any]) -> None:
        hear(job)
        steps.progress(job).at(1.0, "hearing")
        _until_killed()

    del transcribe


def _until_killed() -> None:
    threading.Event().wait()


if __name__ == "__main__":
    worker.register = _register
    sys.exit(worker.main(["--supervised"]))
