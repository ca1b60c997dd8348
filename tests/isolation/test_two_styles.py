"""Two people with opposite styles and memories over the same meeting: whatever is sent to the model
for one of them carries nothing of the other's. Seen in the log of the model's server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.app import App, build_app
from core.domain.memory import Kind
from core.settings import Settings
from core.store.tables import Meeting
from tests.doubles.ollama import OllamaDouble
from tests.services.test_minutes import MEETING
from tests.services.two_people import answered, heard, person, written

LLM = "ollama:gemma3:4b"
ANA, BO = "Ana", "Bo"
MARK = {ANA: "AAA-", BO: "BBB-"}
"""Stands in every text that is the person's own, and in nothing else."""
STYLES = {
    ANA: "AAA-STYLE: 짧은 글머리표로만, 음슴체로 씁니다.",
    BO: "BBB-STYLE: 완전한 문장으로, 정중한 존댓말로 길게 씁니다.",
}


@pytest.fixture
def start(tmp_path: Path, double: OllamaDouble) -> Iterator[Callable[[], App]]:
    """Starts the App on the one database, as often as it is called."""
    started: list[App] = []

    def on_the_same_database() -> App:
        for one in started:
            one.close()
        settings = Settings(
            data=tmp_path / "data", ollama_url=double.url, num_ctx=8192, llm=LLM, accounts=True
        )
        started[:] = [build_app(settings)]
        return started[0]

    yield on_the_same_database
    for one in started:
        one.close()


def remembered(app: App, name: str, user_id: str) -> None:
    """Style, fact, preference and a term that is said in the meeting."""
    mark = MARK[name]
    app.people.save_style(user_id, STYLES[name])
    app.memory.add(user_id, kind=Kind.FACT, text=f"{mark}FACT: 예산은 팀장이 정한다.")
    app.memory.add(user_id, kind=Kind.PREFERENCE, text=f"{mark}WISH: 날짜는 숫자로 쓴다.")
    app.memory.add(
        user_id, kind=Kind.GLOSSARY, text=f"{mark}TERM", heard=("배포 문서",), note=f"{mark}NOTE"
    )


def bodies(double: OllamaDouble, since: int) -> list[str]:
    return [json.dumps(one.body, ensure_ascii=False) for one in double.chats[since:]]


def carries_only_their_own(
    app: App, double: OllamaDouble, meeting: Meeting, name: str, user_id: str, *, stage: str
) -> None:
    """A summary and two follow-ups of this person."""
    mine, [others] = MARK[name], [mark for one, mark in MARK.items() if one != name]
    since = len(double.chats)
    version = written(app, meeting, user_id, llm=LLM, job=stage)
    summary = bodies(double, since)
    asked = answered(app, user_id, meeting.id, "언제 출시하기로 했나요?", llm=LLM)
    follow = app.chat.ask(user_id, meeting.id, "누가 맡았나요?", llm=LLM, thread_id=asked.thread_id)
    follow = app.chat.wait(user_id, follow.id, timeout=30)
    sent = bodies(double, since)
    assert asked.state == follow.state == "finished", (asked.error, follow.error)
    assert len(sent) == len(summary) + 2
    for body in sent:
        assert others not in body, stage
    style = app.people.style(user_id)
    assert style is not None
    wanted = (json.dumps(style.text, ensure_ascii=False)[1:-1], f"{mine}FACT", f"{mine}WISH")
    for body in (summary[-1], *sent[len(summary) :]):
        assert all(one in body for one in wanted), stage
    assert any(f"{mine}TERM" in body for body in sent), stage
    minutes = app.minutes.version(user_id, meeting.id, version)
    for system in (minutes.draft.system, asked.system, follow.system):
        assert system is not None
        assert mine in system
        assert others not in system


@pytest.mark.parametrize("way", ["shared", "the same file given by each"])
def test_nothing_of_the_other_is_in_any_request(
    start: Callable[[], App], double: OllamaDouble, tmp_path: Path, way: str
) -> None:
    app = start()
    ids = {name: person(app, name, admin=name == ANA) for name in (ANA, BO)}
    for name, user_id in ids.items():
        remembered(app, name, user_id)
    of_ana = heard(app, tmp_path, ids[ANA], MEETING)
    if way == "shared":
        app.sharing.share(ids[ANA], of_ana.id, BO, may_edit=True)
        meetings = {ANA: of_ana.id, BO: of_ana.id}
    else:
        meetings = {ANA: of_ana.id, BO: heard(app, tmp_path, ids[BO], MEETING).id}
        assert meetings[ANA] != meetings[BO]

    def both(stage: str) -> None:
        for name, user_id in ids.items():
            meeting = app.meetings.get(user_id, meetings[name])
            carries_only_their_own(app, double, meeting, name, user_id, stage=stage)

    both("at first")
    for name, user_id in ids.items():
        app.people.save_style(user_id, f"{STYLES[name]} {MARK[name]}EDITED")
    said = app.meetings.transcript(ids[ANA], meetings[ANA]).utterances
    app.text_changes.edit_text(
        ids[ANA], meetings[ANA], 1, f"{said[0].text} 고침", expected=said[0].text
    )
    both("after edits")
    app = start()
    both("after a restart")
    for name, user_id in ids.items():
        other = app.styles.make(user_id, name="둘째", text=f"{MARK[name]}SECOND: 표로 씁니다.")
        app.styles.make_default(user_id, other.style_id)
    both("in another style")


def test_a_style_of_ones_own_by_number_is_not_anothers(
    start: Callable[[], App], tmp_path: Path
) -> None:
    """Versions count for each person: version 1 of one is not version 1 of the other."""
    app = start()
    ids = {name: person(app, name) for name in (ANA, BO)}
    app.people.save_style(ids[ANA], STYLES[ANA])
    app.people.save_style(ids[BO], STYLES[BO])
    for name, user_id in ids.items():
        style = app.people.style(user_id, version=1)
        assert style is not None
        assert style.text == STYLES[name]
