"""Deleting a person with everything of theirs, for good.

First nobody gets in as them any more and their work stops; then what they have goes, piece by
piece. A crash in between leaves somebody who is leaving: `finish_all` goes on with them. Bytes that
another person keeps as well stay (services.recordings), and so does what they changed in the
meetings of others.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from filelock import FileLock
from sqlalchemy.exc import IntegrityError

from core.errors import InvalidInput, NotFound
from core.services.chat import Chat
from core.services.erasing import Erasing
from core.services.jobs import Jobs
from core.services.recordings import Recordings
from core.services.upload_keeping import UploadKeeping
from core.store import accounts, belongings, erasing, shares
from core.store.account_rows import User
from core.store.database import Database
from core.store.types import now

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Leaving:
    """Whoever asks has to have asked the person; nothing is undone here."""

    database: Database
    recordings: Recordings
    keeping: UploadKeeping
    jobs: Jobs
    chat: Chat

    def leave(self, user_id: str) -> None:
        """Delete this person. What could not be deleted just now (an upload that is being kept)
        goes at the next `finish_all`.

        Raises NotFound("person_missing"), InvalidInput("leaving_last_admin") where others would be
        left without an admin.
        """
        self._begin(user_id)
        self._finish(user_id)

    def remove(self, asked_by: str, *, user_id: str) -> None:
        """Delete somebody else, which an admin may. Raises what `leave` raises, and
        InvalidInput("admins_only")."""
        self._begin(user_id, asked_by=asked_by)
        self._finish(user_id)

    def _begin(self, user_id: str, *, asked_by: str | None = None) -> None:
        """From here on nobody gets in as them."""
        with self.database.writing() as session:
            admins = {one.id for one in accounts.admins(session, besides=user_id)}
            if asked_by is not None and asked_by not in admins:
                raise InvalidInput("admins_only")
            user = session.get(User, user_id)
            if user is None or user.leaving_at is not None:
                raise NotFound("person_missing", name=user_id[:40])
            others = [one for one in accounts.accounts(session) if one.id != user_id]
            if others and admins == {user_id}:
                raise InvalidInput("leaving_last_admin")
            user.leaving_at = now()
            session.add(user)
            belongings.shut_out(session, user_id=user_id)

    def finish_all(self) -> int:
        """Go on with everybody who is leaving; tells how many have gone."""
        with self.database.reading() as session:
            waiting = belongings.leaving(session)
        return sum(self._finish(user_id) for user_id in waiting)

    def _finish(self, user_id: str) -> bool:
        """All of it, whatever of it was done before; tells whether the person is gone now."""
        with FileLock(self.recordings.folder / "leaving.lock"):
            with self.database.reading() as session:
                if session.get(User, user_id) is None:
                    return False
            self._stop(user_id)
            self._delete_meetings(user_id)
            self._delete_made(user_id)
            with self.database.reading() as session:
                uploads = belongings.uploads(session, user_id=user_id)
            for upload in uploads:
                self.keeping.forget(upload.id)
            return self._delete_person(user_id)

    def _stop(self, user_id: str) -> None:
        """Everything that runs for this person, or for others over their meetings."""
        self.jobs.stop_over(user_id)
        self.chat.stop_over(user_id)
        with self.database.reading() as session:
            mine = belongings.meetings(session, user_id=user_id)
            with_whom = [
                (share.user_id, one.id)
                for one in mine
                for share, _ in shares.shares(session, meeting_id=one.id)
            ]
        for other_id, meeting_id in with_whom:
            self.chat.stop_over(other_id, meeting_id=meeting_id)

    def _delete_meetings(self, user_id: str) -> None:
        with self.database.writing() as session:
            belongings.bin_meetings(session, user_id=user_id)
            meetings = belongings.meetings(session, user_id=user_id)
        for meeting in meetings:
            self._erasing.erase(meeting)

    def _delete_made(self, user_id: str) -> None:
        """Checkpoints and spoken summaries lie outside the rows: their names are written down
        before the rows go (services.erasing)."""
        with self.database.writing() as session:
            doomed = erasing.doom_person(session, user_id=user_id)
        self._erasing.erase_outside(doomed)
        with self.database.writing() as session:
            belongings.delete_made(session, user_id=user_id)

    def _delete_person(self, user_id: str) -> bool:
        try:
            with self.database.writing() as session:
                hashes = belongings.delete_person(session, user_id=user_id)
        except IntegrityError:  # an upload that was being kept has become a meeting: next time
            log.info("somebody who leaves had more come in; it goes in the next round")
            return False
        for sha256 in hashes:
            self.recordings.drop_unkept(sha256)
        return True

    @property
    def _erasing(self) -> Erasing:
        return Erasing(self.database, self.recordings, self.jobs.workflows)
