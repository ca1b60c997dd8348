"""Questions about who gets in: people with accounts, sign-ins, invitations, API tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, func, or_
from sqlmodel import Session, SQLModel, col, delete, select, update

from core.store.account_rows import ApiToken, Invitation, SignIn, User
from core.store.people import folded_name, user_by_name

LOCAL = "local"
"""The person of a machine without accounts."""


def is_account() -> ColumnElement[bool]:
    """The condition that a person can sign in, or could if they had a password."""
    return col(User.folded) != LOCAL


def any_account(session: Session) -> bool:
    """Whether anybody has an account here, also one that is being deleted."""
    return session.exec(select(User.id).where(is_account()).limit(1)).first() is not None


def accounts(session: Session) -> list[User]:
    """Everybody who has an account, by name; not who is leaving."""
    query = select(User).where(is_account(), col(User.leaving_at).is_(None)).order_by(User.folded)
    return list(session.exec(query))


def account(session: Session, *, user_id: str, changing: bool = False) -> User | None:
    """The person, unless they are leaving. `changing` keeps others from changing the row."""
    query = select(User).where(User.id == user_id, col(User.leaving_at).is_(None))
    return session.exec(query.with_for_update() if changing else query).first()


def held_local(session: Session) -> User | None:
    """The local person, kept from changing until the transaction ends."""
    return session.exec(select(User).where(User.folded == LOCAL).with_for_update()).first()


def account_by_name(session: Session, *, name: str) -> User | None:
    """The person of that name who has an account and is not leaving."""
    found = user_by_name(session, name=name)
    there = found is not None and found.leaving_at is None and found.folded != LOCAL
    return found if there else None


def account_by_subject(session: Session, *, subject: str) -> User | None:
    """The person whom the OpenID provider knows as that, unless they are leaving."""
    query = select(User).where(User.subject == subject, col(User.leaving_at).is_(None))
    return session.exec(query).first()


def name_is_free(session: Session, *, name: str) -> bool:
    """Whether nobody is called so, not even somebody who is leaving."""
    return user_by_name(session, name=name) is None


def make_account(
    session: Session,
    *,
    name: str,
    password: str | None = None,
    subject: str | None = None,
    admin: bool = False,
) -> User:
    """A new person. IntegrityError where somebody of that name came first."""
    user = User(
        name=name, folded=folded_name(name), password=password, subject=subject, admin=admin
    )
    session.add(user)
    session.flush()
    return user


def admins(session: Session, *, besides: str | None = None) -> list[User]:
    """Everybody who may decide for all, kept from changing until the transaction ends, as the
    person `besides` is, whose row is to be changed. All are held in the order of their ids: two
    that took one more afterwards would wait for each other."""
    decide = and_(col(User.admin), is_account(), col(User.leaving_at).is_(None))
    query = select(User).where(or_(decide, col(User.id) == besides))
    held = session.exec(query.order_by(User.id).with_for_update())
    return [one for one in held if one.admin and one.folded != LOCAL and one.leaving_at is None]


def rows_of(session: Session, *, user_id: str, table: type[SQLModel]) -> int:
    """How many rows of a table are the person's."""
    owned = table.metadata.tables[str(table.__tablename__)]
    query = select(func.count()).select_from(owned).where(owned.c.user_id == user_id)
    return session.exec(query).one()


def signed_in(session: Session, *, token_hash: str, at: datetime) -> tuple[SignIn, User] | None:
    """The sign-in that still holds, and whose it is."""
    query = (
        select(SignIn, User)
        .join(User, col(User.id) == SignIn.user_id)
        .where(
            SignIn.token_hash == token_hash,
            SignIn.expires_at > at,
            col(User.leaving_at).is_(None),
        )
    )
    return session.exec(query).first()


def renew_sign_in(
    session: Session, *, token_hash: str, seen_at: datetime, expires_at: datetime
) -> None:
    """Note that it is used. One that was ended meanwhile stays ended."""
    session.exec(
        update(SignIn)
        .where(col(SignIn.token_hash) == token_hash)
        .values(seen_at=seen_at, expires_at=expires_at)
    )


def sign_ins(session: Session, *, user_id: str, at: datetime) -> list[SignIn]:
    """A person's sign-ins that hold, those last used first."""
    query = select(SignIn).where(SignIn.user_id == user_id, SignIn.expires_at > at)
    return list(session.exec(query.order_by(col(SignIn.seen_at).desc())))


def last_seen(session: Session) -> dict[str, datetime]:
    """When each person's browsers were last here, of those that are signed in."""
    rows = session.exec(select(SignIn.user_id, SignIn.seen_at))
    seen: dict[str, datetime] = {}
    for user_id, at in rows:
        seen[user_id] = max(at, seen.get(user_id, at))
    return seen


def end_sign_in(session: Session, *, user_id: str, sign_in_id: str) -> bool:
    """End one of a person's sign-ins; tells whether it was there."""
    gone = delete(SignIn).where(col(SignIn.user_id) == user_id, col(SignIn.id) == sign_in_id)
    return _count(session, gone) > 0


def end_token(session: Session, *, token_hash: str) -> None:
    """End the sign-in of that token."""
    session.exec(delete(SignIn).where(col(SignIn.token_hash) == token_hash))


def end_sign_ins(session: Session, *, user_id: str, besides: str | None = None) -> None:
    """End all of a person's sign-ins but the one of the token hash `besides`."""
    session.exec(
        delete(SignIn).where(
            col(SignIn.user_id) == user_id, col(SignIn.token_hash) != (besides or "")
        )
    )


def end_old_sign_ins(session: Session, *, at: datetime) -> None:
    """Forget those that hold no more."""
    session.exec(delete(SignIn).where(col(SignIn.expires_at) <= at))


def open_invitation(session: Session, *, token_hash: str, at: datetime) -> Invitation | None:
    """An invitation that can be used: nobody did, it is not old, and who gave it is an admin."""
    query = (
        select(Invitation)
        .join(User, col(User.id) == Invitation.user_id)
        .where(
            Invitation.token_hash == token_hash,
            col(Invitation.used_at).is_(None),
            Invitation.expires_at > at,
            col(User.admin),
            col(User.leaving_at).is_(None),
        )
    )
    return session.exec(query).first()


def use_invitation(session: Session, *, token_hash: str, at: datetime) -> bool:
    """Use it up; False where somebody else did."""
    used = (
        update(Invitation)
        .where(col(Invitation.token_hash) == token_hash, col(Invitation.used_at).is_(None))
        .values(used_at=at)
    )
    return _count(session, used) > 0


def note_who_joined(session: Session, *, token_hash: str, user_id: str) -> None:
    """Remember who came by an invitation."""
    session.exec(
        update(Invitation).where(col(Invitation.token_hash) == token_hash).values(used_by=user_id)
    )


def invitations(session: Session, *, at: datetime) -> list[Invitation]:
    """Those that can be used and those that were, newest first."""
    there = or_(col(Invitation.used_at).is_not(None), col(Invitation.expires_at) > at)
    query = select(Invitation).where(there).order_by(col(Invitation.created_at).desc())
    return list(session.exec(query))


def end_invitation(session: Session, *, invitation_id: str) -> bool:
    """Take back an invitation that nobody has used; tells whether there was one."""
    gone = delete(Invitation).where(
        col(Invitation.id) == invitation_id, col(Invitation.used_at).is_(None)
    )
    return _count(session, gone) > 0


def end_old_invitations(session: Session, *, at: datetime) -> None:
    """Forget those that nobody used in time."""
    old = (col(Invitation.used_at).is_(None), col(Invitation.expires_at) <= at)
    session.exec(delete(Invitation).where(*old))


def token_in_force(
    session: Session, *, token_hash: str, at: datetime
) -> tuple[ApiToken, User] | None:
    """The API token that still holds, and whose it is."""
    query = (
        select(ApiToken, User)
        .join(User, col(User.id) == ApiToken.user_id)
        .where(
            ApiToken.token_hash == token_hash,
            col(ApiToken.revoked_at).is_(None),
            or_(col(ApiToken.expires_at).is_(None), col(ApiToken.expires_at) > at),
            col(User.leaving_at).is_(None),
        )
    )
    return session.exec(query).first()


def note_token_use(session: Session, *, token_id: str, at: datetime) -> None:
    """Note that it is used."""
    session.exec(update(ApiToken).where(col(ApiToken.id) == token_id).values(used_at=at))


def api_tokens(session: Session, *, user_id: str) -> list[ApiToken]:
    """A person's tokens that were not revoked, newest first; also those past their time."""
    query = select(ApiToken).where(ApiToken.user_id == user_id, col(ApiToken.revoked_at).is_(None))
    return list(session.exec(query.order_by(col(ApiToken.created_at).desc())))


def revoke_token(session: Session, *, user_id: str, token_id: str, at: datetime) -> bool:
    """End one of a person's tokens; tells whether it was there."""
    ended = (
        update(ApiToken)
        .where(
            col(ApiToken.id) == token_id,
            col(ApiToken.user_id) == user_id,
            col(ApiToken.revoked_at).is_(None),
        )
        .values(revoked_at=at)
    )
    return _count(session, ended) > 0


def revoke_tokens(session: Session, *, user_id: str, at: datetime) -> int:
    """End all of a person's tokens; tells how many there were."""
    mine = (col(ApiToken.user_id) == user_id, col(ApiToken.revoked_at).is_(None))
    return _count(session, update(ApiToken).where(*mine).values(revoked_at=at))


def _count(session: Session, statement: Any) -> int:
    return cast("CursorResult[Any]", session.exec(statement)).rowcount
