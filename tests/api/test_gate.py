"""Who is let in: browsers by their cookie, programs by their token, and nobody by anything else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select
from starlette.requests import Request
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from core.api.gate import BARE_RERUN, DOORS
from core.api.person import identity_of, person_of
from core.app import App
from core.errors import InvalidInput
from core.store.account_rows import ApiToken
from core.store.types import now
from tests.api.signing import PAGE, URL, House, sign_in, who

SOCKET = {"Origin": URL, "Host": "localhost"}
TYPED = b"Z\x02\x12\x00"
"""A message of Streamlit's with something in it."""


def _token(house: House, *scopes: str, days: int | None = None) -> tuple[str, str]:
    """The secret and the id of a token of Ann's."""
    user_id = house.people.get("Ann") or house.person("Ann")
    kept, secret = house.app.tokens.make(user_id, name="script", scopes=scopes, days=days)
    return secret, kept.id


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def _cookied(browser: TestClient) -> dict[str, str]:
    """What a browser says when it opens the page's WebSocket."""
    return {**SOCKET, "Cookie": f"minutes={browser.cookies['minutes']}"}


@pytest.mark.parametrize("path", ["/", "/meeting", "/static/x.js", "/_stcore/host-config", "/x"])
def test_nobody_sees_anything(browser: TestClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 401
    assert "signed out" in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/", "/sign-in"),
        ("/meeting?meeting=a%20b", "/sign-in?next=%2Fmeeting%3Fmeeting%3Da%2520b"),
        ("//evil.example/x", "/sign-in"),
        ("/%5Cevil.example", "/sign-in?next=%2F%255Cevil.example"),  # stays a path of ours
        ("/sign-in/", "/sign-in"),
        ("/JOIN", "/sign-in?next=%2FJOIN"),
    ],
)
def test_who_wants_a_page_is_led_to_the_door(browser: TestClient, asked: str, led_to: str) -> None:
    answer = browser.request("GET", f"{URL}{asked}", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, led_to)


@pytest.mark.parametrize(
    "path", ["/sign-in/../api/who", "/sign-in.css", "/sign-in/x", "/join/x", "/auth/oidc/x"]
)
def test_what_begins_like_a_door_is_none(browser: TestClient, path: str) -> None:
    assert path not in DOORS
    assert browser.get(path).status_code == 401


def test_programs_get_a_sentence_in_their_language(browser: TestClient) -> None:
    answer = browser.get("/api/who", headers={**PAGE, "Accept-Language": "ko"})
    assert answer.status_code == 401
    assert answer.json() == {"error": "로그아웃된 상태입니다. 로그인한 뒤 다시 시도하세요."}


def test_every_route_under_api_is_closed(house: House, browser: TestClient) -> None:
    for route in house.asgi.routes:
        path = getattr(route, "path", "")
        if path.startswith("/api/"):
            for method in route.methods or ():  # type: ignore[attr-defined]
                answer = browser.request(method, path.replace("{", "").replace("}", ""))
                assert answer.status_code == 401, (method, path)


def test_health_is_told_to_everybody(browser: TestClient) -> None:
    assert browser.get("/_stcore/health").text == "ok"


def test_somebody_signed_in_is_known_everywhere(house: House, browser: TestClient) -> None:
    house.person("Ann")
    sign_in(browser, "Ann")
    assert who(browser).json()["name"] == "Ann"
    assert browser.get("/", headers=PAGE).text == "a page"
    with browser.websocket_connect("/_stcore/stream", headers=_cookied(browser)) as socket:
        socket.send_bytes(TYPED)
        assert socket.receive_bytes() == b"got " + TYPED


def test_nobody_gets_no_websocket(browser: TestClient) -> None:
    with (
        pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)) as refused,
        browser.websocket_connect("/_stcore/stream", headers=SOCKET),
    ):
        pass
    assert getattr(refused.value, "code", 4401) == 4401


def test_another_site_gets_no_websocket_with_the_persons_cookie(
    house: House, browser: TestClient
) -> None:
    house.person("Ann")
    sign_in(browser, "Ann")
    with (
        pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
        browser.websocket_connect(
            "/_stcore/stream", headers={**_cookied(browser), "Origin": "http://evil.example"}
        ),
    ):
        pass


def test_nothing_that_a_signed_out_page_sends_arrives(house: House, browser: TestClient) -> None:
    user_id = house.person("Ann")
    sign_in(browser, "Ann")
    with browser.websocket_connect("/_stcore/stream", headers=_cookied(browser)) as socket:
        house.app.accounts.sign_out_everywhere(user_id)
        socket.send_bytes(TYPED)
        assert socket.receive_bytes() == b"got " + BARE_RERUN


def test_the_bare_rerun_is_streamlits() -> None:
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ClientState_pb2 import ClientState

    assert BackMsg(rerun_script=ClientState()).SerializeToString() == BARE_RERUN


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.0.0.1"])
def test_a_wrong_host_is_refused_before_anybody_is_looked_up(
    house: House, browser: TestClient, host: str
) -> None:
    house.person("Ann")
    sign_in(browser, "Ann")
    assert browser.get("/api/who", headers={"Host": host}).status_code == 400


def test_a_cookie_of_elsewhere_is_nobody(browser: TestClient) -> None:
    for value in ("", "x", "local", "a" * 5000, '"; drop table user'):
        assert who(browser, Cookie=f"minutes={value}").status_code == 401


def test_a_token_reads_and_writes_without_origin_and_gets_no_cookie(
    house: House, browser: TestClient
) -> None:
    secret, _ = _token(house, "read", "write")
    for method in ("GET", "POST"):
        answer = browser.request(method, "/api/who", headers=_bearer(secret))
        assert answer.status_code == 200
        assert answer.json()["name"] == "Ann"
        assert "set-cookie" not in answer.headers


def test_a_token_of_read_scope_cannot_post(house: House, browser: TestClient) -> None:
    secret, _ = _token(house, "read")
    assert browser.get("/api/who", headers=_bearer(secret)).status_code == 200
    answer = browser.post("/api/who", headers=_bearer(secret))
    assert answer.status_code == 403
    assert "“write”" in answer.json()["error"]


def test_a_method_in_a_header_does_not_widen_a_token(house: House, browser: TestClient) -> None:
    secret, _ = _token(house, "read")
    sent = {**_bearer(secret), "X-HTTP-Method-Override": "GET"}
    assert browser.post("/api/who", headers=sent).status_code == 403


def test_a_token_opens_no_page_and_no_websocket(house: House, browser: TestClient) -> None:
    secret, _ = _token(house, "read", "write")
    assert browser.get("/", headers=_bearer(secret)).status_code == 401
    assert browser.get("/", headers={**PAGE, **_bearer(secret)}).status_code == 303
    assert browser.get("/api", headers=_bearer(secret)).status_code == 401
    with (
        pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
        browser.websocket_connect("/_stcore/stream", headers={**SOCKET, **_bearer(secret)}),
    ):
        pass


def test_a_cookies_value_is_no_token_and_a_token_no_cookie(
    house: House, browser: TestClient
) -> None:
    secret, _ = _token(house, "read")
    assert who(browser, Cookie=f"minutes={secret}").status_code == 401
    sign_in(browser, "Ann")
    value = browser.cookies["minutes"]
    browser.cookies.clear()
    assert who(browser, **_bearer(value)).status_code == 401


def test_a_bad_token_is_not_made_good_by_a_cookie(house: House, browser: TestClient) -> None:
    house.person("Ann")
    sign_in(browser, "Ann")
    answer = who(browser, **_bearer("made up"))
    assert answer.status_code == 401
    assert "API token" in answer.json()["error"]


def test_a_revoked_token_is_refused(house: House, browser: TestClient) -> None:
    secret, token_id = _token(house, "read")
    house.app.tokens.revoke(house.people["Ann"], token_id)
    assert who(browser, **_bearer(secret)).status_code == 401


def test_an_expired_token_is_refused(house: House, browser: TestClient) -> None:
    secret, token_id = _token(house, "read", days=1)
    assert who(browser, **_bearer(secret)).status_code == 200
    with house.app.database.writing() as session:
        row = session.exec(select(ApiToken).where(ApiToken.id == token_id)).one()
        row.expires_at = now() - timedelta(seconds=1)
        session.add(row)
    assert who(browser, **_bearer(secret)).status_code == 401


def test_a_state_that_came_from_elsewhere_is_not_believed(house: House) -> None:
    request = Request({"type": "http", "state": {"identity": "local"}, "headers": []})
    with pytest.raises(InvalidInput, match="signed out"):
        identity_of(request, house.app)


def test_without_accounts_everybody_is_the_local_person(app: App) -> None:
    request = Request({"type": "http", "headers": []})
    assert person_of(request, app) == app.people.local_person().id
    assert identity_of(request, app).admin
