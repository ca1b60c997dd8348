"""Whose request it is: the one place that says so."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from core.app import App
from core.errors import InvalidInput
from core.services.accounts import Identity

IDENTITY = "identity"
"""Under which name the gate leaves the person in a request's state."""


def person_of(request: HTTPConnection, app: App) -> str:
    """The id of the person who asks. Blocks: call it off the event loop."""
    return identity_of(request, app).user_id


def identity_of(request: HTTPConnection, app: App) -> Identity:
    """The person who asks; without accounts the one of this machine. Blocks.

    Raises InvalidInput("signed_out") where the gate let nobody in: with accounts on there is no
    person by default.
    """
    known = request.scope.get("state", {}).get(IDENTITY)
    if isinstance(known, Identity):
        return known
    identity = app.accounts.identity(None)
    if identity is None:
        raise InvalidInput("signed_out")
    return identity
