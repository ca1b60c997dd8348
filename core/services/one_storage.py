"""Servers that share a database share the data folder, too.

A server keeps, expires and deletes files by what the rows say. With another folder beside it, each
of the two would give up uploads that arrive at the other, and leave what the other should delete.
A worker may have another folder: it waits for recordings that it can read.
"""

from __future__ import annotations

from pathlib import Path

from core.errors import ConfigError
from core.store.database import Database, is_shared
from core.store.places import name_file, storage_here
from core.store.storage_claims import claim


def refuse_second_folder(database: Database, *, url: str, folder: Path) -> None:
    """The first server's data folder is the database's from then on. Raises
    ConfigError("storage_claimed") where another one was first. A database that is a file has one
    folder anyway."""
    if not is_shared(url):
        return
    here = storage_here(folder)
    with database.writing() as session:
        first = claim(session.connection(), here)
    if first.name != here.name:
        raise ConfigError(
            "storage_claimed",
            host=first.host,
            folder=first.folder,
            here=here.folder,
            name=first.name,
            file=str(name_file(folder)),
        )
