"""Accounts with a clock that is set by hand and hashes that cost nothing, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher

from core.app import App
from core.services.accounts import Accounts
from core.services.adoption import Adoption
from core.services.api_tokens import ApiTokens
from core.services.attempts import Throttle
from core.services.invitations import Invitations
from core.services.passwords import Passwords
from core.services.sign_ins import SignIns
from core.store.account_rows import User

PASSWORD = "correct horse battery"
HERE = {"address": "203.0.113.7", "agent": "Firefox"}


class CheapHasher(PasswordHasher):
    """Counts what it does; a hash takes no time."""

    def __init__(self, *, time_cost: int = 1) -> None:
        super().__init__(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.hashed = 0
        self.verified: list[str] = []

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.hashed += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
        self.verified.append(str(hash))
        return super().verify(hash, password)


@dataclass
class Clock:
    """A time that passes when it is told to."""

    at: datetime = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **much: float) -> None:
        self.at += timedelta(**much)


@dataclass
class Doors:
    """All ways in, over an App's database."""

    app: App
    clock: Clock = field(default_factory=Clock)
    hasher: CheapHasher = field(default_factory=CheapHasher)

    def __post_init__(self) -> None:
        database, people = self.app.database, self.app.people
        passwords = Passwords(hasher=self.hasher, wait=0.2)
        browsers = SignIns(database=database, now=self.clock)
        self.invitations = Invitations(
            database=database, people=people, passwords=passwords, browsers=browsers
        )
        self.accounts = Accounts(
            database=database,
            settings=self.app.settings,
            people_here=people,
            passwords=passwords,
            throttle=Throttle(database=database, now=self.clock),
            browsers=browsers,
            invitations=self.invitations,
        )
        self.tokens = ApiTokens(database=database, now=self.clock)
        self.adoption = Adoption(database=database, passwords=passwords)

    def add(self, name: str, *, admin: bool = False) -> User:
        return self.adoption.add(name, PASSWORD, admin=admin)

    def sign_in(self, name: str, password: str = PASSWORD) -> str:
        return self.accounts.sign_in(name, password, **HERE)
