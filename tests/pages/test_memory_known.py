"""Adding what is there already: the newer words hold, the page says what they took the place of,
and there is a way back."""

from __future__ import annotations

import pytest

from core.app import App
from core.domain.memory import Entry, Kind, Status
from tests.pages.opening import opened, press, words
from tests.pages.remembered import HAND, button, fill, text


@pytest.fixture
def me(in_force: App) -> str:
    return in_force.people.local_person().id


@pytest.fixture
def known(in_force: App, me: str) -> Entry:
    return in_force.memory.add(
        me, kind=Kind.GLOSSARY, text="Kubernetes", heard=["쿠버"], note="old *meaning*"
    )


def test_a_term_that_exists_says_its_old_meaning_and_gives_it_back(
    in_force: App, me: str, known: Entry
) -> None:
    at = button(opened("memory", part="glossary"), "memory_add_glossary")
    fill(at, text("field_term"), "kubernetes")
    fill(at, text("field_note"), "new meaning")
    fill(at, text("field_heard"), "큐버")
    at = press(at, text("save"))
    [now] = in_force.memory.entries(me)
    assert (now.text, now.note, now.heard) == ("kubernetes", "new meaning", ("쿠버", "큐버"))
    shown = words(at)
    assert text("done_merged", text="kubernetes") in shown
    assert text("merged_note", note=r"old \*meaning\*") in shown
    assert text("merged_text", text="Kubernetes") in shown
    assert text("merged_heard", forms="“큐버”") in shown
    assert text("done_added", text="kubernetes") not in shown
    at = press(at, text("undo"))
    [back] = in_force.memory.entries(me)
    assert (back.text, back.note, back.heard) == (known.text, known.note, known.heard)


def test_an_archived_term_goes_back_to_the_archive(in_force: App, me: str, known: Entry) -> None:
    in_force.memory.archive(me, known.entry_id)
    at = opened("memory", part="glossary")
    fill(at, text("field_term"), "Kubernetes")
    at = press(at, text("save"))
    assert in_force.memory.entry(me, known.entry_id).status is Status.ACTIVE
    assert text("merged_archived") in words(at)
    press(at, text("undo"))
    assert in_force.memory.entry(me, known.entry_id).status is Status.ARCHIVED


def test_the_same_again_says_that_nothing_changed(in_force: App, known: Entry) -> None:
    at = button(opened("memory", part="glossary"), "memory_add_glossary")
    fill(at, text("field_term"), "Kubernetes")
    at = press(at, text("save"))
    assert text("done_known", text="Kubernetes") in words(at)
    assert text("undo") not in [one.label for one in at.button]


def test_a_proposal_that_is_reworded_into_a_known_term_says_so_too(
    in_force: App, me: str, known: Entry
) -> None:
    entry = in_force.memory.propose(
        me, kind=Kind.GLOSSARY, text="Kubernetes", heard=["큐버"], source=HAND
    )
    assert entry is not None
    at = button(opened("memory"), f"edit_proposals_{entry.entry_id}")
    fill(at, text("field_note"), "new meaning")
    at.button(key=f"FormSubmitter:accept_form_proposals_{entry.entry_id}-{text('accept')}").click()
    at.run()
    assert in_force.memory.entry(me, known.entry_id).note == "new meaning"
    assert text("merged_note", note=r"old \*meaning\*") in words(at)


def test_a_refused_one_is_added_as_new(in_force: App, me: str) -> None:
    entry = in_force.memory.propose(me, kind=Kind.GLOSSARY, text="Kubernetes", source=HAND)
    assert entry is not None
    in_force.memory.refuse(me, entry.entry_id)
    assert in_force.memory.known(me, kind=Kind.GLOSSARY, text="Kubernetes") is None
    assert in_force.memory.known("nobody", kind=Kind.GLOSSARY, text="Kubernetes") is None
