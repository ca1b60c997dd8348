"""Joining by an invitation."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from core.store.account_rows import SignIn
from tests.api.signing import FORM, PASSWORD, House, sign_in, who


def test_an_invitation_makes_an_account_once(house: House, browser: TestClient) -> None:
    admin = house.person("Ann", admin=True)
    token = house.app.invitations.invite(admin, note="for the new one")
    page = browser.get(f"/join?invitation={token}&lang=en").text
    assert "for the new one" not in page  # that was between the admins
    answer = _join(browser, token, name="Bea", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert who(browser).json()["name"] == "Bea"
    assert _join(browser, token, name="Cid", password=PASSWORD).status_code == 404
    assert browser.get(f"/join?invitation={token}").status_code == 404


@pytest.mark.parametrize("token", ["", "x", "made up" * 50])
def test_without_an_invitation_nobody_joins(house: House, browser: TestClient, token: str) -> None:
    house.person("Ann", admin=True)
    assert browser.get(f"/join?invitation={token}").status_code == 404
    assert _join(browser, token, name="Bea", password=PASSWORD).status_code == 404
    assert who(browser).status_code == 401
    assert 'href="/sign-in' in browser.get(f"/join?invitation={token}").text  # they may have one


def test_a_bad_password_is_said_in_place_and_the_invitation_stays_good(
    house: House, browser: TestClient
) -> None:
    admin = house.person("Ann", admin=True)
    token = house.app.invitations.invite(admin)
    answer = _join(browser, token, name="Bea", password="short")
    assert answer.status_code == 422
    assert 'value="Bea"' in answer.text
    assert 'role="alert"' in answer.text
    assert _join(browser, token, name="Bea", password=PASSWORD).status_code == 303


def test_joining_ends_the_session_that_was_there(house: House, browser: TestClient) -> None:
    admin = house.person("Ann", admin=True)
    sign_in(browser, "Ann")
    token = house.app.invitations.invite(admin)
    _join(browser, token, name="Bea", password=PASSWORD)
    with house.app.database.reading() as session:
        assert len(session.exec(select(SignIn)).all()) == 1


def _join(browser: TestClient, token: str, **form: str) -> Any:
    return browser.post("/join?lang=en", data={"invitation": token, **form}, headers=FORM)
