"""A zip file that is made while it is sent: what was added is read when its turn comes, and nothing
but the list of names is kept. The one place that knows zipstream-ng."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream


class StreamedZip:
    """Add, take `pieces`, add more, take more, and end with `end`."""

    def __init__(self) -> None:
        self._stream = ZipStream(compress_type=ZIP_DEFLATED)

    def add(self, place: str, data: str | bytes | Iterable[bytes], *, packed: bool = True) -> None:
        """A file at `place` ("folder/name"). Text is written as UTF-8; what is packed already
        (sound, pictures) is better not `packed`."""
        kind = ZIP_DEFLATED if packed else ZIP_STORED
        self._stream.add(data, place, compress_type=kind)

    def pieces(self) -> Iterator[bytes]:
        """The bytes of what was added since."""
        yield from self._stream.all_files()

    def end(self) -> Iterator[bytes]:
        """The bytes that make it whole."""
        yield from self._stream.finalize()
