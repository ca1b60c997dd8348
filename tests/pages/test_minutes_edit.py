"""Changing minutes on the page: a pencil, a small form, a version, an undo."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.kinds import ItemKind
from core.messages import say
from core.store.tables import Meeting
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, press, words
from tests.pages.test_main import LANGUAGES
from tests.services.minutes_by_hand import SAID, kept


@pytest.fixture
def meeting(seeds: Seeds) -> Meeting:
    made = seeds.heard(seeds.meeting(SAID, title="Launch"))
    kept(seeds.app, made)
    return made


def at_desk(meeting: Meeting, locale: str = "en-US") -> AppTest:
    at = opened("meeting", locale=locale, meeting=meeting.id)
    return at.toggle(key=f"editing_{meeting.id}").set_value(True).run()


def field(at: AppTest, label: str) -> Any:
    kinds = (at.text_area, at.text_input, at.date_input)
    [found] = [one for kind in kinds for one in kind if one.label == label]
    return found


def submit(at: AppTest, label: str) -> AppTest:
    """Press a button of the open form: the page has others of that label."""
    [found] = [one for one in at.button if one.label == label and "_form" in one.form_id]
    return found.click().run()


def newest(seeds: Seeds, meeting: Meeting) -> Any:
    return seeds.app.minutes.newest(seeds.user_id, meeting.id)


@LANGUAGES
def test_an_item_is_changed_and_the_change_undone(
    seeds: Seeds, meeting: Meeting, locale: str, language: str
) -> None:
    at = at_desk(meeting, locale)
    assert ":gray[이영희 · 2026-11-27 (금요일까지)]" in words(at)
    at = at.button(key="edit_1").click().run()
    field(at, say("editing.text", language)).set_value("배포 문서를 다시 쓰기")
    field(at, say("editing.owner", language)).set_value("박민호")
    at = submit(at, say("editing.save", language))
    assert not at.exception
    item = newest(seeds, meeting).draft.items[1]
    assert (item.text, item.owner, item.due) == ("배포 문서를 다시 쓰기", "박민호", "2026-11-27")
    assert say("editing.saved", language, version=2) in words(at)
    assert say("minutes.edited", language) in words(at)
    at = press(at, say("editing.undo", language))
    assert newest(seeds, meeting).draft.items[1].text == "배포 문서 쓰기"
    assert say("editing.undone", language, version=3) in words(at)
    assert say("editing.undo", language) not in [one.label for one in at.button]
    assert seeds.app.minutes.versions(seeds.user_id, meeting.id) == [3, 2, 1]
    [picker] = [box for box in at.selectbox if box.label == say("meeting.version", language)]
    assert picker.options == [
        say("editing.version_restored", language, version=3, base=1),
        say("editing.version_edited", language, version=2),
        say("editing.version_written", language, version=1, engine="gemma3:4b"),
    ]


def test_another_day_takes_the_words_for_the_old_one_away(seeds: Seeds, meeting: Meeting) -> None:
    at = at_desk(meeting).button(key="edit_1").click().run()
    field(at, say("editing.due", "en")).set_value("2026-12-04")
    submit(at, say("editing.save", "en"))
    item = newest(seeds, meeting).draft.items[1]
    assert (item.due, item.due_text) == ("2026-12-04", None)


def test_what_is_refused_stays_in_its_field(seeds: Seeds, meeting: Meeting) -> None:
    at = at_desk(meeting)
    at = at.button(key="edit_summary").click().run()
    field(at, say("editing.summary_label", "en")).set_value("Wrong. [99]")
    at = submit(at, say("editing.save", "en"))
    assert "99" in at.error[0].value
    assert field(at, say("editing.summary_label", "en")).value == "Wrong. [99]"
    field(at, say("editing.summary_label", "en")).set_value("Right. [1]")
    at = submit(at, say("editing.save", "en"))
    assert newest(seeds, meeting).draft.summary == "Right. [1]"
    assert "[00:05](#u=1)" in words(at)


def test_an_item_is_added_deleted_and_confirmed(seeds: Seeds, meeting: Meeting) -> None:
    at = at_desk(meeting)
    at = at.button(key=f"add_{ItemKind.QUESTION.value}").click().run()
    field(at, say("editing.text", "en")).set_value("예산은 누가?")
    at = submit(at, say("editing.save", "en"))
    assert newest(seeds, meeting).draft.of(ItemKind.QUESTION)[0].text == "예산은 누가?"
    at = at.button(key="delete_0").click().run()
    assert newest(seeds, meeting).draft.of(ItemKind.DECISION) == ()
    unconfirmed = newest(seeds, meeting).draft.items[1]
    assert not unconfirmed.verified
    at = at.button(key="edit_1").click().run()
    at = submit(at, say("editing.confirm", "en"))
    assert not at.exception
    assert newest(seeds, meeting).draft.items[1].verified


def test_leaving_a_form_changes_nothing(seeds: Seeds, meeting: Meeting) -> None:
    at = at_desk(meeting).button(key="edit_0").click().run()
    field(at, say("editing.text", "en")).set_value("x")
    at = submit(at, say("editing.cancel", "en"))
    assert not [one for one in at.text_area if one.label == say("editing.text", "en")]
    assert seeds.app.minutes.versions(seeds.user_id, meeting.id) == [1]


def test_what_another_tab_saved_is_not_overwritten(seeds: Seeds, meeting: Meeting) -> None:
    at = at_desk(meeting)
    at = at.button(key="edit_0").click().run()
    field(at, say("editing.text", "en")).set_value("this tab")
    seeds.app.editing.edit_summary(seeds.user_id, meeting.id, version=1, text="other tab [1]")
    at = submit(at, say("editing.save", "en"))
    assert newest(seeds, meeting).version == 2
    assert newest(seeds, meeting).draft.items[0].text == "12월 10일에 출시"
    # The form stays with what was typed, until its writer leaves it.
    assert field(at, say("editing.text", "en")).value == "this tab"
    told = say("editing.moved_on", "en", newest=2)
    assert told in [one.value for one in at.warning]
    at = submit(at, say("editing.cancel", "en"))
    assert told not in [one.value for one in at.warning]
    assert "other tab" in words(at)


@LANGUAGES
def test_what_was_typed_can_be_saved_in_the_version_that_came_meanwhile(
    seeds: Seeds, meeting: Meeting, locale: str, language: str
) -> None:
    at = at_desk(meeting, locale).button(key="edit_1").click().run()
    field(at, say("editing.text", language)).set_value("이 탭의 글")
    service = seeds.app.editing
    service.delete_item(seeds.user_id, meeting.id, version=1, position=0)  # it moves up
    at = submit(submit(at, say("editing.save", language)), say("editing.save_over", language))
    assert not at.exception
    assert [one.text for one in newest(seeds, meeting).draft.items] == [
        "이 탭의 글",
        "예산 90퍼센트",
    ]
    at = at.button(key="edit_0").click().run()
    field(at, say("editing.text", language)).set_value("또 다른 글")
    service.delete_item(seeds.user_id, meeting.id, version=3, position=0)
    submit(submit(at, say("editing.save", language)), say("editing.save_over", language))
    added = newest(seeds, meeting).draft.items[-1]
    assert (added.text, added.utterances) == ("또 다른 글", (2,))


@LANGUAGES
def test_a_deletion_is_told_in_its_place_undone_and_done_again(
    seeds: Seeds, meeting: Meeting, locale: str, language: str
) -> None:
    at = at_desk(meeting, locale).button(key="delete_2").click().run()
    told = say("editing.deleted", language, version=2)
    assert [told] == [one.value for one in at.toast]
    shown = words(at)
    heading = say("minutes.unverified", language)  # the only item there is gone: it still stands
    assert heading in shown
    assert told in shown
    at = press(at, say("editing.undo", language))
    assert len(newest(seeds, meeting).draft.items) == 3
    at = press(at, say("editing.redo", language))
    assert len(newest(seeds, meeting).draft.items) == 2
    at = press(at, say("editing.undo", language))
    assert len(newest(seeds, meeting).draft.items) == 3


def test_adding_nothing_does_not_speak_of_deleting(seeds: Seeds, meeting: Meeting) -> None:
    at = at_desk(meeting).button(key=f"add_{ItemKind.QUESTION.value}").click().run()
    at = submit(at, say("editing.save", "en"))
    assert [one.value for one in at.error] == [say("errors.item_text_missing", "en")]
    assert seeds.app.minutes.versions(seeds.user_id, meeting.id) == [1]


@LANGUAGES
def test_minutes_written_anew_point_at_what_was_changed_by_hand(
    seeds: Seeds, meeting: Meeting, locale: str, language: str
) -> None:
    seeds.app.editing.edit_summary(seeds.user_id, meeting.id, version=1, text="Mine. [1]")
    kept(seeds.app, meeting, job_id="anew")
    at = opened("meeting", locale=locale, meeting=meeting.id)
    told = say("editing.left_behind", language, version=2)
    assert told in [one.value for one in at.info]
    at = press(at, say("editing.open_version", language, version=2))
    [picker] = [box for box in at.selectbox if box.label == say("meeting.version", language)]
    assert picker.value == 2
    assert told not in [one.value for one in at.info]
    at = press(at, say("editing.restore", language))
    assert newest(seeds, meeting).draft.summary == "Mine. [1]"
    assert newest(seeds, meeting).version == 4
    assert told not in [one.value for one in at.info]


@pytest.mark.parametrize("hostile", ["![x](http://evil.example/a.png)", "<b>x</b> :red[y]"])
def test_what_a_person_wrote_shows_as_they_wrote_it(
    seeds: Seeds, meeting: Meeting, hostile: str
) -> None:
    at = at_desk(meeting).button(key="edit_0").click().run()
    field(at, say("editing.text", "en")).set_value(hostile)
    at = submit(at, say("editing.save", "en"))
    shown = words(at) + words(at.toggle(key=f"editing_{meeting.id}").set_value(False).run())
    assert not at.exception
    assert hostile not in shown
    assert newest(seeds, meeting).draft.items[0].text == hostile
