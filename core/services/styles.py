"""A person's named styles: how they want things written, in their own words, kept in versions.

One of them is the default. Nothing is ever overwritten: a text that is saved, restored or merged is
the next version, and one that rests on an older version than the one in force is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.domain.typed import one_line, visible
from core.errors import InvalidInput, NotFound
from core.messages import LANGUAGES, say
from core.services.system_prompt import STYLE_LIMIT
from core.store import styles
from core.store.database import Database
from core.store.memory_rows import NamedStyle, Style
from core.store.types import now

NAME_LIMIT = 60
"""Characters of a style's name."""
MOST = 50
"""Styles a person may have."""
MOVED_ON = "style_moved_on"
"""The code of what is refused because another window saved first."""


@dataclass(frozen=True, slots=True)
class StyleSeen:
    """A named style with the text in force. `version` is 0 and `text` empty before the first text.
    `name` is empty for a style that was never given one."""

    style_id: str
    name: str
    is_default: bool
    version: int
    text: str
    saved_at: datetime | None

    def called(self, language: str) -> str:
        """Its name, or the word for the style that has none."""
        return self.name or say("styles.unnamed", language)


@dataclass(frozen=True)
class Styles:
    """Every method takes the person's id and finds nothing of anybody else."""

    database: Database

    def all(self, user_id: str) -> list[StyleSeen]:
        """A person's styles, the default first, then the oldest."""
        with self.database.reading() as session:
            newest = styles.newest_texts(session, user_id=user_id)
            kept = styles.named_styles(session, user_id=user_id)
        seen = [_seen(named, newest.get(named.id)) for named in kept]
        return sorted(seen, key=lambda one: not one.is_default)

    def get(self, user_id: str, style_id: str) -> StyleSeen:
        """One style. NotFound("style_gone")."""
        with self.database.reading() as session:
            named = _found(session, user_id, style_id)
            return _seen(named, styles.newest_text(session, named=named))

    def called(self, user_id: str, name: str) -> StyleSeen:
        """The style of that name, by case and width alike. NotFound("style_unknown") lists the
        names there are."""
        kept = self.all(user_id)
        for one in kept:
            if _folded(name) in {_folded(one.called(language)) for language in LANGUAGES}:
                return one
        known = ", ".join(one.called("en") for one in kept) or "–"
        raise NotFound("style_unknown", name=one_line(name)[:NAME_LIMIT], known=known)

    def in_force(self, user_id: str, style_id: str | None) -> Style | None:
        """The text that a style, else the default one, gives to what is written now; None where
        there is none or it is empty. NotFound("style_gone")."""
        with self.database.reading() as session:
            if style_id is None:
                style = styles.newest_style(session, user_id=user_id)
            else:
                named = _found(session, user_id, style_id)
                style = styles.newest_text(session, named=named)
        return style if style and style.text else None

    def version(self, user_id: str, version: int) -> Style:
        """One version by its number. NotFound("style_missing")."""
        with self.database.reading() as session:
            style = styles.style_version(session, user_id=user_id, version=version)
        if style is None:
            raise NotFound("style_missing", version=version)
        return style

    def of_version(self, user_id: str, version: int) -> StyleSeen:
        """The style that a version is a text of, with that text; one that was removed, too.
        NotFound("style_missing")."""
        with self.database.reading() as session:
            style = styles.style_version(session, user_id=user_id, version=version)
            if style is None:
                raise NotFound("style_missing", version=version)
            for removed in (False, True):
                named = styles.named_style(
                    session, user_id=user_id, style_id=style.named_style_id, removed=removed
                )
                if named is not None:
                    return _seen(named, style)
        raise NotFound("style_gone")

    def versions(self, user_id: str, style_id: str) -> list[Style]:
        """All texts that a style had, newest first. NotFound("style_gone")."""
        with self.database.reading() as session:
            return styles.texts(session, named=_found(session, user_id, style_id))

    def make(self, user_id: str, *, name: str, text: str = "") -> StyleSeen:
        """A new style; the first one is the default.

        InvalidInput("style_name_empty", "style_name_too_long", "style_name_taken",
        "styles_too_many", "style_too_long").
        """
        called, cleaned = _checked_name(name), checked_text(text)
        with self._changing(user_id) as session:
            kept = styles.named_styles(session, user_id=user_id)
            if len(kept) >= MOST:
                raise InvalidInput("styles_too_many", limit=MOST)
            _refuse_taken(kept, called)
            first = not any(one.is_default for one in kept)
            named = NamedStyle(user_id=user_id, name=called, is_default=first)
            session.add(named)
            session.flush()
            style = styles.add_text(session, named=named, text=cleaned) if cleaned else None
            return _seen(named, style)

    def rename(self, user_id: str, style_id: str, name: str) -> StyleSeen:
        """Give a style another name. Raises as `make` about names; NotFound("style_gone")."""
        called = _checked_name(name)
        with self._changing(user_id) as session:
            named = _found(session, user_id, style_id)
            kept = styles.named_styles(session, user_id=user_id)
            _refuse_taken([one for one in kept if one.id != named.id], called)
            named.name = called
            session.add(named)
            return _seen(named, styles.newest_text(session, named=named))

    def make_default(self, user_id: str, style_id: str) -> StyleSeen:
        """Use this one where none is chosen. NotFound("style_gone")."""
        with self._changing(user_id) as session:
            named = _found(session, user_id, style_id)
            for one in styles.named_styles(session, user_id=user_id):
                one.is_default = one.id == named.id
                session.add(one)
            return _seen(named, styles.newest_text(session, named=named))

    def save(self, user_id: str, style_id: str | None, text: str, *, expected: int | None) -> Style:
        """Make `text` the next version of a style (None: the default one, made if need be); empty
        means no style. The same text again makes none.

        `expected` is the version that the text was written on, 0 for none: where another is in
        force by now, InvalidInput("style_moved_on"); None does not ask.
        InvalidInput("style_too_long") with both counts; NotFound("style_gone").
        """
        cleaned = checked_text(text)
        with self._changing(user_id) as session:
            if style_id is None:
                named = styles.ensure_default_style(session, user_id=user_id)
            else:
                named = _found(session, user_id, style_id)
            newest = styles.newest_text(session, named=named)
            if newest and newest.text == cleaned:
                return newest
            standing = newest.version if newest else 0
            if expected is not None and expected != standing:
                raise InvalidInput(MOVED_ON, version=standing)
            return styles.add_text(session, named=named, text=cleaned)

    def restore(self, user_id: str, style_id: str, version: int) -> Style:
        """Make an earlier text of a style the newest again. NotFound("style_gone",
        "style_missing")."""
        with self._changing(user_id) as session:
            named = _found(session, user_id, style_id)
            earlier = styles.style_version(session, user_id=user_id, version=version)
            if earlier is None or earlier.named_style_id != named.id:
                raise NotFound("style_missing", version=version)
            newest = styles.newest_text(session, named=named)
            if newest and newest.text == earlier.text:
                return newest
            return styles.add_text(session, named=named, text=earlier.text)

    def remove(self, user_id: str, style_id: str) -> StyleSeen:
        """Put a style away; `bring_back` undoes it. Minutes and jobs that use a text of it keep it.

        InvalidInput("style_is_default") while there are others: what is used from then on is for
        the person to say. NotFound("style_gone").
        """
        with self._changing(user_id) as session:
            named = _found(session, user_id, style_id)
            if named.is_default and len(styles.named_styles(session, user_id=user_id)) > 1:
                raise InvalidInput("style_is_default")
            named.deleted_at = now()
            session.add(named)
            return _seen(named, styles.newest_text(session, named=named))

    def bring_back(self, user_id: str, style_id: str) -> StyleSeen:
        """Bring back a style that was removed; where its name has been taken, with a number behind
        it. NotFound("style_gone"), InvalidInput("styles_too_many")."""
        with self._changing(user_id) as session:
            named = styles.named_style(session, user_id=user_id, style_id=style_id, removed=True)
            if named is None:
                raise NotFound("style_gone")
            kept = styles.named_styles(session, user_id=user_id)
            if len(kept) >= MOST:
                raise InvalidInput("styles_too_many", limit=MOST)
            named.name = _free_name(kept, named.name)
            named.is_default = not any(one.is_default for one in kept)
            named.deleted_at = None
            session.add(named)
            return _seen(named, styles.newest_text(session, named=named))

    @contextmanager
    def _changing(self, user_id: str) -> Iterator[Session]:
        """One transaction in which nobody else changes this person's styles."""
        with self.database.writing() as session:
            styles.hold(session, user_id=user_id)
            yield session


def _found(session: Session, user_id: str, style_id: str) -> NamedStyle:
    named = styles.named_style(session, user_id=user_id, style_id=style_id)
    if named is None:
        raise NotFound("style_gone")
    return named


def _seen(named: NamedStyle, style: Style | None) -> StyleSeen:
    return StyleSeen(
        style_id=named.id,
        name=named.name,
        is_default=named.is_default,
        version=style.version if style else 0,
        text=style.text if style else "",
        saved_at=style.created_at if style else None,
    )


def _checked_name(name: str) -> str:
    called = one_line(name)
    if not called:
        raise InvalidInput("style_name_empty")
    if len(called) > NAME_LIMIT:
        raise InvalidInput("style_name_too_long", length=len(called), limit=NAME_LIMIT)
    return called


def checked_text(text: str) -> str:
    """The text as it is kept: braces, tags and tokens as typed (prompts.neutral takes them apart
    where they would count), without what nobody could see in it."""
    cleaned = visible(text).strip()
    if len(cleaned) > STYLE_LIMIT:
        raise InvalidInput("style_too_long", length=len(cleaned), limit=STYLE_LIMIT)
    return cleaned


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", one_line(name)).casefold()


def _refuse_taken(kept: list[NamedStyle], name: str) -> None:
    if _folded(name) in {_folded(one.name) for one in kept}:
        raise InvalidInput("style_name_taken", name=name)


def _free_name(kept: list[NamedStyle], name: str) -> str:
    """The name, or with the first number behind it that makes it another; a style without a name
    may stand beside others."""
    taken = {_folded(one.name) for one in kept}
    if not name or _folded(name) not in taken:
        return name
    for number in range(2, MOST + 2):
        candidate = f"{name[: NAME_LIMIT - 5]} ({number})"
        if _folded(candidate) not in taken:
            return candidate
    return name
