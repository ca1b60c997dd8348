"""A turn whose process was killed blocks nothing on its own host, not for a second."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from core.app import App
from core.services.jobs import error_of
from core.store import threads
from core.store.tables import Meeting, Turn
from tests.services.test_minutes import MEETING

Make = Callable[..., Meeting]


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(timeout=30)
    return process.pid


def asked(app: App, meeting: Meeting) -> Turn:
    turn = app.chat.ask(meeting.user_id, meeting.id, "언제?", llm="extractive")
    return app.chat.wait(meeting.user_id, turn.id, timeout=30)


def running(app: App, turn: Turn, *, host: str, process: int) -> None:
    """The turn as another process left it a moment ago."""
    with app.database.writing() as session:
        threads.update_turn(session, turn_id=turn.id, state="running", host=host, process=process)


def test_a_turn_knows_who_answers_it(app: App, make_meeting: Make) -> None:
    turn = asked(app, make_meeting(app, MEETING))
    assert (turn.host, turn.process) == (socket.gethostname(), os.getpid())


def test_a_turn_of_a_killed_process_has_failed_at_once(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, MEETING)
    turn = asked(app, meeting)
    running(app, turn, host=socket.gethostname(), process=ended_process())
    app.chat.ask(
        meeting.user_id, meeting.id, "왜?", llm="extractive", thread_id=turn.thread_id
    )  # is not refused as turn_running
    failure = error_of(app.chat.turn(meeting.user_id, turn.id).error)
    assert failure is not None
    assert failure.code == "turn_interrupted"


@pytest.mark.parametrize("own_host", [True, False])
def test_a_turn_of_a_process_that_may_live_is_left_alone(
    app: App, make_meeting: Make, own_host: bool
) -> None:
    meeting = make_meeting(app, MEETING)
    turn = asked(app, meeting)
    if own_host:
        running(app, turn, host=socket.gethostname(), process=os.getpid())
    else:  # its number says nothing here
        running(app, turn, host="elsewhere", process=ended_process())
    assert app.chat.turns(meeting.user_id, turn.thread_id)[0].state == "running"
