"""The memory's page: what waits for a person's word, what is being learned, and what failed."""

from __future__ import annotations

import pytest

from core.app import App
from core.domain.memory import Kind, Status
from core.errors import EngineFailed
from core.services.jobs import stored_error
from core.store.memory_rows import Lesson
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, press, words
from tests.pages.remembered import HAND, active, button, fill, proposed, text


@pytest.fixture
def me(in_force: App) -> str:
    return in_force.people.local_person().id


def test_a_proposal_is_accepted(in_force: App, me: str) -> None:
    entry = proposed(in_force, me, "Kim leads sales")
    at = opened("memory")
    assert active(in_force, me) == []
    at = button(at, f"accept_proposals_{entry.entry_id}")
    assert active(in_force, me) == ["Kim leads sales"]
    assert text("done_accepted", text="Kim leads sales") in words(at)


def test_a_proposal_is_accepted_in_other_words(in_force: App, me: str) -> None:
    entry = proposed(in_force, me, "Kim leads sales")
    at = button(opened("memory"), f"edit_proposals_{entry.entry_id}")
    fill(at, text("field_fact"), "Kim leads sales in Asia")
    at = at.button(
        key=f"FormSubmitter:accept_form_proposals_{entry.entry_id}-{text('accept')}"
    ).click()
    at.run()
    assert active(in_force, me) == ["Kim leads sales in Asia"]


def test_a_proposal_is_refused_and_that_is_undone(in_force: App, me: str) -> None:
    memory = in_force.memory
    entry = proposed(in_force, me, "Kim leads sales")
    at = button(opened("memory"), f"refuse_proposals_{entry.entry_id}")
    assert memory.entry(me, entry.entry_id).status is Status.REFUSED
    assert memory.propose(me, kind=Kind.FACT, text="Kim leads sales", source=HAND) is None
    at = press(at, text("undo"))
    [again] = memory.entries(me)
    assert (again.text, again.status) == ("Kim leads sales", Status.PROPOSED)
    button(at, f"refuse_proposals_{again.entry_id}")
    at = opened("memory", part="archive")
    button(at, f"memory_accept_after_all_archive_above_{again.entry_id}")
    assert active(in_force, me) == ["Kim leads sales"]


def test_a_proposal_says_what_it_would_change(in_force: App, me: str) -> None:
    memory = in_force.memory
    memory.add(me, kind=Kind.FACT, text="Kim leads sales")
    memory.add(me, kind=Kind.GLOSSARY, text="Kubernetes")
    proposed(in_force, me, "Kim leads marketing")
    memory.propose(me, kind=Kind.GLOSSARY, text="Kubernetes", heard=["큐버"], source=HAND)
    shown = words(opened("memory"))
    assert text("would_replace", text="Kim leads sales") in shown
    assert text("adds_to", text="Kubernetes") in shown


def test_a_proposal_links_to_where_it_came_from(seeds: Seeds, me: str) -> None:
    meeting = seeds.heard(seeds.meeting(title="*Weekly*"))
    source = {"way": "transcript", "meeting_id": meeting.id, "number": 1}
    seeds.app.memory.propose(me, kind=Kind.GLOSSARY, text="Kubernetes", source=source)
    shown = words(opened("memory"))
    assert rf"[\*Weekly\*](meeting?meeting={meeting.id}&line=1)" in shown
    seeds.app.meetings.delete(me, meeting.id)
    seeds.app.meetings.delete_for_good(me, meeting.id)
    at = opened("memory")
    assert not at.error
    assert text("from_gone") in words(at)


def test_what_could_not_be_learned_says_why_and_is_tried_again(
    in_force: App, me: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = EngineFailed("learning_bad_answer", model="gemma3:4b")
    lesson = Lesson(
        user_id=me,
        way="chat",
        key="turn:1",
        material={"said": "*bold*", "turn": "1", "cue": "remember", "llm": "extractive"},
        state="failed",
        error=stored_error(error),
    )
    with in_force.database.writing() as session:
        session.add(lesson)
    at = opened("memory")
    assert error.sentence("en").split(".")[0] in words(at)
    assert r"\*bold\*" in words(at)
    asked: list[str] = []
    monkeypatch.setattr(
        type(in_force.learning), "retry", lambda _self, _user, lesson_id: asked.append(lesson_id)
    )
    press(at, text("retry"))
    assert asked == [lesson.id]


def test_what_could_not_be_learned_is_dismissed(in_force: App, me: str) -> None:
    for number in (1, 2):
        lesson = Lesson(
            user_id=me,
            way="chat",
            key=f"turn:{number}",
            material={"said": f"said {number}", "turn": str(number), "cue": "remember"},
            state="failed",
            error=stored_error(EngineFailed("learning_bad_answer", model="gemma3:4b")),
        )
        with in_force.database.writing() as session:
            session.add(lesson)
    at = button(opened("memory"), f"lesson_dismiss_{lesson.id}")
    assert "said 2" not in words(at)
    assert "said 1" in words(at)
    assert "said 2" not in words(opened("memory"))
    kept = {one.id: one.state for one in in_force.learning.lessons(me)}
    assert kept[lesson.id] == "dismissed"


def test_what_is_being_learned_is_said_while_it_is(seeds: Seeds, me: str) -> None:
    meeting = seeds.heard(seeds.meeting(title="Weekly"))
    lesson = Lesson(user_id=me, meeting_id=meeting.id, way="minutes", key="k", state="running")
    with seeds.app.database.writing() as session:
        session.add(lesson)
    told = text("lesson_running", what=text("lesson_minutes", title="Weekly"))
    assert told in words(opened("memory"))
    with seeds.app.database.writing() as session:
        session.merge(lesson).state = "finished"
    assert told not in words(opened("memory"))
