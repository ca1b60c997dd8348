"""Meetings of a person and what others share with them: list, read, rename, date, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core.domain.transcript import Transcript
from core.errors import InvalidInput, NotFound
from core.services.erasing import SETTLED, Erasing
from core.services.permission import permitted
from core.services.recordings import Recordings, clean_title
from core.services.workflows import Workflows
from core.store import meetings
from core.store.database import Database
from core.store.shares import May
from core.store.tables import Meeting, Recording
from core.store.types import now

KEPT_DELETED = timedelta(days=30)


@dataclass(frozen=True)
class Meetings:
    """Every method takes the person's id and finds nothing of anybody else but what is shared with
    them (services.sharing)."""

    database: Database
    recordings: Recordings
    workflows: Workflows

    def all(self, user_id: str) -> list[Meeting]:
        """A person's own meetings, the latest held first."""
        with self.database.reading() as session:
            return meetings.meetings(session, user_id=user_id)

    def durations(self, user_id: str) -> dict[str, float | None]:
        """The length in seconds of each meeting that a person may read, by id; None where
        unknown."""
        with self.database.reading() as session:
            return meetings.durations(session, user_id=user_id)

    def get(self, user_id: str, meeting_id: str, *, may: May = "read") -> Meeting:
        """One meeting with which this person may do so much. Raises what `permitted` raises."""
        with self.database.reading() as session:
            return permitted(session, user_id=user_id, meeting_id=meeting_id, may=may)

    def transcript(self, user_id: str, meeting_id: str) -> Transcript:
        """What was said in a meeting; no utterances before it was transcribed."""
        meeting = self.get(user_id, meeting_id)
        with self.database.reading() as session:
            spoken = meetings.utterances(session, meeting_id=meeting.id)
            recording = meetings.recording_of(session, meeting=meeting)
        return Transcript(utterances=spoken, language=meeting.language, duration=recording.duration)

    def recording(self, user_id: str, meeting_id: str) -> Recording:
        """The recording a meeting was made from."""
        meeting = self.get(user_id, meeting_id)
        with self.database.reading() as session:
            return meetings.recording_of(session, meeting=meeting)

    def sound(self, user_id: str, meeting_id: str) -> Path | None:
        """The file to listen to; None for a meeting that came as a transcript."""
        recording = self.recording(user_id, meeting_id)
        return None if recording.kind == "transcript" else self.recordings.path(recording)

    def seconds(self, meeting: Meeting) -> float | None:
        """How long a meeting is: its recording, else up to its last timed word, None if unknown."""
        recording = self.recording(meeting.user_id, meeting.id)
        if recording.duration:
            return recording.duration
        spoken = self.transcript(meeting.user_id, meeting.id).utterances
        ends = [one.end or one.start for one in spoken if one.start is not None]
        return max((end for end in ends if end is not None), default=None)

    def rename(self, user_id: str, meeting_id: str, title: str) -> Meeting:
        """Give a meeting another title; InvalidInput for a blank one."""
        cleaned = clean_title(title)
        if not cleaned:
            raise InvalidInput("title_empty")
        return self._update(user_id, meeting_id, may="edit", title=cleaned)

    def set_date(
        self, user_id: str, meeting_id: str, *, held_at: datetime, time_zone: str
    ) -> Meeting:
        """Say when a meeting was held; it is no longer a guess."""
        return self._update(
            user_id,
            meeting_id,
            may="edit",
            held_at=held_at,
            held_at_guessed=False,
            time_zone=time_zone,
        )

    def delete(self, user_id: str, meeting_id: str) -> None:
        """Put a meeting into the bin. `restore` undoes it until `KEPT_DELETED` has passed."""
        self._update(user_id, meeting_id, may="own", deleted_at=now())

    def deleted(self, user_id: str) -> list[Meeting]:
        """A person's bin, the last deleted first."""
        with self.database.reading() as session:
            return meetings.deleted_meetings(session, user_id=user_id)

    def restore(self, user_id: str, meeting_id: str) -> Meeting:
        """Bring a meeting back from the bin."""
        with self.database.writing() as session:
            meeting = meetings.deleted_meeting(session, user_id=user_id, meeting_id=meeting_id)
            if meeting is None:
                raise NotFound("meeting_missing", meeting=meeting_id[:40])
            meeting.deleted_at = None
            return meeting

    def delete_for_good(self, user_id: str, meeting_id: str) -> None:
        """Delete a meeting that is in the bin: recording, transcript, minutes, conversations."""
        with self.database.reading() as session:
            meeting = meetings.deleted_meeting(session, user_id=user_id, meeting_id=meeting_id)
        if meeting is None:
            raise NotFound("meeting_missing", meeting=meeting_id[:40])
        self._erasing.erase(meeting)

    def empty_old(self) -> int:
        """Delete for good what has been in a bin for longer than KEPT_DELETED; tells how many."""
        with self.database.reading() as session:
            old = meetings.deleted_before(session, moment=now() - KEPT_DELETED)
        for meeting in old:
            self._erasing.erase(meeting)
        return len(old)

    def sweep(self, addresses: Sequence[str], *, after: timedelta = SETTLED) -> int:
        """Wipe what deleted meetings left in the databases at these addresses (Erasing.sweep)."""
        return self._erasing.sweep(addresses, after=after)

    @property
    def _erasing(self) -> Erasing:
        return Erasing(self.database, self.recordings, self.workflows)

    def _update(self, user_id: str, meeting_id: str, *, may: May, **values: object) -> Meeting:
        with self.database.writing() as session:
            kept = permitted(session, user_id=user_id, meeting_id=meeting_id, may=may)
            for name, value in values.items():
                setattr(kept, name, value)
            session.add(kept)
            return kept
