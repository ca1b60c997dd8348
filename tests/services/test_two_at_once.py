"""What two windows or two commands do in the same moment, on PostgreSQL, which lets them: each is
done after the other, and nothing of either is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Barrier
from typing import Any

import pytest

from core.app import App, build_app
from core.domain.memory import HEARD_LIMIT, Kind
from core.errors import MinutesError
from core.services.api_tokens import MOST
from core.services.jobs import Jobs
from core.services.wanted import WritingWanted
from core.settings import Settings
from core.store import accounts, job_records
from tests.postgres import Cluster
from tests.services.conftest import RecordedWorkflows
from tests.services.two_people import Two, heard, two_people, written

pytestmark = pytest.mark.postgres
AT_ONCE = 8
ROUNDS = 5
"""How often each is tried: that two meet is likely, not certain."""
PASSWORD = "a long enough sentence"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as running:
        yield running


def opened(cluster: Cluster, folder: Path, name: str, *, accounts: bool) -> App:
    return build_app(
        Settings(
            data=folder / name,
            database_url=cluster.database(name),
            ollama_url="http://127.0.0.1:9",
            llm="extractive",
            accounts=accounts,
        )
    )


@pytest.fixture(scope="module")
def two(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("two")
    app = opened(cluster, folder, "at_once", accounts=True)
    yield two_people(app, folder)
    app.close()


def together(work: Callable[[int], Any]) -> list[Any]:
    """What `work` gives to each of several who begin in the same moment; a refusal's code."""
    ready = Barrier(AT_ONCE)

    def one(number: int) -> Any:
        ready.wait()
        try:
            return work(number)
        except MinutesError as refused:
            return refused.code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_one_sentence_added_at_once_is_one_entry(two: Two) -> None:
    memory = two.app.memory
    for place in range(ROUNDS):
        text = f"Kim leads team {place}"
        added = together(lambda _, text=text: memory.add(two.owner, kind=Kind.FACT, text=text))  # type: ignore[misc]
        assert len({entry.entry_id for entry in added}) == 1


def test_one_proposal_made_at_once_is_proposed_once(two: Two) -> None:
    memory = two.app.memory
    for place in range(ROUNDS):

        def propose(_: int, text: str = f"dates as in case {place}") -> Any:
            return memory.propose(
                two.owner, kind=Kind.PREFERENCE, text=text, source={"way": "hand"}
            )

        assert sum(one is not None for one in together(propose)) == 1


def test_misheard_forms_added_at_once_are_all_kept(two: Two) -> None:
    memory = two.app.memory
    assert AT_ONCE <= HEARD_LIMIT
    for place in range(ROUNDS):
        term = f"Kubernetes {place}"
        together(
            lambda number, term=term, place=place: memory.add(  # type: ignore[misc]
                two.owner, kind=Kind.GLOSSARY, text=term, heard=(f"쿠버 {place} {number}",)
            )
        )
        [kept] = [one for one in memory.entries(two.owner, kind=Kind.GLOSSARY) if one.text == term]
        assert len(kept.heard) == AT_ONCE


def test_what_was_forgotten_is_put_back_once(two: Two) -> None:
    memory = two.app.memory
    for place in range(ROUNDS):
        gone = memory.add(two.owner, kind=Kind.GLOSSARY, text=f"Datadog {place}")
        memory.forget(two.owner, gone.entry_id)
        back = together(lambda _, gone=gone: memory.put_back(two.owner, gone))  # type: ignore[misc]
        assert {entry.entry_id for entry in back} == {gone.entry_id}


def test_one_file_imported_at_once_is_taken_in_once(two: Two) -> None:
    memory = two.app.memory
    for place in range(ROUNDS):
        file = f"## Facts\n- Park runs office {place}\n"
        done = together(lambda _, file=file: memory.from_markdown(two.owner, file))  # type: ignore[misc]
        assert sorted(one.added for one in done) == [0] * (AT_ONCE - 1) + [1]


def test_a_meeting_is_shared_once_with_one_person(two: Two) -> None:
    app = two.app
    meeting = heard(app, two.folder, two.owner, "김지훈: 나눌 회의입니다.", name="shared.txt")
    for _ in range(ROUNDS):
        given = together(
            lambda number: app.sharing.share(two.owner, meeting.id, "Bo", may_edit=bool(number % 2))
        )
        assert {one.user_id for one in given} == {two.other}
        assert [one.user_id for one in app.sharing.shares(two.owner, meeting.id)] == [two.other]
        app.sharing.unshare(two.owner, meeting.id, two.other)


def test_minutes_that_are_done_at_once_are_all_kept(two: Two) -> None:
    """Their versions count together, whosever they are."""
    app = two.app
    meeting = heard(app, two.folder, two.owner, "김지훈: 두 사람의 회의.", name="both.txt")
    app.sharing.share(two.owner, meeting.id, "Bo", may_edit=True)
    kept: list[Any] = []
    for place in range(ROUNDS):

        def write(number: int, place: int = place) -> int:
            who = (two.owner, two.other)[number % 2]
            return written(app, meeting, who, job=f"{place} {number}")

        kept += together(write)
    assert sorted(kept) == list(range(1, AT_ONCE * ROUNDS + 1))


def test_of_edits_on_one_version_one_is_kept(two: Two) -> None:
    app = two.app
    meeting = heard(app, two.folder, two.owner, "김지훈: 고칠 회의입니다.", name="edited.txt")
    version = written(app, meeting, two.owner)
    for _ in range(ROUNDS):
        done = together(
            lambda number, version=version: app.editing.edit_summary(  # type: ignore[misc]
                two.owner, meeting.id, version=version, text=f"요약 {version} {number}"
            )
        )
        assert sum(one == "minutes_moved_on" for one in done) == AT_ONCE - 1
        version += 1


def test_what_many_use_at_once_is_noted(two: Two) -> None:
    """Each in another order: no deadlock."""
    memory = two.app.memory
    texts = [f"Lee runs shop {number}" for number in range(200)]
    ids = [memory.add(two.other, kind=Kind.FACT, text=text).entry_id for text in texts]
    for place in range(ROUNDS):
        orders = [Random(f"{place} {number}").sample(ids, len(ids)) for number in range(AT_ONCE)]
        together(lambda number, orders=orders: memory.note_used(two.other, orders[number]))  # type: ignore[misc]
    assert all(one.used_at for one in memory.entries(two.other))


def test_questions_put_at_once_are_put_one_after_the_other(two: Two) -> None:
    """Who comes while one is answered is told so."""
    app = two.app
    meeting = heard(app, two.folder, two.owner)
    first = app.chat.ask(two.owner, meeting.id, "언제 출시하나요?", llm="extractive")
    put: list[Any] = []
    for _ in range(ROUNDS):
        for turn in app.chat.turns(two.owner, first.thread_id):
            app.chat.wait(two.owner, turn.id, timeout=30)
        put += together(
            lambda _: app.chat.ask(
                two.owner, meeting.id, "누가 하나요?", llm="extractive", thread_id=first.thread_id
            )
        )
    turns = app.chat.turns(two.owner, first.thread_id)
    assert [turn.number for turn in turns] == list(range(1, len(turns) + 1))
    assert sum(one != "turn_running" for one in put) == len(turns) - 1


def test_tokens_made_at_once_are_no_more_than_there_may_be(two: Two) -> None:
    app = two.app

    def make(_: int) -> Any:
        return app.tokens.make(two.other, name="script", scopes=["read"], days=None)

    for place in range(ROUNDS):
        for _ in range(MOST - 1):
            make(place)
        made = together(make)
        assert sum(one == "tokens_many" for one in made) == AT_ONCE - 1
        assert len(app.tokens.all(two.other)) == MOST
        app.accounts.sign_out_everywhere(two.other, tokens_too=True)


def test_of_two_admins_who_take_it_from_each_other_one_stays(two: Two) -> None:
    """Neither may do what they were no admin for any more."""
    app = two.app
    with app.database.writing() as session:
        pair = [
            accounts.make_account(session, name=f"Admin {number}", admin=True).id
            for number in range(2)
        ]
    others = {one.id for one in app.accounts.people(pair[0]) if one.admin} - set(pair)
    for one in others:
        app.accounts.let_decide(one, admin=False)
    for _ in range(ROUNDS):

        def take(number: int) -> Any:
            mine, theirs = pair[number % 2], pair[(number + 1) % 2]
            return app.accounts.set_admin(mine, user_id=theirs, admin=False)

        refused = together(take)
        left = [one for one, _ in app.accounts.everybody() if one.admin]
        assert len(left) == 1
        assert None in refused
        for one in pair:
            app.accounts.let_decide(one, admin=True)
    for one in others:
        app.accounts.let_decide(one, admin=True)


def test_retry_pressed_in_several_tabs_runs_a_job_again_once(two: Two) -> None:
    meeting = heard(two.app, two.folder, two.owner, "김지훈: 다시 할 회의.", name="again.txt")
    engine = RecordedWorkflows()
    jobs = Jobs(database=two.app.database, workflows=engine, memory=two.app.memory)
    wanted = WritingWanted(llm="extractive", style_version=None)
    for place in range(ROUNDS):
        job = jobs.write(meeting, wanted=wanted, part_of=f"round {place}")
        with two.app.database.writing() as session:
            job_records.update_job(session, job_id=job.id, state="failed")
        told = together(lambda _, job=job: jobs.retry(two.owner, job.id))  # type: ignore[misc]
        assert {one.id for one in told} == {job.id}
        assert {one.state for one in told} == {"queued"}
        assert engine.again[place:] == [(job.id, False)]


def test_one_of_several_first_accounts_takes_over_what_was_there(
    cluster: Cluster, tmp_path: Path
) -> None:
    for place in range(3):
        app = opened(cluster, tmp_path, f"first{place}", accounts=False)
        local = app.people.local_person()
        made = together(
            lambda number, app=app: app.adoption.add(f"Person {number}", PASSWORD, admin=True)  # type: ignore[misc]
        )
        there = {user.id: user.name for user, _ in app.accounts.everybody()}
        assert there == {user.id: user.name for user in made}
        assert len(there) == AT_ONCE
        assert local.id in there
        app.close()
