"""The rows of people: who they are, how they get in, and whom they let in. No secret is kept, only
hashes of them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from core.store.columns import json_column, moment
from core.store.types import new_id


class User(SQLModel, table=True):
    """A person. With accounts off there is one, named "local"."""

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True)
    """As it is shown, in Unicode's form NFC."""
    folded: str = Field(index=True, unique=True)
    """The name without case, width and spaces (store.people.folded_name): no two are alike."""
    password: str | None = None
    """The argon2id hash in its own format; None for who signs in elsewhere or not at all."""
    subject: str | None = Field(default=None, index=True, unique=True)
    """Who they are to the OpenID provider: issuer and subject."""
    admin: bool = False
    created_at: datetime = moment()
    leaving_at: datetime | None = moment(nullable=True)
    """Since when everything of theirs is being deleted: nobody gets in any more."""


class SignIn(SQLModel, table=True):
    """A browser that is signed in; the cookie's value is kept as a hash only."""

    __tablename__ = "sign_in"
    token_hash: str = Field(primary_key=True)
    id: str = Field(default_factory=new_id, unique=True)
    """What the person may see and end it by."""
    user_id: str = Field(foreign_key="user.id", index=True)
    agent: str = ""
    """The browser's own words, cut short."""
    way: str = "password"
    """password or oidc."""
    created_at: datetime = moment()
    seen_at: datetime = moment()
    expires_at: datetime = moment(index=True)


class Invitation(SQLModel, table=True):
    """A link by which one person may make an account."""

    token_hash: str = Field(primary_key=True)
    id: str = Field(default_factory=new_id, unique=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    """Who invited."""
    note: str = ""
    """For whom, in the words of who invited."""
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)
    used_by: str | None = None


class ApiToken(SQLModel, table=True):
    """What a program of a person shows instead of a password."""

    __tablename__ = "api_token"
    id: str = Field(default_factory=new_id, primary_key=True)
    token_hash: str = Field(unique=True)
    user_id: str = Field(foreign_key="user.id", index=True)
    name: str
    hint: str
    """Its first letters, to know it again."""
    scopes: list[str] = json_column(list)
    """read, write."""
    created_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)
    expires_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)


class Attempts(SQLModel, table=True):
    """How often something was tried in vain of late, by a hash of whom or what it concerns."""

    key: str = Field(primary_key=True)
    count: int = 0
    first_at: datetime = moment()
    last_at: datetime = moment(index=True)


class Share(SQLModel, table=True):
    """One meeting that another person may read, or also edit."""

    meeting_id: str = Field(foreign_key="meeting.id", primary_key=True)
    user_id: str = Field(foreign_key="user.id", primary_key=True, index=True)
    """With whom."""
    may_edit: bool = False
    created_at: datetime = moment()
