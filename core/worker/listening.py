"""The part of the workflow "transcribe" that hears a recording: open it, hear window after window,
look at its end, keep. A window's rows commit with their checkpoint (see workflows).

The windows' texts are in the checkpoints as well, and the transcript is made from these: rows that
are shown while the job runs may be gone when it goes on after another job has ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from dbos import DBOS, SQLAlchemyDatasource
from sqlmodel import Session

from core.app import App
from core.services.hearing import Watching
from core.services.jobs import meeting_for
from core.store.failures import as_raised
from core.worker.standing import JobsAtWork, Watched


@dataclass(frozen=True)
class ListeningSteps:
    """What the workflow does, without DBOS: each method is one step."""

    app: App
    watched: Watched

    def open(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Language and length of the recording; the utterances where it is a transcript."""
        with self.watched(job) as watch:
            return self.app.hearing.open(
                job["job_id"],
                meeting_for(self.app.database, job),
                language=job["options"]["language"],
                whisper_model=job["options"]["whisper_model"],
                hotwords=job["options"].get("hotwords"),
                watching=Watching(watch.check, watch.tell),
            )

    def window(
        self, job: Mapping[str, Any], opened: dict[str, Any], ordinal: int, start: float
    ) -> dict[str, Any] | None:
        """What is said in a window; None after the last."""
        with self.watched(job) as watch:
            return self.app.hearing.window(
                job["job_id"],
                meeting_for(self.app.database, job),
                opened,
                ordinal=ordinal,
                start=start,
                watching=Watching(watch.check, watch.tell),
            )

    def ending(self, job: Mapping[str, Any], opened: dict[str, Any]) -> dict[str, Any]:
        """What the file's end tells."""
        with self.watched(job) as watch:
            meeting = meeting_for(self.app.database, job)
            return self.app.hearing.ending(meeting, opened, check=watch.check)


def register(
    app: App,
    *,
    rows: SQLAlchemyDatasource,
    standing: JobsAtWork,
    keep_utterances: Callable[[dict[str, Any], dict[str, Any]], int],
) -> Callable[[dict[str, Any]], None]:
    """Make the steps known to DBOS, and answer what runs them within a workflow. Call once, before
    launch."""
    steps = ListeningSteps(app, standing.watched)
    open_recording = DBOS.step(name="open_recording")(standing.patiently(steps.open))
    hear_window = DBOS.step(name="hear_window")(standing.patiently(steps.window))
    look_at_end = DBOS.step(name="look_at_end")(standing.patiently(steps.ending))

    def session() -> Session:
        return cast(Session, rows.sql_session())

    @rows.transaction(name="keep_window")
    @as_raised()
    def keep_window(job: dict[str, Any], window: dict[str, Any], ordinal: int) -> int:
        return app.hearing.keep_window(session(), job, window, ordinal=ordinal)

    @rows.transaction(name="keep_transcript")
    @as_raised()
    def keep_transcript(
        job: dict[str, Any],
        opened: dict[str, Any],
        windows: list[dict[str, Any]],
        ending: dict[str, Any],
    ) -> int:
        meeting = meeting_for(app.database, job)
        return app.hearing.keep_transcript(
            session(), meeting, opened, windows, ending=ending, job_id=job["job_id"]
        )

    def hear_by_windows(job: dict[str, Any]) -> None:
        try:
            opened = open_recording(job)
            if "utterances" in opened:
                keep_utterances(job, opened)
                return
            windows: list[dict[str, Any]] = []
            start = 0.0
            while window := hear_window(job, opened, len(windows), start):
                keep_window(job, window, len(windows))
                windows.append(window)
                start = window["end"]
            keep_transcript(job, opened, windows, look_at_end(job, opened))
        finally:
            app.hearing.close(job["job_id"])

    return hear_by_windows
