"""A person's whole data as a download."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from starlette.testclient import TestClient

from core.app import App
from core.store.tables import Meeting

Kept = Callable[..., Meeting]


def test_it_is_a_zip_file_to_be_saved_and_kept_by_nobody(
    client: TestClient, app: App, kept: Kept
) -> None:
    kept(title="주간 회의")
    kept(b"Lee: This is somebody else's.\n", owner="somebody else", title="theirs")
    answer = client.get("/api/me/export.zip", headers={"Accept-Language": "ko"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert 'filename="MinutesAI local.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert "데이터 전체" in archive.read("README.txt").decode()
    assert any("주간 회의/recording/a.txt" in one for one in names)
    assert not any("theirs" in one for one in names)


def test_only_reading_is_answered(client: TestClient) -> None:
    asked = {"X-Requested-With": "minutes"}
    assert client.post("/api/me/export.zip", headers=asked).status_code == 405
    assert client.head("/api/me/export.zip").status_code == 200
