"""Invitations, API tokens, and the first account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from core.app import App, build_app
from core.errors import ConfigError, InvalidInput, NotFound
from core.settings import Settings
from core.store.account_rows import ApiToken, Invitation, User
from tests.services.backups import all_rows, fill
from tests.services.doors import PASSWORD, Doors


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"accounts": True})


@pytest.fixture
def doors(app: App) -> Doors:
    made = Doors(app)
    made.add("Kim", admin=True)
    return made


def _kim(doors: Doors) -> str:
    return doors.accounts.called("Kim").id


def _join(doors: Doors, token: str, name: str = "Park", password: str = PASSWORD) -> str:
    return doors.invitations.accept(token, name=name, password=password, agent="Safari")


def test_an_invitation_makes_one_account_and_signs_it_in(doors: Doors) -> None:
    token = doors.invitations.invite(_kim(doors), note="  for \n Park ")
    assert doors.invitations.find(token).note == "for Park"
    came = _join(doors, token)
    found = doors.accounts.identity(came)
    assert found is not None
    assert (found.name, found.admin) == ("Park", False)
    for again in (lambda: doors.invitations.find(token), lambda: _join(doors, token, "Choi")):
        with pytest.raises(NotFound) as refused:
            again()
        assert refused.value.code == "invitation_missing"
    (used,) = doors.invitations.all(_kim(doors))
    assert used.used_by == found.user_id
    assert doors.sign_in("Park")


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        ("KIM", PASSWORD, "name_taken"),
        ("K i m", PASSWORD, "name_taken"),
        ("local", PASSWORD, "name_reserved"),
        ("", PASSWORD, "name_empty"),
        ("Park", "short", "password_short"),
        ("Park Minho-ssi", "park minho-ssi", "password_is_name"),
    ],
)
def test_a_refused_name_or_password_leaves_the_invitation_good(
    doors: Doors, name: str, password: str, code: str
) -> None:
    token = doors.invitations.invite(_kim(doors))
    before = doors.hasher.hashed
    with pytest.raises(InvalidInput) as refused:
        _join(doors, token, name, password)
    assert refused.value.code == code
    assert doors.hasher.hashed == before
    assert _join(doors, token)


def test_two_tabs_with_one_invitation_make_one_account(doors: Doors) -> None:
    token = doors.invitations.invite(_kim(doors))

    def accept(name: str) -> str:
        try:
            _join(doors, token, name)
        except NotFound as refused:
            return refused.code
        return "in"

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(accept, ["A", "B", "C", "D"]))
    assert said == ["in"] + ["invitation_missing"] * 3
    assert len(doors.accounts.everybody()) == 2


def test_two_invitations_with_one_name_make_one_account(doors: Doors) -> None:
    tokens = [doors.invitations.invite(_kim(doors)) for _ in range(4)]

    def accept(token: str) -> str:
        try:
            _join(doors, token)
        except InvalidInput as refused:
            return refused.code
        return "in"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(accept, tokens)) == ["in"] + ["name_taken"] * 3


def test_an_invitation_ends_when_it_is_old_taken_back_or_its_giver_is_no_admin(
    doors: Doors,
) -> None:
    kim = _kim(doors)
    old, taken_back, of_nobody = (doors.invitations.invite(kim) for _ in range(3))
    doors.invitations.revoke(kim, doors.invitations.find(taken_back).id)
    _gone(doors, taken_back)
    doors.accounts.identity(_join(doors, doors.invitations.invite(kim), "Lee"))
    doors.accounts.let_decide(doors.accounts.called("Lee").id, admin=True)
    doors.accounts.let_decide(kim, admin=False)
    _gone(doors, of_nobody)
    doors.accounts.let_decide(kim, admin=True)
    assert doors.invitations.find(of_nobody)
    doors.clock.forward(days=7)
    _gone(doors, old)
    doors.invitations.invite(kim)
    with doors.app.database.reading() as session:
        assert len(session.exec(select(Invitation)).all()) == 2  # a new one, and the used one


def _gone(doors: Doors, token: str) -> None:
    for refuse in (lambda: doors.invitations.find(token), lambda: _join(doors, token)):
        with pytest.raises(NotFound):
            refuse()


def test_only_admins_invite(doors: Doors) -> None:
    _join(doors, doors.invitations.invite(_kim(doors)))
    park, there = doors.accounts.called("Park").id, doors.invitations.invite(_kim(doors))
    for refuse in (
        lambda: doors.invitations.invite(park),
        lambda: doors.invitations.all(park),
        lambda: doors.invitations.revoke(park, doors.invitations.find(there).id),
    ):
        with pytest.raises(InvalidInput) as refused:
            refuse()
        assert refused.value.code == "admins_only"
    with pytest.raises(InvalidInput) as refused:
        doors.invitations.invite(_kim(doors), note="x" * 201)
    assert refused.value.code == "note_too_long"


def test_a_token_lets_a_program_in_until_it_is_revoked_or_old(doors: Doors) -> None:
    kim = _kim(doors)
    row, secret = doors.tokens.make(kim, name=" my\tscript ", scopes={"read"}, days=7)
    doors.clock.forward(seconds=1)
    _, endless = doors.tokens.make(kim, name="all", scopes=["write", "read", "read"], days=None)
    found = doors.tokens.identity(secret)
    assert found is not None
    # A program of an admin is no admin.
    assert (found.user_id, found.admin, found.scopes) == (kim, False, {"read"})
    assert (row.name, row.hint) == ("my script", secret[:12])
    for nobodys in (
        "",
        "minutes_",
        secret + "x",
        secret[8:],
        "minutes_" + "x" * 900,
        doors.sign_in("Kim"),
    ):
        assert doors.tokens.identity(nobodys) is None
    assert doors.accounts.identity(secret) is None  # no cookie
    doors.clock.forward(days=7)
    assert doors.tokens.identity(secret) is None
    assert doors.tokens.identity(endless)
    assert [one.name for one in doors.tokens.all(kim)] == ["all", "my script"]
    (newest, _) = doors.tokens.all(kim)
    assert newest.used_at == doors.clock()
    with pytest.raises(NotFound):
        doors.tokens.revoke("somebody else", newest.id)
    doors.tokens.revoke(kim, newest.id)
    assert doors.tokens.identity(endless) is None
    with pytest.raises(NotFound):
        doors.tokens.revoke(kim, newest.id)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "token_name_empty"),
        ({"name": "x" * 65}, "token_name_long"),
        ({"scopes": []}, "token_scopes"),
        ({"scopes": ["admin"]}, "token_scopes"),
        ({"days": 0}, "token_days"),
        ({"days": 99_999}, "token_days"),
    ],
)
def test_a_token_that_cannot_be_is_refused(
    doors: Doors, wrong: dict[str, object], code: str
) -> None:
    asked: dict[str, object] = {"name": "script", "scopes": ["read"], "days": 30, **wrong}
    with pytest.raises(InvalidInput) as refused:
        doors.tokens.make(_kim(doors), **asked)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_there_is_an_end_to_tokens(doors: Doors) -> None:
    for number in range(50):
        doors.tokens.make(_kim(doors), name=str(number), scopes=["read"], days=None)
    with pytest.raises(InvalidInput) as refused:
        doors.tokens.make(_kim(doors), name="more", scopes=["read"], days=None)
    assert refused.value.code == "tokens_many"
    with doors.app.database.reading() as session:
        assert len(session.exec(select(ApiToken)).all()) == 50


def test_what_the_local_person_had_becomes_the_first_admins(tmp_path: Path) -> None:
    app = build_app(Settings(data=tmp_path / "data", ollama_url="http://127.0.0.1:9"))
    fill(app, tmp_path)
    local = app.people.local_person()
    app.people.choose(local.id, name="llm", value="extractive")
    app.people.choose(local.id, name="num_ctx", value="8192")
    before = all_rows(app)
    doors = Doors(app)
    awaited = doors.adoption.awaited()
    assert (awaited.meetings, awaited.recordings) == (2, 2)
    assert (awaited.threads, awaited.styles) == (1, 1)
    made = doors.adoption.add("김 관리자", PASSWORD, admin=True)
    assert made.id == local.id
    after = all_rows(app)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"user", "choice"}  # every other row is as it was
    (row,) = after["user"]
    assert (row["id"], row["name"], row["admin"]) == (local.id, "김 관리자", True)
    app.settings.accounts = True
    for name, value in (("llm", "extractive"), ("num_ctx", "8192"), ("language", "ko")):
        assert app.people.choice(made.id, name=name) == value
    assert app.people.choice("somebody else", name="llm") == "extractive"
    assert app.people.choice("somebody else", name="language") is None
    assert len(app.meetings.all(made.id)) == 1
    assert doors.sign_in("김 관리자")
    assert not doors.adoption.awaited()
    second = doors.adoption.add("Lee", PASSWORD, admin=False)
    assert app.meetings.all(second.id) == []
    with pytest.raises(ConfigError):
        app.people.local_person()  # a page that was open before
    app.close()


def test_the_first_account_is_an_admins(app: App) -> None:
    doors = Doors(app)
    app.people.local_person()
    assert doors.accounts.none_yet()
    for refuse in (
        lambda: doors.adoption.check("Kim", admin=False),
        lambda: doors.adoption.add("Kim", PASSWORD, admin=False),
    ):
        with pytest.raises(InvalidInput) as refused:
            refuse()
        assert refused.value.code == "first_not_admin"
    with pytest.raises(InvalidInput):
        doors.adoption.add("Kim", "short", admin=True)
    assert doors.accounts.none_yet()
    assert app.people.local_person().name == "local"
    doors.add("Kim", admin=True)
    assert not doors.accounts.none_yet()
    with pytest.raises(InvalidInput) as refused:
        doors.adoption.add("ＫＩＭ", PASSWORD, admin=True)
    assert refused.value.code == "name_taken"


def test_of_two_first_accounts_at_once_one_takes_over(app: App) -> None:
    doors = Doors(app)
    local = app.people.local_person().id
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda name: doors.add(name, admin=True), ["Kim", "Lee", "Park"]))
    assert [one.id for one in made].count(local) == 1
    with app.database.reading() as session:
        assert len(session.exec(select(User)).all()) == 3


def test_nobody_signs_up_before_there_is_an_admin(app: App) -> None:
    doors = Doors(app)
    local = app.people.local_person().id
    with pytest.raises(InvalidInput) as refused:
        doors.invitations.invite(local)
    assert refused.value.code == "admins_only"
    with pytest.raises(InvalidInput) as refused:
        doors.accounts.sign_in_elsewhere(subject="iss 1", name="Kim", agent="")
    assert refused.value.code == "oidc_unknown"
    with pytest.raises(InvalidInput) as refused:
        doors.sign_in("local", "")
    assert refused.value.code == "sign_in_refused"
