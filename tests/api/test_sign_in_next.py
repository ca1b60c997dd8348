"""Where signing in leads to: nowhere but to pages of ours."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from core.api.next_page import own_page
from tests.api.signing import House, sign_in


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/meeting?meeting=a#u=3", "/meeting?meeting=a#u=3"),
        ("/", "/"),
        (None, "/"),
        ("", "/"),
        ("//evil", "/"),
        ("///evil", "/"),
        ("/\\evil", "/"),
        ("\\\\evil", "/"),
        ("/\t/evil", "/"),  # browsers drop tabs and line ends
        ("/\n/evil", "/"),
        ("\t//evil", "/"),
        ("http://evil", "/"),
        ("https:evil", "/"),
        ("javascript:alert(1)", "/"),
        ("evil", "/"),
        ("/a b", "/"),
        ("/a\x00b", "/"),
        ("/\N{RIGHT-TO-LEFT OVERRIDE}x", "/"),
        ("/sign-in?next=/x", "/"),  # in circles
        ("/sign-out", "/"),
        ("/" + "a" * 3000, "/"),
    ],
)
def test_after_signing_in_one_is_on_a_page_of_ours(asked: str | None, led_to: str) -> None:
    assert own_page(asked) == led_to


def test_an_address_elsewhere_is_not_gone_to(house: House, browser: TestClient) -> None:
    house.person("Ann")
    assert 'value="/"' in browser.get("/sign-in?next=//evil.example").text
    assert sign_in(browser, "Ann", next="//evil.example").headers["location"] == "/"
    # Who is signed in already is led on from the page itself.
    assert browser.get("/sign-in?next=//evil.example").headers["location"] == "/"
    assert browser.get("/sign-in?next=/chat").headers["location"] == "/chat"
