"""Minutes in a named style, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from core.app import build_app
from core.settings import Settings
from tests.doubles.ollama import OllamaDouble
from tests.test_cli import Run, meeting_file, run

__all__ = ["meeting_file", "run"]


def test_minutes_are_written_in_the_named_style(
    run: Run, meeting_file: Path, tmp_path: Path, double: OllamaDouble
) -> None:
    app = build_app(Settings(data=tmp_path / "data"))
    me = app.people.local_person().id
    app.styles.make(me, name="Usual", text="STYLE-MARK:USUAL")
    board = app.styles.make(me, name="이사회 보고", text="STYLE-MARK:BOARD")
    there = {"MINUTES_LLM": "ollama:gemma3:4b", "MINUTES_OLLAMA_URL": double.url}
    unknown = run("minutes", str(meeting_file), "--style", "nothing", **there)
    assert unknown.returncode == 1
    assert "이사회 보고" in unknown.stderr
    assert double.chats == []  # before any work
    made = run("minutes", str(meeting_file), "--json", "--style", "이사회 보고", **there)
    assert json.loads(made.stdout)["style_version"] == board.version
    assert "STYLE-MARK:BOARD" in double.chats[-1].body["messages"][0]["content"]
    text = tmp_path / "style.txt"
    text.write_text("STYLE-MARK:NEWER", encoding="utf-8")
    both = ("--style", "이사회 보고", "--style-file", str(text))
    again = run("minutes", str(meeting_file), "--json", *both, **there)
    assert json.loads(again.stdout)["style_version"] == 3
    assert app.styles.get(me, board.style_id).text == "STYLE-MARK:NEWER"
    assert app.styles.called(me, "usual").text == "STYLE-MARK:USUAL"
    app.close()
