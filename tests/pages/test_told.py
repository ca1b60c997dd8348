"""What the model was told, on the page: for one's own minutes and turns, with the memory in it; and
proposals where they arise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.app import App
from core.domain.memory import Entry, Kind, Remembered, Status, Told
from core.domain.minutes import Minutes
from core.messages import say
from core.services.minutes_wording import Wording
from core.store.account_rows import Share
from core.store.memory_rows import Lesson
from core.store.tables import Meeting, Thread, Turn
from core.store.types import now
from pages.parts.told import _is_another
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, press, words
from tests.services.minutes_by_hand import SAID, kept

SYSTEM = "RULES\n<glossary>\nKubernetes\n</glossary>"


@pytest.fixture
def meeting(seeds: Seeds) -> Meeting:
    return seeds.heard(seeds.meeting(SAID, title="Launch"))


def text(key: str, **facts: Any) -> str:
    return say(f"memory.{key}", "en", **facts)


def remembered(app: App, user_id: str) -> tuple[Entry, Entry, Entry]:
    """A term and two facts in force."""
    term = app.memory.add(user_id, kind=Kind.GLOSSARY, text="Kubernetes", heard=["큐버"])
    sales = app.memory.add(user_id, kind=Kind.FACT, text="Kim leads sales")
    seoul = app.memory.add(user_id, kind=Kind.FACT, text="The office is in Seoul")
    return term, sales, seoul


def told_json(term: Entry, *facts: Entry) -> dict[str, Any]:
    told = Remembered(glossary=(term,), facts=facts, left_out=4)
    return Told(told, ("Kubernetes (misheard as 큐버)",)).as_json()


def turn_of(app: App, meeting: Meeting, *, question: str = "Who?", **values: Any) -> Turn:
    """A turn as it is left when its answer has ended."""
    with app.database.writing() as session:
        thread = Thread(user_id=meeting.user_id, meeting_id=meeting.id)
        session.add(thread)
        session.flush()
        turn = Turn(
            thread_id=thread.id,
            number=1,
            question=question,
            **{"answer": "Kim.", "engine": "ollama:gemma3:4b", "state": "finished", **values},
        )
        session.add(turn)
    return turn


def chat(turn: Turn, meeting: Meeting, **address: str) -> AppTest:
    return opened("chat", meeting=meeting.id, thread=turn.thread_id, **address)


def codes(at: AppTest) -> list[str]:
    return [one.value for one in at.code]


def test_a_turn_shows_word_for_word_what_the_model_was_told(seeds: Seeds, meeting: Meeting) -> None:
    app, me = seeds.app, meeting.user_id
    term, sales, seoul = remembered(app, me)
    turn = turn_of(
        app,
        meeting,
        system=SYSTEM,
        user_message="<question>\nWho?\n</question>",
        memory=told_json(term, sales, seoul),
    )
    app.memory.edit(me, sales.entry_id, text="Kim leads marketing")
    app.memory.forget(me, seoul.entry_id)
    at = press(chat(turn, meeting), text("told"))
    assert not at.exception
    assert not at.error
    assert codes(at) == [SYSTEM, "<question>\nWho?\n</question>"]
    shown = words(at)
    assert f"(memory?entry={term.entry_id})" in shown
    assert f"[Kim leads sales](memory?entry={sales.entry_id})" in shown  # its words of then
    assert text("told_changed", text="Kim leads marketing") in shown
    assert f"The office is in Seoul :gray[· {text('told_forgotten')}]" in shown
    assert text("told_left_out", count=4) in shown


def test_an_answer_without_a_model_was_told_nothing(seeds: Seeds, meeting: Meeting) -> None:
    turn = turn_of(seeds.app, meeting, engine="extractive")
    at = chat(turn, meeting)
    assert text("told") not in [one.label for one in at.button]


def test_minutes_show_the_prompt_of_their_summary_and_the_terms_of_the_reading(
    seeds: Seeds, meeting: Meeting
) -> None:
    app, me = seeds.app, meeting.user_id
    memory = told_json(*remembered(app, me))
    kept(app, meeting, system=SYSTEM, memory=memory)
    at = press(opened("meeting", meeting=meeting.id), text("told"))
    assert not at.error
    assert codes(at) == [SYSTEM, "Kubernetes (misheard as 큐버)"]
    assert text("told_entries", count=3) in words(at)
    assert text("told_left_out", count=4) in words(at)


def edited(app: App, meeting: Meeting) -> Minutes:
    wording = Wording(text="12월 11일에 출시")
    return app.editing.edit_item(
        meeting.user_id, meeting.id, version=1, position=0, wording=wording
    )


def test_edited_minutes_say_that_the_prompt_is_of_what_they_go_back_to(
    seeds: Seeds, meeting: Meeting
) -> None:
    kept(seeds.app, meeting, system=SYSTEM)
    edited(seeds.app, meeting)
    at = press(opened("meeting", meeting=meeting.id), text("told"))
    assert text("told_earlier") in words(at)
    assert codes(at)[0] == SYSTEM


def test_who_shares_a_meeting_does_not_see_what_the_owners_model_was_told(
    seeds: Seeds,
) -> None:
    app = seeds.app
    theirs = seeds.heard(seeds.meeting(SAID, title="Launch", owner="ana"))
    kept(app, theirs, system="ANAS-RULES", memory=told_json(*remembered(app, theirs.user_id)))
    with app.database.writing() as session:
        session.add(Share(meeting_id=theirs.id, user_id=seeds.user_id))
    at = opened("meeting", meeting=theirs.id)
    assert "출시를 미룹니다" in words(at)
    assert text("told") not in [one.label for one in at.button]


def test_quoted_minutes_were_told_nothing(seeds: Seeds, meeting: Meeting) -> None:
    kept(seeds.app, meeting, engine="extractive")
    at = opened("meeting", meeting=meeting.id)
    assert text("told") not in [one.label for one in at.button]


def test_the_words_of_then_are_told_from_those_of_now(in_force: App) -> None:
    user_id = in_force.people.local_person().id
    term, sales, _ = remembered(in_force, user_id)
    told = told_json(term, sales)["entries"]
    assert not _is_another(told[0], term)
    bare = {**told[0], "heard": [], "note": None}  # for want of room
    noted = in_force.memory.edit(user_id, term.entry_id, text="Kubernetes", heard=["큐버"])
    assert not _is_another(bare, noted)
    assert _is_another({**told[1], "text": "Kim leads"}, sales)
    assert _is_another({**told[1], "date": "2020-01-01"}, sales)
    assert _is_another({**told[0], "heard": ["쿠버"]}, term)


def noticed(app: App, meeting: Meeting, **values: Any) -> tuple[Turn, Entry]:
    """A turn whose message gave a proposal."""
    entry = app.memory.propose(
        meeting.user_id, kind=Kind.FACT, text="Kim leads sales", source={"way": "chat"}
    )
    assert entry is not None
    notice = {"key": "memory_proposed", "facts": {"entry": entry.entry_id, "text": entry.text}}
    return turn_of(app, meeting, notices=[notice], **values), entry


def test_a_proposal_is_accepted_under_the_turn(seeds: Seeds, meeting: Meeting) -> None:
    turn, entry = noticed(seeds.app, meeting)
    at = chat(turn, meeting)
    assert text("ask") in words(at)
    at = at.button(key=f"accept_turn_{entry.entry_id}").click().run()
    assert seeds.app.memory.entry(meeting.user_id, entry.entry_id).status is Status.ACTIVE
    assert text("ask") not in words(at)
    address = f"memory?entry={entry.entry_id}"
    assert text("turn_active", text="Kim leads sales", address=address) in words(at)


def test_a_proposal_is_refused_under_the_turn_and_taken_after_all(
    seeds: Seeds, meeting: Meeting
) -> None:
    turn, entry = noticed(seeds.app, meeting)
    at = chat(turn, meeting).button(key=f"refuse_turn_{entry.entry_id}").click().run()
    assert seeds.app.memory.entry(meeting.user_id, entry.entry_id).status is Status.REFUSED
    assert text("turn_refused", text="Kim leads sales") in words(at)
    press(at, text("accept_after_all"))
    assert seeds.app.memory.entry(meeting.user_id, entry.entry_id).status is Status.ACTIVE


def test_a_proposal_that_is_gone_is_told_as_gone(seeds: Seeds, meeting: Meeting) -> None:
    turn, entry = noticed(seeds.app, meeting)
    seeds.app.memory.forget(meeting.user_id, entry.entry_id)
    at = chat(turn, meeting)
    assert not at.error
    assert text("turn_gone", text="Kim leads sales") in words(at)


def test_what_is_still_being_learned_from_a_message_is_said_while_it_is(
    seeds: Seeds, meeting: Meeting
) -> None:
    said = "Remember that Kim leads sales."
    old = now() - timedelta(minutes=5)
    turn = turn_of(seeds.app, meeting, question=said, beat_at=old)
    assert text("turn_expected") not in words(chat(turn, meeting))
    lesson = Lesson(
        user_id=meeting.user_id, way="chat", key="turn", material={"turn": turn.id, "said": said}
    )
    with seeds.app.database.writing() as session:
        session.add(lesson)
    assert text("turn_expected") in words(chat(turn, meeting))
    with seeds.app.database.writing() as session:
        lesson = session.merge(lesson)
        lesson.state = "finished"
    assert text("turn_expected") not in words(chat(turn, meeting))


@pytest.mark.parametrize("way", ["transcript", "minutes"])
def test_a_proposal_stands_beside_the_edit_it_came_from(
    seeds: Seeds, meeting: Meeting, way: str
) -> None:
    app, me = seeds.app, meeting.user_id
    kept(app, meeting)
    other = seeds.heard(seeds.meeting(SAID, title="Other"))
    source = {"way": way, "meeting_id": meeting.id, "number": 1, "what": "summary"}
    entry = app.memory.propose(me, kind=Kind.GLOSSARY, text="Kubernetes", source=source)
    assert entry is not None
    assert text("ask") not in words(opened("meeting", meeting=other.id))
    at = opened("meeting", meeting=meeting.id)
    assert words(at).count(text("ask")) == 1
    place = f"{way}_{meeting.id}"
    at = at.button(key=f"accept_{place}_{entry.entry_id}").click().run()
    assert app.memory.entry(me, entry.entry_id).status is Status.ACTIVE
    assert text("done_accepted", text="Kubernetes") in words(at)
