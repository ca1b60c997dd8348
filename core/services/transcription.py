"""From a recording to utterances: media is heard, a transcript is read. Then they are kept.

What the person must know of it (a name that misleads, times that were none) is kept with the
meeting, as message codes of the area `notices`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import Any

from sqlmodel import Session

from core.domain.phantoms import judge
from core.domain.speech_evidence import Segment
from core.domain.transcript import Utterance, guess_language, numbered
from core.engines import media, wholeness
from core.engines.base import CheckCancelled
from core.engines.factory import Engines
from core.engines.readers import read_file
from core.errors import NotFound
from core.services.meetings import Meetings
from core.services.recordings import Recordings
from core.store import heard_windows
from core.store import meetings as rows
from core.store.tables import Meeting, Recording

_NAMES_OF_TEXT = frozenset({".srt", ".vtt", ".txt", ".json", ".md"})
_NAMES_OF_SOUND = re.compile(
    r"\.(mp3|mp4|m4a|m4v|mov|wav|flac|og[ga]|opus|webm|mkv|aac|amr|3gp|aiff?|wm[av]|avi|caf|mpe?g|flv)"
)


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
            read = read_file(path.read_bytes(), name=recording.name)
            spoken = read.transcript.utterances
            notices = [*_about_name(recording), *_about_times(read.broken_times)]
            return _result(spoken, language or guess_language(spoken)) | {"notices": notices}
        self.engines.fetch_speech_model(
            whisper_model,
            on_download=lambda done, total: progress(done / (total or done or 1), "fetching"),
        )
        progress(0.0, "loading_speech_model")
        hearing = self.engines.transcriber(whisper_model).hear(path, language=language, check=check)
        heard: list[Segment] = []
        for segment in hearing.segments:
            heard.append(segment)
            check()
            progress(segment.end / max(segment.end, hearing.duration, 0.1), "hearing")
        ending = self.about_end(recording, heard_until=hearing.duration, check=check)
        return heard_result(heard, hearing.language) | ending

    def about_end(
        self, recording: Recording, *, heard_until: float, check: CheckCancelled
    ) -> dict[str, Any]:
        """What is told of a recording once it was heard: "notices", and "cut_at" (seconds, None
        where it is whole)."""
        path = self.recordings.path(recording)
        is_cut = _is_cut(path, recording, heard_until=heard_until, check=check)
        return {"notices": _about_name(recording), "cut_at": heard_until if is_cut else None}

    def keep(
        self, session: Session, meeting: Meeting, result: dict[str, Any], *, job_id: str
    ) -> int:
        """Make these the meeting's utterances; returns how many. What unfinished transcriptions of
        it heard is no longer shown. NotFound where the meeting was deleted meanwhile."""
        current = rows.meeting(session, user_id=meeting.user_id, meeting_id=meeting.id)
        if current is None:
            raise NotFound("meeting_missing", meeting=meeting.id)
        spoken = [Utterance(**stored) for stored in result["utterances"]]
        hidden: dict[int, str] = dict(result.get("hidden", []))
        rows.ensure_utterances(
            session, meeting_id=meeting.id, spoken=spoken, transcript_job=job_id, hidden=hidden
        )
        current.language = result["language"]
        current.cut_at = result.get("cut_at")
        current.notices = result.get("notices", [])
        current.transcript_job = job_id
        recording = rows.recording_of(session, meeting=current)
        if recording.duration is None:  # the file did not tell, as those of browsers do not
            recording.duration = result.get("seconds")
        heard_windows.delete_windows(session, meeting_id=meeting.id)
        return len(spoken)


def heard_result(heard: Iterable[Segment], language: str) -> dict[str, Any]:
    """What was heard as `keep` takes it, numbered; what nobody said is `hidden`: (number, reason)
    each. A transcript that was imported has no such: nothing is known of its sound."""
    segments = [one for one in heard if one.text.split()]
    spoken = numbered((one.start, one.end, None, one.text) for one in segments)
    hidden = [(place + 1, why) for place, why in judge(segments).items()]
    return _result(spoken, language) | {"hidden": sorted(hidden)}


def _about_name(recording: Recording) -> list[dict[str, Any]]:
    """A name that says sound where there is text, or the other way round."""
    suffix = PurePath(recording.name).suffix.lower()
    facts = {"name": recording.name}
    if recording.kind == "transcript" and _NAMES_OF_SOUND.fullmatch(suffix):
        return [{"code": "text_named_sound", "facts": facts}]
    if recording.kind != "transcript" and suffix in _NAMES_OF_TEXT:
        return [{"code": "sound_named_text", "facts": facts}]
    return []


def _about_times(broken: int) -> list[dict[str, Any]]:
    return [{"code": "times_broken", "facts": {"count": broken}}] if broken else []


def _is_cut(path: Path, recording: Recording, *, heard_until: float, check: CheckCancelled) -> bool:
    """Does the file break off before its own end? Pictures that go on without sound are an end."""
    if wholeness.breaks_off(path):
        return True
    promised = recording.duration or 0.0
    if not wholeness.is_short(promised, heard_until):
        return False
    return wholeness.is_short(promised, media.ends_at(path, check=check))


def _result(spoken: tuple[Utterance, ...], language: str) -> dict[str, Any]:
    return {"language": language, "utterances": [asdict(one) for one in spoken]}
