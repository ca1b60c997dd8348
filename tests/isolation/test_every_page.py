"""Every page, opened by somebody with another person's ids in its address: nothing of hers is on
it.

The pages are those that lie in the folder, and the names in addresses those that their code reads:
a new one that is not known here fails.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.app import App
from tests.isolation.belongings import WORD, Has, changed, copied, seeded
from tests.pages.opening import opened

PAGES = sorted(
    one.stem for one in Path("pages").glob("*.py") if one.stem not in ("__init__", "main")
)
ADDRESS = {
    "meeting": "meeting_id",
    "thread": "thread_id",
    "turn": "turn_id",
    "deleted": "binned_id",
    "entry": "entry_id",
    "style": "style_id",
}
HARMLESS = {"line": "1", "part": "glossary"}
"""Names that say nothing of anybody, and what to put there."""
READ = re.compile(
    r"""query_params(?:\.get\(|\[|\.pop\()\s*["'](\w+)["']|["'](\w+)["'] in st\.query_params"""
)
NOTHING_OF_ANYBODY = {"system", "people"}
"""Pages on which the control finds nothing of hers: they show the machine, and names."""


@pytest.fixture(scope="module")
def has(tmp_path_factory: pytest.TempPathFactory) -> Has:
    return seeded(tmp_path_factory.mktemp("ana"))


@pytest.fixture(scope="module")
def copy(has: Has, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = copied(has, tmp_path_factory.mktemp("pages") / "data")
    yield app
    app.close()


@pytest.fixture(scope="module")
def tokens(has: Has, copy: App) -> dict[str, str]:
    """A browser of each."""
    with copy.database.writing() as session:
        return {
            user_id: copy.accounts.browsers.begin(
                session, user_id=user_id, agent="test", way="password"
            )
            for user_id in (has.owner, has.other)
        }


@pytest.fixture
def app(copy: App, monkeypatch: pytest.MonkeyPatch) -> App:
    st.cache_data.clear()
    monkeypatch.setattr("core.app._app", copy)
    return copy


def seen(
    page: str,
    who: str,
    has: Has,
    tokens: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    **left_out: object,
) -> AppTest:
    """The page with everything of Ana's in its address."""
    monkeypatch.setattr("pages.parts.visitor.shown_token", lambda _app: tokens[who])
    address = {name: str(has.ids[hers]) for name, hers in ADDRESS.items()} | HARMLESS
    return opened(page, **{name: one for name, one in address.items() if name not in left_out})


def told(at: AppTest) -> str:
    """All that is sent to the browser, also what components and downloads are given."""
    sent = [node.proto.SerializeToString() for node in at._tree if getattr(node, "proto", None)]
    return b"\n".join(sent).decode("utf-8", "replace")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("left_out", [(), ("thread",), ("meeting", "thread")])
def test_a_page_shows_nothing_of_another_person(
    app: App,
    has: Has,
    tokens: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    left_out: tuple[str, ...],
) -> None:
    at = seen(page, has.other, has, tokens, monkeypatch, **dict.fromkeys(left_out))
    assert not at.exception
    said = told(at)
    assert len(said) > 500  # it was drawn
    assert WORD not in said
    assert has.owner not in said
    assert changed(has, app) == {}


@pytest.mark.parametrize("page", [one for one in PAGES if one not in NOTHING_OF_ANYBODY])
def test_the_owner_sees_it_at_the_same_address(
    app: App, has: Has, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """The control."""
    at = seen(page, has.owner, has, tokens, monkeypatch)
    assert not at.exception
    assert WORD in told(at)


def test_every_page_of_the_navigation_lies_in_the_folder() -> None:
    named: set[str] = set()
    for file in (Path("pages/main.py"), Path("pages/parts/person.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Tuple):
                named |= {one.value for one in node.elts if isinstance(one, ast.Constant)}
    assert set(PAGES) <= named
    assert {one for one in named if isinstance(one, str)} <= set(PAGES) | {""}


def test_every_name_that_a_page_reads_from_its_address_is_known_here() -> None:
    read = {
        name
        for file in Path("pages").rglob("*.py")
        for found in READ.findall(file.read_text("utf-8"))
        for name in found
        if name
    }
    assert {"meeting", "thread", "line", "deleted"} <= read
    assert read <= {*ADDRESS, *HARMLESS}
