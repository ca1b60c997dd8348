"""The doors that are forms, as browsers and others use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from core.app import App
from tests.api.signing import FORM, PASSWORD, URL, House, sign_in, who


def test_a_name_and_a_password_open_the_door(house: House, browser: TestClient) -> None:
    house.person("Ann")
    answer = sign_in(browser, "Ann", next="/meeting?meeting=m1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/meeting?meeting=m1")
    assert who(browser).json()["name"] == "Ann"


def test_the_cookie_is_for_the_server_alone(house: House, browser: TestClient) -> None:
    house.person("Ann")
    said = sign_in(browser, "Ann").headers["set-cookie"].split("; ")
    assert said[0].startswith("minutes=")
    assert set(said[1:]) == {"HttpOnly", "Max-Age=34560000", "Path=/", "SameSite=lax"}


def test_behind_https_it_travels_by_nothing_else(house: House) -> None:
    house.person("Ann")
    house.app.settings.public_url = "https://localhost"
    with house.browser(url="https://localhost") as browser:
        said = sign_in(browser, "Ann").headers["set-cookie"]
        assert said.startswith("__Host-minutes=")
        assert "; Secure" in said
        assert "Domain" not in said
        assert who(browser).json()["name"] == "Ann"


def test_a_planted_session_is_not_taken_over(house: House, browser: TestClient) -> None:
    house.person("Mallory")
    house.person("Ann")
    sign_in(browser, "Mallory")
    planted = browser.cookies["minutes"]  # Mallory puts it into Ann's browser
    sign_in(browser, "Ann")
    assert browser.cookies["minutes"] != planted
    assert who(browser).json()["name"] == "Ann"
    browser.cookies.clear()
    assert who(browser, Cookie=f"minutes={planted}").status_code == 401


def test_a_made_up_token_is_never_adopted(house: House, browser: TestClient) -> None:
    house.person("Ann")
    form = {"name": "Ann", "password": PASSWORD}
    sent = {**FORM, "Cookie": "minutes=chosen by somebody else"}
    said = browser.post("/sign-in", data=form, headers=sent).headers["set-cookie"]
    assert said.startswith("minutes=")
    assert "chosen" not in said
    browser.cookies.clear()
    assert who(browser, Cookie="minutes=chosen by somebody else").status_code == 401


def test_signing_out_ends_it_on_the_server(house: House, browser: TestClient) -> None:
    house.person("Ann")
    sign_in(browser, "Ann")
    token = browser.cookies["minutes"]
    answer = browser.post("/sign-out", headers=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "minutes" not in browser.cookies
    assert who(browser, Cookie=f"minutes={token}").status_code == 401


def test_a_link_alone_signs_nobody_out(house: House, browser: TestClient) -> None:
    house.person("Ann")
    sign_in(browser, "Ann")
    assert "<form" in browser.get("/sign-out").text
    assert who(browser).status_code == 200


FOREIGN: list[dict[str, str]] = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:9999"},
    {"Origin": URL, "Sec-Fetch-Site": "cross-site"},
    {"Origin": URL, "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "none"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/join"])
def test_forms_of_other_sites_are_refused(
    house: House, browser: TestClient, path: str, headers: dict[str, str]
) -> None:
    house.person("Ann")
    house.person("Mallory")
    sign_in(browser, "Ann")
    form = {"name": "Mallory", "password": PASSWORD, "invitation": "x"}
    answer = browser.post(path, data=form, headers=headers)
    assert answer.status_code == 403
    assert who(browser).json()["name"] == "Ann"


def test_a_browser_that_says_only_where_it_comes_from_is_let_in(
    house: House, browser: TestClient
) -> None:
    house.person("Ann")
    form = {"name": "Ann", "password": PASSWORD}
    answer = browser.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303


def test_a_wrong_name_and_a_wrong_password_look_the_same(house: House, browser: TestClient) -> None:
    house.person("Ann")
    known = sign_in(browser, "Ann", "not her password")
    unknown = sign_in(browser, "Eve", "not her password")
    assert known.status_code == unknown.status_code == 401
    assert known.text.replace("Ann", "…") == unknown.text.replace("Eve", "…")
    assert "minutes" not in browser.cookies
    assert 'role="alert"' in known.text
    assert 'value="Ann"' in known.text
    assert "not her password" not in known.text


@pytest.mark.parametrize("name", ["Ann", "Eve", "local", "", "a\x00b", "x" * 100])
def test_every_refusal_hashes_once(
    house: House, browser: TestClient, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.person("Ann")
    hashed = _hashed(monkeypatch)
    assert sign_in(browser, name, "not her password").status_code == 401
    assert hashed == ["argon2id"]


def test_too_many_tries_have_to_wait(house: House, browser: TestClient) -> None:
    house.person("Ann")
    answers = [sign_in(browser, "Ann", "not her password") for _ in range(12)]
    assert answers[0].status_code == 401
    late = answers[-1]
    assert late.status_code == 429
    seconds = late.headers["retry-after"]
    assert int(seconds) > 0
    assert seconds in late.text
    assert sign_in(browser, "Ann").status_code == 429  # nor is the right one looked at


def test_many_tries_at_names_that_are_not_there_look_the_same(
    house: House, browser: TestClient
) -> None:
    answers = [sign_in(browser, "Nobody", "not a password") for _ in range(12)]
    assert answers[-1].status_code == 429


def test_before_the_first_account_the_page_says_what_to_type(browser: TestClient) -> None:
    english, korean = (browser.get(f"/sign-in?lang={one}").text for one in ("en", "ko"))
    for text in (english, korean):
        assert "python -m core people add" in text
        assert "<form" not in text
    assert 'lang="ko"' in korean
    assert "아직 계정이 없습니다" in korean


def test_what_was_typed_stays_text(house: House, browser: TestClient) -> None:
    house.person("Ann")
    answer = sign_in(browser, '"><script>alert(1)</script>', next='/"><script>')
    assert "<script" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"name=a&password=" + b"x" * 100_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(500)), "application/x-www-form-urlencoded"),
        (b"name=%ff%fe&password=x", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b'{"name": "Ann"}', "application/json"),
        (b"", "multipart/form-data; boundary=x"),
    ],
)
def test_what_is_no_form_is_refused(
    house: House, browser: TestClient, body: bytes, kind: str
) -> None:
    house.person("Ann")
    headers = {**FORM, "Content-Type": kind}
    answer = browser.post("/sign-in", content=body, headers=headers)
    assert answer.status_code == 400
    assert "could not be read" in answer.text


def test_without_accounts_there_is_no_door(
    app: App, monkeypatch: pytest.MonkeyPatch, asgi: Any
) -> None:
    with TestClient(asgi, base_url=URL, follow_redirects=False) as client:
        for path in ("/sign-in", "/join?invitation=x", "/auth/oidc/start"):
            assert client.get(path).headers["location"] in ("/", "/sign-in")
        form = {"name": "local", "password": ""}
        assert client.post("/sign-in", data=form, headers=FORM).headers["location"] == "/"
        assert not client.cookies


def test_the_pages_files_are_there_for_everybody(browser: TestClient) -> None:
    style = browser.get("/sign-in/style.css")
    assert style.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in style.text
    assert browser.get("/sign-in/icon.svg").headers["content-type"] == "image/svg+xml"


def test_what_browsers_may_fill_in_is_named(house: House, browser: TestClient) -> None:
    admin = house.person("Ann", admin=True)
    token = house.app.invitations.invite(admin)
    signing = browser.get("/sign-in?lang=en").text
    assert 'autocomplete="username"' in signing
    assert 'autocomplete="current-password"' in signing
    assert '<label for="password">' in signing
    joining = browser.get(f"/join?invitation={token}&lang=en").text
    assert 'autocomplete="new-password"' in joining


def _hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What argon2 is given to work on from now on: the kind of each hash."""
    done: list[str] = []
    verify: Callable[..., bool] = PasswordHasher.verify

    def count(self: PasswordHasher, kept: str, password: str) -> bool:
        done.append(kept.split("$")[1] if kept.count("$") == 5 else "no hash")
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", count)
    monkeypatch.setattr(PasswordHasher, "hash", lambda *_: done.append("made"))
    return done
