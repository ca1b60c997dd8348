"""Kinds of minutes a person can choose from: the built-in ones, and those they made themselves.

A template that is chosen travels in the job as it is then (services.wanted), so one that is changed
or deleted meanwhile changes nothing that was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.domain.kinds import ItemKind
from core.domain.templates import GENERAL, Template
from core.domain.typed import one_line, visible
from core.errors import InvalidInput, NotFound
from core.services.built_ins import KEYS, built_in
from core.services.people import People
from core.store import templates
from core.store.database import Database
from core.store.tables import TemplateRow
from core.store.types import now

NAME_LIMIT = 60
"""Characters of a name, and of a section's title."""
FOCUS_LIMIT = 2000
"""Characters of a focus."""
CHOICE = "template"
"""The name of the choice that says which template is taken by default."""


@dataclass(frozen=True)
class Templates:
    """Every method takes the person's id and finds nothing of anybody else."""

    database: Database
    people: People

    def all(self, user_id: str, *, language: str) -> list[Template]:
        """The built-in ones as they are for minutes in `language`, then the person's own."""
        return [*(built_in(key, language) for key in KEYS), *self.own(user_id)]

    def own(self, user_id: str) -> list[Template]:
        """What the person made, the oldest first."""
        with self.database.reading() as session:
            return [_template(row) for row in templates.templates(session, user_id=user_id)]

    def get(self, user_id: str, key: str, *, language: str) -> Template:
        """One template. NotFound("template_missing") where there is none, or it is another's."""
        if key in KEYS:
            return built_in(key, language)
        with self.database.reading() as session:
            row = templates.template(session, user_id=user_id, key=key)
        if row is None:
            raise _missing(key)
        return _template(row)

    def named(self, user_id: str, wanted: str, *, language: str) -> Template:
        """A template by its key, or by the name that the person gave it. Raises NotFound."""
        name = one_line(wanted).casefold()
        for own in self.own(user_id):
            if own.name.casefold() == name:
                return own
        return self.get(user_id, wanted, language=language)

    def default(self, user_id: str, *, language: str) -> Template:
        """What the person takes where they choose nothing; a deleted one gives way to general."""
        key = self.people.choice(user_id, name=CHOICE)
        try:
            return self.get(user_id, key, language=language) if key else GENERAL
        except NotFound:
            return GENERAL

    def choose_default(self, user_id: str, key: str) -> None:
        """Take this one from now on. Raises NotFound."""
        self.get(user_id, key, language="en")
        self.people.choose(user_id, name=CHOICE, value=None if key == GENERAL.key else key)

    def save(
        self,
        user_id: str,
        *,
        key: str | None = None,
        name: str,
        sections: Sequence[ItemKind],
        titles: Mapping[ItemKind, str] | None = None,
        focus: str = "",
    ) -> Template:
        """Keep a template of one's own: a new one, or `key` changed.

        InvalidInput("template_name_empty", "template_name_too_long", "template_title_too_long",
        "template_sections_empty", "template_focus_too_long"); NotFound for a built-in or strange
        key.
        """
        made = Template(
            key=key or "",
            name=_checked_name(name),
            sections=_checked_sections(sections),
            titles=_checked_titles(titles or {}),
            focus=_checked_focus(focus),
        )
        with self.database.writing() as session:
            if key is None:
                row = TemplateRow(user_id=user_id, name=made.name)
                session.add(row)
            else:
                found = templates.template(session, user_id=user_id, key=key)
                if found is None:
                    raise _missing(key)
                row = found
            row.name, row.content = made.name, made.as_json()
            session.flush()
            return _template(row)

    def copy(self, user_id: str, key: str, *, language: str, name: str) -> Template:
        """A template of one's own that begins as another is. Raises as `get` and `save`."""
        source = self.get(user_id, key, language=language)
        return self.save(
            user_id,
            name=name[:NAME_LIMIT],
            sections=source.sections,
            titles=source.titles,
            focus=source.focus,
        )

    def delete(self, user_id: str, key: str) -> Template:
        """Put away a template of one's own; `restore` brings it back. Raises NotFound."""
        return self._put(user_id, key, deleted=True)

    def restore(self, user_id: str, key: str) -> Template:
        """Bring back what was deleted. Raises NotFound."""
        return self._put(user_id, key, deleted=False)

    def _put(self, user_id: str, key: str, *, deleted: bool) -> Template:
        with self.database.writing() as session:
            row = templates.template(session, user_id=user_id, key=key, deleted=not deleted)
            if row is None:
                raise _missing(key)
            row.deleted_at = now() if deleted else None
            session.add(row)
            return _template(row)


def _missing(key: str) -> NotFound:
    return NotFound("template_missing", template=key[:NAME_LIMIT], known=", ".join(KEYS))


def _checked_name(name: str) -> str:
    cleaned = one_line(name)
    if not cleaned:
        raise InvalidInput("template_name_empty")
    if len(cleaned) > NAME_LIMIT:
        raise InvalidInput("template_name_too_long", length=len(cleaned), limit=NAME_LIMIT)
    return cleaned


def _checked_sections(sections: Sequence[ItemKind]) -> tuple[ItemKind, ...]:
    chosen = tuple(dict.fromkeys(sections))
    if not chosen:
        raise InvalidInput("template_sections_empty")
    return chosen


def _checked_titles(titles: Mapping[ItemKind, str]) -> dict[ItemKind, str]:
    cleaned = {kind: one_line(title) for kind, title in titles.items()}
    for title in cleaned.values():
        if len(title) > NAME_LIMIT:
            raise InvalidInput(
                "template_title_too_long", title=title[:20], length=len(title), limit=NAME_LIMIT
            )
    return {kind: title for kind, title in cleaned.items() if title}


def _checked_focus(focus: str) -> str:
    cleaned = visible(focus).strip()
    if len(cleaned) > FOCUS_LIMIT:
        raise InvalidInput("template_focus_too_long", length=len(cleaned), limit=FOCUS_LIMIT)
    return cleaned


def _template(row: TemplateRow) -> Template:
    return Template.from_json({**row.content, "key": row.id, "name": row.name})
