"""A person's memory: nothing is in force without them, the newer holds, and all can be undone."""

from datetime import timedelta

import pytest

import core.services.memory_keeping as keeping_module
from core.app import App
from core.domain.memory import Entry, Kind, Status
from core.errors import InvalidInput, NotFound
from core.services.memory import Memory
from core.store import people
from core.store.types import now

FROM_CHAT = {"way": "chat", "turn": "t1"}


@pytest.fixture
def memory(app: App) -> Memory:
    return app.memory


@pytest.fixture
def me(app: App) -> str:
    return app.people.local_person().id


@pytest.fixture
def other(app: App) -> str:
    with app.database.writing() as session:
        return people.ensure_user(session, name="other").id


def term(memory: Memory, who: str, text: str, *heard: str) -> Entry:
    return memory.add(who, kind=Kind.GLOSSARY, text=text, heard=heard)


def fact(memory: Memory, who: str, text: str) -> Entry:
    return memory.add(who, kind=Kind.FACT, text=text)


def propose(memory: Memory, who: str, kind: Kind, text: str, *heard: str) -> Entry | None:
    return memory.propose(who, kind=kind, text=text, heard=heard, source=FROM_CHAT)


def active(memory: Memory, who: str) -> list[str]:
    return [one.text for one in memory.entries(who, status=Status.ACTIVE)]


def test_what_is_added_is_in_force_and_says_where_it_came_from(memory: Memory, me: str) -> None:
    made = memory.add(me, kind=Kind.GLOSSARY, text="Kubernetes", heard=["쿠버"], note="cluster")
    assert memory.entry(me, made.entry_id) == made
    assert (made.status, made.source, made.heard) == (Status.ACTIVE, {"way": "hand"}, ("쿠버",))
    assert memory.entries(me, kind=Kind.FACT) == []


def test_adding_the_same_again_makes_no_second_and_keeps_all_forms(memory: Memory, me: str) -> None:
    term(memory, me, "Kubernetes", "쿠버")
    again = term(memory, me, "kubernetes", "쿠 버", "큐버")
    assert again.heard == ("쿠버", "큐버")
    assert len(memory.entries(me)) == 1


def test_a_proposal_is_not_in_force_until_it_is_accepted(memory: Memory, me: str) -> None:
    proposed = propose(memory, me, Kind.FACT, "Kim leads sales")
    assert proposed is not None
    assert active(memory, me) == []
    assert memory.for_meeting(me, words="Kim leads sales", budget=1000).entries == ()
    accepted = memory.accept(me, proposed.entry_id)
    assert accepted.source == FROM_CHAT
    assert memory.accept(me, proposed.entry_id) == accepted  # a double click
    assert active(memory, me) == ["Kim leads sales"]


def test_a_proposal_can_be_put_otherwise(memory: Memory, me: str) -> None:
    proposed = propose(memory, me, Kind.GLOSSARY, "쿠버네티스", "쿠버")
    assert proposed is not None
    accepted = memory.accept(me, proposed.entry_id, text="Kubernetes", note="cluster")
    assert (accepted.text, accepted.heard, accepted.note) == ("Kubernetes", ("쿠버",), "cluster")


def test_what_was_refused_is_not_proposed_again_but_may_be_added(memory: Memory, me: str) -> None:
    proposed = propose(memory, me, Kind.FACT, "Kim leads sales")
    assert proposed is not None
    memory.refuse(me, proposed.entry_id)
    memory.refuse(me, proposed.entry_id)
    assert propose(memory, me, Kind.FACT, "kim leads sales.") is None
    assert active(memory, me) == []
    assert fact(memory, me, "Kim leads sales").status is Status.ACTIVE
    with pytest.raises(InvalidInput, match="not waiting"):
        memory.refuse(me, proposed.entry_id)


def test_what_is_known_is_not_proposed(memory: Memory, me: str) -> None:
    fact(memory, me, "Kim leads sales")
    assert propose(memory, me, Kind.FACT, "Kim leads sales!") is None
    assert propose(memory, me, Kind.PREFERENCE, "Kim leads sales") is not None


def test_a_new_misheard_form_of_a_known_term_is_proposed_as_an_addition(
    memory: Memory, me: str
) -> None:
    known = term(memory, me, "Kubernetes", "쿠버")
    assert propose(memory, me, Kind.GLOSSARY, "kubernetes", "쿠버") is None
    addition = propose(memory, me, Kind.GLOSSARY, "kubernetes", "쿠버", "큐버")
    assert addition is not None
    assert (addition.replaces, addition.heard) == (known.entry_id, ("큐버",))
    assert memory.entry(me, known.entry_id).heard == ("쿠버",)
    assert propose(memory, me, Kind.GLOSSARY, "Kubernetes", "큐버") is None  # it waits already
    merged = memory.accept(me, addition.entry_id)
    assert (merged.entry_id, merged.text) == (known.entry_id, "Kubernetes")
    assert merged.heard == ("쿠버", "큐버")
    assert len(memory.entries(me)) == 1


def test_a_refused_addition_is_not_proposed_again(memory: Memory, me: str) -> None:
    term(memory, me, "Kubernetes", "쿠버")
    addition = propose(memory, me, Kind.GLOSSARY, "Kubernetes", "큐버")
    assert addition is not None
    memory.refuse(me, addition.entry_id)
    assert propose(memory, me, Kind.GLOSSARY, "Kubernetes", "큐버") is None
    assert propose(memory, me, Kind.GLOSSARY, "Kubernetes", "구버") is not None


def test_an_open_proposal_takes_in_another_form(memory: Memory, me: str) -> None:
    first = propose(memory, me, Kind.GLOSSARY, "Kubernetes", "쿠버")
    assert first is not None
    second = propose(memory, me, Kind.GLOSSARY, "Kubernetes", "큐버")
    assert second is not None
    assert (second.entry_id, second.heard) == (first.entry_id, ("쿠버", "큐버"))


def test_the_newer_of_two_holds_says_so_and_one_click_brings_the_older_back(
    memory: Memory, me: str
) -> None:
    old = fact(memory, me, "김 팀장은 영업을 맡는다")
    found = memory.conflict(me, kind=Kind.FACT, text="김 팀장은 마케팅을 맡는다")
    assert found == old
    new = fact(memory, me, "김 팀장은 마케팅을 맡는다")
    assert new.replaces == old.entry_id
    assert memory.entry(me, old.entry_id).status is Status.ARCHIVED
    memory.activate(me, old.entry_id)
    assert len(active(memory, me)) == 2  # the person says that both hold
    assert memory.entry(me, new.entry_id).replaces is None


def test_a_proposal_names_what_it_would_replace_and_replaces_it_when_accepted(
    memory: Memory, me: str
) -> None:
    old = fact(memory, me, "Kim leads sales")
    proposed = propose(memory, me, Kind.FACT, "Kim leads marketing")
    assert proposed is not None
    assert proposed.replaces == old.entry_id
    assert active(memory, me) == ["Kim leads sales"]
    assert memory.accept(me, proposed.entry_id).replaces == old.entry_id
    assert active(memory, me) == ["Kim leads marketing"]


def test_of_two_terms_with_one_misheard_form_the_newer_holds(memory: Memory, me: str) -> None:
    old = term(memory, me, "캐시", "cash")
    new = term(memory, me, "cache", "Cash")
    assert new.replaces == old.entry_id
    assert active(memory, me) == ["cache"]


def test_an_edit_keeps_the_entry_and_may_contradict_another(memory: Memory, me: str) -> None:
    one = fact(memory, me, "Kim leads sales")
    two = fact(memory, me, "Lee leads marketing")
    edited = memory.edit(me, two.entry_id, text="Kim leads marketing")
    assert (edited.entry_id, edited.replaces) == (two.entry_id, one.entry_id)
    assert edited.created_at == two.created_at
    assert edited.updated_at > two.updated_at
    with pytest.raises(InvalidInput, match="in your memory already"):
        memory.edit(me, two.entry_id, text="kim leads sales")


def test_what_was_forgotten_can_be_put_back_as_it_was(memory: Memory, me: str) -> None:
    made = term(memory, me, "Kubernetes", "쿠버")
    gone = memory.forget(me, made.entry_id)
    assert memory.entries(me) == []
    assert memory.put_back(me, gone) == made
    assert memory.put_back(me, gone) == made  # twice is once
    with pytest.raises(NotFound):
        memory.forget(me, "no such entry")


def test_what_was_archived_is_not_told_to_a_model(memory: Memory, me: str) -> None:
    made = term(memory, me, "Kubernetes")
    memory.archive(me, made.entry_id)
    assert memory.for_meeting(me, words="Kubernetes", budget=1000).glossary == ()
    assert memory.hotwords(me, about="Kubernetes") is None
    memory.activate(me, made.entry_id)
    assert memory.for_meeting(me, words="Kubernetes", budget=1000).glossary != ()
    assert memory.hotwords(me, about="Kubernetes") == "Kubernetes"


def test_what_no_model_was_given_for_long_is_offered_for_archiving(app: App, me: str) -> None:
    clock = now()
    memory = Memory(app.database, now=lambda: clock)
    old, used = fact(memory, me, "Kim leads sales"), fact(memory, me, "Lee leads support")
    clock += timedelta(days=60)
    memory.note_used(me, [used.entry_id])
    fact(memory, me, "Park leads finance")
    clock += timedelta(days=40)
    assert [one.entry_id for one in memory.unused(me)] == [old.entry_id]
    memory.archive(me, old.entry_id)
    assert memory.unused(me) == []


def test_nobody_finds_or_changes_another_persons_memory(
    memory: Memory, me: str, other: str
) -> None:
    mine = term(memory, me, "Kubernetes", "쿠버")
    for refused in (
        lambda: memory.entry(other, mine.entry_id),
        lambda: memory.accept(other, mine.entry_id),
        lambda: memory.refuse(other, mine.entry_id),
        lambda: memory.edit(other, mine.entry_id, text="x"),
        lambda: memory.archive(other, mine.entry_id),
        lambda: memory.activate(other, mine.entry_id),
        lambda: memory.forget(other, mine.entry_id),
    ):
        with pytest.raises(NotFound):
            refused()
    memory.note_used(other, [mine.entry_id])
    assert memory.put_back(other, mine).entry_id != mine.entry_id
    assert memory.entry(me, mine.entry_id) == mine
    assert memory.hotwords(other, about="x") == "Kubernetes"  # what they put back is theirs


def test_a_memory_that_is_full_says_how_much_it_holds(
    memory: Memory, me: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_module, "ENTRIES_LIMIT", 2)
    fact(memory, me, "one"), fact(memory, me, "two")
    with pytest.raises(InvalidInput, match="2 entries"):
        fact(memory, me, "three")
    fact(memory, me, "Two.")  # known: no entry more


def test_ten_thousand_entries_stay_quick_enough_to_be_used(memory: Memory, me: str) -> None:
    text = "## Glossary\n" + "\n".join(f"- term{n}\n  - misheard as: turm{n}" for n in range(9_999))
    assert memory.from_markdown(me, text).added == 9_999
    assert len(memory.entries(me, kind=Kind.GLOSSARY)) == 9_999
    assert term(memory, me, "new", "turm7").replaces is not None
