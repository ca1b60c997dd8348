"""Nothing leaves the machine: a server and its worker are traced over whole jobs, from the sound to
the minutes, by the built-in engine and by a model (the double, on this machine)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from core.app import App, build_app
from core.services.jobs import ENDED
from core.settings import Settings
from tests.doubles.ollama import OllamaDouble
from tests.waiting import free_port, until

pytestmark = pytest.mark.strace
ROOT = Path(__file__).resolve().parents[2]
SPEECH = ROOT / "tests/data/speech/ko-15s.opus"
WHISPER = ROOT / "tests/data/whisper-closed-vocabulary"
CALLS = "connect,sendto,sendmsg,sendmmsg"
"""What can send something to somebody: by TCP, and by UDP without connecting."""
FAMILY = re.compile(r"sa_family=(\w+)")
FOUR = re.compile(r'sin_port=htons\((\d+)\), sin_addr=inet_addr\("([\d.]+)"\)')
SIX = re.compile(r'sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, "([^"]+)"')
LOCAL_FAMILIES = {"AF_UNIX", "AF_NETLINK", "AF_UNSPEC"}
"""Sockets of this machine's own programs and kernel."""
DNS = "53"


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
def traced(tmp_path: Path, double: OllamaDouble) -> Iterator[tuple[str, Path]]:
    """The address of a server that runs with its worker under strace, and the trace."""
    port, trace = free_port(), tmp_path / "trace"
    environment = {
        **os.environ,
        "MINUTES_DATA": str(tmp_path / "data"),
        "MINUTES_PORT": str(port),
        "MINUTES_OLLAMA_URL": double.url,
        "MINUTES_NUM_CTX": "4096",
        "MINUTES_WHISPER_MODEL": str(WHISPER),
    }
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={CALLS}", "-o", str(trace)]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, sys.executable, "-m", "streamlit", "run", "Home.py"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/_stcore/health"))
        yield f"http://127.0.0.1:{port}", trace
    finally:
        ours = psutil.Process(server.pid).children(recursive=True)
        os.killpg(server.pid, signal.SIGTERM)
        _, alive = psutil.wait_procs(ours, timeout=15)
        for one in alive:
            one.kill()
        server.wait(timeout=15)


def given(url: str) -> dict[str, Any]:
    """A recording that is sent as a browser sends it; what came of it."""
    content = SPEECH.read_bytes()
    sent = {"X-Requested-With": "minutes", "Tus-Resumable": "1.0.0"}
    name = b64encode(SPEECH.name.encode()).decode()
    begun = httpx.post(
        f"{url}/api/uploads",
        headers={**sent, "Upload-Metadata": f"name {name}", "Upload-Length": str(len(content))},
    )
    address = f"{url}{begun.headers['location']}"
    piece = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    assert httpx.patch(address, headers={**sent, **piece}, content=content).status_code == 204
    kept: dict[str, Any] = until(
        lambda: (told := httpx.get(address).json())["state"] == "kept" and told
    )
    return kept


def ended(app: App, user_id: str) -> bool:
    jobs = app.jobs.all(user_id)
    assert not [job.error for job in jobs if job.error]
    return bool(jobs) and all(job.state in ENDED for job in jobs)


def strangers(trace: Path) -> list[str]:
    """Every call that named an address beyond this machine, or asked for one (DNS)."""
    found = []
    for line in trace.read_text("utf-8", "replace").splitlines():
        families = set(FAMILY.findall(line)) - LOCAL_FAMILIES
        places = [*FOUR.findall(line), *SIX.findall(line)]
        if families and not places:
            found.append(line)
        for port, address in places:
            here = address.startswith(("127.", "::ffff:127.")) or address == "::1"
            if not here or port == DNS:
                found.append(line)
    return found


def test_a_whole_job_reaches_nobody_outside(
    traced: tuple[str, Path], tmp_path: Path, double: OllamaDouble
) -> None:
    url, trace = traced
    app = build_app(Settings(data=tmp_path / "data", ollama_url=double.url, num_ctx=4096))
    ana = app.people.local_person().id
    app.people.choose(ana, name="llm", value="extractive")
    assert answers(f"{url}/")
    meeting_id = given(url)["meeting_id"]
    until(lambda: app.minutes.newest(ana, meeting_id))
    until(lambda: ended(app, ana))
    app.people.choose(ana, name="llm", value="ollama:gemma3:4b")
    app.jobs.write(app.meetings.get(ana, meeting_id), wanted=app.intake.wanted(ana))
    until(lambda: len(app.minutes.versions(ana, meeting_id)) == 2 and ended(app, ana))
    minutes = app.minutes.newest(ana, meeting_id)
    assert minutes is not None
    assert minutes.draft.engine == "ollama:gemma3:4b"
    assert httpx.get(f"{url}/api/meetings/{meeting_id}/minutes.md").status_code == 200
    app.close()

    port = httpx.URL(double.url).port
    assert f"htons({port})" in trace.read_text("utf-8", "replace")  # the worker was traced, too
    assert strangers(trace) == []


FOUR_OF = '1 {call}(3, {{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr("{host}")}}'
SIX_OF = (
    "1 {call}(3, {{sa_family=AF_INET6, sin6_port=htons({port}), sin6_flowinfo=htonl(0), "
    'inet_pton(AF_INET6, "{host}", &sin6_addr)}}'
)


@pytest.mark.parametrize(
    ("line", "stranger"),
    [
        (FOUR_OF.format(call="connect", port=443, host="1.1.1.1"), 1),
        (FOUR_OF.format(call="sendto", port=443, host="1.1.1.1"), 1),
        (FOUR_OF.format(call="connect", port=9, host="127.0.0.1"), 0),
        (FOUR_OF.format(call="sendto", port=53, host="127.0.0.53"), 1),
        (SIX_OF.format(call="connect", port=443, host="2606::1"), 1),
        (SIX_OF.format(call="connect", port=80, host="::1"), 0),
        ('1 connect(3, {sa_family=AF_UNIX, sun_path="/run/nscd"}, 110)', 0),
        ("1 connect(3, {sa_family=AF_BLUETOOTH, something}, 110)", 1),
    ],
)
def test_a_call_out_would_be_seen(tmp_path: Path, line: str, stranger: int) -> None:
    (tmp_path / "trace").write_text(line)
    assert len(strangers(tmp_path / "trace")) == stranger


def test_a_program_that_calls_out_is_seen(tmp_path: Path) -> None:
    """The tool and the reading of what it says, on a real call to an address nobody has."""
    calls = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
    calls += "s.connect(('192.0.2.1', 9))"  # RFC 5737; of UDP, connecting sends nothing
    trace = tmp_path / "trace"
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={CALLS}", "-o", str(trace)]
    subprocess.run([*command, sys.executable, "-c", calls], check=False, capture_output=True)
    assert any("192.0.2.1" in one for one in strangers(trace))
