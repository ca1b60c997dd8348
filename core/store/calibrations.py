"""Token ratios kept in the database, one row a model (engines.base.TokenRatios)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from core.store.database import Database
from core.store.machine_rows import Calibration

_WEIGHT = 0.2
"""Of a new sample in the running average."""
_LOWEST, _HIGHEST = 0.7, 1.5
_TABLE = Calibration.metadata.tables[str(Calibration.__tablename__)]
# Every prompt that is measured asks this: plain SQL takes half the time of an object.
_FIND = select(_TABLE.c.ratio, _TABLE.c.samples).where(_TABLE.c.model == bindparam("name"))


@dataclass(frozen=True)
class StoredRatios:
    """See core.engines.base.TokenRatios."""

    database: Database

    def ratio(self, model: str) -> tuple[float, int]:
        """The average ratio of real to estimated tokens, and its number of samples."""
        with self.database.reading() as session:
            row = session.connection().execute(_FIND, {"name": model}).first()
        return (row.ratio, row.samples) if row else (1.0, 0)

    def observe(self, model: str, ratio: float) -> None:
        """Move the average towards `ratio`. Waits for other writers."""
        bounded = min(_HIGHEST, max(_LOWEST, ratio))
        with self.database.writing() as session:
            row = session.get(Calibration, model)
            if row is None:
                session.add(Calibration(model=model, ratio=bounded, samples=1))
                return
            row.ratio = (1 - _WEIGHT) * row.ratio + _WEIGHT * bounded
            row.samples += 1
