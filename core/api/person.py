"""Whose request it is: the one place that says so."""

from __future__ import annotations

from starlette.requests import Request

from core.app import App


def person_of(request: Request, app: App) -> str:
    """The id of the person who asks. Blocks: call it off the event loop."""
    del request  # without accounts there is one person, whatever is asked
    return app.people.local_person().id
