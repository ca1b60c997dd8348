"""One server through a day: its memory fresh, after every page, after Korean minutes and a Korean
question, and how long its pages take to run again."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import Page

from bench.browsing import Server, chromium, new_page, rerun_times, server_of, visit
from bench.figures import Figure
from bench.fixtures import make_transcript
from bench.minutes import UTTERANCES
from bench.processes import MIB, ROOT, child_of, is_running_module, rss
from bench.working import Worker, app_on, take
from core.app import App
from core.store.tables import Meeting
from tests.waiting import until

GOAL = 250.0
_SMALL_MEETINGS = 20
_RERUNS = 10
_WORKER = "core.worker"
_KOREAN = "core.engines.korean"
_QUESTION = "출시 일정은 어떻게 결정되었나요?"


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Memory of server and worker apart, then reruns. `quick` does not wait for the Korean child
    to end, and leaves out what it would tell."""
    data = folder / "data"
    app = app_on(data)
    try:
        meeting = _seed(app, folder)
        with server_of(ROOT / "Home.py", folder=data) as server, chromium() as browser:
            worker = _worker_of(server)
            figures = _memory("fresh", server, worker, goal=GOAL)
            with new_page(browser) as page:
                _visit_all(page, server, meeting)
            figures += _memory("after all pages", server, worker, goal=GOAL)
            Worker(app, worker).write(meeting)
            with new_page(browser) as page:
                figures += _reruns(page, server, meeting)
                _ask(page, app, server, meeting)
            if not quick:
                _wait_for_korean(server)
                figures += _memory("after a Korean chat", server, worker, goal=GOAL)
    finally:
        app.close()
    return figures


def _seed(app: App, folder: Path) -> Meeting:
    """Some small meetings and a long one, read here: the worker's memory is wanted fresh."""
    for number in range(_SMALL_MEETINGS):
        _read(app, folder / f"Meeting {number}.txt", utterances=40, seed=number)
    return _read(app, folder / "Long meeting.txt", utterances=UTTERANCES, seed=99)


def _read(app: App, source: Path, *, utterances: int, seed: int) -> Meeting:
    make_transcript(source, utterances=utterances, seed=seed)
    meeting = take(app, source)
    result = app.transcription.hear(
        meeting,
        language=None,
        whisper_model=None,
        check=lambda: None,
        progress=lambda _share, _step: None,
    )
    with app.database.writing() as session:
        app.transcription.keep(session, meeting, result, job_id=f"seeded-{seed}")
    return app.meetings.get(meeting.user_id, meeting.id)


def _worker_of(server: Server) -> psutil.Process:
    """The server's worker, once it has come to rest."""
    found: list[psutil.Process] = []
    before = 0

    def rests() -> bool:
        nonlocal before
        worker = child_of(server.process, _WORKER)
        if worker is None:
            return False
        found[:] = [worker]
        size = rss(worker)
        grown, before = size - before, size
        return size > 50 * MIB and abs(grown) < MIB // 4

    until(rests, seconds=90, every=3.0, what="the worker's start")
    return found[0]


def _memory(when: str, server: Server, worker: psutil.Process, *, goal: float) -> list[Figure]:
    own = rss(server.process, without=lambda child: is_running_module(child, _WORKER))
    return [
        Figure(f"idle server, {when}", own / MIB, "MB", goal),
        Figure(f"idle worker, {when}", rss(worker) / MIB, "MB"),
    ]


def _visit_all(page: Page, server: Server, meeting: Meeting) -> None:
    for address in (
        "",
        "upload",
        f"meeting?meeting={meeting.id}",
        f"chat?meeting={meeting.id}",
        "settings",
        "system",
    ):
        visit(page, f"{server.url}/{address}")


def _reruns(page: Page, server: Server, meeting: Meeting) -> list[Figure]:
    figures = []
    for name, address in (
        (f"Meetings page ({_SMALL_MEETINGS + 1} meetings)", ""),
        (f"Meeting page ({UTTERANCES} utterances)", f"meeting?meeting={meeting.id}"),
    ):
        opened = visit(page, f"{server.url}/{address}")
        each = tuple(rerun_times(page, times=_RERUNS))
        figures.append(Figure(f"{name}, rerun", median(each), "ms", None, each))
        figures.append(Figure("  opened", 1000 * opened, "ms"))
    return figures


def _ask(page: Page, app: App, server: Server, meeting: Meeting) -> None:
    """A question as a person puts it, until its answer is there."""
    visit(page, f"{server.url}/chat?meeting={meeting.id}")
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill(_QUESTION)
    field.press("Enter")

    def answered() -> bool:
        threads = app.chat.threads(meeting.user_id, meeting.id)
        turns = app.chat.turns(meeting.user_id, threads[0].id) if threads else []
        if turns and turns[-1].state == "failed":
            raise RuntimeError(f"the answer failed: {turns[-1].error}")
        return bool(turns) and turns[-1].state == "finished"

    until(answered, seconds=120, what="the answer")


def _wait_for_korean(server: Server) -> None:
    def gone() -> bool:
        return child_of(server.process, _KOREAN) is None

    until(gone, seconds=240, every=1.0, what="the end of the Korean child")
