"""People, what they chose, and how they want things written."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from core.errors import ConfigError, InvalidInput
from core.messages import LANGUAGES
from core.services.styles import Styles
from core.settings import Settings
from core.store import accounts, people, styles
from core.store.account_rows import User
from core.store.database import Database
from core.store.memory_rows import Style

LOCAL = accounts.LOCAL
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
ADMINS_CHOICES = ("llm", "whisper_model", "num_ctx")
"""Choices that an admin makes for everybody where people sign in."""
CONTEXT_WINDOWS = (4096, 8192, 16384, 32768, 65536, 131072)
"""Tokens that may be chosen as a model's context window."""


@dataclass(frozen=True)
class People:
    """Who is here and what they want."""

    database: Database
    settings: Settings

    def local_person(self) -> User:
        """The one person of a machine without accounts. ConfigError("accounts_off") where they
        became somebody with an account, also while we ran."""
        with self.database.reading() as session:  # every page run asks: no lock but the first time
            found = people.user_by_name(session, name=LOCAL)
        if found:
            return found
        with self.database.writing() as session:
            if accounts.admins(session):
                raise ConfigError("accounts_off", folder=str(self.settings.folder))
            return people.ensure_user(session, name=LOCAL)

    def is_admin(self, user_id: str) -> bool:
        """Whether this person decides for everybody. Without accounts the one person does."""
        if not self.settings.accounts:
            return True
        with self.database.reading() as session:
            user = accounts.account(session, user_id=user_id)
        return user is not None and user.admin

    def refuse_others(self, user_id: str) -> None:
        """InvalidInput("admins_only") for who does not decide for everybody, now: a page that was
        opened as an admin may be older than that."""
        if not self.is_admin(user_id):
            raise InvalidInput("admins_only")

    def admins(self) -> list[str]:
        """The names of who decides for everybody, where people sign in."""
        if not self.settings.accounts:
            return []
        with self.database.reading() as session:
            return [one.name for one in accounts.accounts(session) if one.admin]

    def may_choose(self, user_id: str, name: str) -> bool:
        """Whether this person may make that choice: some are the admin's, for everybody."""
        return name not in ADMINS_CHOICES or self.is_admin(user_id)

    def choose(self, user_id: str, *, name: str, value: str | None) -> None:
        """Remember a choice; None goes back to the default. One of MACHINE_CHOICES is made for
        everybody; where people sign in, one of ADMINS_CHOICES, too. Raises InvalidInput."""
        if name not in CHOICES:
            raise InvalidInput("choice_unknown", name=name)
        if name == "num_ctx" and value not in (None, *map(str, CONTEXT_WINDOWS)):
            known = ", ".join(map(str, CONTEXT_WINDOWS))
            raise InvalidInput("context_window_unknown", value=str(value)[:40], known=known)
        if name == "minutes_language" and value not in (None, *LANGUAGES):
            raise InvalidInput("minutes_language_unknown", value=str(value)[:40])
        owner = MACHINE if name in self._everybodys() else user_id
        with self.database.writing() as session:
            if name in ADMINS_CHOICES:
                hold_admin(session, self, user_id)
            people.ensure_choice(session, owner=owner, name=name, value=value)

    def choice(self, user_id: str, *, name: str) -> str | None:
        """What holds for this person: environment, then the person, then the machine."""
        locked = self.locked(name)
        if locked is not None:
            return locked
        with self.database.reading() as session:
            own = None
            if name not in self._everybodys():
                own = people.choice(session, owner=user_id, name=name)
            return own or people.choice(session, owner=MACHINE, name=name)

    def _everybodys(self) -> tuple[str, ...]:
        return ADMINS_CHOICES if self.settings.accounts else MACHINE_CHOICES

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
        kept = Styles(self.database)
        return kept.in_force(user_id, None) if version is None else kept.version(user_id, version)

    def styles(self, user_id: str) -> list[Style]:
        """All versions of all styles, newest first."""
        with self.database.reading() as session:
            return styles.styles(session, user_id=user_id)

    def save_style(self, user_id: str, text: str) -> Style:
        """Make `text` the newest version of the default style, whatever is in force; the same text
        again makes none. Empty means no style.

        Raises InvalidInput("style_too_long") with both counts.
        """
        return Styles(self.database).save(user_id, None, text, expected=None)


def hold_admin(session: Session, people_here: People, user_id: str) -> None:
    """refuse_others in a transaction: who is an admin stays one until it ends."""
    if not people_here.settings.accounts:
        return
    user = accounts.account(session, user_id=user_id, changing=True)
    if user is None or not user.admin:
        raise InvalidInput("admins_only")
