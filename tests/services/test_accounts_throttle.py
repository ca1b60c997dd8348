"""How many tries there are, and that nobody is locked out for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from core.app import App, build_app
from core.errors import InvalidInput, NotFound
from core.settings import Settings
from core.store.account_rows import Attempts
from tests.postgres import Cluster
from tests.services.doors import PASSWORD, Doors


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    app = build_app(Settings(data=tmp_path / "data", accounts=True))
    made = Doors(app)
    made.add("Kim", admin=True)
    yield made
    app.close()


def _try(doors: Doors, name: str = "Kim", *, right: bool = False, address: str = "1.2.3.4") -> str:
    """The code of what came of it, "in" where it was right."""
    try:
        password = PASSWORD if right else "wrong password"
        doors.accounts.sign_in(name, password, address=address, agent="")
    except InvalidInput as refused:
        return f"{refused.code} {refused.facts.get('seconds', '')}".strip()
    return "in"


def _fail(doors: Doors, times: int, name: str = "Kim", address: str = "1.2.3.4") -> None:
    for _ in range(times):
        assert _try(doors, name, address=address) == "sign_in_refused"


def test_the_wait_grows_with_each_try_up_to_a_minute(doors: Doors) -> None:
    _fail(doors, 5)
    waits = []
    for _ in range(9):
        said = _try(doors)
        assert said.startswith("sign_in_throttled ")
        waits.append(int(said.split()[1]))
        doors.clock.forward(seconds=waits[-1])
        _fail(doors, 1)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_waiting_is_not_counted_and_hashes_nothing(doors: Doors) -> None:
    _fail(doors, 5)
    done = len(doors.hasher.verified)
    for _ in range(20):
        assert _try(doors, right=True) == "sign_in_throttled 1"  # the right one has to wait, too
    assert len(doors.hasher.verified) == done
    doors.clock.forward(seconds=1)
    assert _try(doors, right=True) == "in"  # whatever others tried


def test_who_was_right_begins_anew(doors: Doors) -> None:
    _fail(doors, 4)
    assert _try(doors, right=True) == "in"
    _fail(doors, 5)


def test_a_name_is_one_however_it_is_written_and_unknown_ones_count_alike(doors: Doors) -> None:
    for name in ("Kim", "kim", " KIM ", "Ｋim", "kIM"):
        _fail(doors, 1, name)
    assert _try(doors, "kim").startswith("sign_in_throttled")
    _fail(doors, 5, "Nobody")
    assert _try(doors, "Nobody").startswith("sign_in_throttled")
    _fail(doors, 1, "Somebody")


def test_names_and_addresses_are_kept_as_hashes(doors: Doors) -> None:
    _fail(doors, 1, "my secret typed into the wrong field", address="198.51.100.9")
    doors.app.database.dispose()
    held = b"".join(one.read_bytes() for one in doors.app.settings.folder.glob("minutes.sqlite*"))
    assert b"my secret" not in held
    assert b"198.51.100.9" not in held


@pytest.mark.parametrize(
    ("address", "others", "same"),
    [
        (lambda n: "198.51.100.9", "198.51.100.10", True),
        (lambda n: f"2001:db8:0:7::{n:x}", "2001:db8:0:8::1", True),  # one household
        (lambda n: f"2001:db8:0:{n:x}::1", "2001:db8:1::1", False),
        (lambda n: ("198.51.100.9", "::ffff:198.51.100.9")[n % 2], "198.51.100.10", True),
        (lambda n: "testclient", "another", True),
    ],
)
def test_one_address_cannot_try_all_names(
    doors: Doors, address: Callable[[int], str], others: str, same: bool
) -> None:
    for number in range(30):
        _fail(doors, 1, f"name {number}", address=address(number))
    assert _try(doors, "one more", address=address(31)).startswith(
        "sign_in_throttled" if same else "sign_in_refused"
    )
    assert _try(doors, right=True, address=others) == "in"


def test_a_proxy_that_names_nobody_does_not_make_everybody_wait(doors: Doors) -> None:
    for number in range(40):
        _fail(doors, 1, f"name {number}", address=("127.0.0.1", "::1")[number % 2])
    assert _try(doors, right=True, address="127.0.0.1") == "in"


def test_an_own_account_buys_no_tries_at_others(doors: Doors) -> None:
    for number in range(30):
        _fail(doors, 1, f"name {number}")
        if number % 3 == 0:
            assert _try(doors, right=True) == "in"
    assert _try(doors, "one more").startswith("sign_in_throttled")


def test_many_at_once_gain_nothing(doors: Doors) -> None:
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: _try(doors), range(24)))
    assert said.count("sign_in_refused") == 5
    assert len(doors.hasher.verified) == 5


def test_after_a_day_it_is_forgotten(doors: Doors) -> None:
    _fail(doors, 5)
    _fail(doors, 5, "Nobody")
    doors.clock.forward(hours=24, seconds=1)
    _fail(doors, 5, "Park")
    with doors.app.database.reading() as session:
        rows = session.exec(select(Attempts)).all()
    assert len(rows) == 2  # the name's and the address's of today
    _fail(doors, 5)


def test_a_clock_that_is_set_back_locks_nobody_out(doors: Doors) -> None:
    _fail(doors, 6 - 1)
    doors.clock.forward(hours=-3)
    assert _try(doors, right=True) == "in"


def test_two_servers_count_together(doors: Doors, tmp_path: Path) -> None:
    other = build_app(Settings(data=tmp_path / "data", accounts=True))
    second = Doors(other, clock=doors.clock)
    _fail(doors, 3)
    _fail(second, 2)
    assert _try(doors).startswith("sign_in_throttled")
    assert _try(second).startswith("sign_in_throttled")
    other.close()


@pytest.mark.postgres
def test_tries_and_invitations_are_counted_in_postgresql_as_well(tmp_path: Path) -> None:
    with Cluster() as cluster:
        app: App = build_app(
            Settings(
                data=tmp_path / "data", accounts=True, database_url=cluster.database("accounts")
            )
        )
        doors = Doors(app)
        doors.add("Kim", admin=True)
        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(lambda _: _try(doors), range(16)))
        assert said.count("sign_in_refused") == 5
        doors.clock.forward(seconds=60)
        assert _try(doors, right=True) == "in"
        invited = doors.invitations.invite(doors.accounts.called("Kim").id)

        def accept(name: str) -> str:
            try:
                doors.invitations.accept(invited, name=name, password=PASSWORD, agent="")
            except NotFound as refused:
                return refused.code
            return "in"

        with ThreadPoolExecutor(4) as pool:
            came = sorted(pool.map(accept, ["A", "B", "C", "D"]))
        assert came == ["in"] + ["invitation_missing"] * 3
        app.close()
