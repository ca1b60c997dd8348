"""The memory's page: everything that is remembered and put away, and what undoes it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.app import App
from core.domain.memory import TERM_LIMIT, UNUSED_AFTER, Kind
from core.messages import say
from core.store import people
from core.store.memory_rows import MemoryEntry
from core.store.types import now
from pages.parts.memory_form import forms_in
from pages.parts.memory_list import AT_ONCE
from tests.pages.opening import opened, press, words
from tests.pages.remembered import HAND, active, button, fill, text
from tests.pages.test_main import LANGUAGES


@pytest.fixture
def me(in_force: App) -> str:
    return in_force.people.local_person().id


@LANGUAGES
@pytest.mark.parametrize(
    ("part", "example"),
    [
        ("glossary", {"ko": "예: 용어 ‘쿠버네티스’", "en": "For example: term “Kubernetes”"}),
        ("sentences", {"ko": "예: 사실 ‘김 팀장은", "en": "For example: fact “Kim leads"}),
        ("archive", {"ko": "예: ‘김 팀장은", "en": "For example: add “Kim"}),
    ],
)
def test_an_empty_part_says_what_to_do_with_an_example(
    in_force: App, locale: str, language: str, part: str, example: dict[str, str]
) -> None:
    at = opened("memory", locale=locale, part=part)
    assert not at.exception
    assert not at.error
    assert example[language] in words(at)


@LANGUAGES
@pytest.mark.parametrize("part", ["style", "glossary", "sentences", "archive", "exchange"])
def test_every_part_is_drawn_for_a_person_with_a_memory(
    in_force: App, me: str, locale: str, language: str, part: str
) -> None:
    in_force.memory.add(me, kind=Kind.GLOSSARY, text="Kubernetes", heard=["쿠버네스"], note="x")
    in_force.memory.add(me, kind=Kind.FACT, text="Kim leads sales")
    in_force.memory.add(me, kind=Kind.FACT, text="Kim leads marketing")
    at = opened("memory", locale=locale, part=part)
    assert not at.exception
    assert not at.error
    assert at.title[0].value == say("memory.title", language)


def test_a_term_is_added_changed_archived_and_forgotten_each_with_a_way_back(
    in_force: App, me: str
) -> None:
    memory = in_force.memory
    at = opened("memory", part="glossary")
    fill(at, text("field_term"), "Kubernetes")
    fill(at, text("field_heard"), "쿠버네스, 큐버\ncooper netties")
    fill(at, text("field_note"), "where the services run")
    at = press(at, text("save"))
    [made] = memory.entries(me)
    assert (made.text, made.heard) == ("Kubernetes", ("쿠버네스", "큐버", "cooper netties"))
    assert made.note == "where the services run"
    assert made.source == HAND
    assert "“쿠버네스”, “큐버”, “cooper netties”" in words(at)

    at = button(at, f"memory_edit_glossary_{made.entry_id}")
    fill(at, text("field_note"), "a platform")
    at = press(at, text("save"))
    assert memory.entry(me, made.entry_id).note == "a platform"
    at = press(at, text("undo"))
    assert memory.entry(me, made.entry_id).note == "where the services run"

    at = button(at, f"memory_archive_glossary_{made.entry_id}")
    assert active(in_force, me) == []
    at = press(at, text("undo"))
    assert active(in_force, me) == ["Kubernetes"]

    at = button(at, f"memory_forget_glossary_{made.entry_id}")
    assert memory.entries(me) == []
    at = press(at, text("undo"))
    back = memory.entry(me, made.entry_id)
    assert (back.text, back.heard, back.note) == (made.text, made.heard, made.note)
    assert not at.error


def test_what_is_refused_stays_in_the_fields(in_force: App, me: str) -> None:
    at = opened("memory", part="glossary")
    long = "a" * (TERM_LIMIT + 1)
    fill(at, text("field_term"), long)
    at = press(at, text("save"))
    assert str(TERM_LIMIT) in at.error[0].value
    assert [one.value for one in at.text_input if one.label == text("field_term")] == [long]
    assert in_force.memory.entries(me) == []


def test_a_preference_is_added_as_one(in_force: App, me: str) -> None:
    at = opened("memory", part="sentences")
    at = at.button_group(key="memory_new_kind").set_value(Kind.PREFERENCE).run()
    fill(at, text("field_preference"), "Write dates as 22 November")
    press(at, text("save"))
    [made] = in_force.memory.entries(me)
    assert made.kind is Kind.PREFERENCE


def test_a_newer_fact_says_which_one_it_puts_out_of_force_and_both_can_be_kept(
    in_force: App, me: str
) -> None:
    in_force.memory.add(me, kind=Kind.FACT, text="Kim leads sales")
    at = opened("memory", part="sentences")
    at = press(at, text("add_sentences"))
    fill(at, text("field_fact"), "Kim leads marketing")
    at = press(at, text("save"))
    assert active(in_force, me) == ["Kim leads marketing"]
    assert text("replaced_older", text="Kim leads sales") in words(at)
    press(at, text("use_both"))
    assert sorted(active(in_force, me)) == ["Kim leads marketing", "Kim leads sales"]


def test_the_archive_goes_back_to_an_earlier_one(in_force: App, me: str) -> None:
    in_force.memory.add(me, kind=Kind.FACT, text="Kim leads sales")
    in_force.memory.add(me, kind=Kind.FACT, text="Kim leads marketing")
    at = opened("memory", part="archive")
    assert text("overruled", count=1) in words(at)
    press(at, text("use_earlier"))
    assert active(in_force, me) == ["Kim leads sales"]


def test_what_is_archived_is_used_again_or_forgotten(in_force: App, me: str) -> None:
    memory = in_force.memory
    one = memory.add(me, kind=Kind.FACT, text="The office is in Seoul")
    memory.archive(me, one.entry_id)
    at = opened("memory", part="archive")
    at = button(at, f"memory_activate_archive_list_{one.entry_id}")
    assert active(in_force, me) == [one.text]
    memory.archive(me, one.entry_id)
    button(at.run(), f"memory_forget_archive_list_{one.entry_id}")
    assert memory.entries(me) == []


def test_ten_thousand_terms_are_searched_and_shown_a_page_at_a_time(in_force: App, me: str) -> None:
    lines = [f"- term{number:04d}\n  - misheard as: tam {number:04d}" for number in range(9_999)]
    in_force.memory.from_markdown(me, "## Glossary\n" + "\n".join(lines))
    at = opened("memory", part="glossary")
    assert words(at).count("**term") == AT_ONCE
    assert text("range", first="1", last="20", count="9,999") in words(at)
    at = press(at, text("next"))
    assert text("range", first="21", last="40", count="9,999") in words(at)
    fill(at, text("search_glossary"), "TAM 0777")
    at = at.run()
    assert words(at).count("**term") == 1
    assert "**term0777**" in words(at)
    fill(at, text("search_glossary"), "nowhere *to* be found")
    assert text("none_found", words=r"nowhere \*to\* be found") in words(at.run())


def test_what_was_not_used_for_long_is_archived_at_once_and_brought_back(
    in_force: App, me: str
) -> None:
    entries = [
        in_force.memory.add(me, kind=Kind.FACT, text=f"Room {number} is on floor {number}")
        for number in range(3)
    ]
    with in_force.database.writing() as session:
        for entry in entries[:2]:
            row = session.get(MemoryEntry, entry.entry_id)
            assert row is not None
            row.updated_at = row.created_at = now() - UNUSED_AFTER - timedelta(days=1)
    at = opened("memory", part="sentences")
    at = press(at, text("archive_unused", count=2))
    assert active(in_force, me) == [entries[2].text]
    at = press(at, text("undo"))
    assert len(active(in_force, me)) == 3
    button(at, f"memory_archive_unused_sentences_{entries[0].entry_id}")
    assert sorted(active(in_force, me)) == [entries[1].text, entries[2].text]


def test_pasted_markdown_is_taken_in_and_each_refused_line_is_told(in_force: App, me: str) -> None:
    pasted = "## Glossary\n- Kubernetes\nnonsense\n## Facts\n- Kim leads sales\n"
    at = opened("memory", part="exchange")
    fill(at, text("paste"), pasted)
    at = press(at, text("paste_take"))
    assert sorted(active(in_force, me)) == ["Kim leads sales", "Kubernetes"]
    told = say("errors.memory_line_unknown", "en", value="nonsense")
    assert text("line", number=3) in words(at)
    assert told in words(at)
    assert [one.value for one in at.text_area if one.label == text("paste")] == [pasted]
    fill(at, text("paste"), "## Facts\n- Lee leads marketing\n")
    at = press(at, text("paste_take"))
    assert at.success[0].value == text("imported", added=1, changed=0, unchanged=0)
    assert [one.value for one in at.text_area if one.label == text("paste")] == [""]


def test_the_address_names_an_entry_of_ones_own_only(in_force: App, me: str) -> None:
    mine = in_force.memory.add(me, kind=Kind.FACT, text="Kim leads sales")
    with in_force.database.writing() as session:
        other = people.ensure_user(session, name="other").id
    theirs = in_force.memory.add(other, kind=Kind.FACT, text="Their secret")
    at = opened("memory", entry=mine.entry_id)
    assert text("linked_active") in words(at)
    assert "Kim leads sales" in words(at)
    at = opened("memory", entry=theirs.entry_id)
    assert text("linked_gone") in words(at)
    assert "Their secret" not in words(at)


def test_what_was_typed_is_shown_letter_by_letter(in_force: App, me: str) -> None:
    typed = "*bold* :red[x] <b>"
    in_force.memory.add(me, kind=Kind.GLOSSARY, text=typed, heard=["$y$"], note="[a](b)")
    in_force.memory.add(me, kind=Kind.FACT, text=f"{typed} leads sales")
    for part in ("glossary", "sentences"):
        shown = words(opened("memory", part=part))
        assert "*bold*" not in shown.replace(r"\*bold\*", "")
        assert ":red[x]" not in shown
        assert "[a](b)" not in shown


@pytest.mark.parametrize(
    ("typed", "known", "forms"),
    [
        ("a, b\nc", (), ("a", "b", "c")),
        (" 가、나 \n\n,", (), ("가", "나")),
        ("a, b\nc, d", ("a, b",), ("a, b", "c", "d")),  # one that was imported so stays one
    ],
)
def test_misheard_forms_are_typed_a_line_or_a_comma_between(
    typed: str, known: tuple[str, ...], forms: tuple[str, ...]
) -> None:
    assert forms_in(typed, known=known) == forms
