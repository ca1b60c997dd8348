"""People, what they chose, and how they want things written."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import InvalidInput, NotFound
from core.messages import LANGUAGES
from core.services.system_prompt import STYLE_LIMIT
from core.settings import Settings
from core.store import people
from core.store.account_rows import User
from core.store.database import Database
from core.store.memory_rows import Style

LOCAL = "local"
MACHINE = "machine"
CHOICES = (
    "language",
    "llm",
    "whisper_model",
    "theme",
    "num_ctx",
    "template",
    "minutes_language",
    "correct",
)
MACHINE_CHOICES = ("num_ctx",)
"""Choices that hold for everybody here: one machine runs the models of all."""
CONTEXT_WINDOWS = (4096, 8192, 16384, 32768, 65536, 131072)
"""Tokens that may be chosen as a model's context window."""


@dataclass(frozen=True)
class People:
    """Who is here and what they want."""

    database: Database
    settings: Settings

    def local_person(self) -> User:
        """The one person of a machine without accounts."""
        with self.database.reading() as session:  # every page run asks: no lock but the first time
            found = people.user_by_name(session, name=LOCAL)
        if found:
            return found
        with self.database.writing() as session:
            return people.ensure_user(session, name=LOCAL)

    def choose(self, user_id: str, *, name: str, value: str | None) -> None:
        """Remember a choice; None goes back to the default. One of MACHINE_CHOICES is made for
        everybody. Raises InvalidInput."""
        if name not in CHOICES:
            raise InvalidInput("choice_unknown", name=name)
        if name == "num_ctx" and value not in (None, *map(str, CONTEXT_WINDOWS)):
            known = ", ".join(map(str, CONTEXT_WINDOWS))
            raise InvalidInput("context_window_unknown", value=str(value)[:40], known=known)
        if name == "minutes_language" and value not in (None, *LANGUAGES):
            raise InvalidInput("minutes_language_unknown", value=str(value)[:40])
        owner = MACHINE if name in MACHINE_CHOICES else user_id
        with self.database.writing() as session:
            people.ensure_choice(session, owner=owner, name=name, value=value)

    def choice(self, user_id: str, *, name: str) -> str | None:
        """What holds for this person: environment, then the person, then the machine."""
        locked = self.locked(name)
        if locked is not None:
            return locked
        with self.database.reading() as session:
            return people.choice(session, owner=user_id, name=name) or people.choice(
                session, owner=MACHINE, name=name
            )

    def context_window(self) -> int | None:
        """The context window for every model of this machine in tokens, None for automatic."""
        chosen = self.choice(MACHINE, name="num_ctx")
        return int(chosen) if chosen else None

    def locked(self, name: str) -> str | None:
        """The value that the environment dictates, None where it leaves the choice."""
        values = {
            "language": self.settings.language,
            "llm": self.settings.llm,
            "whisper_model": self.settings.whisper_model,
            "num_ctx": None if self.settings.num_ctx is None else str(self.settings.num_ctx),
        }
        return values.get(name)

    def style(self, user_id: str, *, version: int | None = None) -> Style | None:
        """The style in force, or one version of it; None where none was written or it is empty.

        Raises NotFound for a version that is not there.
        """
        with self.database.reading() as session:
            if version is None:
                style = people.newest_style(session, user_id=user_id)
                return style if style and style.text else None
            style = people.style_version(session, user_id=user_id, version=version)
        if style is None:
            raise NotFound("style_missing", version=version)
        return style

    def styles(self, user_id: str) -> list[Style]:
        """All versions, newest first."""
        with self.database.reading() as session:
            return people.styles(session, user_id=user_id)

    def save_style(self, user_id: str, text: str) -> Style:
        """Make `text` the newest version; the same text again makes none. Empty means no style.

        Raises InvalidInput("style_too_long") with both counts.
        """
        cleaned = text.replace("\r\n", "\n").replace("\x00", "").strip()
        if len(cleaned) > STYLE_LIMIT:
            raise InvalidInput("style_too_long", length=len(cleaned), limit=STYLE_LIMIT)
        with self.database.writing() as session:
            newest = people.newest_style(session, user_id=user_id)
            if newest and newest.text == cleaned:
                return newest
            style = Style(
                user_id=user_id,
                named_style_id=people.ensure_default_style(session, user_id=user_id).id,
                version=people.last_version(session, user_id=user_id) + 1,
                text=cleaned,
            )
            session.add(style)
            session.flush()
            return style
