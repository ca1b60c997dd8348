"""The first account, and those made from the data folder. What the local person had becomes the
first admin's: their row is given the new name, so every row that refers to it stays as it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from core.domain.account_names import clean_name
from core.errors import InvalidInput
from core.services.passwords import Passwords, check_new_password
from core.services.people import ADMINS_CHOICES, MACHINE
from core.store import accounts, people
from core.store.account_rows import User
from core.store.database import Database
from core.store.memory_rows import MemoryEntry, Style
from core.store.tables import Meeting, Recording, TemplateRow, Thread


@dataclass(frozen=True, slots=True)
class Belongings:
    """How much is somebody's."""

    meetings: int = 0
    recordings: int = 0
    threads: int = 0
    styles: int = 0
    memory: int = 0
    templates: int = 0

    def __bool__(self) -> bool:
        return any(asdict(self).values())


@dataclass(frozen=True)
class Adoption:
    """Makes accounts for who has the data folder."""

    database: Database
    passwords: Passwords

    def check(self, name: str, *, admin: bool) -> str:
        """The name as it would be kept, before anything is asked for.

        Raises InvalidInput: name_taken, first_not_admin and what clean_name raises.
        """
        cleaned = clean_name(name)
        with self.database.reading() as session:
            self._refuse(session, cleaned, admin=admin)
        return cleaned

    def awaited(self) -> Belongings:
        """What the next account would become the owner of: nothing once there is one."""
        with self.database.reading() as session:
            local = people.user_by_name(session, name=accounts.LOCAL)
            if local is None or accounts.any_account(session):
                return Belongings()
            return _belongings(session, local.id)

    def add(self, name: str, password: str, *, admin: bool) -> User:
        """Make the account; the first takes over what the local person had, in one transaction.

        Raises InvalidInput: name_taken, first_not_admin, what clean_name and check_new_password
        raise.
        """
        cleaned = clean_name(name)
        hashed = self.passwords.hash(check_new_password(password, name=cleaned))
        try:
            with self.database.writing() as session:
                self._refuse(session, cleaned, admin=admin)
                local = accounts.held_local(session)  # of two at once, one takes it over
                if local is None or accounts.any_account(session):
                    return accounts.make_account(
                        session, name=cleaned, password=hashed, admin=admin
                    )
                _rename(session, local, name=cleaned, password=hashed)
                return local
        except IntegrityError as error:
            raise InvalidInput("name_taken", name=cleaned) from error

    def _refuse(self, session: Session, name: str, *, admin: bool) -> None:
        if not accounts.name_is_free(session, name=name):
            raise InvalidInput("name_taken", name=name)
        if not admin and not accounts.any_account(session):
            raise InvalidInput("first_not_admin", name=name)


def _rename(session: Session, local: User, *, name: str, password: str) -> None:
    local.name, local.folded = name, people.folded_name(name)
    local.password, local.admin = password, True
    session.add(local)
    for choice in ADMINS_CHOICES:  # what one person chose for the machine holds for all now
        chosen = people.choice(session, owner=local.id, name=choice)
        if chosen is not None:
            people.ensure_choice(session, owner=local.id, name=choice, value=None)
            people.ensure_choice(session, owner=MACHINE, name=choice, value=chosen)
    session.flush()


def _belongings(session: Session, user_id: str) -> Belongings:
    return Belongings(
        meetings=accounts.rows_of(session, user_id=user_id, table=Meeting),
        recordings=accounts.rows_of(session, user_id=user_id, table=Recording),
        threads=accounts.rows_of(session, user_id=user_id, table=Thread),
        styles=accounts.rows_of(session, user_id=user_id, table=Style),
        memory=accounts.rows_of(session, user_id=user_id, table=MemoryEntry),
        templates=accounts.rows_of(session, user_id=user_id, table=TemplateRow),
    )
