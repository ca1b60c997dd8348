"""What could not be learned, and is not to be shown any more."""

from collections.abc import Callable

import pytest

from core.app import App
from core.errors import InvalidInput, NotFound
from core.store.tables import Meeting
from tests.doubles.ollama import OllamaDouble
from tests.services.test_learning import FORM, lesson_of, proposals, teaches
from tests.services.test_minutes import MEETING

Make = Callable[..., Meeting]


def test_a_failed_lesson_is_dismissed_for_good(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    teaches(double, "no JSON")
    lesson = lesson_of(app, meeting, "2026-11-22까지", "11월 22일까지")
    assert lesson.state == "failed"
    for _ in range(2):
        app.learning.dismiss(meeting.user_id, lesson.id)
    [kept] = app.learning.lessons(meeting.user_id)
    assert (kept.id, kept.state) == (lesson.id, "dismissed")
    with pytest.raises(InvalidInput, match="failed"):
        app.learning.retry(meeting.user_id, lesson.id)
    app.learning.take_up()
    app.learning.wait(meeting.user_id, timeout=30)
    assert proposals(app, meeting.user_id) == []


def test_only_ones_own_failed_lesson_is_dismissed(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    teaches(double, FORM)
    lesson = lesson_of(app, meeting, "2026-11-22까지", "11월 22일까지")
    assert lesson.state == "finished"
    with pytest.raises(InvalidInput, match="failed"):
        app.learning.dismiss(meeting.user_id, lesson.id)
    with pytest.raises(NotFound):
        app.learning.dismiss("nobody", lesson.id)
