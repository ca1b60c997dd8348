"""Where a speech model comes from: a folder, the models folder, or a hub (a local one here)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.engines import speech_model
from core.errors import EngineUnavailable

MODEL = Path(__file__).parent.parent / "data" / "whisper-closed-vocabulary"
FILES = ("config.json", "model.bin", "preprocessor_config.json", "tokenizer.json", "README.md")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(BaseHTTPRequestHandler):
    """As much of the Hugging Face Hub as a download needs."""

    asked: list[str]

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        if self.path.startswith("/api/"):
            files = [{"rfilename": f, "size": (MODEL / f).stat().st_size} for f in FILES]
            self._send(json.dumps({"id": "our/model", "sha": COMMIT, "siblings": files}).encode())
        else:
            self._answer((MODEL / self._file).read_bytes())

    @property
    def _file(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    def _answer(self, content: bytes) -> None:
        self.asked.append(f"{self.command} {self._file}")
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{self._file}"'}
        size = (MODEL / self._file).stat().st_size
        self._send(content, size=size, headers=headers)

    def _send(
        self, content: bytes, *, size: int | None = None, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) if size is None else size))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def hub() -> Iterator[str]:
    Hub.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_model_is_fetched_once_with_its_progress(hub: str, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    folder = speech_model.ensure_model(
        "our/model",
        models_folder=tmp_path,
        on_download=lambda done, total: told.append((done, total)),
        endpoint=hub,
    )
    assert folder == tmp_path / "our--model"
    assert (folder / "model.bin").read_bytes() == (MODEL / "model.bin").read_bytes()
    assert not (folder / "README.md").exists()
    total = sum((MODEL / file).stat().st_size for file in FILES[:-1])
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert speech_model.is_present("our/model", models_folder=tmp_path)
    asked = len(Hub.asked)
    assert speech_model.ensure_model("our/model", models_folder=tmp_path, endpoint=hub) == folder
    assert len(Hub.asked) == asked


class Stopped(Exception):
    pass


def test_a_download_that_is_stopped_leaves_no_model_and_can_go_on(hub: str, tmp_path: Path) -> None:
    def stop(done: int, total: int | None) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        speech_model.ensure_model(
            "our/model", models_folder=tmp_path, on_download=stop, endpoint=hub
        )
    assert not speech_model.is_present("our/model", models_folder=tmp_path)
    speech_model.ensure_model("our/model", models_folder=tmp_path, endpoint=hub)
    assert speech_model.is_present("our/model", models_folder=tmp_path)


def test_without_a_network_the_model_is_missing(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable) as missing:
        speech_model.ensure_model("small", models_folder=tmp_path, endpoint="http://127.0.0.1:9")
    assert missing.value.code == "speech_model_missing"
    assert not speech_model.is_present("small", models_folder=tmp_path)


def test_a_folder_is_used_as_it_is(tmp_path: Path) -> None:
    assert speech_model.ensure_model(str(MODEL), models_folder=tmp_path) == MODEL
    assert speech_model.is_present(str(MODEL), models_folder=tmp_path)


def test_a_folder_that_lacks_files_is_broken(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "config.json").write_text("{}")
    assert not speech_model.is_present("small", models_folder=tmp_path)
    with pytest.raises(EngineUnavailable) as wrong:
        speech_model.ensure_model("small", models_folder=tmp_path)
    assert wrong.value.code == "speech_model_broken"


def test_a_name_that_nobody_knows_is_missing(tmp_path: Path) -> None:
    for name in ("no-such-model", str(tmp_path / "no" / "folder")):
        with pytest.raises(EngineUnavailable) as missing:
            speech_model.ensure_model(name, models_folder=tmp_path)
        assert missing.value.code == "speech_model_missing"


def test_the_machine_chooses_a_model_that_can_be_fetched() -> None:
    assert speech_model.choose_model() in speech_model.REPOSITORIES
