"""Passwords: what one must be, and its argon2id hash. No password is kept or logged.

A hashing takes 64 MiB and a fraction of a second, so few run at once, whoever asks; whoever would
have to wait long is asked to come again, before threads pile up.
"""

from __future__ import annotations

import base64
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import InvalidInput

SHORTEST = 10
LONGEST = 1024
"""Characters."""
_AT_ONCE = 2
_WAIT = 10.0
"""Seconds that a hashing waits for its turn."""
_FIRST_TRIED = """
0123456789 0987654321 1029384756 1111111111 1212121212 123123123123 1231231234 123412341234
1234512345 1234567890 12345678900 1234567891 12345678910 123456789a 123456789q 1234qwer1234
1234qwerasdf 1472583690 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 9876543210 abcd123456 abcd1234567
abcdefghij abcdefghijk admin12345 admin123456 adminadmin administrator asdfasdfasdf asdfghjkl1
asdfghjkl; baseball123 changeme123 changemenow correcthorsebatterystaple dkssud1234
dkssudgktpdy dragon12345 football123 gksrnrdls12 hello12345 helloworld iloveyou12 iloveyou123
iloveyou1234 letmein123 letmein1234 letmeinnow liverpool1 manchester master12345 minutesai1
minutesai123 minutesminutes monkey12345 p@ssw0rd12 p@ssw0rd123 p@ssword123 pass123456
passpass123 passw0rd12 passw0rd123 passw0rd1234 password00 password01 password1! password10
password11 password12 password123 password123! password1234 password12345 password2024
password2025 password2026 passwordpassword princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsxedcrfv
qlalfqjsgh qlalfqjsgh1 qlalfqjsgh123 qwer123456 qwer1234qwer qwerasdfzxcv qwerty1234
qwerty12345 qwerty123456 qwertyqwerty qwertyuiop qwertyuiop123 qwertyuiop[] sunshine123
superman123 test123456 testtest123 testtesttest thankyou123 tkfkdgo1234 tkfkdgody1
trustno1trustno1 welcome123 welcome1234 zaq12wsxcde3 zxcvbnm123 zxcvbnmasdfghjkl 비밀번호123456
비밀번호1234567 비밀번호1234567890 안녕하세요안녕하세요
"""
"""Those that are tried first, of ten characters and more; the Korean words as typed on English
keys, too."""


def as_typed(password: str) -> str:
    """The form that is hashed (NFKC): the same keys give the same password on every system."""
    return unicodedata.normalize("NFKC", password)


def _hashed_bytes(password: str) -> bytes:
    """What is hashed; bytes that are no text, as a shell may give them, pass as they are."""
    return as_typed(password).encode("utf-8", "surrogatepass")


def check_new_password(password: str, *, name: str) -> str:
    """A password that may be had by `name`, as it is hashed.

    Raises InvalidInput: password_short, password_long (with counts), password_is_name,
    password_common.
    """
    typed = as_typed(password)
    if len(typed) < SHORTEST:
        raise InvalidInput("password_short", length=len(typed), least=SHORTEST)
    if len(password) > LONGEST or len(typed) > LONGEST:
        raise InvalidInput("password_long", length=max(len(typed), len(password)), most=LONGEST)
    plain = typed.casefold().strip()
    if plain == as_typed(name).casefold():
        raise InvalidInput("password_is_name")
    if plain in _FIRST_TRIED.split() or len(set(plain)) <= 2:
        raise InvalidInput("password_common")
    return typed


@dataclass(frozen=True)
class Passwords:
    """Makes hashes and compares with them, few at once."""

    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    turns: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_AT_ONCE)
    )
    wait: float = _WAIT

    def hash(self, password: str) -> str:
        """The hash to keep. InvalidInput("sign_in_busy") where no turn comes."""
        with self._turn():
            return self.hasher.hash(_hashed_bytes(password))

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether `kept` is the hash of `password`. None is compared, too, with a hash that nothing
        matches: how long an answer takes tells nobody whether there is one."""
        with self._turn():
            try:
                return self.hasher.verify(kept or self._nobodys(), _hashed_bytes(password))
            except (VerificationError, InvalidHashError):
                return False

    def is_weak(self, kept: str) -> bool:
        """Whether hashes are made with more work today than when this one was."""
        return self.hasher.check_needs_rehash(kept)

    def _nobodys(self) -> str:
        """A hash of the cost that hashes have today, of no password that anybody knows."""
        made = self.hasher
        salt, tag = (_unpadded(secrets.token_bytes(n)) for n in (made.salt_len, made.hash_len))
        cost = f"m={made.memory_cost},t={made.time_cost},p={made.parallelism}"
        return f"$argon2id$v=19${cost}${salt}${tag}"

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.turns.acquire(timeout=self.wait):
            raise InvalidInput("sign_in_busy")
        try:
            yield
        finally:
            self.turns.release()


def _unpadded(some: bytes) -> str:
    return base64.b64encode(some).decode().rstrip("=")
