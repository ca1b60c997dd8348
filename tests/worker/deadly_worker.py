"""A worker that dies at one place of its job, as one does that takes more memory than there is: run
`python -m tests.worker.deadly_worker hear` or `… compose`."""

import os
import signal
import sys
from typing import Any

from core.engines.whisper import WhisperTranscriber
from core.services.minutes import MinutesService
from core.worker import __main__ as worker


def _die(*_arguments: Any, **_options: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1] == "hear":
        WhisperTranscriber.listen = _die  # type: ignore[assignment, method-assign]
    else:
        MinutesService.compose = _die  # type: ignore[assignment, method-assign]
    worker.run([])
