"""A worker as it was in the first release, where a transcription was heard in one step: run
`python -m tests.worker.first_release heard` or `… hearing`, by where it is to be killed."""

import sys
import threading
import time
from typing import Any

from dbos import DBOS

import core.worker.__main__ as worker
from core.app import App
from core.services.job_progress import Progress
from core.worker.standing import JobsAtWork

HEARD = {
    "language": "ko",
    "utterances": [
        {"number": 1, "start": 0.0, "end": 1.0, "speaker": None, "text": "첫 판이 들은 말입니다."}
    ],
    "notices": [],
}
"""Nothing that is said in any recording, so that it shows who heard."""


def _register(app: App, _standing: JobsAtWork) -> None:
    def progress(job: dict[str, Any]) -> Progress:
        return Progress(database=app.database, job_id=job["job_id"], clock=time.time)

    @DBOS.step(name="hear")
    def hear(job: dict[str, Any]) -> dict[str, Any]:
        progress(job).running()
        if sys.argv[1] == "hearing":
            _until_killed()
        return HEARD

    @DBOS.workflow(name="transcribe", max_recovery_attempts=5)
    def transcribe(job: dict[str, Any]) -> None:
        hear(job)
        progress(job).at(1.0, "hearing")
        _until_killed()

    del transcribe


def _until_killed() -> None:
    threading.Event().wait()


if __name__ == "__main__":
    worker.register = _register
    sys.exit(worker.main(["--supervised"]))
