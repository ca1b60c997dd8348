"""Signing in and out in a real browser, and what other sites can do to who is signed in."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.app import App, build_app
from core.errors import ConfigError
from core.messages import say
from core.settings import Settings
from core.store import accounts
from tests.browser.conftest import ROOT, Server, settle
from tests.waiting import free_port, until

pytestmark = pytest.mark.chromium
expect.set_options(timeout=30_000)  # the machine may be busy

PASSWORD = "seven grey geese"


@dataclass
class House:
    """A server with accounts, and its App in this process as well."""

    server: Server
    app: App

    @property
    def url(self) -> str:
        return self.server.url

    def person(self, name: str, *, admin: bool = False) -> str:
        """Somebody with PASSWORD."""
        hashed = self.app.accounts.passwords.hash(PASSWORD)
        with self.app.database.writing() as session:
            return accounts.make_account(session, name=name, password=hashed, admin=admin).id


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    app = build_app(Settings(data=tmp_path / "data", accounts=True))
    server = Server(data=tmp_path / "data", port=free_port(), variables={"MINUTES_ACCOUNTS": "on"})
    server.start()
    yield House(server, app)
    server.stop()
    app.close()


def sign_in(page: Page, name: str, language: str = "en") -> None:
    page.get_by_label(say("sign_in.name", language), exact=True).fill(name)
    page.get_by_label(say("sign_in.password", language), exact=True).fill(PASSWORD)
    page.get_by_role("button", name=say("sign_in.sign_in", language)).click()


def test_in_out_and_what_a_script_sees(page: Page, house: House) -> None:
    page.goto(house.url)
    expect(page.get_by_text("python -m core people add NAME --admin")).to_be_visible()
    assert "people add NAME --admin" in house.server.log
    house.person("Ann", admin=True)
    page.goto(f"{house.url}/settings?x=1")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, "ann")  # names are alike without case
    expect(page).to_have_url(f"{house.url}/settings?x=1")
    expect(page.get_by_text("Signed in as Ann")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Signed in as Ann")).to_be_visible()
    kept = {one["name"]: one for one in page.context.cookies()}["minutes"]
    assert kept["httpOnly"]
    assert kept["sameSite"] == "Lax"
    assert "minutes=" not in page.evaluate("document.cookie")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(f"{house.url}/account")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def press_until(button: Locator, told: Locator) -> None:
    """Press again where Streamlit drew the page anew beneath the first press."""
    for _ in range(5):
        button.click()
        with suppress(AssertionError):
            expect(told).to_be_visible(timeout=5000)
            return
    expect(told).to_be_visible()


def test_an_open_page_that_was_signed_out_shows_the_way_back(page: Page, house: House) -> None:
    user_id = house.person("Ann")
    page.goto(f"{house.url}/account?from=here")
    sign_in(page, "Ann")
    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_visible()
    settle(page)
    page.get_by_text("Make a token").click()
    page.get_by_label("What it is for").fill("pressed too late")
    settle(page)
    house.app.accounts.sign_out_everywhere(user_id)
    told = page.get_by_role("heading", name="You are signed out")
    press_until(page.get_by_role("button", name="Make it"), told)
    assert house.app.tokens.all(user_id) == []
    page.get_by_role("link", name="Sign in again").click()
    sign_in(page, "Ann")
    expect(page).to_have_url(f"{house.url}/account?from=here")
    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_visible()


@pytest.mark.parametrize(("fixture", "language"), [("page", "en"), ("korean_page", "ko")])
def test_a_page_whose_connection_broke_says_whether_one_is_signed_out(
    request: pytest.FixtureRequest, house: House, fixture: str, language: str
) -> None:
    """The server is there again, and no longer knows this browser."""
    page: Page = request.getfixturevalue(fixture)
    user_id = house.person("Ann")
    page.goto(f"{house.url}/settings?x=1")
    sign_in(page, "Ann", language)
    expect(page.get_by_text(say("account.signed_in", language, name="Ann"))).to_be_visible()
    settle(page)
    house.server.stop()
    window = page.get_by_test_id("stDialog")
    expect(window).to_contain_text(say("nav.away", language))
    expect(window.get_by_role("link")).not_to_be_visible()
    house.app.accounts.sign_out_everywhere(user_id)
    house.server.start()
    expect(window).to_contain_text(say("sign_in.signed_out", language))
    expect(window).to_contain_text(say("sign_in.away_text", language))
    window.get_by_role("link", name=say("sign_in.away_link", language)).click()
    sign_in(page, "Ann", language)
    expect(page).to_have_url(f"{house.url}/settings?x=1")


def test_an_invited_person_joins_in_korean(korean_page: Page, house: House) -> None:
    token = house.app.invitations.invite(house.person("Kim", admin=True))
    korean_page.set_viewport_size({"width": 390, "height": 800})
    korean_page.goto(f"{house.url}/join?invitation={token}")
    korean_page.get_by_label("이름").fill("민지")
    korean_page.get_by_label("비밀번호").fill("짧음")
    korean_page.get_by_role("button", name="계정 만들기").click()
    expect(korean_page.get_by_role("alert")).to_be_visible()
    assert korean_page.evaluate("document.documentElement.scrollWidth") <= 390
    korean_page.get_by_label("비밀번호").fill("일곱 마리 회색 거위")
    korean_page.get_by_role("button", name="계정 만들기").click()
    expect(korean_page.get_by_role("heading", name="회의", exact=True)).to_be_visible()
    korean_page.goto(f"{house.url}/account")
    expect(korean_page.get_by_test_id("stMain").get_by_text("민지", exact=True)).to_be_visible()
    korean_page.goto(f"{house.url}/people")
    expect(korean_page.get_by_text("없는 화면입니다")).to_be_visible()


@pytest.fixture
def elsewhere(house: House) -> Iterator[str]:
    """Another site on this machine: browsers send it cookies of ours, ports count for nothing."""
    content = f"""<!doctype html>
    <form method="post" action="{house.url}/sign-out"><button>Win a prize</button></form>
    <p id="socket">waiting</p>
    <script>
      const address = "{house.url.replace("http", "ws")}/_stcore/stream";
      const socket = new WebSocket(address, ["streamlit"]);
      const tell = (said) => {{ document.getElementById("socket").textContent = said; }};
      socket.onopen = () => tell("open");
      socket.onclose = () => tell("closed");
    </script>""".encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_another_site_neither_posts_nor_listens(page: Page, house: House, elsewhere: str) -> None:
    house.person("Ann")
    page.goto(house.url)
    sign_in(page, "Ann")
    expect(page.get_by_text("Signed in as Ann")).to_be_visible()
    page.goto(elsewhere)
    expect(page.locator("#socket")).to_have_text("closed")
    with page.expect_response("**/sign-out") as answer:
        page.get_by_role("button", name="Win a prize").click()
    assert answer.value.status == 403
    page.goto(f"{house.url}/account")
    expect(page.get_by_text("Signed in as Ann")).to_be_visible()


def test_an_upload_goes_on_after_signing_in_again(page: Page, house: House, tmp_path: Path) -> None:
    user_id = house.person("Ann")
    page.goto(f"{house.url}/upload")
    sign_in(page, "Ann")
    expect(page.get_by_text("Signed in as Ann")).to_be_visible()
    expect(page.locator("#files")).to_be_attached()
    settle(page)
    file = tmp_path / "talk.txt"
    file.write_text("Kim: We ship on Friday.\nLee: Agreed.\n", encoding="utf-8")
    house.app.accounts.sign_out_everywhere(user_id)
    page.locator("#files").set_input_files(file)
    expect(
        page.get_by_text("You are signed out. Sign in and try again.", exact=True)
    ).to_be_visible()
    other = page.context.new_page()
    other.goto(house.url)
    sign_in(other, "Ann")
    expect(other.get_by_text("Signed in as Ann")).to_be_visible()
    page.get_by_role("button", name="Try again: talk.txt").click()
    until(lambda: len(house.app.meetings.all(user_id)) == 1)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_folder_with_people_does_not_open_without_accounts(tmp_path: Path, language: str) -> None:
    """One sentence, and nothing around it."""
    app = build_app(Settings(data=tmp_path, accounts=True))
    with app.database.writing() as session:
        accounts.make_account(session, name="Ann", admin=True)
    app.close()
    ended = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "Home.py"],
        cwd=ROOT,
        env={
            **os.environ,
            "MINUTES_DATA": str(tmp_path),
            "MINUTES_PORT": str(free_port()),
            "MINUTES_LANGUAGE": language,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    told = ConfigError("accounts_off", folder=str(tmp_path.resolve())).sentence(language)
    assert ended.stderr.strip() == told
    assert "Traceback" not in ended.stdout
