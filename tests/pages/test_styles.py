"""The section of styles, run without a browser. The editor itself is tested in one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.app import App, build_app
from core.messages import say
from core.services.style_starters import starter
from core.services.style_trial import WRITING, StyleTrial
from core.settings import Settings
from core.store.tables import Meeting
from pages.parts.style_versions import diff_html
from tests.doubles.ollama import OllamaDouble
from tests.pages.opening import opened, press, words
from tests.pages.seeding import heard
from tests.services.conftest import write
from tests.waiting import until

LOCALES = pytest.mark.parametrize(("locale", "language"), [("ko-KR", "ko"), ("en-US", "en")])
LLM = "ollama:tiny-gemma3"
HOSTILE = "*bold* <b>x</b> :red[y] ](http://evil.example) {z} $s"


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        yield running


@pytest.fixture
def writing(
    settings: Settings, double: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> Iterator[App]:
    """The App in force, whose model is the double."""
    st.cache_data.clear()
    app = build_app(settings.model_copy(update={"ollama_url": double.url, "llm": LLM}))
    monkeypatch.setattr("core.app._app", app)
    yield app
    app.close()


@pytest.fixture
def meeting(writing: App, tmp_path: Path) -> Meeting:
    """A meeting with minutes by the model."""
    made = heard(writing, tmp_path / "in")
    write(writing, made, llm=LLM)
    return made


def text(key: str, **facts: object) -> str:
    return say(f"styles.{key}", "en", **facts)


def person(app: App) -> str:
    return app.people.local_person().id


def box(at: AppTest, key: str) -> Any:
    return next(one for one in at.selectbox if one.label == text(key))


def codes(at: AppTest) -> str:
    return "\n".join(one.value for one in at.code)


def tried(at: AppTest, app: App, double: OllamaDouble) -> AppTest:
    """The page once the try has ended."""
    until(lambda: "after" in dir(app.trials.of(person(app))), seconds=5)
    until(lambda: app.trials.of(person(app)).state not in ("waiting", "loading", WRITING))  # type: ignore[union-attr]
    return at.run()


@LOCALES
def test_without_a_style_the_page_says_so_and_what_comes_next(
    in_force: App, locale: str, language: str
) -> None:
    at = opened("memory", locale=locale)
    assert not at.exception
    assert not at.error
    assert say("styles.none", language) in words(at)
    assert say("styles.trial_none", language) in words(at)
    assert say("styles.new", language) not in words(at)


def test_a_style_can_be_made_from_an_example_renamed_and_made_the_default(in_force: App) -> None:
    me = person(in_force)
    in_force.styles.save(me, None, "first", expected=0)
    at = opened("memory")
    box(at, "new_source").set_value("notes").run()
    name = next(one for one in at.text_input if one.value == starter("notes", "en").name)
    name.set_value("Notes *now*").run()
    press(at, text("new_make"))
    made = next(one for one in in_force.styles.all(me) if one.name)
    assert (made.name, made.text) == ("Notes *now*", starter("notes", "en").text)
    assert box(at, "choose").value == made.style_id
    assert text("now_other", version=made.version) in words(at)
    assert text("default_not", name=text("unnamed")) in words(at)
    press(at, text("default"))
    assert text("now", version=made.version) in words(at)
    assert in_force.styles.all(me)[0].name == "Notes *now*"
    next(one for one in at.text_input if one.value == "Notes *now*").set_value("").run()
    press(at, text("rename"))
    assert say("errors.style_name_empty", "en") in [one.value for one in at.error]


def test_an_empty_style_beside_the_default_does_not_say_that_none_is_used(in_force: App) -> None:
    me = person(in_force)
    in_force.styles.make(me, name="kept", text="A")
    empty = in_force.styles.make(me, name="empty", text="")
    at = opened("memory")
    box(at, "choose").set_value(empty.style_id).run()
    assert text("none_yet") in words(at)
    assert text("none") not in words(at)


def test_a_style_that_is_removed_can_be_brought_back(in_force: App) -> None:
    me = person(in_force)
    in_force.styles.make(me, name="kept", text="A")
    gone = in_force.styles.make(me, name=HOSTILE[:40], text="B")
    at = opened("memory")
    box(at, "choose").set_value(gone.style_id).run()
    press(at, text("remove"))
    assert [one.name for one in in_force.styles.all(me)] == ["kept"]
    press(at, text("undo"))
    assert box(at, "choose").value == gone.style_id
    assert not at.exception


def test_a_style_that_another_tab_removed_is_not_just_gone(in_force: App) -> None:
    me = person(in_force)
    only = in_force.styles.make(me, name="only one", text="A")
    at = opened("memory")
    in_force.styles.remove(me, only.style_id)
    at.run()
    assert text("removed", name="only one") in words(at)
    press(at, text("undo"))
    assert [one.text for one in in_force.styles.all(me)] == ["A"]
    assert text("removed", name="only one") not in words(at)


def test_the_default_is_not_removed_before_another_is(in_force: App) -> None:
    me = person(in_force)
    in_force.styles.make(me, name="one", text="A")
    in_force.styles.make(me, name="two", text="B")
    at = press(opened("memory"), text("remove"))
    assert say("errors.style_is_default", "en") in [one.value.replace("\\", "") for one in at.error]
    assert len(in_force.styles.all(me)) == 2


def test_an_earlier_text_is_compared_and_comes_back(in_force: App) -> None:
    me = person(in_force)
    made = in_force.styles.make(me, name="a", text="Keep it short. <b>")
    in_force.styles.save(me, made.style_id, "Keep it long. <b>", expected=None)
    in_force.styles.save(me, made.style_id, "Keep it very long. <b>", expected=None)
    at = opened("memory")
    assert text("versions", count=2) in words(at)
    shown = [one.proto.body for one in at.get("html") if 'class="word-diff"' in one.proto.body]
    assert len(shown) == 1
    assert '<div class="word-diff">Keep it<ins> very</ins> long. &lt;b&gt;</div>' in shown[0]
    box(at, "version_choose").set_value(1).run()
    assert text("diff_first") in words(at)
    press(at, text("restore"))
    assert [one.text for one in in_force.styles.versions(me, made.style_id)][0] == (
        "Keep it short. <b>"
    )
    assert text("now", version=4) in words(at)


def test_a_difference_holds_no_tag_but_its_own() -> None:
    shown = diff_html("<script>a</script> & b", '<img src=x onerror="y"> & b')
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<del>" in shown
    assert "<ins>" in shown


def test_both_summaries_stand_beside_each_other_with_the_exact_prompt(
    writing: App, meeting: Meeting, double: OllamaDouble
) -> None:
    double.requests.clear()
    writing.trials.start(meeting.user_id, text="STYLE-MARK:MARKED {x} </style>")
    at = tried(opened("memory"), writing, double)
    assert not at.exception
    assert text("trial_before", version=1) in words(at)
    assert text("trial_after") in words(at)
    assert any(one.value.startswith("MARKED") for one in at.markdown)
    assert double.chats[-1].body["messages"][0]["content"] in codes(at)
    assert "STYLE-MARK:MARKED {x} </style>" in codes(at)
    assert not [chat for chat in double.chats if "format" in chat.body]
    press(at, text("trial_close"))
    assert text("trial_after") not in words(at)
    assert writing.styles.all(meeting.user_id) == []


def test_a_try_that_failed_says_why(writing: App, meeting: Meeting, double: OllamaDouble) -> None:
    double.fail_always("html_502")
    writing.trials.start(meeting.user_id, text="x")
    at = tried(opened("memory"), writing, double)
    found = writing.trials.of(meeting.user_id)
    assert found is not None
    assert found.error is not None
    assert len(at.warning) == 1
    assert text("trial_after") not in words(at)


def test_a_running_try_says_how_it_goes_and_can_be_stopped(
    writing: App, meeting: Meeting, double: OllamaDouble
) -> None:
    double.answer = lambda request: " ".join(["word"] * 2000)
    double.delay_piece = 0.05
    writing.trials.start(meeting.user_id, text="x")

    def state() -> StyleTrial:
        found = writing.trials.of(meeting.user_id)
        assert found is not None
        return found

    until(lambda: state().written > 0, seconds=20)
    at = opened("memory")
    beginning = text("trial_writing", title=meeting.title, characters="§").partition("§")[0]
    assert beginning.replace("“", "") in words(at).replace("“", "")
    press(at, text("trial_stop"))
    assert state().state == "cancelled"
    assert text("trial_stopped") in words(at.run())


@LOCALES
def test_the_built_in_engine_has_nothing_for_a_style_to_act_on(
    in_force: App, tmp_path: Path, locale: str, language: str
) -> None:
    made = heard(in_force, tmp_path / "in")
    write(in_force, made, llm="extractive")
    in_force.people.choose(made.user_id, name="llm", value="extractive")
    at = opened("memory", locale=locale)
    sentence = say("errors.trial_without_model", language)
    assert sentence in words(at).replace("\\", "")


def test_minutes_are_written_in_the_style_that_was_chosen(writing: App, meeting: Meeting) -> None:
    writing.styles.make(meeting.user_id, name="usual", text="A")
    other = writing.styles.make(meeting.user_id, name="for the board", text="B")
    at = opened("meeting", meeting=meeting.id)
    chosen = box(at, "in_writing")
    assert chosen.options == ["usual", "for the board", text("in_writing_none")]
    chosen.set_value(other.style_id).run()
    press(at, say("meeting.write_start", "en"))
    (job,) = writing.jobs.of_meeting(meeting.user_id, meeting.id)
    assert job.options["style_version"] == other.version
