"""What can be written behind `python -m core`, and one sentence for what cannot be understood."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from core.argument_help import HelpFormatter
from core.engines.factory import VENDORS
from core.errors import InvalidInput
from core.messages import say
from core.services.time_zones import local_time_zone

Command = Callable[..., None]

_ENGINE = re.compile(r"auto|extractive|ollama:.+")
_MISSING = re.compile(r"the following arguments are required: (.+)")
_NO_COMMAND = "the following arguments are required: COMMAND"
_UNKNOWN = re.compile(r"unrecognized arguments: (.+)")
_CHOICE = re.compile(r"argument (\S+): invalid choice: (.+) \(choose from (.+)\)")
_VALUE = re.compile(r"argument (\S+): expected one argument")


class Parser(argparse.ArgumentParser):
    """Raises InvalidInput for wrong usage, where argparse prints English and leaves."""

    commands: Collection[str] = ()
    """What may stand first behind the program's name."""

    def __init__(self, *, language: str, **options: Any) -> None:
        spoken = partial(HelpFormatter, language=language)
        super().__init__(**options, add_help=False, formatter_class=spoken)
        self.language = language
        self.add_argument("-h", "--help", action="help", help=say("cli.help_help", language))

    def error(self, message: str) -> NoReturn:
        """Wrong usage, by argparse's English sentence for it (a test knows them)."""
        command = self.prog
        if message == _NO_COMMAND:
            names = ", ".join(self.commands)
            raise InvalidInput("usage_command", names=names, command=command)
        if found := _MISSING.fullmatch(message):
            raise InvalidInput("usage_missing", names=found[1], command=command)
        if found := _UNKNOWN.fullmatch(message):
            raise InvalidInput("usage_unknown", names=found[1], command=command)
        if found := _CHOICE.fullmatch(message):
            choices = found[3].replace("'", "")
            raise InvalidInput(
                "usage_choice", argument=found[1], value=found[2], choices=choices, command=command
            )
        if found := _VALUE.fullmatch(message):
            raise InvalidInput("usage_value", argument=found[1], command=command)
        raise InvalidInput("usage_other", command=command)


def make_parser(commands: Mapping[str, Command], *, language: str) -> Parser:
    """The parser; `parse_args` raises InvalidInput for what cannot be understood."""

    def text(key: str) -> str:
        return say(f"cli.{key}", language)

    parser = Parser(prog="python -m core", description=text("about"), language=language)
    parser.add_argument("--user", metavar="NAME", help=text("user"))
    parser.commands = commands
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    made: dict[str, Parser] = {}
    for name, run in commands.items():
        told = text(name)
        made[name] = subparsers.add_parser(name, help=told, description=told, language=language)
        made[name].set_defaults(command=run)
        # Before or after the command; what was given before must not be forgotten after it.
        made[name].add_argument(
            "--user", metavar="NAME", default=argparse.SUPPRESS, help=text("user")
        )

    for name in ("minutes", "import"):
        made[name].add_argument("file", metavar="FILE", help=text("file"))
        made[name].add_argument("--language", choices=("ko", "en"), help=text("language"))
        made[name].add_argument("--title", help=text("title"))
        made[name].add_argument("--date", type=_moment, help=text("date"))
        made[name].add_argument("--whisper-model", help=text("whisper_model"))
    made["minutes"].add_argument("--style", metavar="NAME", help=text("style"))
    made["minutes"].add_argument("--style-file", metavar="FILE", help=text("style_file"))
    made["minutes"].add_argument("--template", metavar="KEY", help=text("template"))
    made["minutes"].add_argument(
        "--minutes-language", choices=("ko", "en"), help=text("minutes_language")
    )
    for name in ("transcript", "ask"):
        made[name].add_argument("meeting_id", metavar="MEETING_ID")
    made["ask"].add_argument("question", metavar="QUESTION")
    made["ask"].add_argument("--thread", metavar="ID", help=text("thread"))
    for name in ("minutes", "ask"):
        made[name].add_argument("--llm", type=_engine, help=text("llm"))
    for name in ("minutes", "transcript", "ask"):
        made[name].add_argument("--json", action="store_true", help=text("json"))
    made["doctor"].add_argument("--fetch-speech-model", action="store_true", help=text("fetch"))
    for name in ("backup", "restore"):
        made[name].add_argument("file", metavar="FILE", help=text(f"{name}_file"))
        made[name].add_argument("--force", action="store_true", help=text(f"{name}_force"))
    made["backup"].add_argument(
        "--without-recordings", action="store_true", help=text("without_recordings")
    )
    _add_people(made["people"], text)
    return parser


def _add_people(parser: Parser, text: Callable[[str], str]) -> None:
    """`people` and what it can do."""
    subparsers = parser.add_subparsers(required=True, metavar="WHAT", dest="what")
    for what in ("add", "list", "password", "admin", "remove"):
        told = text(f"people_{what}")
        made = subparsers.add_parser(what, help=told, description=told, language=parser.language)
        if what != "list":
            made.add_argument("name", metavar="NAME", help=text("people_name"))
        if what == "add":
            made.add_argument("--admin", action="store_true", help=text("people_as_admin"))
        if what in ("add", "password"):
            made.add_argument("--stdin", action="store_true", help=text("people_stdin"))
        if what == "password":
            made.add_argument("--keep-tokens", action="store_true", help=text("people_keep_tokens"))
        if what in ("add", "remove"):
            made.add_argument("--yes", action="store_true", help=text("people_yes"))
        if what == "admin":
            made.add_argument("--no", action="store_true", help=text("people_no_more"))


def _moment(written: str) -> datetime:
    """A date, or a date and time, where this machine is; UTC."""
    try:
        moment = datetime.fromisoformat(written)
        here = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(local_time_zone()))
        return here.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("date_invalid", date=f"“{written[:60]}”") from error


def _engine(written: str) -> str:
    if not _ENGINE.fullmatch(written):
        known = ", ".join(VENDORS)
        raise InvalidInput("engine_unknown", engine=f"“{written[:60]}”", known=known)
    return written
