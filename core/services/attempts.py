"""How often a sign-in may be tried. The counts are in the database, so all servers share them.

By name the first few tries are free, then each has to wait longer than the one before, a minute at
most: a name is never locked for good, whoever tries it. By address (one household of IPv6) more
tries are free and the wait grows further; this machine's own is not counted, since behind a proxy
that does not tell whom it speaks for it is everybody's. A try is counted before the password is
looked at, so that many at once gain nothing; one that has to wait isn't counted and hashes nothing.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import InvalidInput
from core.store import attempts
from core.store.account_rows import Attempts
from core.store.database import Database
from core.store.people import folded_name
from core.store.types import now

_KEPT = timedelta(hours=24)
"""After this much time without a try, counting begins anew."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How many tries are free, and the longest wait in seconds."""

    free: int
    longest: float

    def wait(self, count: int) -> float:
        """Seconds from the last of `count` tries until the next: 1, 2, 4 … once none is free."""
        over = count - self.free
        return 0.0 if over < 0 else min(self.longest, 2.0 ** min(over, 30))


BY_NAME = Rule(free=5, longest=60.0)
BY_ADDRESS = Rule(free=30, longest=900.0)


@dataclass(frozen=True)
class Throttle:
    """Counts tries and makes them wait."""

    database: Database
    now: Callable[[], datetime] = now

    def count(self, *, name: str, address: str) -> None:
        """Count a try. InvalidInput("sign_in_throttled") with `seconds` where it is too early: then
        nothing is counted."""
        at = self.now()
        keys = [(_name_key(name), BY_NAME)]
        if hashed := _address_key(address):
            keys.append((hashed, BY_ADDRESS))
        with self.database.writing() as session:
            attempts.forget_old_attempts(session, before=at - _KEPT)
            rows = [(attempts.held_attempts(session, key=key, at=at), rule) for key, rule in keys]
            wait = max(_wait(row, rule, at) for row, rule in rows)
            if wait > 0:
                raise InvalidInput("sign_in_throttled", seconds=math.ceil(wait))
            for row, _ in rows:
                row.count += 1
                row.last_at = at
                session.add(row)

    def succeeded(self, *, name: str, address: str) -> None:
        """The name's count goes. Of the address's only this try does: an account of one's own must
        not buy more tries at others'."""
        with self.database.writing() as session:
            attempts.forget_attempts(session, key=_name_key(name))
            if hashed := _address_key(address):
                attempts.take_back_attempt(session, key=hashed)


def _wait(row: Attempts, rule: Rule, at: datetime) -> float:
    # A clock that was set back must lock nobody out.
    since = abs((at - row.last_at).total_seconds())
    return rule.wait(row.count) - since


def _name_key(name: str) -> str:
    return _hashed(f"name:{folded_name(' '.join(name.split()))}")


def _address_key(address: str) -> str | None:
    """The key of an address, or of one household of IPv6; None for this machine's own."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return _hashed(f"address:{address}")
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        return _hashed(f"address:{ipaddress.ip_network((parsed, 64), strict=False)}")
    return _hashed(f"address:{parsed}")


def _hashed(what: str) -> str:
    """People type their password where the name goes: nobody reads it here."""
    return hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()
