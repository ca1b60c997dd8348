"""Signing in by an OpenID provider, against a small real one on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from itsdangerous import TimestampSigner
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from sqlmodel import select
from starlette.testclient import TestClient

from core.store.account_rows import SignIn, User
from tests.api.provider import CLIENT, SECRET, Provider
from tests.api.signing import URL, House, sign_in, who


@pytest.fixture
def provider(house: House) -> Iterator[Provider]:
    """A provider that the server knows."""
    with Provider() as running:
        settings = house.app.settings
        settings.oidc_issuer = running.issuer
        settings.oidc_client_id = CLIENT
        settings.oidc_client_secret = SecretStr(SECRET)
        settings.oidc_name = "Example Login"
        settings.public_url = URL
        yield running


def _start(browser: TestClient, query: str = "", **headers: str) -> Any:
    return browser.get(f"/auth/oidc/start?lang=en{query}", headers=headers)


def _go(browser: TestClient, provider: Provider, query: str = "") -> Any:
    """The whole way: to the provider and back."""
    begun = _start(browser, query)
    assert begun.status_code == 302, begun.text
    return browser.get(provider.let_in(begun.headers["location"]))


def _known(house: House, provider: Provider, name: str = "Ann") -> str:
    user_id = house.person(name)
    house.app.accounts.link_subject(user_id, f"{provider.issuer} {provider.subject}")
    return user_id


def test_a_known_subject_gets_the_same_session_as_a_password_gives(
    house: House, provider: Provider, browser: TestClient
) -> None:
    user_id = _known(house, provider)
    answer = _go(browser, provider, "&next=/chat")
    assert (answer.status_code, answer.headers["location"]) == (303, "/chat")
    assert who(browser).json()["name"] == "Ann"
    with house.app.database.reading() as session:
        [kept] = session.exec(select(SignIn)).all()
    assert (kept.user_id, kept.way) == (user_id, "oidc")
    assert set(browser.cookies) == {"minutes"}


def test_state_nonce_and_pkce_are_sent_and_new_each_time(
    house: House, provider: Provider, browser: TestClient
) -> None:
    _known(house, provider)
    for _ in range(2):
        _go(browser, provider)
    first, second = provider.asked
    assert first["redirect_uri"] == f"{URL}/auth/oidc/back"
    assert first["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) > 15
        assert first[name] != second[name]


def test_the_sign_in_page_offers_it_only_where_it_is_set(
    house: House, provider: Provider, browser: TestClient
) -> None:
    house.person("Ann")
    page = browser.get("/sign-in?next=/chat&lang=en").text
    assert "Continue with Example Login" in page
    assert "/auth/oidc/start?next=%2Fchat&amp;lang=en" in page
    house.app.settings.oidc_issuer = None
    assert "/auth/oidc" not in browser.get("/sign-in").text
    assert _start(browser).headers["location"] == "/sign-in"
    assert browser.get("/auth/oidc/back?code=x&state=y").headers["location"] == "/sign-in"


def test_a_stranger_gets_a_sentence_and_no_account(
    house: House, provider: Provider, browser: TestClient
) -> None:
    house.person("Ann")
    answer = _go(browser, provider)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert who(browser).status_code == 401
    with house.app.database.reading() as session:
        assert [one.name for one in session.exec(select(User)).all()] == ["Ann"]


def test_an_invitation_makes_an_account_of_a_subject(
    house: House, provider: Provider, browser: TestClient
) -> None:
    token = house.app.invitations.invite(house.person("Kim", admin=True))
    assert f"/auth/oidc/start?invitation={token}" in browser.get(f"/join?invitation={token}").text
    assert _go(browser, provider, f"&invitation={token}").status_code == 303
    assert who(browser).json()["name"] == "Ann of the Provider"
    browser.cookies.clear()
    assert _go(browser, provider).status_code == 303  # known from now on


def test_a_session_that_was_there_is_ended(
    house: House, provider: Provider, browser: TestClient
) -> None:
    _known(house, provider)
    house.person("Mallory")
    sign_in(browser, "Mallory")
    planted = browser.cookies["minutes"]
    _go(browser, provider)
    browser.cookies.clear()
    assert who(browser, Cookie=f"minutes={planted}").status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://evil.example"},
        {"aud": "another client"},
        {"aud": "another client", "azp": CLIENT},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"nonce": "another"},
        {"exp": 1_000_000_000},
        {"sub": ""},
        {"sub": None},
        {"sub": "x" * 256},
    ],
)
def test_a_word_that_is_not_for_us_signs_nobody_in(
    house: House, provider: Provider, browser: TestClient, claims: dict[str, Any]
) -> None:
    _known(house, provider)
    provider.claims = claims
    answer = _go(browser, provider)
    assert answer.status_code == 422
    assert "Example Login" in answer.text
    assert who(browser).status_code == 401


def test_a_word_signed_by_somebody_else_signs_nobody_in(
    house: House, provider: Provider, browser: TestClient
) -> None:
    _known(house, provider)
    provider.shown, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": "1"})
    assert _go(browser, provider).status_code == 422
    assert who(browser).status_code == 401


def test_a_way_back_that_this_browser_did_not_begin_leads_nowhere(
    house: House, provider: Provider, browser: TestClient
) -> None:
    _known(house, provider)
    with house.browser() as other:  # Mallory's code is given to somebody else's browser
        stolen = provider.let_in(_start(other).headers["location"])
    answer = browser.get(stolen)
    assert answer.status_code == 422
    assert "begun in this browser" in answer.text
    _start(browser)
    assert browser.get(stolen).status_code == 422
    assert who(browser).status_code == 401


def test_a_code_is_taken_once(house: House, provider: Provider, browser: TestClient) -> None:
    _known(house, provider)
    back = provider.let_in(_start(browser).headers["location"])
    assert browser.get(back).status_code == 303
    browser.cookies.delete("minutes")
    assert browser.get(back).status_code == 422
    assert who(browser).status_code == 401


def test_a_kept_state_cannot_be_made_up(
    house: House, provider: Provider, browser: TestClient
) -> None:
    _known(house, provider)
    back = provider.let_in(_start(browser).headers["location"])
    kept = browser.cookies["minutes_oidc"]
    browser.cookies.clear()
    changed = f"{kept[:-3]}{'AAA' if kept[-3:] != 'AAA' else 'BBB'}"
    assert browser.get(back, headers={"Cookie": f"minutes_oidc={changed}"}).status_code == 422


@pytest.mark.parametrize(("seconds", "status"), [(590, 303), (620, 422)])
def test_who_takes_too_long_at_the_provider_begins_anew(
    house: House,
    provider: Provider,
    browser: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
    status: int,
) -> None:
    """Not even a cookie that a browser keeps longer than it was told to helps."""
    _known(house, provider)
    back = provider.let_in(_start(browser).headers["location"])
    kept = browser.cookies["minutes_oidc"]
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) + seconds)
    browser.cookies.clear()
    assert browser.get(back, headers={"Cookie": f"minutes_oidc={kept}"}).status_code == status


def test_who_is_not_let_in_there_comes_back_to_the_door(
    house: House, provider: Provider, browser: TestClient
) -> None:
    house.person("Ann")
    _start(browser)
    answer = browser.get("/auth/oidc/back?error=access_denied&state=x")
    assert answer.status_code == 422
    assert "did not let you in" in answer.text


def test_a_provider_that_does_not_answer_is_said(
    house: House, provider: Provider, browser: TestClient
) -> None:
    house.person("Ann")
    provider.silent = True
    answer = _start(browser)
    assert answer.status_code == 424
    assert "Example Login does not answer" in answer.text


def test_the_address_after_signing_in_is_ours(
    house: House, provider: Provider, browser: TestClient
) -> None:
    _known(house, provider)
    answer = _go(browser, provider, "&next=//evil.example")
    assert answer.headers["location"] == "/"


def test_an_account_of_ones_own_is_linked_from_its_page_only(
    house: House, provider: Provider, browser: TestClient
) -> None:
    house.person("Ann")
    sign_in(browser, "Ann")
    assert _start(browser, "&link=1").status_code == 403
    assert _start(browser, "&link=1", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    begun = _start(browser, "&link=1", **{"Sec-Fetch-Site": "same-origin"})
    answer = browser.get(provider.let_in(begun.headers["location"]))
    assert answer.headers["location"] == "/account"
    browser.cookies.clear()
    _go(browser, provider)
    assert who(browser).json()["name"] == "Ann"


def test_a_link_begun_by_one_person_is_not_ended_by_another(
    house: House, provider: Provider, browser: TestClient
) -> None:
    house.person("Ann")
    house.person("Bea")
    sign_in(browser, "Ann")
    begun = _start(browser, "&link=1", **{"Sec-Fetch-Site": "same-origin"})
    sign_in(browser, "Bea")
    assert browser.get(provider.let_in(begun.headers["location"])).status_code == 422
    with house.app.database.reading() as session:
        assert not any(one.subject for one in session.exec(select(User)).all())


def test_the_provider_is_asked_over_the_address_that_people_use(
    house: House, provider: Provider, browser: TestClient
) -> None:
    house.person("Ann")
    house.app.settings.public_url = "https://minutes.example.com"
    location = _start(browser).headers["location"]
    assert "redirect_uri=https%3A%2F%2Fminutes.example.com%2Fauth%2Foidc%2Fback" in location
    assert urlsplit(location).netloc == urlsplit(provider.issuer).netloc
