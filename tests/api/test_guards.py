from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.api.server import Place, middleware, refuse_strangers
from core.app import App
from core.errors import ConfigError
from core.settings import Settings


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


@pytest.fixture
def client(app: App, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Something behind the guards of a machine without accounts."""
    monkeypatch.setattr("core.app._app", app)
    inner = Starlette(
        routes=[
            Route("/", lambda _: PlainTextResponse("in"), methods=["GET", "POST", "PUT", "DELETE"]),
            WebSocketRoute("/stream", _echo),
        ],
        middleware=middleware(),
    )
    with TestClient(inner, base_url="http://localhost:8501") as made:
        yield made


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:9", "[::1]:8501"])
def test_the_machines_own_names_are_served(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.168.0.7"])
def test_another_name_is_not_served(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:9999", "http://127.0.0.1:8501"]
)
def test_another_origin_cannot_write(client: TestClient, method: str, origin: str) -> None:
    assert client.request(method, "/", headers={"Origin": origin}).status_code == 403


def test_our_own_origin_and_programs_can_write(client: TestClient) -> None:
    assert client.post("/", headers={"Origin": "http://localhost:8501"}).status_code == 200
    assert client.post("/").status_code == 200


def test_another_origin_may_read_what_browsers_keep_from_it(client: TestClient) -> None:
    answer = client.get("/", headers={"Origin": "http://evil.example"})
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers


def test_another_origin_gets_no_websocket(client: TestClient) -> None:
    with (
        pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
        client.websocket_connect("/stream", headers={"Origin": "http://evil.example"}),
    ):
        pass


def test_our_own_origin_gets_its_websocket(client: TestClient) -> None:
    with client.websocket_connect(
        "/stream", headers={"Origin": "http://localhost:8501", "Host": "localhost:8501"}
    ) as socket:
        assert socket.receive_text() == "hello"


def test_every_answer_forbids_calling_out_and_framing(client: TestClient) -> None:
    headers = client.get("/").headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy
    assert "https:" not in policy
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1", "[::1]", "localhost"])
def test_addresses_of_this_machine_are_taken(address: str) -> None:
    refuse_strangers(address, Settings())


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.0.7", "example.org", ""])
def test_the_server_does_not_start_where_others_could_reach_it(address: str) -> None:
    with pytest.raises(ConfigError, match="MINUTES_ACCOUNTS=on") as refused:
        refuse_strangers(address, Settings(hosts="minutes.example.com"))
    assert "remove --server.address" in str(refused.value)


def test_with_accounts_it_does_where_its_names_are_said() -> None:
    refuse_strangers("0.0.0.0", Settings(accounts=True, hosts="minutes.example.com"))
    with pytest.raises(ConfigError, match="MINUTES_HOSTS"):
        refuse_strangers("0.0.0.0", Settings(accounts=True))


def test_names_of_ones_own_take_the_place_of_the_machines(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.app._app", app)
    inner = Starlette(
        routes=[Route("/", lambda _: PlainTextResponse("in"))],
        middleware=middleware(("minutes.example.com", "*.lan")),
    )
    with TestClient(inner) as made:
        answers = {
            host: made.get("/", headers={"Host": host}).status_code
            for host in ("minutes.example.com", "a.lan:8501", "localhost", "evil.example")
        }
    assert answers == {
        "minutes.example.com": 200,
        "a.lan:8501": 200,
        "localhost": 400,
        "evil.example": 400,
    }


def test_the_address_to_type() -> None:
    assert Place(address="127.0.0.1", port=9).url == "http://127.0.0.1:9"
    assert Place(address="::1", port=9).url == "http://[::1]:9"
