"""The admins' page: invitations and everybody who is here."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import NotFound
from core.messages import say
from tests.pages.opening import press, words
from tests.pages.signing import Signing

PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "people.py")


def text(key: str, **facts: object) -> str:
    return say(key, "en", **facts)


def names(signing: Signing) -> dict[str, bool]:
    """Who is here, and whether they decide."""
    return {one.name: one.admin for one, _ in signing.app.accounts.everybody()}


def type_in(at: AppTest, label: str, value: str) -> None:
    next(one for one in at.text_input if one.label == label).set_value(value)


@pytest.mark.parametrize(("locale", "language"), [("ko-KR", "ko"), ("en-US", "en")])
def test_admins_see_everybody(signing: Signing, locale: str, language: str) -> None:
    signing.person("Kim", admin=True)
    signing.person("Ann")
    at = signing.opened("Kim", "people", locale=locale)
    assert not at.exception
    assert not at.error
    shown = words(at)
    assert f"**Kim** :orange-badge[{say('people.admin', language)}]" in shown
    assert "**Ann**" in shown


def test_others_do_not_get_in(signing: Signing) -> None:
    signing.person("Kim", admin=True)
    signing.person("Ann")
    signing.become("Ann")
    at = AppTest.from_file(PAGE, default_timeout=30)
    at.context = {"locale": "en-US"}
    at.run()
    assert "Kim" not in words(at)
    assert len(at.error) == 1


def test_an_invitation_is_shown_once_and_can_be_taken_back(signing: Signing) -> None:
    signing.person("Kim", admin=True)
    signing.app.settings.public_url = "https://minutes.example.com"
    at = signing.opened("Kim", "people")
    type_in(at, text("people.note"), "Park from sales")
    at = press(at, text("people.invite"))
    [link] = [one.value for one in at.code]
    assert link.startswith("https://minutes.example.com/join?invitation=")
    token = link.partition("invitation=")[2]
    assert signing.app.invitations.find(token).note == "Park from sales"
    at = press(at, text("people.link_seen"))
    assert not at.code
    assert "**Park from sales**" in words(at)
    press(at, text("people.take_back"))
    with pytest.raises(NotFound):
        signing.app.invitations.find(token)


def test_who_came_by_an_invitation_is_told(signing: Signing) -> None:
    admin = signing.person("Kim", admin=True)
    token = signing.app.invitations.invite(admin)
    signing.app.invitations.accept(token, name="Bea", password="eleven quiet herons", agent="")
    shown = words(signing.opened("Kim", "people"))
    assert "used by Bea" in shown
    assert "by Kim" in shown


def test_the_admins_mark_is_given_and_taken(signing: Signing) -> None:
    signing.person("Kim", admin=True)
    signing.person("Ann")
    at = press(signing.opened("Kim", "people"), text("people.admin_on"))
    assert names(signing) == {"Ann": True, "Kim": True}
    press(at, text("people.admin_off"))  # Ann's is the first
    assert names(signing) == {"Ann": False, "Kim": True}


def test_the_last_admin_stays(signing: Signing) -> None:
    signing.person("Kim", admin=True)
    at = press(signing.opened("Kim", "people"), text("people.admin_off"))
    assert "only admin" in at.error[0].value
    assert names(signing) == {"Kim": True}


def test_somebody_is_removed_once_their_name_was_typed(signing: Signing) -> None:
    signing.person("Kim", admin=True)
    signing.person("Ann")
    for typed, left in (("ann", ["Ann", "Kim"]), ("Ann", ["Kim"])):
        at = signing.opened("Kim", "people")
        type_in(at, text("people.remove_name", name="Ann"), typed)
        press(at, text("people.remove_now"))
        assert list(names(signing)) == left


def test_names_and_notes_stay_text(signing: Signing) -> None:
    admin = signing.person("**Kim** :red[x]", admin=True)
    signing.app.invitations.invite(admin, note="[a](http://evil) <b>")
    shown = words(signing.opened("**Kim** :red[x]", "people"))
    assert ":red[x]" not in shown
    assert "[a](http" not in shown
