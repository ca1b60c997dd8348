"""Addresses typed by hand, in a real browser: no page of them is empty or in Streamlit's words."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from core.messages import say
from tests.browser.conftest import Server, settle

pytestmark = pytest.mark.chromium
expect.set_options(timeout=30_000)  # the machine may be busy


def test_the_first_page_is_found_by_its_name(korean_page: Page, server: Server) -> None:
    korean_page.goto(f"{server.url}/meetings?deleted=none")
    expect(korean_page).to_have_url(f"{server.url}/?deleted=none")
    heading = korean_page.get_by_role("heading", name=say("nav.meetings", "ko"), exact=True)
    expect(heading).to_be_visible()
    settle(korean_page)
    expect(korean_page.get_by_text("Page not found")).not_to_be_visible()


@pytest.mark.parametrize(("fixture", "language"), [("page", "en"), ("korean_page", "ko")])
def test_an_address_of_several_parts_says_that_no_page_is_there(
    request: pytest.FixtureRequest, server: Server, fixture: str, language: str
) -> None:
    page: Page = request.getfixturevalue(fixture)
    answer = page.goto(f"{server.url}/memory/x")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name=say("sign_in.missing", language))).to_be_visible()
    page.get_by_role("link", name=say("sign_in.missing_back", language)).click()
    expect(page).to_have_url(f"{server.url}/")
    heading = page.get_by_role("heading", name=say("nav.meetings", language), exact=True)
    expect(heading).to_be_visible()


def test_a_page_of_one_part_opens_as_before(page: Page, server: Server) -> None:
    """Its WebSocket is found from there."""
    for address in ("/memory", "/memory/", "/memory?part=glossary"):
        page.goto(f"{server.url}{address}")
        expect(page.get_by_role("heading", name=say("nav.memory", "en")).first).to_be_visible()
        settle(page)
