"""What nobody said is kept, hidden, and in nothing that is made of the transcript; a person's word
that it was said all the same is in force at once and stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from sqlmodel import select

from core.app import App
from core.domain.phantoms import BY_HAND, KNOWN_LINE, NO_SPEECH
from core.domain.speech_evidence import Evidence, Segment
from core.errors import InvalidInput, NotFound
from core.store import heard_windows
from core.store.tables import Job, Meeting, UtteranceRow
from tests.services.conftest import nothing, write

SPOKEN = [
    "출시일을 3월 3일로 결정하겠습니다.",
    "박민호 님이 금요일까지 시험 보고서를 작성해 주세요.",
    "예산은 4만 달러로 결정하겠습니다.",
]
PHANTOM = "시청해주셔서 감사합니다."
MADE_UP = "예산은 9만 달러로 결정하겠습니다."
"""A decision that would stand in the minutes, were it read."""


def heard(text: str, at: float, *, voice: float = 0.9) -> Segment:
    evidence = Evidence(voice, 4 * voice, -25.0, 0.1, -0.3, 1.0)
    return Segment(at, at + 4.0, text, evidence)


SEGMENTS = [
    heard(SPOKEN[0], 0.0),
    heard(SPOKEN[1], 5.0),
    heard(MADE_UP, 10.0, voice=0.01),
    heard(PHANTOM, 15.0, voice=0.3),
    heard(SPOKEN[2], 20.0),
    heard(PHANTOM, 60.0, voice=0.01),
]
HIDDEN = [(3, NO_SPEECH), (4, KNOWN_LINE), (6, NO_SPEECH)]


def keep(app: App, meeting: Meeting, segments: list[Segment], *, job_id: str = "heard") -> None:
    """As a transcription does that heard these in one window."""
    window = {"start": 0.0, "end": 64.0, "segments": [asdict(one) for one in segments]}
    ending: dict[str, Any] = {"notices": [], "cut_at": None}
    with app.database.writing() as session:
        app.hearing.keep_transcript(
            session, meeting, {"language": "ko"}, [window], ending=ending, job_id=job_id
        )


@pytest.fixture
def meeting(app: App, make_meeting: Callable[..., Meeting]) -> Meeting:
    made = make_meeting(app, "김지수: 아직 들은 것이 없습니다.")
    keep(app, made, SEGMENTS)
    return app.meetings.get(made.user_id, made.id)


def test_a_recording_that_told_no_length_has_one_when_it_was_heard(
    app: App, make_meeting: Callable[..., Meeting]
) -> None:
    """As those that a browser makes: the list and the head of the meeting show it."""
    made = make_meeting(app, "김지수: 아직 들은 것이 없습니다.")
    assert app.meetings.durations(made.user_id) == {made.id: None}
    keep(app, made, SEGMENTS)
    assert app.meetings.durations(made.user_id) == {made.id: 64.0}


def numbers(app: App, meeting: Meeting) -> list[int]:
    return [one.number for one in app.meetings.transcript(meeting.user_id, meeting.id).utterances]


def hidden(app: App, meeting: Meeting) -> list[tuple[int, str]]:
    doubted = app.hidden_lines.of(meeting.user_id, meeting.id)
    return [(one.utterance.number, one.reason) for one in doubted if not one.brought_back]


def test_what_nobody_said_keeps_its_place_and_is_not_in_the_transcript(
    app: App, meeting: Meeting
) -> None:
    assert numbers(app, meeting) == [1, 2, 5]
    assert hidden(app, meeting) == HIDDEN
    (first, *_) = app.hidden_lines.of(meeting.user_id, meeting.id)
    assert (first.utterance.text, first.utterance.start) == (MADE_UP, 10.0)


def test_minutes_are_made_of_what_was_said(app: App, meeting: Meeting) -> None:
    minutes = write(app, meeting, llm="extractive")
    assert "4만" in minutes.markdown
    assert "9만" not in minutes.markdown
    assert "시청" not in minutes.markdown
    coverage = minutes.draft.coverage
    assert (coverage.utterances_read, coverage.utterances_total) == (3, 3)
    assert coverage.complete
    assert not minutes.transcript_edited


def test_a_model_is_shown_no_hidden_line(
    app_with_model: App, double: Any, make_meeting: Any
) -> None:
    app = app_with_model
    meeting = make_meeting(app, "김지수: 아직 들은 것이 없습니다.")
    keep(app, meeting, SEGMENTS)
    meeting = app.meetings.get(meeting.user_id, meeting.id)
    write(app, meeting, llm="ollama:gemma3:4b")
    plan = app.correction.plan(meeting, llm="ollama:gemma3:4b", check=nothing)
    app.correction.read(meeting, plan, number=1, check=nothing)
    asked = str([record.messages for record in double.chats])
    assert "4만" in asked
    assert "9만" not in asked
    assert "시청해" not in asked


def test_a_line_that_is_brought_back_is_in_force_at_once(app: App, meeting: Meeting) -> None:
    before = write(app, meeting, llm="extractive", job="before")
    assert app.hidden_lines.bring_back(meeting.user_id, meeting.id, [3]) == 1
    assert numbers(app, meeting) == [1, 2, 3, 5]
    assert hidden(app, meeting) == HIDDEN[1:]
    (first, *_) = app.hidden_lines.of(meeting.user_id, meeting.id)
    assert first.brought_back
    older = app.minutes.version(meeting.user_id, meeting.id, before.version)
    assert older.transcript_edited
    meeting = app.meetings.get(meeting.user_id, meeting.id)
    anew = write(app, meeting, llm="extractive", job="after")
    assert "9만" in anew.markdown
    assert not anew.transcript_edited


def test_bringing_back_is_undone_by_hiding_again(app: App, meeting: Meeting) -> None:
    app.hidden_lines.bring_back(meeting.user_id, meeting.id, [3, 4, 6])
    assert numbers(app, meeting) == [1, 2, 3, 4, 5, 6]
    assert app.hidden_lines.hide(meeting.user_id, meeting.id, [3, 4, 6]) == 3
    assert hidden(app, meeting) == HIDDEN, "each for the reason that it was hidden for"
    assert app.hidden_lines.hide(meeting.user_id, meeting.id, [3]) == 0
    assert app.hidden_lines.bring_back(meeting.user_id, meeting.id, [1, 99]) == 0


def test_what_was_said_by_nobody_can_be_hidden_by_hand(app: App, meeting: Meeting) -> None:
    before = write(app, meeting, llm="extractive")
    assert app.hidden_lines.hide(meeting.user_id, meeting.id, [5]) == 1
    assert numbers(app, meeting) == [1, 2]
    assert (5, BY_HAND) in hidden(app, meeting)
    assert app.minutes.version(meeting.user_id, meeting.id, before.version).transcript_edited
    app.hidden_lines.bring_back(meeting.user_id, meeting.id, [5])
    assert numbers(app, meeting) == [1, 2, 5]
    doubted = app.hidden_lines.of(meeting.user_id, meeting.id)
    assert [one.utterance.number for one in doubted] == [3, 4, 6], "nobody ever doubted it"


def test_a_persons_word_stands_when_the_same_job_is_heard_again(app: App, meeting: Meeting) -> None:
    app.hidden_lines.bring_back(meeting.user_id, meeting.id, [3, 6])
    app.hidden_lines.hide(meeting.user_id, meeting.id, [1])
    app.text_changes.edit_text(
        meeting.user_id, meeting.id, 3, "예산은 8만 달러입니다.", expected=MADE_UP
    )
    keep(app, meeting, [*SEGMENTS[:5], heard("다른 말이 들렸습니다.", 60.0, voice=0.01)])
    assert numbers(app, meeting) == [2, 3, 5], "the last is not what was brought back"
    assert (1, BY_HAND) in hidden(app, meeting)
    spoken = app.meetings.transcript(meeting.user_id, meeting.id).by_number()
    assert spoken[3].text == "예산은 8만 달러입니다."
    keep(app, meeting, SEGMENTS, job_id="another")
    assert numbers(app, meeting) == [1, 2, 5], "another hearing has other numbers"


def test_nobody_elses_lines_are_seen_or_changed(app: App, meeting: Meeting) -> None:
    service = app.hidden_lines
    for act in (
        lambda: service.of("somebody", meeting.id),
        lambda: service.bring_back("somebody", meeting.id, [3]),
        lambda: service.hide("somebody", meeting.id, [1]),
    ):
        with pytest.raises(NotFound) as missing:
            act()
        assert missing.value.code == "meeting_missing"
    assert numbers(app, meeting) == [1, 2, 5]


def test_nothing_is_brought_back_while_the_recording_is_heard_anew(
    app: App, meeting: Meeting
) -> None:
    with app.database.writing() as session:
        session.add(
            Job(
                id="anew",
                user_id=meeting.user_id,
                meeting_id=meeting.id,
                stage="transcribe",
                state="running",
            )
        )
    with pytest.raises(InvalidInput) as refused:
        app.hidden_lines.bring_back(meeting.user_id, meeting.id, [3])
    assert refused.value.code == "transcribing_anew"
    assert hidden(app, meeting) == HIDDEN


def test_windows_of_an_earlier_release_are_believed_whole(app: App, meeting: Meeting) -> None:
    """Their checkpoints have no evidence."""
    segments = [{"start": one.start, "end": one.end, "text": one.text} for one in SEGMENTS]
    with app.database.writing() as session:
        app.hearing.keep_transcript(
            session,
            meeting,
            {"language": "ko"},
            [{"start": 0.0, "end": 64.0, "segments": segments}],
            ending={},
            job_id="older",
        )
    assert numbers(app, meeting) == [1, 2, 3, 4, 5, 6]
    assert hidden(app, meeting) == []


def test_of_an_imported_transcript_nothing_is_hidden(
    app: App, make_meeting: Callable[..., Meeting]
) -> None:
    subtitles = "\n\n".join(
        f"{place}\n00:00:{place:02d},000 --> 00:00:{place:02d},900\n{PHANTOM}"
        for place in range(1, 9)
    )
    meeting = make_meeting(app, subtitles, name="회의.srt")
    assert numbers(app, meeting) == list(range(1, 9))
    assert hidden(app, meeting) == []


def test_a_running_transcription_shows_no_hidden_line(app: App, meeting: Meeting) -> None:
    with app.database.writing() as session:
        heard_windows.ensure_window(
            session,
            meeting_id=meeting.id,
            job_id="running",
            ordinal=0,
            span=(0.0, 64.0),
            segments=[asdict(one) for one in SEGMENTS],
        )
    so_far = app.hearing.so_far(meeting.user_id, "running", lines=2)
    assert so_far is not None
    assert [text for _, text in so_far.lines] == SPOKEN[1:]


def test_where_all_is_hidden_no_minutes_are_made(app: App, meeting: Meeting) -> None:
    keep(app, meeting, [heard(PHANTOM, at, voice=0.01) for at in (0.0, 30.0)])
    assert numbers(app, meeting) == []
    with pytest.raises(InvalidInput) as refused:
        write(app, meeting, llm="extractive")
    assert refused.value.code == "nothing_said"


def test_nothing_that_was_heard_is_lost(app: App, meeting: Meeting) -> None:
    with app.database.reading() as session:
        rows = session.exec(select(UtteranceRow).order_by(UtteranceRow.number)).all()  # type: ignore[arg-type]
    assert [row.text for row in rows] == [one.text for one in SEGMENTS]
