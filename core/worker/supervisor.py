"""Starts the worker as a child and starts it again when it dies, as long as this process lives.

The child ends by itself when our end of its standard input closes, however we end: checkpoints are
the shutdown procedure. Where another process's worker holds the lock, we wait for our turn.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from core.settings import Settings
from core.store.database import is_shared
from core.worker.lock import is_running

LOCKED = 75
"""Exit status of a worker that found the lock held (EX_TEMPFAIL)."""
UNUSABLE = 78
"""Exit status of a worker that cannot work as it is set up (EX_CONFIG). To start it again changes
nothing: it has said what to do."""
_LOOK_EVERY = 1.0
_LONGEST_PAUSE = 30.0
_EARLY = 15.0
"""Seconds within which a worker that ends has done nothing useful."""
_MOST_EARLY_ENDS = 3


def supervisor_for(settings: Settings, *, log: Path | None = None) -> Supervisor:
    """The supervisor of this machine's worker; `log` as there."""
    root = Path(__file__).resolve().parents[2]
    shared = is_shared(settings.jobs_database)
    return Supervisor(folder=settings.folder, root=root, log=log, shared=shared)


@dataclass
class Supervisor:
    """One a process. `folder` is the data folder, `root` the project's; `log` takes what the
    worker prints, which else appears among our own output. `shared`: a server keeps the database,
    so that other machines' workers are none of our business."""

    folder: Path
    root: Path
    log: Path | None = None
    shared: bool = False
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)
    failed: threading.Event = field(default_factory=threading.Event, init=False)
    """Set when the worker ends at once again and again: something is wrong with it, not a job."""
    gave_up: threading.Event = field(default_factory=threading.Event, init=False)
    """Set when the worker has said that it cannot work as it is set up: it is not started again."""
    _ending: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)
    _early_ends: int = field(default=0, init=False)

    def start(self) -> None:
        """Begin to watch. Idempotent."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the worker and stop watching."""
        self._ending.set()
        if self._thread:  # which starts no other from now on
            self._thread.join(timeout=5)
        child = self._child
        if child and child.poll() is None:
            assert child.stdin is not None
            child.stdin.close()
            child.terminate()  # for some seconds after its start it does not read
            try:
                child.wait(timeout=5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _watch(self) -> None:
        while not self._ending.is_set():
            if not is_running(self.folder, shared=self.shared):
                with ExitStack() as stack:
                    printed = stack.enter_context(self.log.open("ab")) if self.log else None
                    self._child = subprocess.Popen(
                        [sys.executable, "-m", "core.worker", "--supervised"],
                        stdin=subprocess.PIPE,
                        stdout=printed,
                        stderr=printed,
                        cwd=self.root,
                    )
                self._watch_child(self._child)
                if self._child.poll() == UNUSABLE:
                    self.failed.set()
                    self.gave_up.set()
                    return
            self._ending.wait(min(_LONGEST_PAUSE, _LOOK_EVERY * 2**self._early_ends))

    def _watch_child(self, child: subprocess.Popen[bytes]) -> None:
        begun = time.monotonic()
        while child.poll() is None and not self._ending.wait(0.1):
            pass
        status = child.poll()
        # A signal (below 0) came from outside and says nothing against the worker itself.
        if status in (None, 0, LOCKED) or status < 0 or time.monotonic() - begun > _EARLY:
            self._early_ends = 0
            return
        self._early_ends += 1
        if self._early_ends >= _MOST_EARLY_ENDS:
            self.failed.set()
