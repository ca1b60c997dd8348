"""A full disk is told on the page: no job could write that down."""

import pytest

from core.messages import say
from core.services import room
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, words


def test_the_page_says_why_the_work_stands_still(
    seeds: Seeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = seeds.meeting(title="Launch")
    seeds.job(meeting, state="running", progress=0.4, step="hearing", step_facts={})
    at = opened("meeting", meeting=meeting.id)
    assert say("steps.no_room", "en") not in words(at)
    monkeypatch.setattr(room, "LEAST", 2**62)
    for locale, language in (("en-US", "en"), ("ko-KR", "ko")):
        at = opened("meeting", locale=locale, meeting=meeting.id)
        assert not at.exception
        assert say("steps.no_room", language) in words(at)
