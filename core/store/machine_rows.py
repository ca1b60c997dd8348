"""The rows of machines: workers, the one folder that servers share, the queue before the model, and
what was learnt of models. Nothing in them is anybody's own."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from core.store.types import new_id


class WorkerBeat(SQLModel, table=True):
    """A worker that is alive, or was. Where workers share a database, the others take over the jobs
    of one that is silent."""

    __tablename__ = "worker_beat"
    executor: str = Field(primary_key=True)
    run: str
    """Another one each time that it starts."""
    host: str
    process: int
    storage: str
    """The folder of recordings that it reads, by its name (store.places)."""
    beats: int = 0
    """Grows while it lives. Nobody's clock is needed to see that it does not."""
    beat_at: float
    """Seconds since 1970 by the database's clock."""


class StorageClaim(SQLModel, table=True):
    """The one folder of recordings that servers on this database keep, where machines share it:
    two would each delete and forget what lies in the other's."""

    __tablename__ = "storage_claim"
    id: int = Field(default=1, primary_key=True)
    """There is one row at most."""
    storage: str
    """Its name (store.places)."""
    host: str
    folder: str
    """Where the server that started last has it."""


class Lease(SQLModel, table=True):
    """A place in the queue before the model. `granted` holders may call it."""

    __table_args__ = (Index("ix_lease_order", "granted", "priority", "created_at"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    host: str
    process: int
    """Who waits or calls: a killed process is known at once on its own host."""
    priority: int
    granted: bool = False
    created_at: float
    beat_at: float


class Calibration(SQLModel, table=True):
    """How a model's real token counts compare with our estimate: an average of `samples`."""

    model: str = Field(primary_key=True)
    ratio: float = 1.0
    samples: int = 0
