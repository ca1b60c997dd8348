"""Sharing one meeting with another person of this server, for reading or for editing as well.

Only the owner shares. What the other makes of the meeting (minutes, conversations) is theirs: the
owner does not see it, they don't find it any more once the meeting is not shared, and it goes with
the meeting.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import InvalidInput, NotFound
from core.services.chat import Chat
from core.services.jobs import Jobs
from core.services.permission import permitted
from core.store import lessons, people, shares
from core.store.account_rows import User
from core.store.database import Database
from core.store.shares import May
from core.store.tables import Meeting


@dataclass(frozen=True, slots=True)
class Shared:
    """With whom a meeting is shared."""

    user_id: str
    name: str
    may_edit: bool


@dataclass(frozen=True, slots=True)
class SharedMeeting:
    """A meeting of `owner` (a name) that somebody may read, or also edit."""

    meeting: Meeting
    owner: str
    may_edit: bool


@dataclass(frozen=True)
class Sharing:
    """Every method takes the id of who asks. NotFound for a meeting that they may not even read,
    InvalidInput("meeting_of_another") for one that is shared with them."""

    database: Database
    chat: Chat
    jobs: Jobs

    def share(self, user_id: str, meeting_id: str, name: str, *, may_edit: bool) -> Shared:
        """Share a meeting with the person of exactly this name (case and width aside), or change
        what they may.

        InvalidInput("share_name_unknown") where there is nobody of that name: people who share
        know each other, and nothing is told beyond that; ("share_with_oneself").
        """
        with self.database.writing() as session:
            meeting = permitted(session, user_id=user_id, meeting_id=meeting_id, may="own")
            other = people.user_by_name(session, name=name.strip())
            if other is None or other.leaving_at is not None:
                raise InvalidInput("share_name_unknown", name=" ".join(name.split())[:64])
            if other.id == user_id:
                raise InvalidInput("share_with_oneself")
            shares.ensure_share(session, meeting_id=meeting.id, user_id=other.id, may_edit=may_edit)
            return Shared(other.id, other.name, may_edit)

    def shares(self, user_id: str, meeting_id: str) -> list[Shared]:
        """With whom a meeting is shared, by name."""
        with self.database.reading() as session:
            permitted(session, user_id=user_id, meeting_id=meeting_id, may="own")
            return [
                Shared(other.id, other.name, share.may_edit)
                for share, other in shares.shares(session, meeting_id=meeting_id)
            ]

    def unshare(self, user_id: str, meeting_id: str, other_id: str) -> None:
        """Take it back at once; what the other has running over the meeting is stopped. NotFound
        where it was not shared with them. Who was given it may give it back, too."""
        with self.database.writing() as session:
            may: May = "read" if other_id == user_id else "own"
            permitted(session, user_id=user_id, meeting_id=meeting_id, may=may)
            if not shares.delete_share(session, meeting_id=meeting_id, user_id=other_id):
                raise NotFound("share_missing")
            lessons.drop_over(session, user_id=other_id, meeting_id=meeting_id)
        self.jobs.stop_over(other_id, meeting_id=meeting_id)
        self.chat.stop_over(other_id, meeting_id=meeting_id)

    def shared_with_me(self, user_id: str) -> list[SharedMeeting]:
        """What others share with this person, the latest held first."""
        with self.database.reading() as session:
            return [
                SharedMeeting(meeting, owner.name, may_edit)
                for meeting, owner, may_edit in shares.shared_with(session, user_id=user_id)
            ]

    def role(self, user_id: str, meeting_id: str) -> May:
        """The most that this person may do with a meeting."""
        with self.database.reading() as session:
            found = shares.role(session, user_id=user_id, meeting_id=meeting_id)
        if found is None:
            raise NotFound("meeting_missing", meeting=meeting_id[:40])
        return found

    def owner(self, user_id: str, meeting_id: str) -> str:
        """The name of whose meeting it is."""
        with self.database.reading() as session:
            meeting = permitted(session, user_id=user_id, meeting_id=meeting_id, may="read")
            owner = session.get(User, meeting.user_id)
        assert owner is not None, "foreign key"
        return owner.name
