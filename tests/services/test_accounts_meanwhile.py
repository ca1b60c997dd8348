"""What changes while a password is looked at, which takes a while: what was right at the beginning
lets nobody in at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.app import App
from core.errors import InvalidInput
from core.services.passwords import Passwords
from core.settings import Settings
from tests.services.doors import HERE, PASSWORD, CheapHasher, Doors

NEW = "quite another sentence"


class Slow(CheapHasher):
    """After the first comparison something else happens before its answer comes."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] | None = meanwhile

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
        right = super().verify(hash, password)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return right


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"accounts": True})


@pytest.fixture
def doors(app: App) -> Doors:
    made = Doors(app)
    made.add("Kim", admin=True)
    made.add("Lee", admin=True)
    return made


def test_a_password_that_was_set_anew_meanwhile_signs_nobody_in(doors: Doors) -> None:
    slow = Slow(lambda: doors.accounts.set_password("Kim", NEW))
    late = replace(doors.accounts, passwords=Passwords(hasher=slow))
    with pytest.raises(InvalidInput) as refused:
        late.sign_in("Kim", PASSWORD, **HERE)
    assert refused.value.code == "sign_in_refused"
    kim = doors.accounts.called("Kim").id
    assert doors.accounts.sign_ins(kim) == []
    assert late.sign_in("Kim", NEW, **HERE)


def test_a_password_that_was_set_anew_meanwhile_is_not_overwritten(doors: Doors) -> None:
    slow = Slow(lambda: doors.accounts.set_password("Kim", NEW))
    late = replace(doors.accounts, passwords=Passwords(hasher=slow))
    kim = doors.accounts.called("Kim").id
    with pytest.raises(InvalidInput) as refused:
        late.change_password(kim, old=PASSWORD, new="a third sentence", keep=None)
    assert refused.value.code == "password_wrong"
    assert doors.sign_in("Kim", NEW)


def test_who_leaves_meanwhile_is_not_signed_in(doors: Doors) -> None:
    kim = doors.accounts.called("Kim").id
    slow = Slow(lambda: doors.app.leaving.leave(kim))
    late = replace(doors.accounts, passwords=Passwords(hasher=slow))
    with pytest.raises(InvalidInput) as refused:
        late.sign_in("Kim", PASSWORD, **HERE)
    assert refused.value.code == "sign_in_refused"
