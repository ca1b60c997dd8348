"""Every route of the server, taken from the server itself, by every method, with another person's
ids in every slot: none answers, tells or changes anything.

A slot in a path or a query that is not known here fails: whoever adds one says what to fill it
with.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from core.api.server import middleware, routes
from core.app import App
from tests.isolation.belongings import Has, changed, copied, secrets_of, seeded

QUERIES = {
    "meeting": "meeting_id",
    "thread": "thread_id",
    "turn": "turn_id",
    "job": "job_id",
    "user": "owner",
    "sha256": "sha256",
    "size": "size",
    "version": "version",
    "invitation": "invitation_id",
}
HARMLESS = {"lang", "next", "link"}
"""Queries that name nothing of anybody."""
PATHS = {"meeting_id": ("meeting_id", "sound_id"), "upload_id": ("upload_id",)}
NOBODYS = {"first": "memory", "rest": "x"}
"""Slots that name nothing of anybody: no page is there, whoever asks."""
SLOT = re.compile(r"\{(\w+)(?::\w+)?\}")
ASKED = re.compile(r"""query_params(?:\.get\(|\[)["']([\w-]+)["']""")
SENT = {
    "X-Requested-With": "minutes",
    "Tus-Resumable": "1.0.0",
    "Upload-Offset": "0",
    "Upload-Length": "10",
    "Upload-Metadata": "name Ym8udHh0",
    "Content-Type": "application/offset+octet-stream",
}

EVERY = [
    (route.path, method) for route in routes() for method in sorted(route.methods or ()) if route
]


@pytest.fixture(scope="module")
def has(tmp_path_factory: pytest.TempPathFactory) -> Has:
    return seeded(tmp_path_factory.mktemp("ana"))


@pytest.fixture(scope="module")
def app(has: Has, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    copy = copied(has, tmp_path_factory.mktemp("served") / "data")
    yield copy
    copy.close()


@pytest.fixture(scope="module")
def tokens(app: App, has: Has) -> dict[str, str]:
    """A token of each, which may do everything."""
    made = {}
    for user_id in (has.owner, has.other):
        _, made[user_id] = app.tokens.make(
            user_id, name="test", scopes=["read", "write"], days=None
        )
    return made


@pytest.fixture
def client(app: App, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr("core.app._app", app)
    asgi = Starlette(routes=routes(), middleware=middleware())
    with TestClient(
        asgi, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False
    ) as made:
        yield made


def asked(
    client: TestClient, has: Has, token: str, path: str, method: str, *, which: int = 0
) -> httpx.Response:
    """The route's answer, with Ana's ids wherever an id can be."""
    known = {**has.ids, "owner": has.owner, "version": 1}

    def fill(slot: re.Match[str]) -> str:
        if slot[1] in NOBODYS:
            return NOBODYS[slot[1]]
        if slot[1] not in PATHS:
            pytest.fail(f"{path} has a slot {slot[1]!r}: say in this file what to fill it with")
        names = PATHS[slot[1]]
        return str(known[names[min(which, len(names) - 1)]])

    queries = {name: str(known[hers]) for name, hers in QUERIES.items()}
    return client.request(
        method,
        SLOT.sub(fill, path),
        params=queries,
        headers={**SENT, "Authorization": f"Bearer {token}"},
        content=b"Bo wrote." if method in ("POST", "PATCH", "PUT") else b"",
    )


def told(answer: httpx.Response) -> str:
    """All that an answer holds, without what was asked for."""
    body = answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join([archive.read(name) for name in archive.namelist()])
    return f"{dict(answer.headers)} {body.decode('utf-8', 'replace')}"


@pytest.mark.parametrize(("path", "method"), EVERY)
def test_a_route_answers_nothing_of_another_person(
    client: TestClient, app: App, has: Has, tokens: dict[str, str], path: str, method: str
) -> None:
    before = changed(has, app)
    for which in (0, 1):
        answer = asked(client, has, tokens[has.other], path, method, which=which)
        if SLOT.search(path) and method != "OPTIONS":  # what a server can, whatever it has
            assert answer.status_code >= 400, (answer.status_code, answer.text)
        assert answer.status_code < 500, answer.text
        said = told(answer)
        for hers in (*has.ids.values(), has.owner):  # a sentence may repeat what was asked for
            said = said.replace(f"“{hers}”", "").replace(f"“{str(hers)[:40]}”", "")
        for name, hers in QUERIES.items():  # nor is the page's own address a secret
            said = said.replace(f"{name}={has.ids.get(hers, has.owner)}", "")
        said = said.replace(f'value="{has.ids["invitation_id"]}"', "")
        assert [one for one in secrets_of(has) if one in said] == []
    assert changed(has, app) == before


@pytest.mark.parametrize(
    "path",
    [path for path in {one: 0 for one, _ in EVERY} if set(SLOT.findall(path)) - set(NOBODYS)],
)
def test_the_owner_is_answered_with_the_same_ids(
    client: TestClient, has: Has, tokens: dict[str, str], path: str
) -> None:
    """The control: it is whose the things are that decided."""
    [route] = [one for one in routes() if one.path == path]
    methods = [one for one in ("GET", "HEAD", "POST") if one in (route.methods or ())]
    codes = [
        asked(client, has, tokens[has.owner], path, method, which=which).status_code
        for method in methods
        for which in (0, 1)
    ]
    assert set(codes) - {401, 403, 404, 405}, codes


def test_every_query_that_a_route_reads_is_known_here() -> None:
    read = {
        name
        for file in Path("core/api").glob("*.py")
        for name in ASKED.findall(file.read_text("utf-8"))
    }
    assert read - HARMLESS <= set(QUERIES)


def test_a_slot_that_is_not_known_fails(
    client: TestClient, has: Has, tokens: dict[str, str]
) -> None:
    with pytest.raises(pytest.fail.Exception, match="entry_id"):
        asked(client, has, tokens[has.other], "/api/memory/{entry_id}", "GET")


def test_what_is_mounted_besides_routes_is_none() -> None:
    """`routes()` is all there is: nothing is hidden in a mount that this file would not see."""
    assert all(isinstance(one, Route) for one in routes())
