"""The product's own summary of a meeting by an engine: taken in, planned, read and composed as a
job does it, on a data folder that is thrown away."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from core.app import App, build_app
from core.domain import citations
from core.engines.factory import EXTRACTIVE
from core.services.recordings import About
from core.settings import Settings
from core.store.tables import Meeting as Row
from evaluation.qmsum import Meeting

_QUOTATION = re.compile(r"^- (?:[^“]*: )?“(.*)” \[\d+\]$", re.MULTILINE)


@dataclass(frozen=True)
class Product:
    """An app, and the engine that its minutes are to be written by."""

    app: App
    engine: str

    def summary(self, meeting: Meeting) -> str:
        """The summary's words alone: no citations, no quotation marks around what was quoted, no
        names before it. Raises what the job would fail with."""
        row = self._taken_in(meeting)
        wanted = self.app.intake.wanted(row.user_id, llm=self.engine)
        plan = self.app.minutes.plan(row, wanted=wanted, check=_nothing)
        readings = self.app.minutes.read_all(row, plan, check=_nothing, tell=_untold)
        composed = self.app.minutes.compose(row, plan, readings, wanted=wanted, check=_nothing)
        return plain_words(composed.draft.summary)

    def _taken_in(self, meeting: Meeting) -> Row:
        user_id = self.app.people.local_person().id
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / f"{meeting.title}.txt"
            lines = (f"{one.speaker}: {one.text}" for one in meeting.utterances)
            source.write_text("\n".join(lines), encoding="utf-8")
            about = About(title=meeting.title)
            row, _ = self.app.recordings.keep(user_id, source=source, name=source.name, about=about)
        # The utterances are QMSum's own: what our reader of transcripts makes of them is not asked.
        read = {
            "language": meeting.language,
            "utterances": [asdict(utterance) for utterance in meeting.utterances],
        }
        with self.app.database.writing() as session:
            self.app.transcription.keep(session, row, read, job_id="evaluation")
        return self.app.meetings.get(user_id, row.id)


@contextmanager
def product(engine: str = EXTRACTIVE) -> Iterator[Product]:
    """The product with an engine's name as settings know it ("extractive", "ollama:gemma3:4b").
    Everything else is set as for the app: MINUTES_OLLAMA_URL, MINUTES_NUM_CTX …"""
    with tempfile.TemporaryDirectory(prefix="minutes-evaluation-") as folder:
        app = build_app(Settings(data=Path(folder), database_url=None))
        try:
            app.engines.writer(engine)
            yield Product(app, engine)
        finally:
            app.close()


def plain_words(summary: str) -> str:
    """A summary's Markdown as the words that are scored."""
    quoted = _QUOTATION.sub(r"\1", summary)
    return citations.replaced(quoted, lambda _: "").strip()


def _untold(_standing: object) -> None:
    return


def _nothing() -> None:
    return
