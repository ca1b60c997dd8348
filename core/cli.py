"""`python -m core`: the same services as the pages, from a shell.

Results go to standard output, progress to standard error. Exit status 0, or with one sentence on
the last line of standard error 1, or 2 for what the command line itself got wrong.
"""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import time
import traceback
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from core.app import App, get_app
from core.arguments import make_parser
from core.cli_backup import backup, restore
from core.cli_doctor import doctor
from core.cli_people import acting, people
from core.errors import EngineFailed, InvalidInput, MinutesError
from core.messages import choose_language, say
from core.services.jobs import ENDED, error_of
from core.services.recordings import About
from core.services.rendering import minutes_object
from core.services.time_zones import local_time_zone
from core.settings import read_settings, wanted_language
from core.store.tables import Job, Meeting, Turn
from core.worker.supervisor import Supervisor, supervisor_for

_POLL = 0.2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; tells the exit status."""
    logging.basicConfig(level=logging.ERROR)
    signal.signal(signal.SIGTERM, _interrupted)
    language = choose_language(wanted_language())
    try:
        parsed = make_parser(_COMMANDS, language=language).parse_args(arguments)
    except InvalidInput as misused:
        print(misused.sentence(language), file=sys.stderr)
        return 2
    try:
        if parsed.command is restore:  # it makes what get_app() opens
            restore(read_settings(), parsed, language)
        else:
            parsed.command(get_app(), parsed, language)
    except MinutesError as error:
        print(error.sentence(language), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(say("cli.interrupted", language), file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except Exception:  # the command line's edge: one sentence, never a trace
        reference = f"{time.time_ns() % 16**8:08x}"
        _note(reference)
        print(say("errors.unexpected", language, reference=reference), file=sys.stderr)
        return 1
    return 0


def _note(reference: str) -> None:
    """Write down what nobody foresaw, where a developer finds it: never on a person's screen."""
    with suppress(Exception):
        place = read_settings().folder / "errors.log"
        with place.open("a", encoding="utf-8") as file:
            file.write(f"reference {reference}\n{traceback.format_exc()}\n")


def _minutes(app: App, parsed: argparse.Namespace, language: str) -> None:
    user_id = acting(app, parsed)
    style = _style_text(parsed.style_file) if parsed.style_file else None
    # An engine that was named must be there before work begins; `auto` finds one by itself.
    app.engines.writer(app.engines.resolve(app.intake.wanted(user_id, llm=parsed.llm).llm)[0])
    chosen = app.styles.called(user_id, parsed.style).style_id if parsed.style else None
    named = parsed.template
    template = app.templates.named(user_id, named, language="en") if named else None
    with _worker(app) as worker:
        meeting = _imported(app, user_id, parsed, language, worker)
        if style is not None:
            app.styles.save(user_id, chosen, style, expected=None)
        wanted = app.intake.wanted(
            user_id,
            llm=parsed.llm,
            template=template,
            language=parsed.minutes_language,
            style=chosen,
        )
        asked = app.jobs.write(meeting, wanted=wanted, part_of=f"command {uuid.uuid4().hex}")
        job = _followed(app, asked, language, worker)
    meeting = app.meetings.get(user_id, meeting.id)
    written = app.minutes.by_job(user_id, meeting.id, job.id)
    _print(minutes_object(written, meeting) if parsed.json else written.markdown)


def _import(app: App, parsed: argparse.Namespace, language: str) -> None:
    user_id = acting(app, parsed)
    with _worker(app) as worker:
        _print(_imported(app, user_id, parsed, language, worker).id)


def _transcript(app: App, parsed: argparse.Namespace, language: str) -> None:
    user_id = acting(app, parsed)
    meeting = app.meetings.get(user_id, parsed.meeting_id)
    if meeting.transcript_job is None:
        raise InvalidInput("not_transcribed", title=meeting.title)
    spoken = app.meetings.transcript(user_id, meeting.id).utterances
    del language
    if parsed.json:
        _print([asdict(one) for one in spoken])
        return
    _print("\n".join(f"[{one.number}] {one.speaker or '–'}: {one.text}" for one in spoken))


def _ask(app: App, parsed: argparse.Namespace, language: str) -> None:
    user_id = acting(app, parsed)
    asked = app.chat.ask(
        user_id,
        parsed.meeting_id,
        parsed.question,
        llm=app.intake.wanted(user_id, llm=parsed.llm).llm,
        thread_id=parsed.thread,
    )
    try:
        turn = app.chat.wait(user_id, asked.id)
    except KeyboardInterrupt:
        app.chat.stop(user_id, asked.id)
        raise
    failure = error_of(turn.error)
    if failure:
        raise failure
    for notice in turn.notices:
        _tell(say(f"notices.{notice['key']}", language, **notice["facts"]))
    _print(_answer_object(turn) if parsed.json else turn.answer)


def _imported(
    app: App, user_id: str, parsed: argparse.Namespace, language: str, worker: Supervisor
) -> Meeting:
    """The meeting of the file, transcribed, and what must be said of the file told. Options that
    are not given change nothing."""
    source = Path(parsed.file).expanduser()
    about = About(
        title=parsed.title,
        held_at=parsed.date,
        file_time=_file_time(source),
        time_zone=local_time_zone(),
    )
    meeting, _ = app.recordings.keep(user_id, source=source, name=source.name, about=about)
    unchanged = parsed.language is None and parsed.whisper_model is None
    if not (meeting.transcript_job and unchanged):
        meeting = _transcribed(app, user_id, meeting, parsed, language, worker)
    for notice in meeting.notices:
        _tell(say(f"notices.{notice['code']}", language, **notice["facts"]))
    if meeting.cut_at is not None:
        _tell(say("notices.recording_cut", language))
    return meeting


def _transcribed(
    app: App,
    user_id: str,
    meeting: Meeting,
    parsed: argparse.Namespace,
    language: str,
    worker: Supervisor,
) -> Meeting:
    before = app.jobs.transcription_options(meeting)
    job = app.jobs.transcribe(
        meeting,
        language=parsed.language or before.get("language"),
        whisper_model=parsed.whisper_model
        or before.get("whisper_model")
        or app.people.choice(user_id, name="whisper_model"),
    )
    _followed(app, job, language, worker)
    return app.meetings.get(user_id, meeting.id)


def _followed(app: App, job: Job, language: str, worker: Supervisor) -> Job:
    """Wait for a job, telling its progress; raises what it failed with."""
    last = ""
    try:
        while job.state not in ENDED:
            step = say(f"steps.{job.step}", language, **job.step_facts)
            line = f"{step} ({job.progress:.0%})"
            if line != last:
                _tell(line)
                last = line
            if worker.failed.is_set():
                raise EngineFailed("worker_dies")
            time.sleep(_POLL)
            job = app.jobs.get(job.user_id, job.id)
    except KeyboardInterrupt:
        app.jobs.cancel(job.user_id, job.id)
        raise
    failure = error_of(job.error)
    if failure:
        raise failure
    if job.state == "cancelled":
        raise MinutesError("job_cancelled")
    return job


@contextmanager
def _worker(app: App) -> Iterator[Supervisor]:
    """A worker is there while the block runs: somebody's, or one of our own."""
    supervisor = supervisor_for(app.settings, log=app.settings.folder / "worker.log")
    if app.settings.local_worker:
        supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop()


def _file_time(source: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(source.stat().st_mtime, tz=UTC)
    except (OSError, ValueError, OverflowError):
        return None


def _style_text(file: str) -> str:
    try:
        return Path(file).expanduser().read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidInput("file_missing", name=file) from error
    except UnicodeDecodeError as error:
        raise InvalidInput("style_not_text", name=file) from error


def _answer_object(turn: Turn) -> dict[str, Any]:
    return {
        "answer": turn.answer,
        "citations": turn.citations,
        "engine": turn.engine,
        "turn_id": turn.id,
        "thread_id": turn.thread_id,
    }


def _print(result: object) -> None:
    text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False, indent=2)
    print(text.rstrip("\n"))


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


_COMMANDS: dict[str, Callable[..., None]] = {
    "minutes": _minutes,
    "import": _import,
    "transcript": _transcript,
    "ask": _ask,
    "doctor": doctor,
    "backup": backup,
    "restore": restore,
    "people": people,
}
