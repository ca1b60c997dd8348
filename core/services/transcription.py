"""From a recording to utterances: media is heard, a transcript is read. Then they are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from core.domain.transcript import Utterance, guess_language, numbered
from core.engines.base import CheckCancelled
from core.engines.factory import Engines
from core.engines.readers import read_transcript
from core.errors import NotFound
from core.services.meetings import Meetings
from core.services.recordings import Recordings
from core.store import meetings as rows
from core.store.tables import Meeting

_LITTLE = 2.0
"""Seconds by which a container's word on its length may be off."""


@dataclass(frozen=True)
class Transcription:
    """Hears or reads, then keeps."""

    meetings: Meetings
    recordings: Recordings
    engines: Engines

    def hear(
        self,
        meeting: Meeting,
        *,
        language: str | None,
        whisper_model: str | None,
        check: CheckCancelled,
        progress: Callable[[float, str], None],
    ) -> dict[str, Any]:
        """The utterances of a meeting's recording and their language, as JSON for a checkpoint.
        `progress` is told the share done and the step's message key."""
        recording = self.meetings.recording(meeting.user_id, meeting.id)
        path = self.recordings.path(recording)
        if recording.kind == "transcript":
            progress(0.0, "reading")
            spoken = read_transcript(path.read_bytes(), name=recording.name).utterances
            return _result(spoken, language or guess_language(spoken))
        self.engines.fetch_speech_model(
            whisper_model,
            on_download=lambda done, total: progress(done / (total or done or 1), "fetching"),
        )
        progress(0.0, "loading_speech_model")
        hearing = self.engines.transcriber(whisper_model).hear(path, language=language, check=check)
        heard = []
        for segment in hearing.segments:
            heard.append((segment.start, segment.end, None, segment.text))
            check()
            progress(segment.end / max(segment.end, hearing.duration, 0.1), "hearing")
        result = _result(numbered(heard), hearing.language)
        promised = recording.duration or 0.0
        if promised - hearing.duration > max(_LITTLE, promised * 0.01):
            result["cut_at"] = hearing.duration
        return result

    def keep(
        self, session: Session, meeting: Meeting, result: dict[str, Any], *, job_id: str
    ) -> int:
        """Make these the meeting's utterances; returns how many. NotFound where the meeting was
        deleted meanwhile."""
        current = rows.meeting(session, user_id=meeting.user_id, meeting_id=meeting.id)
        if current is None:
            raise NotFound("meeting_missing", meeting=meeting.id)
        spoken = [Utterance(**stored) for stored in result["utterances"]]
        rows.ensure_utterances(session, meeting_id=meeting.id, spoken=spoken)
        current.language = result["language"]
        current.cut_at = result.get("cut_at")
        current.transcript_job = job_id
        return len(spoken)


def _result(spoken: tuple[Utterance, ...], language: str) -> dict[str, Any]:
    return {"language": language, "utterances": [asdict(one) for one in spoken]}
