"""`python -m core.worker`: the process that does the long work of this machine.

With `--supervised` it ends when its standard input closes. It ends at once in any case, because a
finished step is kept and an unfinished one is done again.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import traceback
from types import FrameType

from dbos import DBOS
from filelock import Timeout
from sqlalchemy.engine import make_url

from core.app import get_app
from core.engines.native import keep_freed_memory
from core.errors import MinutesError
from core.store.jobs import APPLICATION, QUEUES, SERIALIZER, VERSION, migrate_jobs
from core.worker.lock import worker_lock
from core.worker.supervisor import LOCKED
from core.worker.workflows import register

_POLL = 0.2
_RECONCILE_EVERY = 5.0
_TRANSCRIPTIONS = 1
_WRITINGS = 2
"""Two persons' minutes take turns at the gate, so that a long one does not hold up a short one."""


def main(arguments: list[str]) -> int:
    """Run until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for chatty in ("alembic", "httpx", "faster_whisper"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # What fails is logged by the step itself, once, and without a trace where it was foreseen.
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
    keep_freed_memory()
    app = get_app()
    lock = worker_lock(app.settings.folder)
    try:
        lock.acquire()
    except Timeout:
        return LOCKED
    if "--supervised" in arguments:
        threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end_now)
    migrate_jobs(app.settings.jobs_database)
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": app.settings.jobs_database,
            "application_version": VERSION,
            "executor_id": _executor(app.settings.jobs_database),
            "serializer": SERIALIZER,
            "log_level": "CRITICAL",
        }
    )
    register(app)
    DBOS.launch()
    DBOS.register_queue(
        QUEUES["transcribe"], worker_concurrency=_TRANSCRIPTIONS, polling_interval_sec=_POLL
    )
    DBOS.register_queue(QUEUES["minutes"], worker_concurrency=_WRITINGS, polling_interval_sec=_POLL)
    ended = threading.Event()
    while not ended.wait(_RECONCILE_EVERY):
        app.jobs.reconcile()
    return 0


def _executor(url: str) -> str:
    local = make_url(url).get_backend_name() == "sqlite"
    return "local" if local else socket.gethostname()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _end_now(_signal: int, _frame: FrameType | None) -> None:
    os._exit(0)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except MinutesError as error:
        logging.getLogger(__name__).error("%s", error)
        os._exit(1)
    except BaseException:
        # The thread that waits for the parent would hang the interpreter's own way out.
        traceback.print_exc()
        os._exit(1)
