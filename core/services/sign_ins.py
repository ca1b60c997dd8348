"""Browsers that are signed in. A token is 256 random bits; only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from core.errors import MinutesError, NotFound
from core.store import accounts
from core.store.account_rows import SignIn, User
from core.store.database import Database
from core.store.types import now

LIFE = timedelta(days=30)
"""A sign-in that is not used for so long has ended."""
RENEWED_AFTER = timedelta(minutes=10)
"""Its use is noted once in so long: every request and page run asks for it."""
_AGENT_LIMIT = 200
_TOKEN_LIMIT = 200


def new_token() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """How a token is kept. It is random, so a fast hash is as good as a slow one."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class SignIns:
    """Begins, finds and ends them."""

    database: Database
    now: Callable[[], datetime] = now

    def begin(self, session: Session, *, user_id: str, agent: str, way: str) -> str:
        """A new sign-in in the transaction; returns the token, which nobody can read again."""
        at = self.now()
        accounts.end_old_sign_ins(session, at=at)
        token = new_token()
        shown = "".join(one if one.isprintable() else " " for one in agent)[:_AGENT_LIMIT]
        session.add(
            SignIn(
                token_hash=token_hash(token),
                user_id=user_id,
                agent=shown,
                way=way,
                created_at=at,
                seen_at=at,
                expires_at=at + LIFE,
            )
        )
        session.flush()
        return token

    def whose(self, token: str | None) -> User | None:
        """The person whose browser shows that token, None where it holds no more. Cheap: one
        question to the database, and now and then a write that puts off its end."""
        if not token or len(token) > _TOKEN_LIMIT:
            return None
        hashed, at = token_hash(token), self.now()
        with self.database.reading() as session:
            found = accounts.signed_in(session, token_hash=hashed, at=at)
        if found is None:
            return None
        sign_in, user = found
        if at - sign_in.seen_at >= RENEWED_AFTER:
            # Where nothing can be written, people can still read.
            with suppress(MinutesError), self.database.writing() as session:
                accounts.renew_sign_in(session, token_hash=hashed, seen_at=at, expires_at=at + LIFE)
        return user

    def end(self, token: str) -> None:
        """End the sign-in of that token, if there is one."""
        with self.database.writing() as session:
            accounts.end_token(session, token_hash=token_hash(token))

    def all(self, user_id: str) -> list[SignIn]:
        """A person's, those last used first."""
        with self.database.reading() as session:
            return accounts.sign_ins(session, user_id=user_id, at=self.now())

    def end_one(self, user_id: str, sign_in_id: str) -> None:
        """End one of a person's. Raises NotFound("sign_in_missing")."""
        with self.database.writing() as session:
            if not accounts.end_sign_in(session, user_id=user_id, sign_in_id=sign_in_id):
                raise NotFound("sign_in_missing")
