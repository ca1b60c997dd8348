"""One worker a machine and data folder: two with one name would steal each other's jobs."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout


def worker_lock(folder: Path) -> FileLock:
    """The lock that the running worker holds."""
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "worker.lock", timeout=0)


def is_running(folder: Path) -> bool:
    """Whether some worker holds the lock now."""
    lock = worker_lock(folder)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False
