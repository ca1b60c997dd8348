"""Who this worker is. On a database of its own it is the only one; where several share a server's,
its name must be its own, and the same after a restart, so that it goes on with its jobs at once."""

from __future__ import annotations

import os
import socket

from core.settings import Settings
from core.store.database import is_shared
from core.store.jobs import DurableJobs
from core.store.places import name_in
from core.store.types import new_id
from core.store.worker_beats import Worker

_ALONE = "local"


def executor(settings: Settings) -> str:
    """A worker's name: of its host and its data folder. Two workers on a host have two folders, and
    two machines that share a folder have two hosts. A container's host is another one each time
    that it is made: then its jobs are taken over like those of a machine that is gone."""
    if not is_shared(settings.jobs_database):
        return _ALONE
    return f"{socket.gethostname()}-{name_in(settings.folder / 'worker.name')}"


def this_worker(settings: Settings, workflows: DurableJobs) -> Worker:
    """This process as other workers see it."""
    return Worker(
        executor=executor(settings),
        run=new_id(),
        host=socket.gethostname(),
        process=os.getpid(),
        storage=workflows.storage,
    )
