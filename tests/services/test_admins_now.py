"""What only an admin may is refused to who is none any more, however long ago their page was
opened."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from core.app import App
from core.errors import InvalidInput, NotFound
from core.services.model_tasks import ModelTasks
from core.services.pulls import RUNNING, Pull
from core.settings import Settings
from tests.services.doors import Doors


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"accounts": True})


def id_of(doors: Doors, name: str) -> str:
    return doors.accounts.called(name).id


ACTIONS: dict[str, Callable[[App, str, str], object]] = {
    # what: App, who asks, somebody else
    "fetch a model": lambda app, who, _: app.pulls.start(who, "small:1b"),
    "stop fetching it": lambda app, who, _: app.pulls.cancel(who, "small:1b"),
    "take it off the list": lambda app, who, _: app.pulls.forget(who, "small:1b"),
    "measure a model": lambda app, who, _: app.speed.start(who, "small:1b"),
    "stop measuring": lambda app, who, _: app.speed.cancel(who, "small:1b"),
    "invite": lambda app, who, _: app.invitations.invite(who, note="from an old page"),
    "take an invitation back": lambda app, who, _: app.invitations.revoke(who, "any"),
    "see invitations": lambda app, who, _: app.invitations.all(who),
    "make an admin": lambda app, who, other: app.accounts.set_admin(who, user_id=other, admin=True),
    "see people": lambda app, who, _: app.accounts.people(who),
    "see when they were here": lambda app, who, _: app.accounts.last_seen(who),
    "remove somebody": lambda app, who, other: app.leaving.remove(who, user_id=other),
    "choose the model": lambda app, who, _: app.people.choose(who, name="llm", value="extractive"),
    "choose the ear": lambda app, who, _: app.people.choose(
        who, name="whisper_model", value="small"
    ),
    "choose the window": lambda app, who, _: app.people.choose(who, name="num_ctx", value="8192"),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_who_was_an_admin_when_the_page_was_opened_may_no_more(
    doors: Doors, app: App, action: str
) -> None:
    kim, lee = id_of(doors, "Kim"), id_of(doors, "Lee")
    doors.accounts.set_admin(kim, user_id=lee, admin=True)
    doors.accounts.set_admin(lee, user_id=kim, admin=False)
    with pytest.raises(InvalidInput) as refused:
        ACTIONS[action](app, kim, lee)
    assert refused.value.code == "admins_only"
    assert app.pulls.all() == []
    assert app.speed.of("small:1b") is None
    assert app.invitations.all(lee) == []
    assert [one.name for one in app.accounts.people(lee)] == ["Kim", "Lee"]
    assert [app.people.choice(lee, name=one) for one in ("llm", "whisper_model", "num_ctx")] == [
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_admin_may(doors: Doors, app: App, action: str) -> None:
    """The control: it is the role that decided."""
    with suppress(NotFound):  # "any" invitation is none
        ACTIONS[action](app, id_of(doors, "Kim"), id_of(doors, "Lee"))


def test_a_running_download_is_not_stopped_from_an_old_page(doors: Doors, app: App) -> None:
    kim, lee = id_of(doors, "Kim"), id_of(doors, "Lee")
    tasks: ModelTasks[Pull] = app.pulls._tasks
    pull = Pull(key="k", model="small:1b", state=RUNNING)
    tasks._kept[pull.model] = pull
    with pytest.raises(InvalidInput):
        app.pulls.cancel(lee, pull.model)
    assert app.pulls.all() == [pull]
    assert kim in {one.id for one in app.accounts.people(kim)}


def test_the_admins_are_named_to_who_has_to_ask_them(doors: Doors, app: App) -> None:
    doors.add("Ahn", admin=True)
    assert app.people.admins() == ["Ahn", "Kim"]
    doors.accounts.set_admin(id_of(doors, "Kim"), user_id=id_of(doors, "Ahn"), admin=False)
    assert app.people.admins() == ["Kim"]
    app.settings.accounts = False
    assert app.people.admins() == []
