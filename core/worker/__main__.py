"""`python -m core.worker`: the process that does the long work of this machine.

With `--supervised` it ends when its standard input closes. It ends at once in any case, because a
finished step is kept and an unfinished one is done again.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import traceback
from types import FrameType

from dbos import DBOS, DBOSConfig
from filelock import Timeout

from core.app import App, get_app
from core.engines.native import keep_freed_memory
from core.errors import MinutesError
from core.services.job_upkeep import JobUpkeep
from core.store.jobs import APPLICATION, QUEUES, SERIALIZER, VERSION, DurableJobs, migrate_jobs
from core.store.worker_beats import Worker
from core.worker import rounds
from core.worker.identity import this_worker
from core.worker.liveness import Liveness
from core.worker.lock import worker_lock
from core.worker.room import Room
from core.worker.standing import JobsAtWork
from core.worker.supervisor import LOCKED, UNUSABLE
from core.worker.workflows import register

AGAIN = -1
_POLL = 0.2
_CONNECTIONS = 8
"""That the job engine keeps to a database server."""
_TRANSCRIPTIONS = 1
_WRITINGS = 2
"""Two persons' minutes take turns at the gate, so that a long one does not hold up a short one."""


def main(arguments: list[str]) -> int:
    """Run until told to stop; AGAIN where it is to begin anew."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for chatty in ("alembic", "httpx", "faster_whisper"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # What fails is logged by the step itself, once, and without a trace where it was foreseen.
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
    keep_freed_memory()
    if "--supervised" in arguments:
        threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end_now)
    app = get_app()
    workflows = DurableJobs(app.settings.jobs_database, app.settings.folder / "recordings")
    lock = worker_lock(app.settings.folder, shared=workflows.shared)
    try:
        lock.acquire()
    except Timeout:
        return LOCKED
    migrate_jobs(app.settings.jobs_database)
    upkeep = JobUpkeep(database=app.database, workflows=workflows)
    me = this_worker(app.settings, workflows)
    if workflows.shared:
        Liveness(app.database, upkeep, me, app.settings.folder).start()
    room = Room(app.settings.folder)
    _launch(app, workflows, me, room)
    rounds.make(app.database, upkeep, room)
    return AGAIN


def _launch(app: App, workflows: DurableJobs, me: Worker, room: Room) -> None:
    """Begin to take jobs: those that this worker had before it died, and new ones."""
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": workflows.url,
        "application_version": VERSION,
        "executor_id": me.executor,
        "serializer": SERIALIZER,
        "log_level": "CRITICAL",
    }
    if workflows.shared:
        config["sys_db_pool_size"] = _CONNECTIONS
    DBOS(config=config)
    executor = me.executor if workflows.shared else None
    register(app, JobsAtWork(app.database, workflows=workflows, executor=executor, room=room))
    queues = {
        workflows.queue("transcribe"): _TRANSCRIPTIONS,
        QUEUES["minutes"]: _WRITINGS,
    }
    DBOS.listen_queues(list(queues))
    DBOS.launch()
    for queue, at_once in queues.items():
        DBOS.register_queue(queue, worker_concurrency=at_once, polling_interval_sec=_POLL)
    workflows.gather()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _end_now(_signal: int, _frame: FrameType | None) -> None:
    os._exit(0)


def run(arguments: list[str]) -> None:
    """`main` as a process: does not return. The exit status tells a supervisor what to do."""
    try:
        status = main(arguments)
        if status == AGAIN:  # in the same process, whoever watches it: all locks are let go of
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
        os._exit(status)
    except MinutesError as error:
        logging.getLogger(__name__).error("%s", error)
        os._exit(UNUSABLE if rounds.is_for_good(error) else 1)
    except BaseException:
        # The thread that waits for the parent would hang the interpreter's own way out.
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    run(sys.argv[1:])
