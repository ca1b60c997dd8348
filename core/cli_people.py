"""`python -m core people`, and whose a command is. Who may use the data folder may do all of it:
there is no password to give here but the new one."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from core.app import App
from core.errors import InvalidInput
from core.messages import say
from core.services.passwords import check_new_password
from core.services.people import LOCAL
from core.services.time_zones import local_time_zone
from core.store.people import folded_name

_AGREED = ("y", "yes", "예", "네", "ㅇ", "ㅇㅇ")


def acting(app: App, parsed: argparse.Namespace, *, otherwise: str | None = None) -> str:
    """The id of the person whose command it is: who was named with --user, or the local person.
    Where people have accounts and nobody was named, `otherwise`.

    Raises InvalidInput("person_needed"), NotFound("person_missing").
    """
    name: str | None = parsed.user
    if app.accounts.none_yet() and (name is None or folded_name(name) == LOCAL):
        return app.people.local_person().id
    if name is not None:
        return app.accounts.called(name).id
    if otherwise is None:
        raise InvalidInput("person_needed")
    return otherwise


def people(app: App, parsed: argparse.Namespace, language: str) -> None:
    """Do what was asked of `people`."""
    _WHAT[parsed.what](app, parsed, language)


def _add(app: App, parsed: argparse.Namespace, language: str) -> None:
    first = app.accounts.none_yet()
    name = app.adoption.check(parsed.name, admin=parsed.admin)
    awaited = app.adoption.awaited()
    if awaited:
        _tell("awaited", language, name=name, **asdict(awaited))
        _agree(parsed, language, unsaid="adoption_unsaid", name=name)
    password = _new_password(parsed, language, name=name)
    made = app.adoption.add(name, password, admin=parsed.admin)
    _tell("added_admin" if made.admin else "added", language, name=made.name)
    if first or not app.accounts.on:
        _tell("start", language)


def _list(app: App, parsed: argparse.Namespace, language: str) -> None:
    del parsed
    everybody = app.accounts.everybody()
    if not everybody:
        _tell("none", language)
    for user, seen in everybody:
        line = say(
            "cli.people_line",
            language,
            name=user.name,
            admin=say("cli.people_line_admin", language) if user.admin else "",
            since=_here(user.created_at),
            seen=_here(seen) if seen else say("cli.people_never", language),
        )
        sys.stdout.write(f"{line}\n")


def _password(app: App, parsed: argparse.Namespace, language: str) -> None:
    user = app.accounts.called(parsed.name)
    password = _new_password(parsed, language, name=user.name)
    ended = app.accounts.set_password(user.name, password, tokens_too=not parsed.keep_tokens)
    _tell("password_set", language, name=user.name)
    kept = len(app.tokens.all(user.id))
    if ended or kept:
        _tell("tokens_kept" if kept else "tokens_ended", language, count=kept or ended)
    if user.subject:
        _tell("still_elsewhere", language, provider=app.settings.oidc_name)


def _admin(app: App, parsed: argparse.Namespace, language: str) -> None:
    user = app.accounts.called(parsed.name)
    app.accounts.let_decide(user.id, admin=not parsed.no)
    _tell("is_none" if parsed.no else "is_admin", language, name=user.name)


def _remove(app: App, parsed: argparse.Namespace, language: str) -> None:
    user = app.accounts.called(parsed.name)
    _tell("remove_asked", language, name=user.name)
    _agree(parsed, language, unsaid="removal_unsaid", name=user.name)
    app.leaving.leave(user.id)
    _tell("removed", language, name=user.name)


_WHAT: dict[str, Callable[[App, argparse.Namespace, str], None]] = {
    "add": _add,
    "list": _list,
    "password": _password,
    "admin": _admin,
    "remove": _remove,
}


def _agree(parsed: argparse.Namespace, language: str, *, unsaid: str, name: str) -> None:
    """Ask whether to go on. InvalidInput where nobody can answer, or says no."""
    if parsed.yes:
        return
    if not sys.stdin.isatty():
        raise InvalidInput(unsaid, name=name)
    sys.stderr.write(say("cli.people_agree", language))
    sys.stderr.flush()
    if sys.stdin.readline().strip().casefold() not in _AGREED:
        raise InvalidInput("not_agreed")


def _new_password(parsed: argparse.Namespace, language: str, *, name: str) -> str:
    """A password that may be had: typed twice without being shown, or one line of standard input.

    Raises InvalidInput: password_unread, password_differs and what check_new_password raises.
    """
    if parsed.stdin:
        line = sys.stdin.readline().rstrip("\r\n")
        return check_new_password(line, name=name)
    if not sys.stdin.isatty():
        raise InvalidInput("password_unread")
    first = getpass.getpass(say("cli.people_password_first", language, name=name))
    check_new_password(first, name=name)
    if getpass.getpass(say("cli.people_password_again", language)) != first:
        raise InvalidInput("password_differs")
    return first


def _here(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(local_time_zone())):%Y-%m-%d %H:%M}"


def _tell(key: str, language: str, **facts: object) -> None:
    sys.stderr.write(f"{say(f'cli.people_{key}', language, **facts)}\n")
