"""A conversation in a real browser, with a server that plays Ollama."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.app import App, build_app
from core.settings import Settings
from core.store.tables import Meeting
from tests.browser.conftest import IDLE, Server
from tests.doubles.ollama import OllamaDouble
from tests.pages.seeding import heard
from tests.waiting import free_port, until

pytestmark = pytest.mark.chromium
expect.set_options(timeout=30_000)  # the machine may be busy

Addressed = Callable[[str], str]
ANSWER = "출시는 12월 10일로 결정되었습니다 [3]. 이유는 결제 모듈 테스트입니다 [2]."


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        running.answer = lambda request: ANSWER
        yield running


@pytest.fixture
def written(tmp_path: Path, double: OllamaDouble) -> Iterator[tuple[Server, App, Meeting]]:
    """A server whose model is the double, and one meeting."""
    app = build_app(Settings(data=tmp_path / "data"))
    meeting = heard(app, tmp_path / "in")
    variables = {**IDLE, "MINUTES_LLM": "ollama:tiny-gemma3", "MINUTES_OLLAMA_URL": double.url}
    server = Server(data=tmp_path / "data", port=free_port(), variables=variables)
    server.start()
    yield server, app, meeting
    server.stop()
    app.close()


def ask(page: Page, server: Server, meeting: Meeting, question: str) -> None:
    page.goto(f"{server.url}/chat?meeting={meeting.id}")
    field = page.get_by_test_id("stChatInputTextArea")
    expect(field).to_be_enabled()
    field.fill(question)
    field.press("Enter")


def test_an_answer_goes_on_through_a_reload_and_shows_what_it_rests_on(
    korean_page: Page, written: tuple[Server, App, Meeting], double: OllamaDouble
) -> None:
    server, _, meeting = written
    double.delay_piece = 0.35
    ask(korean_page, server, meeting, "출시는 언제인가요?")
    expect(korean_page.get_by_text("출시는 12월")).to_be_visible()  # it streams
    expect(korean_page.get_by_role("button", name="멈추기")).to_be_visible()
    assert re.search(r"thread=[0-9a-f]+", korean_page.url)
    korean_page.reload()
    expect(korean_page.get_by_role("button", name="멈추기")).to_be_visible()
    sources = korean_page.get_by_text("근거 2개")
    expect(sources).to_be_visible(timeout=60_000)
    assert len(double.chats) == 1  # the reload asked nothing again
    link = korean_page.get_by_role("link", name="00:31").first
    assert link.get_attribute("href") == f"meeting?meeting={meeting.id}&line=3"
    with korean_page.context.expect_page() as opening:
        link.click()
    expect(opening.value.get_by_text("결제 모듈 테스트가 끝나지 않아서").first).to_be_visible()
    opening.value.close()
    sources.click()
    expect(korean_page.get_by_text("좋습니다. 출시는 12월 10일로 결정하겠습니다.")).to_be_visible()
    expect(korean_page.get_by_role("button", name="멈추기")).to_have_count(0)
    korean_page.get_by_role("button", name="모델에 전한 내용").click()
    expect(korean_page.get_by_role("dialog")).to_contain_text("<question>")


def test_an_answer_goes_on_without_any_page(
    page: Page, written: tuple[Server, App, Meeting], double: OllamaDouble
) -> None:
    server, app, meeting = written
    double.delay_piece = 0.2
    ask(page, server, meeting, "When is the launch?")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.goto("about:blank")
    thread = app.chat.threads(meeting.user_id, meeting.id)[0]
    until(
        lambda: app.chat.turns(meeting.user_id, thread.id)[-1].state == "finished",
        seconds=60,
        what=lambda: server.log,
    )
    assert app.chat.turns(meeting.user_id, thread.id)[-1].answer == ANSWER


def test_the_next_question_is_typed_while_the_answer_is_written(
    page: Page, written: tuple[Server, App, Meeting], double: OllamaDouble
) -> None:
    server, app, meeting = written
    double.delay_piece = 0.3
    ask(page, server, meeting, "When is the launch?")
    field = page.get_by_test_id("stChatInputTextArea")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(field).to_be_focused()
    field.press_sequentially("And why?")
    field.press("Enter")
    expect(page.get_by_test_id("stToast")).to_be_visible()
    expect(field).to_have_value("And why?")  # given back, not lost and not sent
    expect(page.get_by_text("Sources: 2")).to_be_visible(timeout=60_000)
    expect(field).to_be_focused()
    expect(field).to_have_value("And why?")
    field.press("Enter")
    thread = app.chat.threads(meeting.user_id, meeting.id)[0]
    until(lambda: len(app.chat.turns(meeting.user_id, thread.id)) == 2)


def test_stopping_keeps_what_has_come_and_frees_the_model(
    page: Page, written: tuple[Server, App, Meeting], double: OllamaDouble
) -> None:
    server, _, meeting = written
    double.delay_piece = 0.5
    ask(page, server, meeting, "When is the launch?")
    expect(page.get_by_text("출시는 12월")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("This answer was stopped.")).to_be_visible()
    expect(page.get_by_text("출시는 12월")).to_be_visible()
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_enabled()
    until(lambda: double.chats[-1].disconnected, seconds=10)


def test_a_failed_answer_can_be_had_again(
    page: Page, written: tuple[Server, App, Meeting], double: OllamaDouble
) -> None:
    server, _, meeting = written
    double.fail_next("runner_crash")
    ask(page, server, meeting, "When is the launch?")
    retry = page.get_by_role("button", name="Retry")
    expect(retry).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(1)
    retry.click()
    expect(page.get_by_text("Sources: 2")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_conversation_is_found_again_in_the_list(
    page: Page, written: tuple[Server, App, Meeting]
) -> None:
    server, _, meeting = written
    ask(page, server, meeting, "When is the launch?")
    expect(page.get_by_text("Sources: 2")).to_be_visible(timeout=60_000)
    address = page.url
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_text("What would you like to know?")).to_be_visible()
    assert "thread" not in page.url
    page.get_by_test_id("stSidebar").get_by_role("button", name="When is the launch?").click()
    expect(page.get_by_text("Sources: 2")).to_be_visible()
    assert page.url == address
