"""Addresses that people type: the first page by its name, and such as no page has."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from core.api.page_addresses import page_addresses
from core.app import App
from core.messages import say
from tests.api.signing import PAGE, House, sign_in


async def streamlits(request: Request) -> PlainTextResponse:
    """Streamlit's mount: a page for any address."""
    return PlainTextResponse(f"Streamlit's {request.url.path}")


def served(base: str = "") -> TestClient:
    everything = Route("/{rest:path}", streamlits, methods=["GET", "POST"])
    asgi = Starlette(routes=[*page_addresses(base), Mount(base or "/", routes=[everything])])
    return TestClient(asgi, base_url="http://localhost", follow_redirects=False)


@pytest.fixture(autouse=True)
def _here(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.app._app", app)


@pytest.mark.parametrize("base", ["", "/minutes", "team/minutes/"])
@pytest.mark.parametrize("query", ["", "?deleted=a%20b&x=%ED%9A%8C"])
def test_the_first_page_by_its_name_leads_to_its_address(base: str, query: str) -> None:
    place = f"/{base.strip('/')}".rstrip("/")
    answer = served(place).get(f"{place}/meetings{query}")
    assert answer.status_code == 307
    assert str(answer.next_request.url) == f"http://localhost{place}/{query}"


@pytest.mark.parametrize(("locale", "language"), [("ko-KR,ko", "ko"), ("en-US", "en")])
@pytest.mark.parametrize("path", ["/memory/x", "/a/b/c", "/memory/static/js/a.js", "/meetings/1/2"])
def test_an_address_of_several_parts_that_no_page_has_is_told_so(
    path: str, locale: str, language: str
) -> None:
    answer = served().get(path, headers={**PAGE, "Accept-Language": locale})
    assert answer.status_code == 404
    assert f"<h1>{say('sign_in.missing', language)}</h1>" in answer.text
    assert 'href="/"' in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    program = served().get(path, headers={"Accept-Language": locale})
    assert program.status_code == 404
    assert program.json() == {"error": say("sign_in.missing_what", language)}


@pytest.mark.parametrize(
    "path",
    ["/", "/memory", "/memory/", "/meetingsx", "/_stcore/host-config", "/static/js/a.js"]
    + ["/media/a.png", "/component/x/index.html", "/app/static/icon.svg"],
)
def test_all_else_stays_streamlits(path: str) -> None:
    answer = served().get(path, headers=PAGE)
    assert (answer.status_code, answer.text) == (200, f"Streamlit's {path}")


def test_where_its_page_looks_for_the_server_it_is_refused() -> None:
    """Streamlit's page takes the first place that answers for the server's."""
    for service in ("health", "host-config"):
        assert served().get(f"/memory/_stcore/{service}").status_code == 404


def test_who_is_signed_out_signs_in_first(house: House) -> None:
    house.person("Ann")
    with house.browser() as browser:
        led = browser.get("/meetings?deleted=x", headers=PAGE)
        assert led.headers["location"] == "/sign-in?next=%2Fmeetings%3Fdeleted%3Dx"
        assert browser.get("/memory/x", headers=PAGE).status_code == 303
        came = sign_in(browser, "Ann", next="/meetings?deleted=x")
        there = browser.get(came.headers["location"], headers=PAGE)
        assert there.headers["location"] == "./?deleted=x"
        assert browser.get("/memory/x", headers=PAGE).status_code == 404
