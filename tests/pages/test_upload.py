from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.app import App
from core.messages import say
from core.services.arrivals import Said
from core.services.recordings import About
from tests.pages.opening import opened, press, words
from tests.pages.test_main import LANGUAGES


@LANGUAGES
def test_the_ways_in_are_offered(in_force: App, locale: str, language: str) -> None:
    at = opened("upload", locale=locale)
    assert not at.exception
    assert at.title[0].value == say("upload.title", language)
    tabs = " ".join(tab.label for tab in at.tabs)
    assert all(say(f"upload.{name}", language) in tabs for name in ("files", "paste", "record"))


def test_a_missing_speech_model_is_said_beforehand(in_force: App) -> None:
    assert "speech model" in words(opened("upload"))


def test_a_pasted_transcript_becomes_a_meeting(in_force: App) -> None:
    at = opened("upload")
    title, text = at.tabs[1].text_input[0], at.text_area[0]
    title.set_value("Pasted")
    text.set_value("Kim: We ship on Friday.")
    at = press(at, say("upload.paste_send", "en"))
    user_id = in_force.people.local_person().id
    [meeting] = in_force.meetings.all(user_id)
    assert meeting.title == "Pasted"
    assert at.title[0].value == "Pasted"
    assert len(in_force.jobs.live(user_id)) == 1
    assert list(in_force.recordings.incoming().iterdir()) == []


@LANGUAGES
def test_an_empty_paste_is_refused_with_a_sentence(
    in_force: App, locale: str, language: str
) -> None:
    at = press(opened("upload", locale=locale), say("upload.paste_send", language))
    assert at.error[0].value == say("upload.paste_empty", language)
    assert in_force.meetings.all(in_force.people.local_person().id) == []


def _broken_off(app: App, *, seconds: int, sound: bytes = b"\x1aE\xdf\xa3" + bytes(500)) -> str:
    """A recording whose tab was closed an hour ago, so many seconds after it began."""
    user_id = app.people.local_person().id
    said = Said(about=About(title="Retro"))
    begun = app.uploads.begin(user_id, name="r.webm", kind="microphone", size=None, said=said)
    with closing(app.uploads.hold(user_id, begun.upload_id)) as sending:
        sending.write(sound)
    last = datetime.now(UTC) - timedelta(hours=1)
    os.utime(app.uploads.arrivals.path(begun.upload_id), (last.timestamp(),) * 2)
    app.uploads.arrivals.update(begun.upload_id, created_at=last - timedelta(seconds=seconds))
    return begun.upload_id


@LANGUAGES
@pytest.mark.parametrize("page", ["upload", "meetings"])
@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (12, {"ko": "12초 만에", "en": "after 12 s"}),
        (200, {"ko": "3분 20초 만에", "en": "after 3 min 20 s"}),
        (4000, {"ko": "1시간 6분 만에", "en": "after 1 h 6 min"}),
    ],
)
def test_a_recording_that_broke_off_is_offered_with_its_length(
    in_force: App, locale: str, language: str, page: str, seconds: int, told: dict[str, str]
) -> None:
    _broken_off(in_force, seconds=seconds)
    at = opened(page, locale=locale)
    assert told[language] in words(at)
    assert say("upload.unfinished_use", language) in words(at)


def test_a_recording_that_was_heard_of_just_now_is_not_offered(in_force: App) -> None:
    upload_id = _broken_off(in_force, seconds=30)
    in_force.uploads.arrivals.path(upload_id).touch()
    assert "broke off" not in words(opened("meetings"))


def test_a_broken_recording_becomes_a_meeting(in_force: App) -> None:
    _broken_off(in_force, seconds=30, sound=Path("tests/data/speech/en-15s.opus").read_bytes())
    at = press(opened("meetings"), say("upload.unfinished_use", "en"))
    assert at.title[0].value == "Retro"
    user_id = in_force.people.local_person().id
    assert in_force.uploads.unfinished(user_id) == []


@LANGUAGES
def test_a_broken_recording_without_sound_says_so_and_can_go(
    in_force: App, locale: str, language: str
) -> None:
    _broken_off(in_force, seconds=1)
    at = press(opened("upload", locale=locale), say("upload.unfinished_use", language))
    assert "r.webm" in at.error[0].value
    at = [one for one in at.button if (one.key or "").startswith("delete_")][0].click().run()
    assert not at.error
    assert in_force.uploads.unfinished(in_force.people.local_person().id) == []
