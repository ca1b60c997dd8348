"""Transcripts and conversations as plain text, for people who take their data along."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.transcript import clock
from core.store.tables import Turn, UtteranceRow


def exported_line(row: UtteranceRow) -> str:
    """An utterance on a line: number, time, speaker, text; what was heard, where that is another;
    why nobody is believed to have said it."""
    time = f" {clock(row.start)}" if row.start is not None else ""
    speaker = f" {row.speaker}:" if row.speaker else ""
    line = f"[{row.number}]{time}{speaker} {row.text}"
    if row.heard_text is not None:
        line += f" {{heard: {row.heard_text}}}"
    if row.hidden_reason is not None and row.brought_back_at is None:
        line += f" {{hidden: {row.hidden_reason}}}"
    return line


def chat_markdown(turns: Sequence[Turn]) -> str:
    """A conversation, question by question."""
    blocks = []
    for turn in turns:
        blocks += [f"## {turn.number}. {' '.join(turn.question.split())}", turn.answer]
    return "\n\n".join(blocks) + "\n"
