"""`--help` is in the reader's language, down to the words that argparse brings along."""

from __future__ import annotations

import re

import pytest

from core import cli

_COMMANDS = [
    [],
    ["minutes"],
    ["import"],
    ["transcript"],
    ["ask"],
    ["doctor"],
    ["backup"],
    ["restore"],
    ["people"],
    ["people", "add"],
    ["people", "list"],
]


@pytest.mark.parametrize("command", _COMMANDS)
def test_help_is_korean_but_for_what_is_typed(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINUTES_LANGUAGE", "ko")
    with pytest.raises(SystemExit) as ended:
        cli.main([*command, "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith("사용법: python -m core")
    assert "\n옵션:\n" in told
    assert "이 도움말을 보여 주고 끝냅니다" in told
    # Headings, and words in a row, none of them a name, an option or a placeholder.
    assert not re.search(r"^[a-z ]+:$", told, re.MULTILINE)
    assert not re.search(r"(?<![-\w])[a-z]{3,} [a-z]{3,} [a-z]{3,}", told.partition("\n\n")[2])


def test_help_is_english_otherwise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINUTES_LANGUAGE", "en")
    with pytest.raises(SystemExit):
        cli.main(["backup", "--help"])
    told = capsys.readouterr().out
    assert told.startswith("usage: python -m core backup")
    assert "\noptions:\n" in told
    assert "\narguments:\n" in told
