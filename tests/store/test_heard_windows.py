"""What running transcriptions heard so far: the last lines, one person's only, gone in time."""

import pytest

from core.app import App
from core.services.recordings import About
from core.store import heard_windows, meetings
from core.store.tables import HeardWindow, Meeting
from tests.worker.test_worker import SPEECH


@pytest.fixture
def meeting(app: App) -> Meeting:
    user = app.people.local_person()
    about = About()
    return app.recordings.keep(
        user.id, source=SPEECH / "ko-15s.opus", name="회의.opus", about=about
    )[0]


def window(app: App, meeting: Meeting, ordinal: int, *texts: str, job_id: str = "job") -> None:
    start = ordinal * 100.0
    segments = [
        {"start": start + place, "end": start + place + 1, "text": text}
        for place, text in enumerate(texts)
    ]
    with app.database.writing() as session:
        heard_windows.ensure_window(
            session,
            meeting_id=meeting.id,
            job_id=job_id,
            ordinal=ordinal,
            span=(start, start + 100.0),
            segments=segments,
        )


def last(app: App, meeting: Meeting, count: int, *, user_id: str | None = None) -> list[str]:
    with app.database.reading() as session:
        found = heard_windows.last_segments(
            session, user_id=user_id or meeting.user_id, job_id="job", count=count
        )
    return [one["text"] for one in found]


@pytest.mark.parametrize(
    ("count", "texts"),
    [(1, ["e"]), (2, ["d", "e"]), (3, ["c", "d", "e"]), (9, ["a", "b", "c", "d", "e"])],
)
def test_the_last_lines_reach_over_windows_without_words(
    app: App, meeting: Meeting, count: int, texts: list[str]
) -> None:
    for ordinal, said in enumerate([("a", "b"), (), ("c",), ("d", "e"), ()]):
        window(app, meeting, ordinal, *said)
    window(app, meeting, 0, "of another job", job_id="another")
    assert last(app, meeting, count) == texts
    assert last(app, meeting, count, user_id="somebody else") == []
    so_far = app.hearing.so_far(meeting.user_id, "job", lines=count)
    assert so_far is not None
    assert so_far.until == 500.0
    assert [text for _, text in so_far.lines] == texts


def test_a_window_that_is_heard_again_takes_the_place_of_what_came_after(
    app: App, meeting: Meeting
) -> None:
    for ordinal, said in enumerate("abc"):
        window(app, meeting, ordinal, said)
    window(app, meeting, 1, "B")
    assert last(app, meeting, 9) == ["a", "B"]


def test_a_meeting_that_is_erased_leaves_no_window(app: App, meeting: Meeting) -> None:
    window(app, meeting, 0, "a")
    with app.database.writing() as session:
        kept = meetings.meeting(session, user_id=meeting.user_id, meeting_id=meeting.id)
        assert kept is not None
        meetings.delete_meeting(session, meeting=kept)
        assert session.get(HeardWindow, ("job", 0)) is None


def test_windows_that_were_begun_are_counted_until_they_end(app: App, meeting: Meeting) -> None:
    def begin(ordinal: int) -> int:
        with app.database.writing() as session:
            return heard_windows.begin_window(
                session,
                meeting_id=meeting.id,
                job_id="job",
                ordinal=ordinal,
                start=ordinal * 100.0,
            )

    assert [begin(0), begin(0), begin(0)] == [0, 1, 2]
    assert app.hearing.so_far(meeting.user_id, "job", lines=9) is None, "nothing was heard"
    window(app, meeting, 0, "a")
    assert [begin(1), begin(1)] == [0, 1]
    so_far = app.hearing.so_far(meeting.user_id, "job", lines=9)
    assert so_far is not None
    assert so_far.until == 100.0
    with app.database.writing() as session:
        heard_windows.forget_tries(session, job_id="job")
    assert begin(1) == 0
    assert last(app, meeting, 9) == ["a"]
