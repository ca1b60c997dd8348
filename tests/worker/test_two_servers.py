"""Two servers on one data folder: both show their pages, and one worker does the work, once."""

import signal
import time

import httpx

from core.app import App
from tests.browser.conftest import Server
from tests.waiting import free_port, until
from tests.worker.conftest import ended
from tests.worker.test_windows import taken_in
from tests.worker.test_worker import EXTRACTIVE, SPEECH, WHISPER


def test_two_servers_on_one_folder_share_one_worker_and_the_second_takes_it_up(app: App) -> None:
    first, second = (Server(data=app.settings.folder, port=free_port()) for _ in range(2))
    try:
        for server in (first, second):
            server.start()
        assert [httpx.get(server.url).status_code for server in (first, second)] == [200, 200]
        until(lambda: len(first.workers()) == 1)
        meeting = taken_in(app, SPEECH / "ko-15s.opus")
        job = app.jobs.transcribe(meeting, language="ko", whisper_model=WHISPER, then=EXTRACTIVE)
        assert ended(app, job).state == "finished"
        until(lambda: app.minutes.versions(meeting.user_id, meeting.id) == [1])
        assert len(first.workers()) == 1
        log = first.log + second.log
        assert log.count("heard window 0") == 1

        # The one whose worker it was ends: within two seconds, and the other's takes up the work.
        owner, other = (first, second) if "heard window" in first.log else (second, first)
        assert owner._process is not None
        told = time.monotonic()
        owner._process.send_signal(signal.SIGTERM)
        owner._process.wait(10)
        assert time.monotonic() - told < 2
        again = app.jobs.transcribe(
            app.meetings.get(meeting.user_id, meeting.id), language="en", whisper_model=WHISPER
        )
        assert ended(app, again).state == "finished"
        assert "heard window" in other.log
        assert httpx.get(other.url).status_code == 200
    finally:
        first.stop()
        second.stop()
