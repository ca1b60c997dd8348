"""A style that leaves no room: said when it is saved or tried, and in minutes that suffered."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.app import App, build_app
from core.domain.memory import Kind
from core.engines.base import Extractor, LanguageModel
from core.messages import say
from core.services.minutes_editing import MinutesEditing
from core.services.style_size import STYLE_NO_ROOM, size_of
from core.services.system_prompt import STYLE_LIMIT
from core.settings import Settings
from core.store.tables import Meeting
from tests.doubles.ollama import OllamaDouble
from tests.services.conftest import write
from tests.services.test_chat import ask
from tests.services.test_minutes import LLM, MEETING

Make = Callable[..., Meeting]
LONGEST = ("존댓말로 짧게 써 주세요. 결정 사항을 맨 앞에 둡니다. " * 200)[:STYLE_LIMIT].strip()


def model_of(app: App) -> LanguageModel:
    made = app.engines.writer(LLM)
    assert not isinstance(made, Extractor)
    return made


def test_minutes_say_that_the_style_left_no_room_for_a_summary(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    style = app.people.save_style(meeting.user_id, LONGEST)
    minutes = write(app, meeting, llm=LLM, style_version=style.version)
    assert STYLE_NO_ROOM in minutes.draft.notices
    assert {"summary_from_items", "summary_no_room"} & set(minutes.draft.notices) == set()
    assert minutes.draft.summary.startswith("- ")
    trial = app.trials.size(meeting.user_id, text=LONGEST)
    assert trial is not None
    assert not trial.fits  # and so it was said when it was saved
    assert say(f"notices.{STYLE_NO_ROOM}", "ko") in minutes.markdown
    editing: MinutesEditing = app.editing
    changed = editing.edit_summary(meeting.user_id, meeting.id, version=1, text="다시 씀")
    assert STYLE_NO_ROOM not in changed.draft.notices


def test_a_style_that_fits_gives_a_summary_and_no_notice(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app, meeting = app_with_model, make_meeting(app_with_model, MEETING)
    size = size_of(LONGEST, model_of(app))
    fitting = LONGEST[: -size.too_many]
    assert size_of(fitting, model_of(app)).fits
    for number in range(40):  # the memory's share is counted in
        app.memory.add(meeting.user_id, kind=Kind.FACT, text=f"이영희 팀의 {number}번째 사실 " * 8)
    style = app.people.save_style(meeting.user_id, fitting)
    minutes = write(app, meeting, llm=LLM, style_version=style.version)
    assert {"summary_no_room", STYLE_NO_ROOM} & set(minutes.draft.notices) == set()


@pytest.mark.parametrize(("num_ctx", "fits"), [(4096, False), (8192, True)])
def test_the_size_is_of_the_window_that_is_chosen(
    tmp_path: Path, double: OllamaDouble, num_ctx: int, fits: bool
) -> None:
    app = build_app(
        Settings(data=tmp_path / "data", ollama_url=double.url, num_ctx=num_ctx, llm=LLM)
    )
    try:
        who = app.people.local_person().id
        size = app.trials.size(who, text=LONGEST)
        assert size is not None
        assert (size.window, size.fits, size.is_large) == (num_ctx, fits, True)
        assert bool(size.too_many) is not fits
        assert 0 < size.too_many < STYLE_LIMIT or fits
        small = app.trials.size(who, text="짧게")
        assert small is not None
        assert (small.fits, small.is_large, small.too_many) == (True, False, 0)
        assert double.chats == []  # no model was asked
    finally:
        app.close()


def test_without_a_model_nothing_takes_room(app: App) -> None:
    who = app.people.local_person().id
    app.people.choose(who, name="llm", value="extractive")
    assert app.trials.size(who, text=LONGEST) is None


@pytest.mark.parametrize("question", ["언제 출시하나요?", "출시일을 알려 주세요. " * 100])
def test_a_style_that_leaves_no_room_for_the_question_is_named(
    tmp_path: Path, make_meeting: Make, double: OllamaDouble, question: str
) -> None:
    app = build_app(Settings(data=tmp_path / "tight", ollama_url=double.url, num_ctx=2048, llm=LLM))
    try:
        meeting = make_meeting(app, MEETING)
        app.people.save_style(meeting.user_id, LONGEST)
        turn = ask(app, meeting, question)
        assert turn.error is not None
        assert turn.error["code"] == "style_no_room_to_answer"
        assert turn.error["facts"] == {"model": "gemma3:4b"}
        assert double.chats[1:] == []  # but for the load
        app.people.save_style(meeting.user_id, "짧게")
        assert ask(app, meeting, "언제 출시하나요?").state == "finished"
    finally:
        app.close()
