"""The memory's page in tests: its fields, its buttons, and what is in force behind it."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from core.app import App
from core.domain.memory import Entry, Kind, Status
from core.messages import say

HAND = {"way": "hand"}


def text(key: str, **facts: Any) -> str:
    return say(f"memory.{key}", "en", **facts)


def fill(at: AppTest, label: str, value: str) -> None:
    [found] = [one for one in (*at.text_input, *at.text_area) if one.label == label]
    found.set_value(value)


def button(at: AppTest, key: str) -> AppTest:
    return at.button(key=key).click().run()


def active(app: App, user_id: str) -> list[str]:
    return [one.text for one in app.memory.entries(user_id, status=Status.ACTIVE)]


def proposed(app: App, user_id: str, sentence: str, kind: Kind = Kind.FACT) -> Entry:
    entry = app.memory.propose(user_id, kind=kind, text=sentence, source=HAND)
    assert entry is not None
    return entry
