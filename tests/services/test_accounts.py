"""Signing in and out, as the web side asks for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import select

from core.app import App, build_app
from core.errors import ConfigError, InvalidInput, NotFound
from core.services.passwords import Passwords
from core.settings import Settings
from core.store.account_rows import Attempts, SignIn, User
from tests.services.backups import all_rows, opened_on, put_back, save
from tests.services.doors import HERE, PASSWORD, CheapHasher, Clock, Doors


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"accounts": True})


def _code(refused: pytest.ExceptionInfo[InvalidInput]) -> str:
    return refused.value.code


def test_a_sign_in_is_known_by_its_token_until_it_ends(doors: Doors) -> None:
    token = doors.sign_in("kim")  # case and width do not matter
    found = doors.accounts.identity(token)
    assert found is not None
    assert (found.name, found.admin, found.scopes) == ("Kim", True, {"read", "write"})
    other = doors.accounts.identity(doors.sign_in("Ｌee"))
    assert other is not None
    assert (other.name, other.admin) == ("Lee", False)
    for nobody in (None, "", "x", token[:-1], token + "x", "é" * 300, "\ud800"):
        assert doors.accounts.identity(nobody) is None
    doors.accounts.sign_out(token)
    assert doors.accounts.identity(token) is None
    doors.accounts.sign_out(token)  # twice is once
    doors.accounts.sign_out(None)


def test_no_secret_is_kept(doors: Doors, app: App) -> None:
    token = doors.sign_in("Kim")
    invitation = doors.invitations.invite(_id(doors, "Kim"), note="Park")
    _, secret = doors.tokens.make(_id(doors, "Kim"), name="script", scopes=["read"], days=None)
    app.database.dispose()
    held = b"".join(one.read_bytes() for one in app.settings.folder.glob("minutes.sqlite*"))
    for known in (token, invitation, secret, PASSWORD):
        assert len(known) >= 20
        assert known.encode() not in held
    assert b"$argon2id$" in held
    assert len(token) >= 43  # 256 bits


def test_each_sign_in_has_a_new_token(doors: Doors) -> None:
    tokens = {doors.sign_in("Kim") for _ in range(3)}
    assert len(tokens) == 3
    assert all(doors.accounts.identity(token) for token in tokens)


def test_a_wrong_name_and_a_wrong_password_are_told_alike_and_cost_the_same(doors: Doors) -> None:
    tries = [
        ("Kim", "wrong password"),
        ("Nobody", PASSWORD),
        ("local", PASSWORD),
        ("", PASSWORD),
        ("\u202eKim", PASSWORD),
        ("\ud800", "\ud800"),
    ]
    for name, password in tries:
        doors.hasher.verified.clear()
        with pytest.raises(InvalidInput) as refused:
            doors.accounts.sign_in(name, password, **HERE)
        assert (refused.value.code, refused.value.facts) == ("sign_in_refused", {}), name
        assert len(doors.hasher.verified) == 1
        cost = doors.hasher.verified[0].split("$")[1:4]
        assert cost == ["argon2id", "v=19", "m=8,t=1,p=1"]


def test_who_signs_in_elsewhere_has_no_password_to_guess(doors: Doors) -> None:
    invitation = doors.invitations.invite(_id(doors, "Kim"))
    doors.accounts.sign_in_elsewhere(subject="iss 1", name="Park", agent="", invitation=invitation)
    for password in ("", "None", PASSWORD):
        with pytest.raises(InvalidInput):
            doors.sign_in("Park", password)
    assert len(doors.hasher.verified) == 3
    with pytest.raises(InvalidInput) as refused:
        doors.accounts.change_password(
            _id(doors, "Park"), old="", new="another password", keep=None
        )
    assert _code(refused) == "password_none"


def test_a_sign_in_lasts_while_it_is_used_and_a_month_after(doors: Doors) -> None:
    token = doors.sign_in("Kim")
    for _ in range(4):
        doors.clock.forward(days=29)
        assert doors.accounts.identity(token) is not None
    doors.clock.forward(days=30, seconds=1)
    assert doors.accounts.identity(token) is None
    doors.sign_in("Lee")  # old ones go with the next
    assert [one.user_id for one in _rows(doors.app, SignIn)] == [_id(doors, "Lee")]


def test_asking_who_it_is_writes_seldom(doors: Doors) -> None:
    token = doors.sign_in("Kim")
    said: list[str] = []
    event.listen(
        doors.app.database.engine,
        "before_cursor_execute",
        lambda _c, _k, statement, *_: said.append(statement),
    )
    for _ in range(20):
        doors.clock.forward(seconds=20)
        doors.accounts.identity(token)
    assert not [one for one in said if not one.startswith(("SELECT", "BEGIN"))]
    doors.clock.forward(minutes=10)
    doors.accounts.identity(token)
    doors.accounts.identity(token)
    assert len([one for one in said if one.startswith("UPDATE")]) == 1


def test_another_password_ends_all_sign_ins_but_this_one(doors: Doors) -> None:
    here, there, others = doors.sign_in("Kim"), doors.sign_in("Kim"), doors.sign_in("Lee")
    user = _id(doors, "Kim")
    with pytest.raises(InvalidInput) as refused:
        doors.accounts.change_password(user, old="wrong password", new="a new password", keep=here)
    assert _code(refused) == "password_wrong"
    with pytest.raises(InvalidInput) as refused:
        doors.accounts.change_password(user, old=PASSWORD, new="short", keep=here)
    assert _code(refused) == "password_short"
    assert doors.accounts.identity(there)
    doors.accounts.change_password(user, old=PASSWORD, new="a new password", keep=here)
    assert doors.accounts.identity(here)
    assert doors.accounts.identity(there) is None
    assert doors.accounts.identity(others)
    with pytest.raises(InvalidInput):
        doors.sign_in("Kim")
    assert doors.sign_in("Kim", "a new password")


def test_the_old_password_is_not_guessed_at_leisure_from_an_open_browser(doors: Doors) -> None:
    user = _id(doors, "Kim")
    codes = []
    for _ in range(8):
        with pytest.raises(InvalidInput) as refused:
            doors.accounts.check_password(user, "wrong password")
        codes.append(_code(refused))
    assert codes == ["password_wrong"] * 5 + ["sign_in_throttled"] * 3
    assert len(doors.hasher.verified) == 5
    assert doors.sign_in("Kim")  # which locks nobody out of signing in
    doors.clock.forward(seconds=5)
    doors.accounts.check_password(user, PASSWORD)


def test_one_sign_in_or_all_can_be_ended_from_another_browser(doors: Doors) -> None:
    first, second, third = (doors.sign_in("Kim") for _ in range(3))
    user = _id(doors, "Kim")
    mine = doors.accounts.sign_in_id(second)
    assert mine in [one.id for one in doors.accounts.sign_ins(user)]
    assert {one.agent for one in doors.accounts.sign_ins(user)} == {"Firefox"}
    with pytest.raises(NotFound):
        doors.accounts.end_sign_in(_id(doors, "Lee"), str(mine))  # not hers to end
    doors.accounts.end_sign_in(user, str(mine))
    assert doors.accounts.identity(second) is None
    with pytest.raises(NotFound):
        doors.accounts.end_sign_in(user, str(mine))
    doors.accounts.sign_out_everywhere(user)
    assert [doors.accounts.identity(one) for one in (first, third)] == [None, None]
    assert doors.accounts.sign_ins(user) == []


def test_who_is_leaving_is_let_in_no_more(doors: Doors) -> None:
    token = doors.sign_in("Lee")
    _, secret = doors.tokens.make(_id(doors, "Lee"), name="script", scopes=["read"], days=None)
    with doors.app.database.writing() as session:
        lee = session.get(User, _id(doors, "Lee"))
        assert lee is not None
        lee.leaving_at = doors.clock()
    assert doors.accounts.identity(token) is None
    assert doors.tokens.identity(secret) is None
    with pytest.raises(InvalidInput):
        doors.sign_in("Lee")
    assert [one.name for one in doors.accounts.people(_id(doors, "Kim"))] == ["Kim"]


def test_a_hash_is_made_anew_once_hashes_cost_more(doors: Doors) -> None:
    before = _rows(doors.app, User)[0].password
    stronger = replace(doors.accounts, passwords=Passwords(hasher=CheapHasher(time_cost=2)))
    assert stronger.sign_in("Kim", PASSWORD, **HERE)
    after = _rows(doors.app, User)[0].password
    assert after != before
    assert "t=2" in str(after)
    assert stronger.sign_in("Kim", PASSWORD, **HERE)
    assert _rows(doors.app, User)[0].password == after


def test_the_provider_lets_in_whom_it_named_before_and_who_was_invited(doors: Doors) -> None:
    admin = _id(doors, "Kim")

    def come(subject: str, name: str, invitation: str | None = None) -> str:
        token = doors.accounts.sign_in_elsewhere(
            subject=subject, name=name, agent="Safari", invitation=invitation
        )
        found = doors.accounts.identity(token)
        assert found is not None
        return found.name

    with pytest.raises(InvalidInput) as refused:
        come("iss 1", "Kim")
    assert _code(refused) == "oidc_unknown"
    invited = doors.invitations.invite(admin)
    assert come("iss 1", "Kim\u202e", invited) == "Kim 2"  # the name was taken, or hidden
    assert come("iss 1", "Renamed") == "Kim 2"
    with pytest.raises(NotFound):
        come("iss 2", "Park", invited)  # an invitation is used once
    assert come("iss 2", "\u200b", doors.invitations.invite(admin)) == "person"
    doors.accounts.link_subject(_id(doors, "Lee"), "iss 3")
    assert come("iss 3", "whoever") == "Lee"
    with pytest.raises(InvalidInput) as refused:
        doors.accounts.link_subject(_id(doors, "Lee"), "iss 1")
    assert _code(refused) == "oidc_taken"
    assert [one.way for one in doors.accounts.sign_ins(_id(doors, "Lee"))] == ["oidc"]


def test_admins_see_and_name_each_other_and_the_last_one_stays(doors: Doors) -> None:
    kim, lee = _id(doors, "Kim"), _id(doors, "Lee")
    assert [one.name for one in doors.accounts.people(kim)] == ["Kim", "Lee"]
    doors.sign_in("Lee")
    assert doors.accounts.last_seen(kim) == {lee: doors.clock()}
    for refuse in (
        lambda: doors.accounts.people(lee),
        lambda: doors.accounts.last_seen(lee),
        lambda: doors.accounts.set_admin(lee, user_id=lee, admin=True),
        lambda: doors.accounts.people("nobody"),
    ):
        with pytest.raises(InvalidInput) as refused:
            refuse()
        assert _code(refused) == "admins_only"
    with pytest.raises(InvalidInput) as refused:
        doors.accounts.set_admin(kim, user_id=kim, admin=False)
    assert _code(refused) == "last_admin"
    doors.accounts.set_admin(kim, user_id=lee, admin=True)
    doors.accounts.set_admin(lee, user_id=kim, admin=False)
    with pytest.raises(InvalidInput):
        doors.accounts.people(kim)


def test_models_are_chosen_by_an_admin_for_everybody(doors: Doors) -> None:
    people, kim, lee = doors.app.people, _id(doors, "Kim"), _id(doors, "Lee")
    for name, value in (("llm", "extractive"), ("whisper_model", "small"), ("num_ctx", "8192")):
        assert (people.may_choose(kim, name), people.may_choose(lee, name)) == (True, False)
        with pytest.raises(InvalidInput) as refused:
            people.choose(lee, name=name, value=value)
        assert _code(refused) == "admins_only"
        people.choose(kim, name=name, value=value)
        assert people.choice(lee, name=name) == value
    assert people.may_choose(lee, "language")
    people.choose(lee, name="language", value="ko")
    assert (people.choice(lee, name="language"), people.choice(kim, name="language")) == (
        "ko",
        None,
    )
    doors.app.settings.accounts = False  # one person chooses all
    assert people.may_choose(lee, "llm")
    people.choose(lee, name="llm", value="auto")
    assert (people.choice(lee, name="llm"), people.choice(kim, name="llm")) == (
        "auto",
        "extractive",
    )


def test_with_accounts_off_everybody_is_the_local_person(settings: Settings) -> None:
    built = build_app(settings.model_copy(update={"accounts": False}))
    found = built.accounts.identity("whatever")
    assert found is not None
    assert (found.user_id, found.admin) == (built.people.local_person().id, True)
    built.accounts.refuse_if_off()
    built.accounts.refuse_others(found.user_id)
    built.close()


def test_what_has_accounts_does_not_open_without_signing_in(doors: Doors) -> None:
    doors.accounts.refuse_if_off()
    doors.app.settings.accounts = False
    for refuse in (doors.accounts.refuse_if_off, lambda: doors.accounts.identity(None)):
        with pytest.raises(ConfigError) as refused:
            refuse()
        assert refused.value.code == "accounts_off"
        assert "MINUTES_ACCOUNTS=on" in refused.value.sentence("ko")
    assert len(_rows(doors.app, User)) == 2


def test_a_backup_keeps_people_and_no_sign_ins(doors: Doors, tmp_path: Path) -> None:
    doors.sign_in("Kim")
    _, secret = doors.tokens.make(_id(doors, "Lee"), name="script", scopes=["read"], days=None)
    with pytest.raises(InvalidInput):
        doors.sign_in("Kim", "wrong password")
    before = all_rows(doors.app)
    save(doors.app, tmp_path / "kept.zip")
    put_back(tmp_path / "kept.zip", tmp_path / "new")
    again = Doors(opened_on(tmp_path / "new"), clock=Clock(doors.clock.at))
    again.app.settings.accounts = True
    assert all_rows(again.app) == before
    assert _rows(again.app, SignIn) == _rows(again.app, Attempts) == []
    assert again.sign_in("Kim")
    assert again.tokens.identity(secret)
    again.app.close()


def _id(doors: Doors, name: str) -> str:
    return doors.accounts.called(name).id


def _rows(app: App, table: type) -> list:
    with app.database.reading() as session:
        return list(session.exec(select(table)))
