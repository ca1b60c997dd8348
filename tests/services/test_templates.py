"""Kinds of minutes: those that come with the program, and a person's own."""

from collections.abc import Callable

import pytest

from core.app import App
from core.domain.kinds import ItemKind
from core.domain.templates import GENERAL, Template
from core.errors import InvalidInput, NotFound
from core.messages import LANGUAGES
from core.services.built_ins import KEYS, built_in, in_language, template_name
from core.services.templates import FOCUS_LIMIT, NAME_LIMIT
from core.services.wanted import MEETINGS_OWN, WritingWanted
from core.store import people
from core.store.tables import Meeting
from tests.doubles.ollama import OllamaDouble
from tests.services.conftest import write
from tests.services.minutes_by_hand import SAID

BUILT_IN = pytest.mark.parametrize("key", KEYS)
ORDERS = {
    "general": "decision action question fact",
    "standup": "action question decision",
    "one_to_one": "topic action decision question",
    "interview": "topic fact question action",
    "lecture": "topic fact action question",
    "customer_call": "action decision question fact topic",
}


@BUILT_IN
def test_a_built_in_template_is_the_same_in_both_languages_but_for_its_words(key: str) -> None:
    korean, english = (built_in(key, language) for language in LANGUAGES)
    assert " ".join(kind.value for kind in korean.sections) == ORDERS[key]
    assert korean.sections == english.sections
    assert korean.titles.keys() == english.titles.keys()
    assert len(korean.focus.splitlines()) == len(english.focus.splitlines())
    assert template_name(korean, "ko") != template_name(korean, "en")


@BUILT_IN
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_built_in_template_keeps_the_bounds_of_a_persons_own(key: str, language: str) -> None:
    template = built_in(key, language)
    assert bool(template.focus) == (key != GENERAL.key)
    assert 3 <= len(template.focus.splitlines() or [""] * 3) <= 8
    assert len(template.focus) <= FOCUS_LIMIT
    assert all(0 < len(title) <= NAME_LIMIT for title in template.titles.values())
    # Each kind that a template leaves out is still printed where it holds anything.
    assert sorted(template.order()) == sorted(ItemKind)
    hangul = sum("가" <= letter <= "힣" for letter in template.focus)
    assert (hangul > len(template.focus) / 2) == (language == "ko" and key != GENERAL.key)


def test_a_built_in_template_follows_the_language_that_is_written() -> None:
    korean = built_in("standup", "ko")
    assert in_language(korean, "en") == built_in("standup", "en")
    own = Template(key="standup", name="내 스탠드업", focus="짧게")
    assert in_language(own, "en") is own
    gone = Template(key="of a later release", focus="x")
    assert in_language(gone, "en") is gone
    assert template_name(gone, "en") == "of a later release"


@pytest.mark.parametrize(
    ("chosen", "spoken", "written"),
    [(None, "ko", "ko"), ("en", "ko", "en"), (None, None, "en")],
)
def test_a_job_carries_the_words_of_the_language_it_writes_in(
    chosen: str | None, spoken: str | None, written: str
) -> None:
    wanted = WritingWanted(
        llm="auto", style_version=None, template=built_in("lecture", "en"), language=chosen
    )
    assert wanted.in_language_of(spoken).template == built_in("lecture", written)


def test_a_persons_own_template_is_kept_changed_and_used(app: App) -> None:
    user, templates = app.people.local_person().id, app.templates
    made = templates.save(
        user,
        name="  주간\n보고 ",
        sections=[ItemKind.ACTION, ItemKind.FACT, ItemKind.ACTION],
        titles={ItemKind.ACTION: " 이번 주 할 일 ", ItemKind.FACT: "  "},
        focus="숫자부터.\r\n지난주와 견줄 것.\x00",
    )
    assert (made.name, made.focus) == ("주간 보고", "숫자부터.\n지난주와 견줄 것.")
    assert made.sections == (ItemKind.ACTION, ItemKind.FACT)
    assert made.titles == {ItemKind.ACTION: "이번 주 할 일"}
    templates.choose_default(user, made.key)
    changed = templates.save(user, key=made.key, name="월간", sections=[ItemKind.FACT])
    assert changed.key == made.key
    assert app.intake.wanted(user).template == changed
    assert [one.key for one in templates.all(user, language="ko")] == [*KEYS, made.key]


def test_a_deleted_template_comes_back_and_gives_way_meanwhile(app: App) -> None:
    user, templates = app.people.local_person().id, app.templates
    made = templates.save(user, name="주간", sections=[ItemKind.FACT])
    templates.choose_default(user, made.key)
    templates.delete(user, made.key)
    assert templates.own(user) == []
    assert app.intake.wanted(user).template == GENERAL
    for again in (templates.delete, lambda user, key: templates.get(user, key, language="ko")):
        with pytest.raises(NotFound) as refused:
            again(user, made.key)
        assert refused.value.code == "template_missing"
    templates.restore(user, made.key)
    assert app.intake.wanted(user).template == made


def test_a_copy_begins_as_the_built_in_one_and_goes_its_own_way(app: App) -> None:
    user = app.people.local_person().id
    copy = app.templates.copy(user, "interview", language="ko", name="우리 면접")
    source = built_in("interview", "ko")
    assert (copy.focus, copy.sections, copy.titles) == (
        source.focus,
        source.sections,
        source.titles,
    )
    assert copy.key not in KEYS
    app.templates.save(user, key=copy.key, name=copy.name, sections=copy.sections, focus="짧게")
    assert built_in("interview", "ko") == source


@pytest.mark.parametrize(
    ("given", "code", "count"),
    [
        ({"name": " \n"}, "template_name_empty", ""),
        ({"name": "가" * 61}, "template_name_too_long", "61"),
        ({"sections": []}, "template_sections_empty", ""),
        ({"focus": "가" * 2001}, "template_focus_too_long", "2001"),
        ({"titles": {ItemKind.FACT: "가" * 61}}, "template_title_too_long", "61"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_kept_is_refused_with_the_count(
    app: App, given: dict[str, object], code: str, count: str, language: str
) -> None:
    user = app.people.local_person().id
    whole = {"name": "가" * 60, "sections": [ItemKind.FACT], "focus": "가" * 2000}
    app.templates.save(user, **whole)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        app.templates.save(user, **whole | given)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert count in refused.value.sentence(language)
    assert len(app.templates.own(user)) == 1


def test_another_persons_template_is_not_there(app: App) -> None:
    with app.database.writing() as session:
        other = people.ensure_user(session, name="other").id
    theirs = app.templates.save(other, name="그들의 것", sections=[ItemKind.FACT])
    user = app.people.local_person().id
    assert app.templates.own(user) == []
    tries = (
        lambda: app.templates.get(user, theirs.key, language="ko"),
        lambda: app.templates.save(user, key=theirs.key, name="x", sections=[ItemKind.FACT]),
        lambda: app.templates.delete(user, theirs.key),
        lambda: app.templates.copy(user, theirs.key, language="ko", name="x"),
        lambda: app.templates.choose_default(user, theirs.key),
    )
    for attempt in tries:
        with pytest.raises(NotFound):
            attempt()
    app.templates.delete(other, theirs.key)
    with pytest.raises(NotFound):
        app.templates.restore(user, theirs.key)


def test_a_built_in_template_can_neither_be_changed_nor_deleted(app: App) -> None:
    user = app.people.local_person().id
    with pytest.raises(NotFound):
        app.templates.save(user, key="general", name="x", sections=[ItemKind.FACT])
    with pytest.raises(NotFound):
        app.templates.delete(user, "lecture")


def test_the_language_of_minutes_is_the_meetings_or_the_persons_choice(app: App) -> None:
    user = app.people.local_person().id
    assert app.intake.wanted(user).language is None
    app.people.choose(user, name="minutes_language", value="en")
    assert app.intake.wanted(user).language == "en"
    assert app.intake.wanted(user, language="ko").language == "ko"
    assert app.intake.wanted(user, language=MEETINGS_OWN).language is None
    with pytest.raises(InvalidInput):
        app.people.choose(user, name="minutes_language", value="fr")


def test_a_command_may_name_a_template_by_its_key_or_by_a_persons_name_for_it(app: App) -> None:
    user = app.people.local_person().id
    made = app.templates.save(user, name="주간 Report", sections=[ItemKind.FACT])
    assert app.templates.named(user, "주간 report", language="ko") == made
    assert app.templates.named(user, "lecture", language="ko") == built_in("lecture", "ko")
    with pytest.raises(NotFound) as refused:
        app.templates.named(user, "월간", language="ko")
    assert "standup" in refused.value.sentence("ko")


def test_a_template_that_was_chosen_travels_in_the_job_as_it_was(app: App) -> None:
    user = app.people.local_person().id
    made = app.templates.save(user, name="주간", sections=[ItemKind.FACT], focus="숫자부터")
    wanted = app.intake.wanted(user, template=made)
    app.templates.delete(user, made.key)
    assert WritingWanted.from_json(wanted.as_json()).template == made


def test_the_focus_reaches_the_writer_of_the_prose_and_nobody_else(
    app_with_model: App, make_meeting: Callable[..., Meeting], double: OllamaDouble
) -> None:
    meeting = make_meeting(app_with_model, SAID)
    template = built_in("customer_call", "ko")
    minutes = write(app_with_model, meeting, llm="ollama:gemma3:4b", template=template)
    assert minutes.template == template
    given = {
        "format" in record.body: template.focus in record.messages[0]["content"]
        for record in double.chats
    }
    assert given == {True: False, False: True}


@pytest.mark.parametrize(("key", "told"), [("general", False), ("standup", True)])
def test_without_a_model_an_unused_focus_is_said(
    app: App, make_meeting: Callable[..., Meeting], key: str, told: bool
) -> None:
    meeting = make_meeting(app, SAID)
    minutes = write(app, meeting, llm="extractive", template=built_in(key, "ko"))
    assert ("focus_unused" in minutes.draft.notices) == told


def test_minutes_are_written_in_the_language_that_was_chosen(
    app: App, make_meeting: Callable[..., Meeting]
) -> None:
    meeting = make_meeting(app, SAID)
    minutes = write(app, meeting, llm="extractive", language="en")
    assert minutes.language == "en"
    assert "## Decisions" in minutes.markdown
    assert "출시를 12월 10일로" in minutes.markdown  # as it was spoken
