"""The styles in a real browser: nothing typed is lost, and prompts carry what was saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.app import App, build_app
from core.settings import Settings
from core.store.tables import Meeting
from tests.browser.conftest import IDLE, Server, settle
from tests.doubles.ollama import OllamaDouble
from tests.pages.seeding import heard
from tests.services.conftest import write
from tests.waiting import free_port, until

pytestmark = pytest.mark.chromium
expect.set_options(timeout=30_000)  # the machine may be busy
FIELD = "How you want things written"
LLM = "ollama:tiny-gemma3"


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        yield running


@pytest.fixture
def written(tmp_path: Path, double: OllamaDouble) -> Iterator[tuple[Server, App, Meeting]]:
    """A server whose model is the double, and one meeting with minutes."""
    app = build_app(Settings(data=tmp_path / "data", ollama_url=double.url, llm=LLM))
    meeting = heard(app, tmp_path / "in")
    write(app, meeting, llm=LLM)
    variables = {**IDLE, "MINUTES_LLM": LLM, "MINUTES_OLLAMA_URL": double.url}
    server = Server(data=tmp_path / "data", port=free_port(), variables=variables)
    server.start()
    yield server, app, meeting
    server.stop()
    app.close()


def test_a_saved_style_is_in_the_prompt_of_the_next_answer(
    korean_page: Page, written: tuple[Server, App, Meeting], double: OllamaDouble
) -> None:
    server, app, meeting = written
    korean_page.goto(f"{server.url}/settings")
    korean_page.get_by_role("link", name="기억 화면에서 작성 스타일 정하기").click()
    area = korean_page.get_by_label("작성 스타일", exact=True)
    area.fill("STYLE-MARK:짧게 존댓말로")
    expect(korean_page.get_by_text("18 / 4,000자")).to_be_visible()
    korean_page.get_by_role("button", name="새 버전으로 저장").click()
    expect(korean_page.get_by_text("지금 쓰는 글: 버전 1")).to_be_visible()
    assert app.people.styles(meeting.user_id)[0].text == "STYLE-MARK:짧게 존댓말로"
    korean_page.goto(f"{server.url}/chat?meeting={meeting.id}")
    korean_page.get_by_role("button", name="결정된 사항은 무엇인가요?").click()
    expect(korean_page.get_by_text("모델에 전한 내용")).to_be_visible(timeout=60_000)
    sent = double.chats[-1].body["messages"][0]["content"]
    assert "[user defined system prompt]" in sent
    assert "<style>\nSTYLE-MARK:짧게 존댓말로\n</style>" in sent


def test_a_style_that_is_too_long_is_counted_refused_and_kept_in_the_field(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}/memory")
    area = page.get_by_label(FIELD, exact=True)
    area.fill("a" * 50_000)
    expect(page.get_by_text("50,000 / 4,000 characters")).to_be_visible()
    expect(page.get_by_text("Shorten it by 46,000 characters to save it")).to_be_visible()
    save = page.get_by_role("button", name="Save as a new version")
    expect(save).to_be_disabled()
    assert area.input_value() == "a" * 50_000
    area.fill("a" * 4000)
    expect(save).to_be_enabled()


def test_what_was_typed_survives_a_look_at_another_page(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/memory")
    area = page.get_by_label(FIELD, exact=True)
    page.get_by_role("button", name="For engineers").click()
    expect(area).not_to_have_value("")
    area.press("Control+z")  # what a button put there is undone like typing
    expect(area).to_have_value("")
    page.get_by_role("button", name="For engineers").click()
    typed = area.input_value()
    assert "technical terms" in typed
    page.get_by_test_id("stSidebar").get_by_role("link", name="System").click()
    expect(page.get_by_role("button", name="Check again")).to_be_visible()
    page.go_back()
    expect(area).to_have_value(typed)
    settle(page)
    expect(page.get_by_text("Not saved yet")).to_be_visible()


def test_two_tabs_lose_nothing_of_what_they_typed(
    page: Page, written: tuple[Server, App, Meeting]
) -> None:
    server, app, meeting = written
    app.styles.save(meeting.user_id, None, "as it was", expected=0)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{server.url}/memory")
        expect(tab.get_by_label(FIELD, exact=True)).to_have_value("as it was")
        settle(tab)
    save = "Save as a new version"
    page.get_by_label(FIELD, exact=True).fill("from the first tab")
    page.get_by_role("button", name=save).click()
    expect(page.get_by_text("In use: version 2")).to_be_visible()
    mine = other.get_by_label(FIELD, exact=True)
    mine.fill("from the second tab <b>{x}</b>")
    other.get_by_role("button", name=save).click()
    expect(other.get_by_text("Saved in another window meanwhile: version 2")).to_be_visible()
    expect(mine).to_have_value("from the second tab <b>{x}</b>")
    theirs = other.get_by_label("The text of version 2")
    expect(theirs).to_have_value("from the first tab")
    # It is still all there after a reload.
    other.reload()
    expect(mine).to_have_value("from the second tab <b>{x}</b>")
    expect(theirs).to_have_value("from the first tab")
    mine.fill("from both")
    other.get_by_role("button", name="Save mine as the newest version").click()
    expect(other.get_by_text("In use: version 3")).to_be_visible()
    expect(theirs).to_be_hidden()
    kept = app.styles.all(meeting.user_id)[0]
    texts = [one.text for one in app.styles.versions(meeting.user_id, kept.style_id)]
    assert texts == ["from both", "from the first tab", "as it was"]
    # The first tab has typed nothing since: the newest text simply comes.
    page.reload()
    expect(page.get_by_label(FIELD, exact=True)).to_have_value("from both")


def test_a_second_tab_before_the_first_text_keeps_what_it_typed(page: Page, server: Server) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{server.url}/memory")
        tab.get_by_label(FIELD, exact=True).fill(f"typed in {'one' if tab is page else 'two'}")
        settle(tab)
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_text("In use: version 1")).to_be_visible()
    expect(page.get_by_text("Not saved yet")).to_be_hidden()
    other.get_by_role("button", name="Save as a new version").click()
    expect(other.get_by_label("The text of version 1")).to_have_value("typed in one")
    expect(other.get_by_label(FIELD, exact=True)).to_have_value("typed in two")


def test_a_text_is_tried_beside_the_old_summary_without_being_saved(
    page: Page, written: tuple[Server, App, Meeting], double: OllamaDouble
) -> None:
    server, app, meeting = written
    double.requests.clear()
    page.goto(f"{server.url}/memory")
    page.get_by_label(FIELD, exact=True).fill("STYLE-MARK:MARKED")
    page.get_by_role("button", name="Try it without saving").click()
    expect(page.get_by_text("With the text you tried")).to_be_visible()
    expect(page.get_by_text("Now: version 1")).to_be_visible()
    expect(page.get_by_text("MARKED", exact=False).first).to_be_visible()
    assert app.styles.all(meeting.user_id) == []
    assert app.minutes.versions(meeting.user_id, meeting.id) == [1]
    assert not [chat for chat in double.chats if "format" in chat.body]
    expect(page.get_by_label(FIELD, exact=True)).to_have_value("STYLE-MARK:MARKED")


def test_a_try_can_be_stopped(
    page: Page, written: tuple[Server, App, Meeting], double: OllamaDouble
) -> None:
    server, _, _ = written
    double.answer = lambda request: " ".join(["word"] * 2000)
    double.delay_piece = 0.1
    page.goto(f"{server.url}/memory")
    page.get_by_label(FIELD, exact=True).fill("short")
    page.get_by_role("button", name="Try it without saving").click()
    expect(page.get_by_text("Writing the summary of")).to_be_visible()
    expect(page.get_by_role("button", name="Trying")).to_be_disabled()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped. Nothing was changed.")).to_be_visible()
    expect(page.get_by_role("button", name="Try it without saving")).to_be_enabled()
    until(lambda: double.chats[-1].disconnected)
