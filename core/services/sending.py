"""Writing the bytes of an upload: one writer at a time, whatever servers and threads there are.

The file's own size is the offset, so nothing can say more than is there. What a client is told is
synced to the disk first. After a power failure the file may hold more than was told, and this is
good, too: file systems write a size after what it counts (ext4 by default, XFS, Btrfs, APFS).
"""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

from filelock import FileLock

from core.errors import EngineFailed, InvalidInput
from core.services.byte_store import FULL, disk_full, shown_size


class Sending:
    """The one writer of an upload, until `close`. Methods block: call them off the event loop."""

    def __init__(self, path: Path, *, name: str, lock: FileLock) -> None:
        self._path = path
        self._name = name
        self._lock = lock
        self._turn = threading.Lock()
        self._written = False
        os.utime(path)  # a recording that pauses sends no byte, and is alive all the same
        self.offset = path.stat().st_size

    def write(self, piece: bytes | bytearray) -> None:
        """Append bytes. `offset` is true after a failure, too: what fitted is there.

        Raises InvalidInput("upload_disk_full"), ("upload_lost") or ("upload_offset"), and
        EngineFailed("upload_file_limit") where the disk takes no file of that size.
        """
        with self._turn:
            self._written = True
            try:
                self._append(memoryview(piece))
            except FileNotFoundError as error:
                raise InvalidInput("upload_lost", name=self._name) from error
            except OSError as error:
                if error.errno in FULL:
                    folder = self._path.parent
                    raise disk_full(self._name, folder, code="upload_disk_full") from error
                if error.errno == errno.EFBIG:
                    size = shown_size(self.offset)
                    raise EngineFailed("upload_file_limit", name=self._name, size=size) from error
                raise

    def close(self) -> None:
        """Have the bytes on the disk, and let others write."""
        with self._turn:
            try:
                if self._written:
                    sync(self._path)
            finally:
                self._lock.release()

    def _append(self, rest: memoryview) -> None:
        with self._path.open("r+b", buffering=0) as file:
            if file.seek(0, os.SEEK_END) != self.offset:  # another program writes here
                raise InvalidInput("upload_offset", name=self._name)
            while rest:
                count = file.write(rest)
                self.offset += count
                rest = rest[count:]


def sync(path: Path) -> None:
    """Have a file's bytes on the disk; nothing where it is gone."""
    try:
        with path.open("r+b", buffering=0) as file:
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
