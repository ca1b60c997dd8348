"""Which folder of recordings the servers on a shared PostgreSQL database keep."""

from __future__ import annotations

from sqlalchemy import Connection, case
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from core.store.machine_rows import StorageClaim
from core.store.places import Storage


def claim(connection: Connection, storage: Storage, *, take: bool = False) -> Storage:
    """Claim the database for a folder; returns whose it is now: the first one's, unless the caller
    knows that nobody needs what that one has, and may `take` it. One statement: of two servers
    that start at the same moment, the database lets one be the first."""
    wanted = insert(StorageClaim).values(
        id=1, storage=storage.name, host=storage.host, folder=storage.folder
    )
    ours = col(StorageClaim.storage) == wanted.excluded.storage
    asked = wanted.on_conflict_do_update(
        index_elements=["id"],
        set_={
            name: wanted.excluded[name]
            if take
            else case((ours, wanted.excluded[name]), else_=getattr(StorageClaim, name))
            for name in ("storage", "host", "folder")
        },
    ).returning(col(StorageClaim.storage), col(StorageClaim.host), col(StorageClaim.folder))
    return Storage(*connection.execute(asked).one())
