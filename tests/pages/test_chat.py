"""The chat page, run without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.app import App, build_app
from core.errors import EngineFailed
from core.messages import say
from core.services.jobs import stored_error
from core.settings import Settings
from core.store import threads
from core.store.tables import Job, Meeting, Thread, Turn
from tests.doubles.ollama import OllamaDouble
from tests.pages.seeding import ENGLISH, given, heard
from tests.waiting import until

LOCALES = pytest.mark.parametrize(("locale", "language"), [("ko-KR", "ko"), ("en-US", "en")])
PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "chat.py")


@pytest.fixture
def quoting(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """The App of a machine that quotes."""
    built = build_app(settings.model_copy(update={"llm": "extractive"}))
    yield from _in_force(built, monkeypatch)


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        yield running


@pytest.fixture
def writing(
    settings: Settings, double: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> Iterator[App]:
    """The App of a machine whose model writes."""
    facts = {"ollama_url": double.url, "llm": "ollama:tiny-gemma3"}
    yield from _in_force(build_app(settings.model_copy(update=facts)), monkeypatch)


def _in_force(built: App, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    st.cache_data.clear()
    monkeypatch.setattr("core.app._app", built)
    yield built
    built.close()


def opened(locale: str = "ko-KR", **address: str) -> AppTest:
    """The page at an address."""
    at = AppTest.from_file(PAGE, default_timeout=20)
    at.context = {"locale": locale, "timezone": "Asia/Seoul"}
    for name, value in address.items():
        at.query_params[name] = value
    return at.run()


def in_address(at: AppTest, name: str) -> str:
    """A parameter of the page's address: what the page set is a list, what the test set is not."""
    value = at.query_params[name]
    return value if isinstance(value, str) else value[0]


def texts(at: AppTest) -> str:
    """Everything that can be read on the page, below one another."""
    kinds = (at.title, at.markdown, at.caption, at.error, at.info, at.code)
    return "\n".join(element.value for kind in kinds for element in kind)


def ended(app: App, meeting: Meeting, thread_id: str) -> Turn:
    """The last turn of a conversation once it has ended."""

    def last() -> Turn:
        return app.chat.turns(meeting.user_id, thread_id)[-1]

    until(lambda: last().state not in ("queued", "running"))
    return last()


@LOCALES
def test_without_a_meeting_it_shows_where_to_get_one(
    quoting: App, locale: str, language: str
) -> None:
    at = opened(locale)
    assert say("chat.empty", language) in texts(at)
    assert [button.label for button in at.button] == [say("chat.to_upload", language)]
    assert not at.exception


@LOCALES
def test_an_empty_conversation_offers_three_questions_and_says_that_no_model_writes(
    quoting: App, tmp_path: Path, locale: str, language: str
) -> None:
    heard(quoting, tmp_path / "in")
    at = opened(locale)
    labels = [button.label for button in at.button]
    assert all(say(f"chat.suggest_{number}", language) in labels for number in (1, 2, 3))
    assert say("chat.writes_extractive", language) in texts(at)
    assert at.chat_input[0].placeholder == say("chat.input", language)


@LOCALES
def test_a_question_is_answered_with_quotations_and_their_times(
    quoting: App, tmp_path: Path, locale: str, language: str
) -> None:
    meeting = heard(quoting, tmp_path / "in")
    at = opened(locale, meeting=meeting.id)
    at.chat_input[0].set_value("출시는 *언제*인가요?").run()
    thread_id = in_address(at, "thread")
    assert ended(quoting, meeting, thread_id).state == "finished"
    read = texts(at.run())
    assert "출시는 \\*언제\\*인가요?" in read
    assert say("notices.answered_extractive", "ko") in read  # in the language of the question
    place = f"[00:31](meeting?meeting={meeting.id}&line=3)"
    assert f"“좋습니다. 출시는 12월 10일로 결정하겠습니다.” {place}" in read
    assert say("chat.by_extractive", language) in read
    assert not at.exception


def test_a_suggested_question_begins_a_conversation(quoting: App, tmp_path: Path) -> None:
    meeting = heard(quoting, tmp_path / "in", ENGLISH, title="Budget")
    at = opened("en-US", meeting=meeting.id)
    at.button(key="suggest-2").click().run()
    turn = ended(quoting, meeting, in_address(at, "thread"))
    assert turn.question == say("chat.suggest_2", "en")


@pytest.mark.parametrize("text", ["drawn ![x](http://evil/x.png)", "a [link](http://evil)", "<b>"])
def test_what_was_said_cannot_draw_on_the_page(quoting: App, tmp_path: Path, text: str) -> None:
    meeting = heard(quoting, tmp_path / "in", f"Bob: the launch is {text} today\n", title="m")
    at = opened("en-US", meeting=meeting.id)
    at.chat_input[0].set_value("launch today?").run()
    ended(quoting, meeting, in_address(at, "thread"))
    answer = next(one.value for one in at.run().markdown if "Bob" in one.value)
    assert not re.search(r"(?<!\\)(!\[|\]\((?!meeting\?)|<)", answer)


@LOCALES
def test_a_question_that_is_too_long_is_refused_with_its_length_and_given_back(
    quoting: App, tmp_path: Path, locale: str, language: str
) -> None:
    meeting = heard(quoting, tmp_path / "in")
    at = opened(locale, meeting=meeting.id)
    at.chat_input[0].set_value("가" * 8001).run()
    assert at.error[0].value == say("errors.question_too_long", language, length=8001, limit=8000)
    assert at.code[0].value == "가" * 8001
    assert "thread" not in at.query_params


@pytest.mark.parametrize(
    ("address", "code"),
    [({"meeting": "nobody"}, "meeting_missing"), ({"thread": "nobody"}, "thread_missing")],
)
def test_an_address_that_leads_nowhere_says_so(
    quoting: App, tmp_path: Path, address: dict[str, str], code: str
) -> None:
    meeting = heard(quoting, tmp_path / "in")
    at = opened("en-US", **{"meeting": meeting.id, **address})
    facts = {"meeting": "nobody", "thread": "nobody"}
    assert [error.value for error in at.error] == [say(f"errors.{code}", "en", **facts)]
    assert at.selectbox[0].options  # another meeting can be chosen


def test_another_meeting_can_be_chosen_and_stays_in_the_address(
    quoting: App, tmp_path: Path
) -> None:
    first = heard(quoting, tmp_path / "in")
    second = heard(quoting, tmp_path / "in", ENGLISH, title="Budget")
    at = opened(meeting=first.id)
    at.selectbox[0].set_value(second.id).run()
    assert in_address(at, "meeting") == second.id
    assert at.selectbox[0].value == second.id


@LOCALES
def test_a_meeting_whose_transcript_is_being_made_shows_how_far_it_is(
    quoting: App, tmp_path: Path, locale: str, language: str
) -> None:
    meeting = given(quoting, tmp_path / "in", ENGLISH, title="Budget")
    _add_job(quoting, meeting, state="running", progress=0.42, step="hearing")
    at = opened(locale, meeting=meeting.id)
    assert say("chat.waiting_title", language) in texts(at)
    assert at.chat_input[0].disabled
    assert not at.exception


def test_a_transcript_that_failed_says_why(quoting: App, tmp_path: Path) -> None:
    meeting = given(quoting, tmp_path / "in", ENGLISH, title="Budget")
    error = stored_error(EngineFailed("job_died"))
    _add_job(quoting, meeting, state="failed", error=error)
    at = opened("en-US", meeting=meeting.id)
    assert [one.value for one in at.error] == [say("errors.job_died", "en")]


def _add_job(app: App, meeting: Meeting, **facts: object) -> None:
    with app.database.writing() as session:
        job = Job(
            id="j", user_id=meeting.user_id, meeting_id=meeting.id, stage="transcribe", **facts
        )
        session.add(job)


def test_a_models_answer_shows_its_sources_its_author_and_its_prompt_word_for_word(
    writing: App, double: OllamaDouble, tmp_path: Path
) -> None:
    meeting = heard(writing, tmp_path / "in")
    writing.people.save_style(meeting.user_id, "STYLE: 반말 금지")
    double.answer = lambda request: "# 출시\n12월 10일입니다 [3][2]. ![x](http://evil/x.png)"
    at = opened(meeting=meeting.id)
    at.chat_input[0].set_value("출시는 언제인가요?").run()
    turn = ended(writing, meeting, in_address(at, "thread"))
    at.run()
    answer = next(one.value for one in at.markdown if "12월 10일입니다" in one.value)
    assert answer.startswith("##### 출시")
    assert f"[00:31](meeting?meeting={meeting.id}&line=3)" in answer
    assert "![" not in answer
    assert [one.label for one in at.expander] == [say("chat.sources", "ko", count=2)]
    assert say("chat.by_model", "ko", engine="tiny-gemma3") in texts(at)
    at.button(key=f"prompt-{turn.id}").click().run()
    assert [code.value for code in at.code] == [turn.system, turn.user_message]
    assert "STYLE: 반말 금지" in at.code[0].value


@LOCALES
def test_an_answer_that_failed_says_why_and_can_be_had_again(
    writing: App, double: OllamaDouble, tmp_path: Path, locale: str, language: str
) -> None:
    meeting = heard(writing, tmp_path / "in")
    double.answer = lambda request: "12월 10일입니다 [3]."
    double.fail_next("oom_500")
    at = opened(locale, meeting=meeting.id)
    at.chat_input[0].set_value("출시는 언제인가요?").run()
    thread_id = in_address(at, "thread")
    turn = ended(writing, meeting, thread_id)
    assert turn.state == "failed"
    at.run()
    assert len(at.error) == 1
    written = say("chat.by_model", language, engine="tiny-gemma3")
    assert written not in texts(at)  # nothing was
    at.button(key=f"retry-{turn.id}").click().run()
    assert ended(writing, meeting, thread_id).state == "finished"
    at.run()
    assert not at.error
    assert written in texts(at)
    assert "12월 10일입니다" in texts(at)


def test_an_answer_that_was_stopped_says_so(
    writing: App, double: OllamaDouble, tmp_path: Path
) -> None:
    meeting = heard(writing, tmp_path / "in")
    double.delay_first = 30.0
    at = opened("en-US", meeting=meeting.id)
    at.chat_input[0].set_value("When is the launch?").run()
    thread_id = in_address(at, "thread")
    at.chat_input[0].set_value("And who said so?").run()  # too early: given back, not sent
    assert [toast.value for toast in at.toast] == [say("chat.input_busy", "en")]
    assert len(writing.chat.turns(meeting.user_id, thread_id)) == 1
    turn = writing.chat.turns(meeting.user_id, thread_id)[-1]
    at.button(key=f"stop-{turn.id}").click().run()
    ended(writing, meeting, thread_id)
    at.run()
    assert say("chat.cancelled", "en") in texts(at)
    assert say("chat.retry", "en") in [button.label for button in at.button]


def test_only_the_last_turns_are_shown_until_more_are_wanted(quoting: App, tmp_path: Path) -> None:
    meeting = heard(quoting, tmp_path / "in")
    with quoting.database.writing() as session:
        thread = Thread(user_id=meeting.user_id, meeting_id=meeting.id)
        session.add(thread)
        session.flush()
        for number in range(1, 61):
            session.add(
                Turn(
                    thread_id=thread.id,
                    number=threads.next_number(session, thread_id=thread.id),
                    question=f"question {number}",
                    answer="answer",
                    state="finished",
                )
            )
            session.flush()
    at = opened("en-US", meeting=meeting.id, thread=thread.id)
    assert len(at.chat_message) == 100
    next(one for one in at.button if one.label == say("chat.earlier", "en", count=10)).click()
    assert len(at.run().chat_message) == 120
