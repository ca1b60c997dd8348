"""A recording heard window by window, so that work goes on after the last finished window.

Between two windows of a job the file stays open, decoded up to there. Another process opens it anew
and passes over what was heard. Where a window ends depends on the sound alone, so a transcript that
was interrupted is the same as one that was not. What is told and kept is JSON, for checkpoints.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlmodel import Session

from core.domain.speech_evidence import Segment
from core.engines.base import CheckCancelled, HeardWindow, Listening
from core.engines.native import give_back_memory
from core.errors import MinutesError
from core.services.deaths import counted
from core.services.heard_so_far import HeardSoFar, heard_so_far
from core.services.pace import Pace
from core.services.sameness import Stamp, same, stamp_of
from core.services.transcription import Transcription, heard_result
from core.store import heard_windows, meetings
from core.store.tables import Meeting, Recording

Tell = Callable[..., None]
"""Is told the share done (0..1), the step's message key and its facts."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watching:
    """Whoever waits for the work: `check` raises when it is to stop, `tell` hears where it is."""

    check: CheckCancelled
    tell: Tell


@dataclass
class _Ear:
    """An open recording, before the window `ordinal`. `watching` is the step at work now."""

    watching: Watching
    stamp: Stamp
    ordinal: int
    hotwords: str | None = None
    pace: Pace = field(default_factory=Pace)
    listening: Listening | None = None

    def check(self) -> None:
        self.watching.check()

    def tell(self, second: float) -> None:
        self.pace.reached(second)
        until = self.listening.duration if self.listening else 0.0
        self.watching.tell(
            second / max(second, until, 0.1),
            "hearing",
            speed=self.pace.speed,
            seconds_left=self.pace.seconds_left(until),
        )


@dataclass(frozen=True)
class WindowedHearing:
    """Opens, hears a window, looks at the end, keeps."""

    transcription: Transcription
    _ears: dict[str, _Ear] = field(default_factory=dict, init=False, repr=False)
    """By job. Whoever hears takes its ear out, so that nobody else uses it meanwhile."""
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def open(
        self,
        job_id: str,
        meeting: Meeting,
        *,
        language: str | None,
        whisper_model: str | None,
        watching: Watching,
        hotwords: str | None = None,
    ) -> dict[str, Any]:
        """What `window` needs: language, seconds, model, hotwords, and the file's stamp. For a
        transcript, which needs no hearing, what `Transcription.hear` answers: it has
        "utterances"."""
        recording = self._recording(meeting)
        with self._counted(job_id, meeting, 0, 0.0):
            return self._opened(
                job_id,
                meeting,
                recording,
                language=language,
                whisper_model=whisper_model,
                watching=watching,
                hotwords=hotwords,
            )

    def _opened(
        self,
        job_id: str,
        meeting: Meeting,
        recording: Recording,
        *,
        language: str | None,
        whisper_model: str | None,
        watching: Watching,
        hotwords: str | None,
    ) -> dict[str, Any]:
        if recording.kind == "transcript":
            return self.transcription.hear(
                meeting,
                language=language,
                whisper_model=whisper_model,
                check=watching.check,
                progress=watching.tell,
            )
        engines = self.transcription.engines
        engines.fetch_speech_model(
            whisper_model,
            on_download=lambda done, total: watching.tell(done / (total or done or 1), "fetching"),
        )
        watching.tell(0.0, "loading_speech_model")
        model, _ = engines.speech_model(whisper_model)
        stamp = stamp_of(self.transcription.recordings.path(recording))
        ear = _Ear(watching, stamp, ordinal=0, hotwords=hotwords)
        with self._named(recording):
            listening = self._listen(ear, recording, model=model, language=language, start=0.0)
        self._put(job_id, ear)
        return {
            "language": listening.language,
            "duration": listening.duration,
            "model": model,
            "stamp": stamp,
            "hotwords": hotwords,
        }

    def window(
        self,
        job_id: str,
        meeting: Meeting,
        opened: Mapping[str, Any],
        *,
        ordinal: int,
        start: float,
        watching: Watching,
    ) -> dict[str, Any] | None:
        """The window of that number, which begins at `start`: "start", "end" and "segments"; None
        where the recording ends. Raises EngineFailed: recording_lost, media_vanished or
        media_changed where the file is no longer what was opened; window_deadly."""
        recording = self._recording(meeting)
        ear = self._take(job_id, ordinal)
        # Who goes on from the window before is not counted: that would cost each window a write.
        count = nullcontext() if ear else self._counted(job_id, meeting, ordinal, start)
        with self._named(recording), count:
            # What was opened by an earlier release has no hotwords.
            ear = ear or _Ear(watching, list(opened["stamp"]), ordinal, opened.get("hotwords"))
            ear.watching = watching
            path = self.transcription.recordings.path(recording)
            ear.stamp = same(path, recording, stamp=ear.stamp, check=ear.check)
            listening = ear.listening or self._listen(
                ear, recording, model=opened["model"], language=opened["language"], start=start
            )
            ear.tell(start)
            log.info("job %s: hearing window %d", job_id, ordinal)
            heard = next(listening.windows, None)
            ear.stamp = same(path, recording, stamp=ear.stamp, check=ear.check)
        if heard is None:
            # What hearing freed is of no use to what keeps the transcript, which is small objects.
            give_back_memory()
            return None
        ear.pace.reached(heard.end)  # the next window tells it
        ear.ordinal += 1
        self._put(job_id, ear)
        log.info("job %s: heard window %d, up to %.2f s", job_id, ordinal, heard.end)
        return _window_json(heard)

    def ending(
        self, meeting: Meeting, opened: Mapping[str, Any], *, check: CheckCancelled
    ) -> dict[str, Any]:
        """What the file's end tells of a transcript: "cut_at" and "notices"."""
        recording = self._recording(meeting)
        with self._named(recording):
            return self.transcription.about_end(
                recording, heard_until=opened["duration"], check=check
            )

    def close(self, job_id: str) -> None:
        """Let go of the file, if it is open."""
        with self._lock:
            self._ears.pop(job_id, None)

    def keep_window(
        self,
        session: Session,
        job: Mapping[str, Any],
        window: Mapping[str, Any],
        *,
        ordinal: int,
    ) -> int:
        """Keep a window of a job for whoever looks; returns how many segments it has."""
        segments = window["segments"]
        heard_windows.ensure_window(
            session,
            meeting_id=job["meeting_id"],
            job_id=job["job_id"],
            ordinal=ordinal,
            span=(window["start"], window["end"]),
            segments=segments,
        )
        return len(segments)

    def keep_transcript(
        self,
        session: Session,
        meeting: Meeting,
        opened: Mapping[str, Any],
        windows: Sequence[Mapping[str, Any]],
        *,
        ending: Mapping[str, Any],
        job_id: str,
    ) -> int:
        """Make all that was heard the meeting's utterances; returns how many."""
        segments = [Segment.from_json(one) for window in windows for one in window["segments"]]
        result = heard_result(segments, opened["language"])
        result["seconds"] = windows[-1]["end"] if windows else None
        return self.transcription.keep(session, meeting, result | dict(ending), job_id=job_id)

    def so_far(self, user_id: str, job_id: str, *, lines: int) -> HeardSoFar | None:
        """What `heard_so_far` tells of a running transcription."""
        database = self.transcription.meetings.database
        return heard_so_far(database, user_id, job_id, lines=lines)

    def _recording(self, meeting: Meeting) -> Recording:
        with self.transcription.meetings.database.reading() as session:
            return meetings.recording_of(session, meeting=meeting)

    def _listen(
        self, ear: _Ear, recording: Recording, *, model: str, language: str | None, start: float
    ) -> Listening:
        ear.listening = self.transcription.engines.transcriber(model).listen(
            self.transcription.recordings.path(recording),
            language=language,
            check=ear.check,
            start=start,
            on_heard=ear.tell,
            hotwords=ear.hotwords,
        )
        return ear.listening

    def _take(self, job_id: str, ordinal: int) -> _Ear | None:
        with self._lock:
            ear = self._ears.pop(job_id, None)
        return ear if ear and ear.ordinal == ordinal else None

    def _put(self, job_id: str, ear: _Ear) -> None:
        with self._lock:
            self._ears[job_id] = ear

    def _counted(
        self, job_id: str, meeting: Meeting, ordinal: int, start: float
    ) -> AbstractContextManager[None]:
        return counted(
            self.transcription.meetings.database,
            job_id=job_id,
            meeting_id=meeting.id,
            ordinal=ordinal,
            start=start,
        )

    @contextmanager
    def _named(self, recording: Recording) -> Iterator[None]:
        """Errors call the file what the person called it, not by the name it is kept under."""
        try:
            yield
        except MinutesError as error:
            if error.facts.get("name") != recording.sha256:
                raise
            facts = {**error.facts, "name": recording.name}
            raise type(error)(error.code, **facts) from error


def _window_json(heard: HeardWindow) -> dict[str, Any]:
    return {
        "start": heard.start,
        "end": heard.end,
        "segments": [asdict(segment) for segment in heard.segments],
    }
