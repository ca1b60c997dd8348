"""One worker a machine and data folder: two with one name would steal each other's jobs."""

from __future__ import annotations

import socket
from pathlib import Path

from filelock import FileLock, Timeout


def worker_lock(folder: Path, *, shared: bool = False) -> FileLock:
    """The lock that the running worker holds. With `shared` (a server keeps the database) there is
    one for each machine that sees the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"worker-{socket.gethostname()}.lock" if shared else "worker.lock"
    return FileLock(folder / name, timeout=0)


def is_running(folder: Path, *, shared: bool = False) -> bool:
    """Whether some worker holds the lock now."""
    lock = worker_lock(folder, shared=shared)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False
