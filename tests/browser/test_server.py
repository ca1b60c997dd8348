import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.browser.conftest import ROOT, Server
from tests.waiting import free_port


def test_the_port_of_the_environment_wins_and_the_address_is_told(tmp_path: Path) -> None:
    server = Server(data=tmp_path / "data", port=free_port(), plainly=True)
    server.start()
    try:
        assert f"open {server.url} in a browser" in server.log
        assert httpx.get(server.url).status_code == 200
        assert httpx.get(server.url, headers={"Host": "evil.example"}).status_code == 400
    finally:
        server.stop()


def test_the_worker_ends_with_the_server(server: Server) -> None:
    server.stop()
    assert not server.workers()


@pytest.mark.parametrize(
    ("options", "variables", "said"),
    [
        (["--server.address", "0.0.0.0"], {}, "MINUTES_ACCOUNTS=on"),
        (["--server.address", "0.0.0.0"], {"MINUTES_ACCOUNTS": "on"}, "MINUTES_HOSTS"),
        ([], {"MINUTES_PORT": "seven"}, "MINUTES_PORT"),
        ([], {"MINUTES_PORT": "seven", "MINUTES_LANGUAGE": "ko"}, "다시 시작하세요"),
    ],
)
def test_what_cannot_work_ends_with_one_sentence(
    tmp_path: Path, options: list[str], variables: dict[str, str], said: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "Home.py", *options],
        cwd=ROOT,
        env={**os.environ, "MINUTES_DATA": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
