"""The style's editor in a real browser, and the way of a style into the prompt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.app import App, build_app
from core.settings import Settings
from core.store.tables import Meeting
from tests.browser.conftest import Server, free_port, settle
from tests.doubles.ollama import OllamaDouble
from tests.pages.seeding import heard

pytestmark = pytest.mark.chromium
expect.set_options(timeout=30_000)  # the machine may be busy


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        yield running


@pytest.fixture
def written(tmp_path: Path, double: OllamaDouble) -> Iterator[tuple[Server, App, Meeting]]:
    """A server whose model is the double, and one meeting."""
    app = build_app(Settings(data=tmp_path / "data"))
    meeting = heard(app, tmp_path / "in")
    variables = {"MINUTES_LLM": "ollama:tiny-gemma3", "MINUTES_OLLAMA_URL": double.url}
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
    area = korean_page.get_by_label("작성 스타일", exact=True)
    area.fill("STYLE-MARK:짧게 존댓말로")
    expect(korean_page.get_by_text("18 / 4,000자")).to_be_visible()
    korean_page.get_by_role("button", name="새 버전으로 저장").click()
    expect(korean_page.get_by_text("지금 쓰는 것: 버전 1")).to_be_visible()
    assert app.people.styles(meeting.user_id)[0].text == "STYLE-MARK:짧게 존댓말로"
    korean_page.goto(f"{server.url}/chat?meeting={meeting.id}")
    korean_page.get_by_role("button", name="결정된 사항은 무엇인가요?").click()
    expect(korean_page.get_by_text("프롬프트 보기")).to_be_visible(timeout=60_000)
    sent = double.chats[-1].body["messages"][0]["content"]
    assert "[user defined system prompt]" in sent
    assert "<style>\nSTYLE-MARK:짧게 존댓말로\n</style>" in sent


def test_a_style_that_is_too_long_is_counted_refused_and_kept_in_the_field(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}/settings")
    area = page.get_by_label("Style", exact=True)
    area.fill("a" * 4321)
    expect(page.get_by_text("4,321 / 4,000 characters")).to_be_visible()
    expect(page.get_by_text("Shorten it by 321 characters to save it")).to_be_visible()
    save = page.get_by_role("button", name="Save as a new version")
    expect(save).to_be_disabled()
    assert area.input_value() == "a" * 4321
    area.fill("a" * 4000)
    expect(save).to_be_enabled()


def test_what_was_typed_survives_a_look_at_another_page(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings")
    page.get_by_role("button", name="For engineers").click()
    area = page.get_by_label("Style", exact=True)
    typed = area.input_value()
    assert "technical terms" in typed
    page.get_by_test_id("stSidebar").get_by_role("link", name="System").click()
    expect(page.get_by_role("button", name="Check again")).to_be_visible()
    page.go_back()
    expect(area).to_have_value(typed)
    settle(page)
    expect(page.get_by_text("Not saved yet")).to_be_visible()
