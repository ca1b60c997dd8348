"""Kinds of minutes on the pages: chosen, made, changed, deleted and brought back."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.app import App
from core.domain.kinds import ItemKind
from core.messages import say
from core.services.built_ins import KEYS, built_in, template_name
from core.store.tables import Meeting
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, press, words
from tests.pages.test_main import LANGUAGES
from tests.services.minutes_by_hand import SAID, kept


def box(at: AppTest, label: str) -> Any:
    [found] = [one for one in at.selectbox if one.label == label]
    return found


@pytest.fixture
def meeting(seeds: Seeds) -> Meeting:
    return seeds.heard(seeds.meeting(SAID, title="Launch"))


@LANGUAGES
def test_the_kind_for_new_meetings_is_chosen_and_kept(
    in_force: App, locale: str, language: str
) -> None:
    at = opened("upload", locale=locale)
    chooser = box(at, say("meeting.template", language))
    assert chooser.options == [template_name(built_in(key, language), language) for key in KEYS]
    at = chooser.set_value("standup").run()
    assert not at.exception
    user_id = in_force.people.local_person().id
    assert in_force.intake.wanted(user_id).template.key == "standup"
    again = opened("settings", locale=locale)
    assert box(again, say("settings.templates_default", language)).value == "standup"
    assert any(built_in("standup", language).focus in code.value for code in again.code)


@LANGUAGES
def test_a_kind_of_ones_own_is_made_from_another_changed_deleted_and_brought_back(
    in_force: App, locale: str, language: str
) -> None:
    user_id = in_force.people.local_person().id
    at = opened("settings", locale=locale)
    assert say("settings.templates_none", language) in words(at)
    at = box(at, say("settings.templates_source", language)).set_value("interview").run()
    at = press(at, say("settings.templates_copy", language))
    [made] = in_force.templates.own(user_id)
    assert made.focus == built_in("interview", language).focus
    [name] = [one for one in at.text_input if one.label == say("settings.templates_name", language)]
    name.set_value("*면접* :red[x]")
    [order] = at.multiselect
    order.set_value([ItemKind.ACTION, ItemKind.TOPIC])
    at = press(at, say("settings.templates_save", language))
    assert not at.exception
    [made] = in_force.templates.own(user_id)
    assert (made.name, made.sections) == ("*면접* :red[x]", (ItemKind.ACTION, ItemKind.TOPIC))
    assert "*면접* :red[x]" not in words(at)  # shown letter by letter
    at = press(at, say("settings.templates_delete", language))
    assert in_force.templates.own(user_id) == []
    at = press(at, say("settings.templates_undo", language))
    assert in_force.templates.own(user_id) == [made]


def test_what_is_refused_stays_in_the_form(in_force: App) -> None:
    user_id = in_force.people.local_person().id
    at = press(opened("settings"), say("settings.templates_copy", "en"))
    focus = next(one for one in at.text_area if "2,000" in one.label)
    focus.set_value("a" * 2001)
    at = press(at, say("settings.templates_save", "en"))
    assert "2001" in at.error[0].value
    focus = next(one for one in at.text_area if "2,000" in one.label)
    assert focus.value == "a" * 2001
    assert in_force.templates.own(user_id)[0].focus == ""


def test_the_language_of_minutes_is_chosen(in_force: App) -> None:
    user_id = in_force.people.local_person().id
    at = opened("settings")

    def chooser() -> Any:
        label = say("settings.minutes_language", "en")
        return next(one for one in at.button_group if one.label == label)

    at = chooser().set_value("en").run()
    assert in_force.intake.wanted(user_id).language == "en"
    at = chooser().set_value("meeting").run()
    assert in_force.intake.wanted(user_id).language is None


def test_minutes_are_written_anew_in_another_kind_and_language(
    seeds: Seeds, meeting: Meeting
) -> None:
    kept(seeds.app, meeting, template=built_in("standup", "ko"))
    at = opened("meeting", meeting=meeting.id)
    chooser = box(at, say("meeting.template", "en"))
    assert chooser.value == "standup"  # as the minutes are now
    at = chooser.set_value("customer_call").run()
    at = box(at, say("meeting.minutes_language", "en")).set_value("en").run()
    press(at, say("meeting.write_start", "en"))
    [job] = seeds.app.jobs.live(seeds.user_id)
    assert job.options["template"] == built_in("customer_call", "en").as_json()
    assert job.options["language"] == "en"
    assert seeds.app.intake.wanted(seeds.user_id).template.key == "general"  # for this version only


def test_a_job_is_given_the_template_in_the_meetings_language(
    seeds: Seeds, meeting: Meeting
) -> None:
    seeds.app.templates.choose_default(seeds.user_id, "lecture")
    assert meeting.language == "ko"
    at = opened("meeting", locale="en-US", meeting=meeting.id)
    press(at, say("meeting.write_start", "en"))
    [job] = seeds.app.jobs.live(seeds.user_id)
    assert job.options["template"] == built_in("lecture", "ko").as_json()


def test_minutes_of_a_deleted_kind_can_still_be_written_anew_in_it(
    seeds: Seeds, meeting: Meeting
) -> None:
    own = seeds.app.templates.save(seeds.user_id, name="주간", sections=[ItemKind.FACT])
    kept(seeds.app, meeting, template=own)
    seeds.app.templates.delete(seeds.user_id, own.key)
    at = opened("meeting", meeting=meeting.id)
    assert box(at, say("meeting.template", "en")).value == own.key
    press(at, say("meeting.write_start", "en"))
    [job] = seeds.app.jobs.live(seeds.user_id)
    assert job.options["template"]["name"] == "주간"


@LANGUAGES
def test_sections_stand_in_the_templates_order_under_its_titles(
    seeds: Seeds, meeting: Meeting, locale: str, language: str
) -> None:
    kept(seeds.app, meeting, template=built_in("standup", "ko"))
    at = opened("meeting", locale=locale, meeting=meeting.id)
    template = built_in("standup", language)
    shown = [one.value for one in at.subheader]
    assert shown[1:4] == [template.titles[kind] for kind in template.sections]
    assert say("minutes.no_questions", language) in words(at)
    assert template.titles[ItemKind.TOPIC] not in shown  # not named, holds nothing
    assert say("templates.standup", language) in words(at)


def test_what_an_item_replaced_is_a_link_to_where_it_was_said(
    seeds: Seeds, meeting: Meeting
) -> None:
    kept(seeds.app, meeting)
    at = opened("meeting", meeting=meeting.id)
    assert "(corrects: 12월 3일에 출시 [01:20](#u=4))" in words(at)
