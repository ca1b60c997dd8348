"""A person's own account page, and what every page shows of who is signed in."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.app import App
from core.errors import InvalidInput
from core.messages import say
from pages.parts.browser_name import browser_name
from tests.pages.opening import opened, press, words
from tests.pages.signing import PASSWORD, Signing

NEW = "eleven quiet herons"
HTML = ("html",)


def text(key: str, **facts: object) -> str:
    return say(key, "en", **facts)


def field(at: AppTest, label: str) -> AppTest:
    return next(one for one in at.text_input if one.label == label)  # type: ignore[return-value]


def html(at: AppTest) -> str:
    return "\n".join(str(one.proto.body) for one in at.get("html"))


def test_without_accounts_nothing_of_it_is_there(in_force: App) -> None:
    at = opened()
    assert "/sign-out" not in html(at)
    assert text("nav.account") not in [one.proto.url_pathname for one in at.get("page_link")]


@pytest.mark.parametrize(("locale", "language"), [("ko-KR", "ko"), ("en-US", "en")])
def test_it_speaks_the_persons_language(signing: Signing, locale: str, language: str) -> None:
    signing.person("Ann")
    at = signing.opened("Ann", "account", locale=locale)
    assert not at.exception
    assert not at.error
    assert at.title[0].value == say("account.title", language)
    assert "**Ann**" in words(at)


def test_every_page_says_who_is_signed_in_and_how_to_leave(signing: Signing) -> None:
    signing.person("Ann")
    at = signing.opened("Ann", "settings")
    assert "Signed in as Ann" in words(at)
    assert '<form method="post" action="/sign-out">' in html(at)


def test_a_signed_out_page_finds_out_on_its_next_run(signing: Signing) -> None:
    user_id = signing.person("Ann")
    at = signing.opened("Ann", "settings", locale="ko-KR")
    signing.app.accounts.sign_out_everywhere(user_id)
    at.context = {}  # as the gate lets it through
    at.run()
    assert [one.value for one in at.title] == [say("sign_in.signed_out", "ko")]
    assert 'href="/sign-in' in html(at)
    assert not at.text_input
    assert not at.radio


def test_what_one_person_typed_is_gone_when_another_comes_back_in_their_tab(
    signing: Signing,
) -> None:
    for name in ("Ann", "Bea"):
        signing.person(name)
    at = signing.opened("Ann", "account")
    at.session_state["draft"] = "Ann's"
    at.run()
    assert "draft" in at.session_state
    signing.become("Bea")
    at.run()
    assert "draft" not in at.session_state
    assert "**Bea**" in words(at)


def test_a_password_is_changed_and_others_are_signed_out(signing: Signing) -> None:
    user_id = signing.person("Ann")
    signing.browser("Ann")
    at = signing.opened("Ann", "account")
    assert _change(at, old=PASSWORD, new=NEW, again=NEW).success
    assert len(signing.app.accounts.sign_ins(user_id)) == 1
    signing.app.accounts.check_password(user_id, NEW)
    assert at.run().title[0].value == text("account.title")  # this browser stays in


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"old": "not it at all", "new": NEW, "again": NEW}, "password_wrong"),
        ({"old": PASSWORD, "new": NEW, "again": "another"}, "password_differs"),
    ],
)
def test_what_is_wrong_with_a_password_is_said(
    signing: Signing, typed: dict[str, str], code: str
) -> None:
    user_id = signing.person("Ann")
    at = _change(signing.opened("Ann", "account"), **typed)
    assert InvalidInput(code).sentence("en") in at.error[0].value.replace("\\", "")
    signing.app.accounts.check_password(user_id, PASSWORD)


def _change(at: AppTest, *, old: str, new: str, again: str) -> AppTest:
    field(at, text("account.password_old")).set_value(old)
    field(at, text("account.password_new")).set_value(new)
    field(at, text("account.password_again")).set_value(again)
    return press(at, text("account.password_save"))


def test_another_browser_can_be_signed_out(signing: Signing) -> None:
    user_id = signing.person("Ann")
    signing.browser("Ann", "Mozilla/5.0 (iPhone) CriOS/140 Safari/600")
    at = signing.opened("Ann", "account")
    assert "**Chrome · iPhone**" in words(at)
    assert f"**Firefox · Linux** :blue-badge[{text('account.browser_here')}]" in words(at)
    press(at, text("account.browser_end"))
    [left] = signing.app.accounts.sign_ins(user_id)
    assert "Firefox" in left.agent


def test_signing_out_everywhere_is_for_this_browser_too(signing: Signing) -> None:
    user_id = signing.person("Ann")
    at = press(signing.opened("Ann", "account"), text("account.browsers_all"))
    assert signing.app.accounts.sign_ins(user_id) == []
    assert at.title[0].value == text("sign_in.signed_out")


@pytest.mark.parametrize("too", [True, False])
def test_signing_out_everywhere_takes_the_tokens_along_unless_told_otherwise(
    signing: Signing, too: bool
) -> None:
    user_id = signing.person("Ann")
    assert not _too(signing.opened("Ann", "account"))  # no tokens, nothing to choose
    _, secret = signing.app.tokens.make(user_id, name="nightly", scopes=["read"], days=None)
    at = signing.opened("Ann", "account")
    assert [one.value for one in _too(at)] == [False, True]  # the password's, this one's
    if not too:
        at = _too(at)[1].uncheck().run()
    press(at, text("account.browsers_all"))
    assert signing.app.accounts.sign_ins(user_id) == []
    assert (signing.app.tokens.identity(secret) is None) == too


@pytest.mark.parametrize(("too", "key"), [(True, "saved_all"), (False, "saved_kept")])
def test_a_new_password_says_what_became_of_the_tokens(
    signing: Signing, too: bool, key: str
) -> None:
    user_id = signing.person("Ann")
    _, secret = signing.app.tokens.make(user_id, name="nightly", scopes=["read"], days=None)
    at = signing.opened("Ann", "account")
    if too:
        _too(at)[0].check()
    at = _change(at, old=PASSWORD, new=NEW, again=NEW)
    assert [one.value for one in at.success] == [text(f"account.password_{key}", count=1)]
    assert (signing.app.tokens.identity(secret) is None) == too


def _too(at: AppTest) -> list[Any]:
    label = text("account.tokens_too", count=1)
    return [one for one in at.checkbox if one.label == label]


def test_a_token_is_shown_once(signing: Signing) -> None:
    user_id = signing.person("Ann")
    at = signing.opened("Ann", "account")
    field(at, text("account.token_name")).set_value("nightly")
    at = press(at, text("account.token_make"))
    [secret] = [one.value for one in at.code]
    identity = signing.app.tokens.identity(secret)
    assert identity is not None
    assert identity.user_id == user_id
    assert identity.scopes == {"read"}  # the least, unless asked for more
    at = press(at, text("account.token_seen"))
    assert not at.code
    assert "**nightly**" in words(at)
    assert secret not in words(at)
    press(at, text("account.token_revoke_now"))
    assert signing.app.tokens.identity(secret) is None


def test_leaving_takes_the_name_and_the_password(signing: Signing) -> None:
    user_id = signing.person("Ann")
    signing.person("Kim", admin=True)
    for name, password in (("ann", PASSWORD), ("Ann", "not it at all"), ("", "")):
        at = _leave(signing.opened("Ann", "account"), name, password)
        assert at.error, (name, password)
        assert signing.app.accounts.sign_ins(user_id)
    at = _leave(signing.opened("Ann", "account"), "Ann", PASSWORD)
    assert at.title[0].value == text("sign_in.deleted")
    assert text("sign_in.deleted_what") in words(at)
    assert [one.name for one, _ in signing.app.accounts.everybody()] == ["Kim"]


def _leave(at: AppTest, name: str, password: str) -> AppTest:
    field(at, text("account.leave_name", name="Ann")).set_value(name)
    field(at, text("account.leave_password")).set_value(password)
    return press(at, text("account.leave_now"))


def test_the_export_is_linked(signing: Signing) -> None:
    signing.person("Ann")
    assert 'href="/api/me/export.zip?lang=en"' in html(signing.opened("Ann", "account"))


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Mac OS X) Version/18 Safari/605", "Safari · macOS"),
        (
            "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28 Chrome/1",
            "Samsung Internet · Android",
        ),
        ("curl/8.0", "curl/8.0"),
        ("", ""),
    ],
)
def test_browsers_are_called_as_people_know_them(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def test_what_an_admin_chooses_is_locked_for_others(signing: Signing) -> None:
    signing.person("Kim", admin=True)
    signing.person("Ann")
    told = text("people.admins_choose", names="Kim")
    admins = signing.opened("Kim", "settings")
    assert told not in words(admins)
    assert text("settings.speech_choose") in [one.label for one in admins.selectbox]
    assert text("settings.llm_choose") in [one.label for one in admins.radio]
    mine = signing.opened("Ann", "settings")
    assert told in words(mine).replace("\\", "")
    shown = {one.label for kind in (mine.selectbox, mine.radio) for one in kind}
    admins_only = ("settings.speech_choose", "settings.llm_choose", "models.context_choose")
    assert shown.isdisjoint(text(key) for key in admins_only)
    assert text("doctor.engine_extractive") in words(mine)


def test_models_are_fetched_by_admins_only(signing: Signing) -> None:
    signing.person("Kim", admin=True)
    signing.person("Ann")
    label = text("models.pull_start")
    assert label in [one.label for one in signing.opened("Kim", "system").button]
    at = signing.opened("Ann", "system")
    assert label not in [one.label for one in at.button]


@pytest.mark.parametrize(("locale", "language"), [("ko-KR", "ko"), ("en-US", "en")])
def test_who_is_no_admin_sees_what_works_and_whom_to_ask(
    signing: Signing, locale: str, language: str
) -> None:
    for name in ("Kim", "Lee"):
        signing.person(name, admin=True)
    signing.person("Ann")
    admins = signing.opened("Kim", "system", locale=locale)
    assert "ollama serve" in [one.value for one in admins.code]
    at = signing.opened("Ann", "system", locale=locale)
    assert not at.exception
    assert not at.code
    shown = words(at).replace("\\", "")
    assert say("doctor.engine_extractive", language) in shown
    assert say("people.admins_install", language, names="Kim, Lee") in shown
    assert say("people.admins_mend", language, names="Kim, Lee") in shown
    assert str(signing.app.settings.folder) not in shown
    assert signing.app.settings.ollama_address not in shown
    assert "python -m core" not in shown


def test_a_model_that_is_away_is_told_without_the_command(signing: Signing) -> None:
    admin = signing.person("Kim", admin=True)
    signing.person("Ann")
    signing.app.people.choose(admin, name="llm", value="ollama:gone:1b")
    at = signing.opened("Ann", "system")
    assert text("doctor.engine_away", engine="gone:1b") in words(at).replace("\\", "")
    assert not at.code
