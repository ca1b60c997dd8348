"""Links by which an admin lets somebody make an account. Each can be used once, for a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from core.domain.account_names import LIMIT, clean_name, presentable_name
from core.errors import InvalidInput, NotFound
from core.services.passwords import Passwords, check_new_password
from core.services.people import People, hold_admin
from core.services.sign_ins import SignIns, new_token, token_hash
from core.store import accounts
from core.store.account_rows import Invitation, User
from core.store.database import Database

LIFE = timedelta(days=7)
NOTE_LIMIT = 200
"""Characters of a note."""
_OTHERWISE = "person"
_MOST_ALIKE = 1000
"""How many people of one name a provider may send."""


@dataclass(frozen=True)
class Invitations:
    """Gives them out, and makes accounts of them."""

    database: Database
    people: People
    passwords: Passwords
    browsers: SignIns

    def invite(self, user_id: str, *, note: str = "") -> str:
        """The token of a new invitation; it can be read only now.

        Raises InvalidInput: admins_only, note_too_long.
        """
        note = " ".join(note.split())
        if len(note) > NOTE_LIMIT:
            raise InvalidInput("note_too_long", length=len(note), limit=NOTE_LIMIT)
        token, at = new_token(), self.browsers.now()
        row = Invitation(
            token_hash=token_hash(token),
            user_id=user_id,
            note=note,
            created_at=at,
            expires_at=at + LIFE,
        )
        with self.database.writing() as session:
            hold_admin(session, self.people, user_id)
            accounts.end_old_invitations(session, at=at)
            session.add(row)
        return token

    def find(self, token: str) -> Invitation:
        """The invitation that can still be used. Raises NotFound("invitation_missing")."""
        with self.database.reading() as session:
            found = accounts.open_invitation(
                session, token_hash=token_hash(token), at=self.browsers.now()
            )
        if found is None:
            raise NotFound("invitation_missing")
        return found

    def accept(self, token: str, *, name: str, password: str, agent: str) -> str:
        """Make the account and sign it in: the token for the cookie.

        Raises NotFound("invitation_missing"), InvalidInput: name_taken and what clean_name and
        check_new_password raise. The invitation stays good after each of those.
        """
        self.find(token)  # before the work of a hash
        cleaned = clean_name(name)
        typed = check_new_password(password, name=cleaned)
        with self.database.reading() as session:
            if not accounts.name_is_free(session, name=cleaned):
                raise InvalidInput("name_taken", name=cleaned)
        hashed = self.passwords.hash(typed)
        try:
            with self.database.writing() as session:
                self._use(session, token)
                user = accounts.make_account(session, name=cleaned, password=hashed)
                return self._let_in(session, token, user, agent=agent, way="password")
        except IntegrityError as error:
            raise InvalidInput("name_taken", name=cleaned) from error

    def accept_elsewhere(self, token: str, *, subject: str, name: str, agent: str) -> str:
        """Make the account of somebody whom an OpenID provider names `name`: the cookie's token.
        Where the name is taken, a number follows it.

        Raises NotFound("invitation_missing").
        """
        wanted = presentable_name(name, otherwise=_OTHERWISE)
        with self.database.writing() as session:
            self._use(session, token)
            free = self._free_name(session, wanted)
            user = accounts.make_account(session, name=free, subject=subject)
            return self._let_in(session, token, user, agent=agent, way="oidc")

    def all(self, user_id: str) -> list[Invitation]:
        """Those that can be used and those that were, newest first. InvalidInput("admins_only")."""
        self.people.refuse_others(user_id)
        with self.database.reading() as session:
            return accounts.invitations(session, at=self.browsers.now())

    def revoke(self, user_id: str, invitation_id: str) -> None:
        """Take one back. Raises InvalidInput("admins_only"), NotFound("invitation_missing")."""
        with self.database.writing() as session:
            hold_admin(session, self.people, user_id)
            if not accounts.end_invitation(session, invitation_id=invitation_id):
                raise NotFound("invitation_missing")

    def _use(self, session: Session, token: str) -> None:
        hashed, at = token_hash(token), self.browsers.now()
        found = accounts.open_invitation(session, token_hash=hashed, at=at)
        if found is None or not accounts.use_invitation(session, token_hash=hashed, at=at):
            raise NotFound("invitation_missing")

    def _let_in(self, session: Session, token: str, user: User, *, agent: str, way: str) -> str:
        accounts.note_who_joined(session, token_hash=token_hash(token), user_id=user.id)
        return self.browsers.begin(session, user_id=user.id, agent=agent, way=way)

    def _free_name(self, session: Session, wanted: str) -> str:
        for number in range(1, _MOST_ALIKE):
            more = "" if number == 1 else f" {number}"
            name = wanted[: LIMIT - len(more)].rstrip() + more
            if accounts.name_is_free(session, name=name):
                return name
        raise InvalidInput("name_taken", name=wanted)
