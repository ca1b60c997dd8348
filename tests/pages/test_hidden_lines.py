"""A meeting's page where lines are hidden: what it says when all are, and what the player tells."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.phantoms import BY_HAND, REASONS
from core.messages import say
from core.services.transcription import heard_result
from pages.parts import player
from pages.parts.visitor import Visitor
from tests.pages.conftest import Seeds
from tests.pages.hiding import LINES, heard_with_hidden
from tests.pages.opening import opened, press, words
from tests.pages.test_main import LANGUAGES


@LANGUAGES
@pytest.mark.parametrize(
    ("lines", "key"), [(LINES[2:5], "all_hidden_many"), (LINES[6:], "all_hidden_one")]
)
def test_a_recording_of_noise_is_said_to_be_one(
    seeds: Seeds, locale: str, language: str, lines: tuple[tuple[str, str | None], ...], key: str
) -> None:
    meeting = heard_with_hidden(seeds.app, seeds.meeting(title="Noise"), lines)
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert not at.exception
    shown = words(at)
    assert say(f"phantoms.{key}", language, count=len(lines)) in shown
    assert say("meeting.silent", language) not in shown
    assert say("meeting.write", language) not in [one.label for one in at.button]


@LANGUAGES
def test_silence_is_still_said_to_be_silence(seeds: Seeds, locale: str, language: str) -> None:
    meeting = seeds.meeting(title="Silence")
    with seeds.app.database.writing() as session:
        seeds.app.transcription.keep(session, meeting, heard_result([], "ko"), job_id="heard")
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert say("meeting.silent", language) in words(at)


def test_minutes_can_be_written_once_a_line_is_brought_back(seeds: Seeds) -> None:
    meeting = heard_with_hidden(seeds.app, seeds.meeting(title="Noise"), LINES[2:5])
    seeds.app.hidden_lines.bring_back(seeds.user_id, meeting.id, [2])
    at = opened("meeting", locale="en-US", meeting=meeting.id)
    assert say("meeting.no_minutes", "en") in words(at)


@LANGUAGES
def test_minutes_that_are_older_than_a_line_that_came_back_say_so(
    seeds: Seeds, locale: str, language: str
) -> None:
    meeting = heard_with_hidden(seeds.app, seeds.meeting(title="Noise"))
    seeds.written(meeting)
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert say("correction.edited", language) not in words(at)
    seeds.app.hidden_lines.bring_back(seeds.user_id, meeting.id, [7])
    assert say("correction.edited", language) in words(at.run())


@LANGUAGES
def test_a_line_is_hidden_in_the_window_where_it_is_edited(
    seeds: Seeds, locale: str, language: str
) -> None:
    meeting = heard_with_hidden(seeds.app, seeds.meeting(title="회의"))
    at = opened("meeting", locale=locale, meeting=meeting.id)
    at.session_state[f"line_edited_{meeting.id}"] = (6, LINES[5][0])
    at = press(at.run(), say("phantoms.hide_line", language))
    assert not at.exception
    doubted = seeds.app.hidden_lines.of(seeds.user_id, meeting.id)
    assert (6, BY_HAND) in [(one.utterance.number, one.reason) for one in doubted]


@pytest.mark.parametrize(
    ("told", "numbers"),
    [
        ({"numbers": [3, 4], "said": True}, [1, 2, 3, 4, 6]),
        ({"numbers": [1], "said": False}, [2, 6]),
        ({"numbers": ["3", None, 99], "said": True}, [1, 2, 6]),
        ({}, [1, 2, 6]),
        (None, [1, 2, 6]),
        ("numbers", [1, 2, 6]),
    ],
)
def test_what_the_player_tells_is_done(seeds: Seeds, told: object, numbers: list[int]) -> None:
    meeting = heard_with_hidden(seeds.app, seeds.meeting(title="회의"))
    here = Visitor(app=seeds.app, user_id=seeds.user_id, language="ko", time_zone="UTC")
    player._decided(here, meeting, told)
    spoken = seeds.app.meetings.transcript(seeds.user_id, meeting.id).utterances
    assert [one.number for one in spoken] == numbers


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_reason_has_its_words(seeds: Seeds, language: str) -> None:
    here = Visitor(app=seeds.app, user_id=seeds.user_id, language=language, time_zone="UTC")
    texts = player._about_hidden(here)
    assert set(texts["reasons"]) == {*REASONS, BY_HAND, "mixed"}
    assert "$" in texts["hidden_one"]
    assert {"%", "$"} <= set(texts["hidden_many"])


def test_the_page_is_the_same_where_nothing_is_hidden(seeds: Seeds) -> None:
    meeting = seeds.heard(seeds.meeting("Kim: Hello.", title="Launch"))
    at: AppTest = opened("meeting", locale="en-US", meeting=meeting.id)
    assert not at.exception
    assert "hidden" not in words(at)
