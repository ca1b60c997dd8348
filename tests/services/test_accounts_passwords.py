"""What a password must be, and how it is kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import InvalidInput
from core.services.passwords import Passwords, check_new_password
from tests.services.doors import PASSWORD, CheapHasher

_PASSWORDS = [
    ("correct horse", None),
    ("가나다라마바사아자차", None),
    ("x1" * 512, "password_common"),
    ("xyz4" * 256, None),
    ("xyz4" * 256 + "x", "password_long"),
    ("123456789", "password_short"),
    ("1234567890", "password_common"),
    ("PASSWORD123", "password_common"),
    ("１２３４５６７８９０", "password_common"),  # as the other width
    ("aaaaaaaaaaaaaaaa", "password_common"),
    ("Kim Minsu-ssi", "password_is_name"),
    ("ＫＩＭ minsu-ssi", "password_is_name"),
    ("e\u0301" * 5, "password_short"),  # five letters, however they are written
]


@pytest.mark.parametrize(("password", "code"), _PASSWORDS)
def test_what_a_password_may_be(password: str, code: str | None) -> None:
    if code is None:
        assert check_new_password(password, name="Kim Minsu-ssi")
        return
    with pytest.raises(InvalidInput) as refused:
        check_new_password(password, name="Kim Minsu-ssi")
    assert refused.value.code == code
    for language in ("ko", "en"):
        assert password not in refused.value.sentence(language)


def test_a_password_is_the_same_on_every_keyboard() -> None:
    passwords = Passwords(hasher=CheapHasher())
    kept = passwords.hash("cafe\u0301 au lait")
    assert passwords.matches("caf\u00e9 au lait", kept)
    assert not passwords.matches("cafe au lait", kept)
    assert not passwords.matches("cafe au lait", "no hash at all")
    assert not passwords.matches("cafe au lait", None)


def test_hashes_are_argon2id_of_the_cost_that_is_recommended() -> None:
    """RFC 9106, section 4: the second recommended option."""
    passwords = Passwords()
    kept = passwords.hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches(PASSWORD, kept)
    assert not passwords.is_weak(kept)


def test_few_hashings_run_at_once_and_whoever_waits_long_is_told() -> None:
    running, most, lock, go = 0, 0, threading.Lock(), threading.Event()

    class Slow(CheapHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            go.wait(5)
            with lock:
                running -= 1
            return super().verify(hash, password)

    passwords = Passwords(hasher=Slow(), wait=0.3)
    kept = passwords.hash(PASSWORD)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(passwords.matches, PASSWORD, kept) for _ in range(6)]
        busy = [one for one in asked if isinstance(_error_soon(one), InvalidInput)]
        go.set()
    assert most == 2
    assert len(busy) == 4
    assert passwords.matches(PASSWORD, kept)  # turns are given back


def _error_soon(asked: object) -> BaseException | None:
    """What a try raised within a second, None where it is still at work."""
    try:
        return asked.exception(timeout=1)  # type: ignore[attr-defined]
    except TimeoutError:
        return None
