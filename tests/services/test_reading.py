"""Reading a meeting in parts: across borders, some at once, with its standing, a gap made good."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.app import App, build_app
from core.domain.citations import numbers_in
from core.domain.kinds import ItemKind
from core.errors import EngineFailed, NotFound
from core.services.reading_progress import ReadingProgress, Standing
from core.services.wanted import WritingWanted
from core.settings import Settings
from core.store.tables import Meeting
from tests.doubles.ollama import ChatRequest, OllamaDouble, default_answer
from tests.services.conftest import nothing, write
from tests.services.test_minutes import LLM, long_meeting

Make = Callable[..., Meeting]


def schema_requests(double: OllamaDouble) -> list[str]:
    return [record.messages[-1]["content"] for record in double.chats if "format" in record.body]


def test_a_part_begins_with_the_last_lines_of_the_one_before(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    write(app_with_model, make_meeting(app_with_model, long_meeting(200)), llm=LLM)
    first, second, *_ = schema_requests(double)
    last = max(n for n in range(1, 200) if f"\n[{n}] " in first)
    assert all(f"\n[{n}] " in second for n in range(last - 2, last + 2))
    assert f"\n[{last - 3}] " not in second
    assert f"The lines up to [{last}]" in second
    assert double.violations() == []


def test_what_both_parts_saw_is_there_once(app_with_model: App, make_meeting: Make) -> None:
    """Every line is a decision of its own number, so each that is read twice could be doubled."""
    text = "\n".join(f"김지수: {n}번 안건을 승인하기로 결정했습니다." for n in range(1, 120))
    minutes = write(app_with_model, make_meeting(app_with_model, text), llm=LLM)
    cited = [n for item in minutes.draft.of(ItemKind.DECISION) for n in item.utterances]
    assert len(cited) == len(set(cited))
    assert minutes.draft.coverage.parts > 1


def test_a_proposal_and_its_assent_across_a_border_are_seen_together(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    meeting = make_meeting(app_with_model, long_meeting(200))
    write(app_with_model, meeting, llm=LLM)
    borders = [part[1] for part in _plan(app_with_model, meeting)["parts"][:-1]]
    assert borders
    for border in borders:
        together = [text for text in schema_requests(double) if f"\n[{border}] " in text]
        assert any(f"\n[{border + 1}] " in text for text in together)


def _plan(app: App, meeting: Meeting, **more: Any) -> dict[str, Any]:
    wanted = WritingWanted(llm=LLM, style_version=None, **more)
    return app.minutes.plan(meeting, wanted=wanted, check=nothing)


@pytest.fixture
def app_with_slots(tmp_path: Path, double: OllamaDouble) -> Any:
    built = build_app(
        Settings(data=tmp_path / "slots", ollama_url=double.url, num_ctx=4096, llm_parallel=4)
    )
    yield built
    built.close()


def test_parts_are_read_at_once_and_stand_in_their_order(
    app_with_slots: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app = app_with_slots
    double.scheduler.slots = 4
    double.delay_first = 0.5
    meeting = make_meeting(app, long_meeting(400))
    plan = _plan(app, meeting)
    assert len(plan["parts"]) >= 4
    readings = app.minutes.read_all(meeting, plan, check=nothing, tell=lambda _: None)
    spans = [(one.started_at or 0.0, one.stopped_at or 0.0) for one in double.chats]
    at_once = [sum(start <= moment < end for start, end in spans) for moment, _ in spans]
    assert 1 < max(at_once) <= 4
    firsts = [
        min(n for item in read["items"] for n in item["utterances"])
        for read in readings
        if read["items"]
    ]
    assert firsts == sorted(firsts)
    assert len(firsts) > 1


def test_one_part_that_fails_stops_the_others(
    app_with_slots: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app = app_with_slots
    meeting = make_meeting(app, long_meeting(400))
    plan = _plan(app, meeting)
    double.requests.clear()
    double.remove("gemma3:4b")
    with pytest.raises(Exception, match="gemma3:4b"):
        app.minutes.read_all(meeting, plan, check=nothing, tell=lambda _: None)
    assert len(double.chats) < len(plan["parts"])


def test_stopping_stops_all_of_them(
    app_with_slots: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app = app_with_slots
    meeting = make_meeting(app, long_meeting(400))
    plan = _plan(app, meeting)
    double.fail_always("endless")
    asked = threading.Event()

    class Stopped(Exception):
        pass

    def check() -> None:
        if double.chats:
            asked.set()
            raise Stopped

    with pytest.raises(Stopped):
        app.minutes.read_all(meeting, plan, check=check, tell=lambda _: None)
    assert asked.is_set()


def test_the_standing_grows_and_shows_only_what_was_confirmed(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    def half_lies(request: ChatRequest) -> Any:
        answer = default_answer(request)
        if isinstance(answer, dict) and "decisions" in answer:
            lie = {"text": "회사를 매각하기로 했다", "quote": "회사를 매각", "utterances": [1]}
            answer["decisions"] = [lie, *answer["decisions"]]
        return answer

    double.answer = half_lies
    double.delay_first = 0.3  # what takes no time says nothing of the speed
    told: list[Standing] = []
    meeting = make_meeting(app_with_model, long_meeting(200))
    plan = _plan(app_with_model, meeting)
    app_with_model.minutes.read_all(meeting, plan, check=nothing, tell=told.append)
    assert [one.share for one in told] == sorted(one.share for one in told)
    assert 0 < told[-1].share < 1, "the summary is still to be written"
    assert told[-1].seconds_left is not None
    assert {one.parts for one in told} == {len(plan["parts"])}
    texts = [item.text for item in told[-1].found]
    assert texts
    assert not any("매각" in text for text in texts)
    assert not told[0].found


def test_time_left_follows_the_speed_so_far() -> None:
    now = [100.0]
    progress = ReadingProgress([1000, 1000, 2000], clock=lambda: now[0])
    assert progress.standing().seconds_left is None
    progress.begin(0)
    now[0] += 10
    progress.end(0, ())
    standing = progress.standing()
    # 1000 of 4000 characters in ten seconds, and a summary worth a mean part
    assert standing.seconds_left == pytest.approx(10 / 1000 * (3000 + 4000 / 3))
    assert standing.share == pytest.approx(1000 / (4000 + 4000 / 3))
    assert (standing.part, standing.parts) == (2, 3)
    progress.begin(1)
    progress.end(1, ())  # known from before: it took no time and tells nothing of speed
    assert progress.standing().seconds_left == pytest.approx(10 / 1000 * (2000 + 4000 / 3))
    progress.begin(2)
    before = progress.standing().share
    progress.heard(2, 200)
    assert progress.standing().share > before
    progress.heard(2, 10**6)
    assert progress.standing().share < 1


def test_just_the_missing_range_is_read_again(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    app = app_with_model
    meeting = make_meeting(app, long_meeting(200))

    def holds_line_100(body: dict[str, Any]) -> bool:
        return "format" in body and "\n[100] " in body["messages"][-1]["content"]

    double.fail_always("trunc_json", when=holds_line_100)
    before = write(app, meeting, llm=LLM)
    (gap,) = before.draft.coverage.missing_utterances
    assert gap[0] <= 100 <= gap[1]
    assert not any(item.utterances == (100,) for item in before.draft.items)

    double.faults.clear()
    double.requests.clear()
    wanted = app.minutes.wanted_again(meeting.user_id, meeting.id, version=1, gap=gap)
    plan = app.minutes.plan(meeting, wanted=wanted, check=nothing)
    readings = app.minutes.read_all(meeting, plan, check=nothing, tell=lambda _: None)
    composed = app.minutes.compose(meeting, plan, readings, wanted=wanted, check=nothing)
    with app.database.writing() as session:
        app.minutes.keep(session, meeting, composed, job_id="again")

    for asked in schema_requests(double):
        assert "\n[1] " not in asked, "what was read is not read again"
    after = app.minutes.newest(meeting.user_id, meeting.id)
    assert after is not None
    assert after.draft.coverage.complete
    assert (after.version, after.origin, after.based_on) == (2, "completed", 1)
    assert any(100 in item.utterances for item in after.draft.items)
    kept = {(item.kind, item.text) for item in before.draft.items}
    assert kept <= {(item.kind, item.text) for item in after.draft.items}


def test_a_range_that_was_read_is_not_read_again(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, long_meeting(20))
    write(app, meeting, llm="extractive")
    with pytest.raises(NotFound) as missing:
        app.minutes.wanted_again(meeting.user_id, meeting.id, version=1, gap=(3, 5))
    assert missing.value.code == "gap_missing"


def test_a_later_number_stands_and_links_the_earlier(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    lines = long_meeting(120).splitlines()
    lines[1] = "박민호: 논의 끝에 출시 캠페인 예산을 3천만 원으로 하기로 결정했습니다."
    lines[110] = "박민호: 정정하겠습니다, 출시 캠페인 예산을 4천만 원으로 하기로 결정했습니다."
    minutes = write(app_with_model, make_meeting(app_with_model, "\n".join(lines)), llm=LLM)
    budgets = [item for item in minutes.draft.of(ItemKind.DECISION) if "캠페인" in item.text]
    (budget,) = budgets
    assert "4천만" in budget.text
    assert "3천만" in (budget.replaces or "")
    assert budget.replaces_at == (2,)
    assert minutes.draft.coverage.parts > 1
    assert "3천만" in minutes.markdown


def test_a_summary_too_long_for_one_request_is_written_in_stretches_and_joined(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    text = "\n".join(
        f"김지수: 논의 끝에 {n}번 지점의 임대 계약을 이번 분기 안에 갱신하기로 결정했습니다."
        for n in range(1, 301)
    )

    def decisions_alone(request: ChatRequest) -> Any:
        answer = default_answer(request)
        if isinstance(answer, dict):
            empty = dict.fromkeys(("topics", "actions", "questions", "facts"), [])
            answer = {**answer, **empty}
        return answer

    double.answer = decisions_alone
    minutes = write(app_with_model, make_meeting(app_with_model, text), llm=LLM)
    prose = [record for record in double.chats if "format" not in record.body]
    joins = [r for r in prose if "<stretches>" in r.messages[-1]["content"]]
    assert len(prose) > len(joins) > 0
    assert double.violations() == []
    # Something of every stretch is in what was joined.
    joined = numbers_in("\n".join(record.messages[-1]["content"] for record in joins))
    stretches = [record.answer for record in prose if record not in joins]
    assert all(set(numbers_in(text)) & set(joined) for text in stretches)
    assert minutes.draft.summary
    assert len(minutes.draft.of(ItemKind.DECISION)) == 300


def test_a_number_that_nobody_said_is_not_in_the_summary(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    true = "회의에서 12월 10일에 출시하기로 했습니다 [1]."
    lies = "예산은 9억 원으로 정했습니다 [1]."
    double.answer = lambda request: (
        default_answer(request) if request.format else f"{true} {true} {lies}"
    )
    text = "박민호: 반대가 없으므로 12월 10일에 출시하기로 결정했습니다.\n김지수: 네, 좋습니다.\n"
    minutes = write(app_with_model, make_meeting(app_with_model, text), llm=LLM)
    assert "9억" not in minutes.markdown
    assert "12월 10일에 출시하기로 했습니다" in minutes.draft.summary
    assert "sentences_left_out" in minutes.draft.notices


def test_a_job_that_reads_nothing_fails(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    meeting = make_meeting(app_with_model, long_meeting(20))
    double.fail_always("garbage_json", when=lambda body: "format" in body)
    plan = _plan(app_with_model, meeting)
    readings = app_with_model.minutes.read_all(meeting, plan, check=nothing, tell=lambda _: None)
    wanted = WritingWanted(llm=LLM, style_version=None)
    with pytest.raises(EngineFailed) as failed:
        app_with_model.minutes.compose(meeting, plan, readings, wanted=wanted, check=nothing)
    assert failed.value.code == "nothing_read"


def test_minutes_are_not_written_onto_another_transcript(
    app_with_model: App, make_meeting: Make
) -> None:
    """The meeting was heard anew after its parts were read: numbers mean other lines now."""
    app = app_with_model
    meeting = make_meeting(app, long_meeting(20))
    wanted = WritingWanted(llm=LLM, style_version=None)
    plan = app.minutes.plan(meeting, wanted=wanted, check=nothing)
    readings = app.minutes.read_all(meeting, plan, check=nothing, tell=lambda _: None)
    composed = app.minutes.compose(meeting, plan, readings, wanted=wanted, check=nothing)
    with app.database.writing() as session:
        session.merge(meeting).transcript_job = "heard anew"
    with pytest.raises(EngineFailed) as moved, app.database.writing() as session:
        app.minutes.keep(session, meeting, composed, job_id="old")
    assert moved.value.code == "transcript_changed"
    changed = app.meetings.get(meeting.user_id, meeting.id)
    with pytest.raises(EngineFailed) as moved:
        app.minutes.compose(changed, plan, readings, wanted=wanted, check=nothing)
    assert moved.value.code == "transcript_changed"
    assert app.minutes.newest(meeting.user_id, meeting.id) is None


def test_a_second_run_asks_nothing_that_was_answered_in_halves(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    """An answer that was cut is as good as known: another style makes no map request."""
    meeting = make_meeting(app_with_model, long_meeting(60))

    def long(body: dict[str, Any]) -> bool:
        return "format" in body and len(body["messages"][-1]["content"].splitlines()) > 45

    double.fail_always("trunc_json", when=long)
    assert write(app_with_model, meeting, llm=LLM).draft.coverage.complete
    double.requests.clear()
    assert write(app_with_model, meeting, llm=LLM, job="second").draft.coverage.complete
    assert schema_requests(double) == []


def test_lines_that_a_neighbour_read_are_not_named_as_missing(
    app_with_model: App, make_meeting: Make, double: OllamaDouble
) -> None:
    """The next part begins with the last lines of the one before, and answers for them."""
    meeting = make_meeting(app_with_model, long_meeting(40))

    def first_half(body: dict[str, Any]) -> bool:
        return "format" in body and "\n[5] " in body["messages"][-1]["content"]

    double.fail_always("trunc_json", when=first_half)
    coverage = write(app_with_model, meeting, llm=LLM).draft.coverage
    ((first, last),) = coverage.missing_utterances
    read = [text for text in schema_requests(double) if "\n[5] " not in text]
    shown = {n for text in read for n in range(1, 41) if f"\n[{n}] " in text}
    assert not shown & set(range(first, last + 1))
    assert coverage.utterances_read == 40 - (last - first + 1)
