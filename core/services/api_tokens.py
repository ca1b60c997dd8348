"""What a person's own programs show instead of a password. Only hashes are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import InvalidInput, MinutesError, NotFound
from core.services.accounts import SCOPES, Identity
from core.services.sign_ins import RENEWED_AFTER, new_token, token_hash
from core.store import accounts
from core.store.account_rows import ApiToken
from core.store.database import Database
from core.store.types import now

PREFIX = "minutes_"
"""By which a token is known for one of ours, where it was left lying about."""
NAME_LIMIT = 64
MOST = 50
"""Tokens of one person."""
LONGEST = 3660
"""Days."""
_HINT = len(PREFIX) + 4
_SECRET_LIMIT = 200


@dataclass(frozen=True)
class ApiTokens:
    """Makes, finds and ends them."""

    database: Database
    now: Callable[[], datetime] = now

    def make(
        self, user_id: str, *, name: str, scopes: Collection[str], days: int | None
    ) -> tuple[ApiToken, str]:
        """A token for `days`, or without an end; its secret can be read only now.

        Raises InvalidInput: token_name_empty, token_name_long, token_scopes, token_days,
        tokens_many; NotFound("person_missing").
        """
        name = _checked_name(name)
        if not scopes or not set(scopes) <= SCOPES:
            raise InvalidInput("token_scopes", known=", ".join(sorted(SCOPES)))
        if days is not None and not 1 <= days <= LONGEST:
            raise InvalidInput("token_days", most=LONGEST)
        secret, at = PREFIX + new_token(), self.now()
        row = ApiToken(
            token_hash=token_hash(secret),
            user_id=user_id,
            name=name,
            hint=secret[:_HINT],
            scopes=sorted(set(scopes)),
            created_at=at,
            expires_at=None if days is None else at + timedelta(days=days),
        )
        with self.database.writing() as session:
            # The row is held, or many at once would each count before the others are there.
            if accounts.account(session, user_id=user_id, changing=True) is None:
                raise NotFound("person_missing", name=user_id)
            if len(accounts.api_tokens(session, user_id=user_id)) >= MOST:
                raise InvalidInput("tokens_many", most=MOST)
            session.add(row)
        return row, secret

    def identity(self, secret: str) -> Identity | None:
        """Whose program shows that secret, None where it is nobody's, revoked or too old. A program
        is never an admin: what holds for everybody is decided by a person in a browser."""
        if not secret.startswith(PREFIX) or len(secret) > _SECRET_LIMIT:
            return None
        at = self.now()
        with self.database.reading() as session:
            found = accounts.token_in_force(session, token_hash=token_hash(secret), at=at)
        if found is None:
            return None
        token, user = found
        if token.used_at is None or at - token.used_at >= RENEWED_AFTER:
            with suppress(MinutesError), self.database.writing() as session:
                accounts.note_token_use(session, token_id=token.id, at=at)
        return Identity(
            user_id=user.id, name=user.name, admin=False, scopes=frozenset(token.scopes)
        )

    def all(self, user_id: str) -> list[ApiToken]:
        """A person's tokens that were not revoked, newest first."""
        with self.database.reading() as session:
            return accounts.api_tokens(session, user_id=user_id)

    def revoke(self, user_id: str, token_id: str) -> None:
        """End one. Raises NotFound("token_missing")."""
        at = self.now()
        with self.database.writing() as session:
            if not accounts.revoke_token(session, user_id=user_id, token_id=token_id, at=at):
                raise NotFound("token_missing")


def _checked_name(name: str) -> str:
    name = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    if not name:
        raise InvalidInput("token_name_empty")
    if len(name) > NAME_LIMIT:
        raise InvalidInput("token_name_long", length=len(name), limit=NAME_LIMIT)
    return name
