"""Pages of a server with accounts, as somebody who is signed in sees them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from argon2 import PasswordHasher
from streamlit.testing.v1 import AppTest

from core.app import App
from core.store import accounts
from tests.pages.opening import opened

PASSWORD = "seven grey geese"


@dataclass
class Signing:
    """Makes people, and has the pages opened by one of them."""

    app: App
    monkeypatch: pytest.MonkeyPatch
    people: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def person(self, name: str, *, admin: bool = False) -> str:
        """Somebody with PASSWORD, signed in in one browser; returns their id."""
        hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        with self.app.database.writing() as session:
            user = accounts.make_account(session, name=name, password=hashed, admin=admin)
        self.people[name] = user.id
        self.tokens[name] = self.browser(name)
        return user.id

    def browser(self, name: str, agent: str = "Mozilla/5.0 (X11; Linux) Firefox/140.0") -> str:
        """One more browser of theirs; returns its token."""
        return self.app.accounts.sign_in(name, PASSWORD, address="127.0.0.1", agent=agent)

    def become(self, name: str) -> None:
        """Pages from now on are seen by this person's first browser."""
        token = self.tokens[name]
        self.monkeypatch.setattr("pages.parts.visitor.shown_token", lambda _app: token)

    def opened(self, name: str, page: str, *, locale: str = "en-US") -> AppTest:
        """A page as they see it."""
        self.become(name)
        return opened(page, locale=locale)
