"""What `python -m core restore` says first, where several things stand in its way."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import cli
from core.messages import say
from core.settings import read_settings
from core.worker.lock import worker_lock


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_file_that_cannot_be_restored_is_told_before_who_must_be_stopped(
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MINUTES_LANGUAGE", language)
    nowhere, foreign = tmp_path / "nowhere.zip", tmp_path / "foreign.zip"
    foreign.write_bytes(b"no backup")
    settings = read_settings()
    with worker_lock(settings.folder):  # a worker runs
        for file, code in ((nowhere, "file_missing"), (foreign, "backup_foreign")):
            assert cli.main(["restore", str(file)]) == 1
            facts = {"name": str(file), "file": str(file)}
            said = say(f"errors.{code}", language, **facts)
            assert capsys.readouterr().err.strip() == said
