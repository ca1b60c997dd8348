"""What ends with a password or with all sign-ins: API tokens too where that is wanted, and never
anybody else's."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput
from core.services.api_tokens import MOST
from core.settings import Settings
from tests.services.doors import PASSWORD, Doors

NEW = "quite another sentence"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"accounts": True})


def token(doors: Doors, name: str, days: int | None = None) -> str:
    user_id = doors.accounts.called(name).id
    _, secret = doors.tokens.make(user_id, name="script", scopes=["read"], days=days)
    return secret


@pytest.fixture
def secrets(doors: Doors) -> tuple[list[str], str]:
    """Kim's and Lee's."""
    return [token(doors, "Kim"), token(doors, "Kim", days=30)], token(doors, "Lee")


def holds(doors: Doors, secrets: tuple[list[str], str]) -> tuple[bool, bool]:
    """Whether Kim's tokens still open the door (all or none of them), and Lee's."""
    kims = {doors.tokens.identity(one) is not None for one in secrets[0]}
    assert len(kims) == 1
    return kims.pop(), doors.tokens.identity(secrets[1]) is not None


@pytest.mark.parametrize("tokens_too", [True, False])
def test_signing_out_everywhere_ends_tokens_where_that_is_wanted(
    doors: Doors, secrets: tuple[list[str], str], tokens_too: bool
) -> None:
    here = doors.sign_in("Kim")
    doors.accounts.sign_out_everywhere(doors.accounts.called("Kim").id, tokens_too=tokens_too)
    assert doors.accounts.identity(here) is None
    assert holds(doors, secrets) == (not tokens_too, True)


@pytest.mark.parametrize("tokens_too", [True, False])
def test_another_password_ends_tokens_where_that_is_wanted(
    doors: Doors, secrets: tuple[list[str], str], tokens_too: bool
) -> None:
    kim = doors.accounts.called("Kim").id
    with pytest.raises(InvalidInput):
        doors.accounts.change_password(
            kim, old="wrong password", new=NEW, keep=None, tokens_too=True
        )
    assert holds(doors, secrets) == (True, True)
    doors.accounts.change_password(kim, old=PASSWORD, new=NEW, keep=None, tokens_too=tokens_too)
    assert holds(doors, secrets) == (not tokens_too, True)


def test_a_password_set_for_somebody_ends_their_tokens(
    doors: Doors, secrets: tuple[list[str], str]
) -> None:
    """It was lost or stolen: whoever has it may have made tokens."""
    assert doors.accounts.set_password("kim", NEW, tokens_too=False) == 0
    assert holds(doors, secrets) == (True, True)
    with pytest.raises(InvalidInput):
        doors.accounts.set_password("kim", "short")
    assert holds(doors, secrets) == (True, True)
    assert doors.accounts.set_password("kim", NEW) == 2
    assert holds(doors, secrets) == (False, True)
    assert doors.tokens.all(doors.accounts.called("Kim").id) == []
    assert doors.accounts.set_password("kim", NEW) == 0  # they ended already


def test_what_was_revoked_makes_room(doors: Doors) -> None:
    kim = doors.accounts.called("Kim").id
    for _ in range(MOST):
        token(doors, "Kim")
    with pytest.raises(InvalidInput) as refused:
        token(doors, "Kim")
    assert refused.value.code == "tokens_many"
    doors.accounts.sign_out_everywhere(kim, tokens_too=True)
    assert token(doors, "Kim")


def test_what_is_nearly_a_token_is_none(doors: Doors) -> None:
    secret = token(doors, "Kim")
    assert doors.tokens.identity(secret)
    for near in (secret[:-1], f"{secret}x", f"{secret} ", secret.upper(), secret[8:], ""):
        assert doors.tokens.identity(near) is None, near
