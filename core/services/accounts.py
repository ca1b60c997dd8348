"""Who may come in: signing in by name and password or by an OpenID provider, and by which browsers
somebody is in. With accounts off everybody is the one local person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from core.domain.account_names import clean_name
from core.errors import ConfigError, InvalidInput, NotFound
from core.services.attempts import Throttle
from core.services.invitations import Invitations
from core.services.passwords import LONGEST, Passwords, check_new_password
from core.services.people import People
from core.services.sign_ins import SignIns, token_hash
from core.settings import Settings
from core.store import accounts
from core.store.account_rows import SignIn, User
from core.store.database import Database

SCOPES = frozenset({"read", "write"})
_ONE_ADDRESS = "password of"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, and what they may do."""

    user_id: str
    name: str
    admin: bool
    scopes: frozenset[str] = field(default=SCOPES)


@dataclass(frozen=True)
class Accounts:
    """Signs people in and out."""

    database: Database
    settings: Settings
    people_here: People
    passwords: Passwords
    throttle: Throttle
    browsers: SignIns
    invitations: Invitations

    @property
    def on(self) -> bool:
        """Do people sign in here?"""
        return self.settings.accounts

    def refuse_if_off(self) -> None:
        """ConfigError("accounts_off") where there are accounts and the setting is off: whoever
        reached the server would be anybody."""
        if not self.on and not self.none_yet():
            raise ConfigError("accounts_off", folder=str(self.settings.folder))

    def none_yet(self) -> bool:
        """Whether nobody has an account: the first is made at the command line."""
        with self.database.reading() as session:
            return not accounts.any_account(session)

    def sign_in(self, name: str, password: str, *, address: str, agent: str) -> str:
        """The token of a new sign-in, for the cookie.

        Raises InvalidInput: sign_in_refused (nobody is told whether it was the name or the
        password), sign_in_throttled with `seconds`, sign_in_busy. A known and an unknown name
        cost the same.
        """
        self.throttle.count(name=name, address=address)
        if len(password) > LONGEST:
            raise InvalidInput("sign_in_refused")
        user = self._account_called(name)
        kept = user.password if user else None
        right = self.passwords.matches(password, kept)
        if user is None or kept is None or not right:
            raise InvalidInput("sign_in_refused")
        better = self.passwords.hash(password) if self.passwords.is_weak(kept) else kept
        with self.database.writing() as session:
            here = accounts.account(session, user_id=user.id, changing=True)
            if here is None or here.password != kept:  # changed while we hashed
                raise InvalidInput("sign_in_refused")
            here.password = better
            session.add(here)
            token = self.browsers.begin(session, user_id=here.id, agent=agent, way="password")
        self.throttle.succeeded(name=name, address=address)
        return token

    def sign_in_elsewhere(
        self, *, subject: str, name: str, agent: str, invitation: str | None = None
    ) -> str:
        """The token of a new sign-in for whom the OpenID provider knows as `subject` and calls
        `name`: somebody who has an account, or who was invited.

        Raises InvalidInput("oidc_unknown"), NotFound("invitation_missing").
        """
        with self.database.writing() as session:
            user = accounts.account_by_subject(session, subject=subject)
            if user:
                return self.browsers.begin(session, user_id=user.id, agent=agent, way="oidc")
        if invitation is None:
            raise InvalidInput("oidc_unknown")
        try:
            return self.invitations.accept_elsewhere(
                invitation, subject=subject, name=name, agent=agent
            )
        except IntegrityError as error:  # at the same moment in two tabs, or who is leaving
            raise InvalidInput("oidc_unknown") from error

    def link_subject(self, user_id: str, subject: str) -> None:
        """Let a person sign in as that one of the OpenID provider, too.

        Raises InvalidInput("oidc_taken"), NotFound("person_missing").
        """
        try:
            with self.database.writing() as session:
                user = accounts.account(session, user_id=user_id, changing=True)
                if user is None:
                    raise NotFound("person_missing", name=user_id)
                user.subject = subject
                session.add(user)
        except IntegrityError as error:
            raise InvalidInput("oidc_taken") from error

    def identity(self, token: str | None) -> Identity | None:
        """Who shows that token; None for nobody. With accounts off the local person, whatever is
        shown."""
        user = self.browsers.whose(token) if self.on else self.people_here.local_person()
        return self._identity(user) if user else None

    def sign_out(self, token: str | None) -> None:
        """End the sign-in of that token, if there is one."""
        if token:
            self.browsers.end(token)

    def sign_out_everywhere(self, user_id: str, *, tokens_too: bool = False) -> None:
        """End all of a person's sign-ins, and on demand revoke all their API tokens."""
        with self.database.writing() as session:
            self._shut(session, user_id, tokens_too=tokens_too)

    def sign_ins(self, user_id: str) -> list[SignIn]:
        """The browsers by which a person is in, those last used first."""
        return self.browsers.all(user_id)

    def end_sign_in(self, user_id: str, sign_in_id: str) -> None:
        """End one of them. Raises NotFound("sign_in_missing")."""
        self.browsers.end_one(user_id, sign_in_id)

    def sign_in_id(self, token: str | None) -> str | None:
        """The id of the sign-in of that token, to mark "this browser" among sign_ins."""
        user = self.browsers.whose(token)
        mine = self.browsers.all(user.id) if user and token else []
        return next((one.id for one in mine if one.token_hash == token_hash(token or "")), None)

    def check_password(self, user_id: str, password: str) -> None:
        """Whether it is the person's password, before what cannot be undone.

        Raises InvalidInput: password_wrong, password_none, sign_in_throttled with `seconds`.
        """
        self._checked(user_id, password)

    def change_password(
        self, user_id: str, *, old: str, new: str, keep: str | None, tokens_too: bool = False
    ) -> None:
        """Set another password and end all sign-ins but the one of the token `keep`; on demand
        revoke all API tokens.

        Raises InvalidInput: password_wrong, password_none (who signs in elsewhere), what
        check_new_password raises, sign_in_throttled.
        """
        user = self._checked(user_id, old)
        hashed = self.passwords.hash(check_new_password(new, name=user.name))
        with self.database.writing() as session:
            here = accounts.account(session, user_id=user_id, changing=True)
            if here is None or here.password != user.password:
                raise InvalidInput("password_wrong")
            here.password = hashed
            session.add(here)
            besides = token_hash(keep) if keep else None
            self._shut(session, here.id, besides=besides, tokens_too=tokens_too)

    def set_password(self, name: str, new: str, *, tokens_too: bool = True) -> int:
        """Set somebody's password, for who has the data folder, and end all their sign-ins. It was
        lost or stolen, so API tokens end with it unless told otherwise; tells how many did.

        Raises NotFound("person_missing") and what check_new_password raises.
        """
        user = self.called(name)
        hashed = self.passwords.hash(check_new_password(new, name=user.name))
        with self.database.writing() as session:
            here = accounts.account(session, user_id=user.id, changing=True)
            if here is None:
                raise NotFound("person_missing", name=name)
            here.password = hashed
            session.add(here)
            return self._shut(session, here.id, tokens_too=tokens_too)

    def called(self, name: str) -> User:
        """The person of that name, for who has the data folder. Raises NotFound."""
        user = self._account_called(name)
        if user is None:
            raise NotFound("person_missing", name=name)
        return user

    def everybody(self) -> list[tuple[User, datetime | None]]:
        """All who have an account and when their browsers were last here, for who has the data
        folder."""
        with self.database.reading() as session:
            seen = accounts.last_seen(session)
            return [(one, seen.get(one.id)) for one in accounts.accounts(session)]

    def people(self, asked_by: str) -> list[User]:
        """All who have an account, by name. Raises InvalidInput("admins_only")."""
        self.refuse_others(asked_by)
        return [user for user, _ in self.everybody()]

    def last_seen(self, asked_by: str) -> dict[str, datetime]:
        """When everybody's browsers were last here, by user id. Raises InvalidInput."""
        self.refuse_others(asked_by)
        return {user.id: at for user, at in self.everybody() if at is not None}

    def set_admin(self, asked_by: str, *, user_id: str, admin: bool) -> None:
        """Make somebody an admin, or no more.

        Raises InvalidInput: admins_only, last_admin; NotFound("person_missing").
        """
        self._set_admin(user_id, admin=admin, asked_by=asked_by)

    def let_decide(self, user_id: str, *, admin: bool) -> None:
        """set_admin for who has the data folder."""
        self._set_admin(user_id, admin=admin, asked_by=None)

    def _set_admin(self, user_id: str, *, admin: bool, asked_by: str | None) -> None:
        with self.database.writing() as session:
            there = accounts.admins(session, besides=user_id)
            if asked_by is not None and asked_by not in {one.id for one in there}:
                raise InvalidInput("admins_only")
            user = accounts.account(session, user_id=user_id, changing=True)
            if user is None:
                raise NotFound("person_missing", name=user_id)
            if not admin and [one.id for one in there] == [user_id]:
                raise InvalidInput("last_admin", name=user.name)
            user.admin = admin
            session.add(user)

    def refuse_others(self, user_id: str) -> None:
        """InvalidInput("admins_only") for who is no admin. With accounts off the one person is."""
        self.people_here.refuse_others(user_id)

    def _account_called(self, name: str) -> User | None:
        try:
            cleaned = clean_name(name)
        except InvalidInput:
            return None
        with self.database.reading() as session:
            return accounts.account_by_name(session, name=cleaned)

    def _checked(self, user_id: str, password: str) -> User:
        with self.database.reading() as session:
            user = accounts.account(session, user_id=user_id)
        if user is None:
            raise NotFound("person_missing", name=user_id)
        if user.password is None:
            raise InvalidInput("password_none")
        # Who found an open browser must not try passwords at leisure.
        tried = {"name": f"{_ONE_ADDRESS} {user_id}", "address": f"{_ONE_ADDRESS} {user_id}"}
        self.throttle.count(**tried)
        if len(password) > LONGEST or not self.passwords.matches(password, user.password):
            raise InvalidInput("password_wrong")
        self.throttle.succeeded(**tried)
        return user

    def _shut(
        self, session: Session, user_id: str, *, tokens_too: bool, besides: str | None = None
    ) -> int:
        """End all sign-ins but that of the token hash `besides`, and the API tokens as well if it
        is to be; tells how many of those."""
        accounts.end_sign_ins(session, user_id=user_id, besides=besides)
        if not tokens_too:
            return 0
        return accounts.revoke_tokens(session, user_id=user_id, at=self.browsers.now())

    def _identity(self, user: User) -> Identity:
        return Identity(user_id=user.id, name=user.name, admin=user.admin or not self.on)
