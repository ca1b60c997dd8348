"""An upload whose person is signed out in the middle of it."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.api.conftest import TRANSCRIPT, Sender
from tests.api.signing import House, sign_in

HALF = len(TRANSCRIPT) // 2


def test_it_is_refused_with_a_sentence_and_goes_on_after_signing_in(
    house: House, browser: TestClient
) -> None:
    user_id = house.person("Ann")
    sign_in(browser, "Ann")
    sender = Sender(browser, house.app)
    address = sender.begin()
    assert sender.patch(address, TRANSCRIPT[:HALF]).status_code == 204
    house.app.accounts.sign_out_everywhere(user_id)
    refused = sender.patch(f"{address}?lang=en", TRANSCRIPT[HALF:], offset=HALF)
    assert refused.status_code == 401
    assert "Sign in" in refused.json()["error"]
    sign_in(browser, "Ann")
    assert sender.head(address).headers["upload-offset"] == str(HALF)
    assert sender.patch(address, TRANSCRIPT[HALF:], offset=HALF).status_code == 204
    assert sender.outcome(address)["state"] == "kept"
    assert len(house.app.meetings.all(user_id)) == 1


def test_somebody_else_who_signs_in_there_does_not_get_it(
    house: House, browser: TestClient
) -> None:
    for name in ("Ann", "Bea"):
        house.person(name)
    sign_in(browser, "Ann")
    sender = Sender(browser, house.app)
    address = sender.begin()
    sign_in(browser, "Bea")
    assert sender.patch(address, TRANSCRIPT).status_code == 404
    assert browser.get("/api/uploads").json() == []


def test_a_program_uploads_by_its_token(house: House, browser: TestClient) -> None:
    user_id = house.person("Ann")
    _, secret = house.app.tokens.make(user_id, name="x", scopes=("read", "write"), days=None)
    _, reading = house.app.tokens.make(user_id, name="y", scopes=("read",), days=None)
    sender = Sender(browser, house.app)
    browser.headers["Authorization"] = f"Bearer {reading}"
    assert sender.create().status_code == 403
    browser.headers["Authorization"] = f"Bearer {secret}"
    assert sender.send()["state"] == "kept"
    assert len(house.app.meetings.all(user_id)) == 1
    assert not browser.cookies
