"""Long work as a person sees it: ask for it, watch it, cancel it, have it done again.

The work itself is a durable workflow; the row here is its face. A job's id is a hash of the
recording's row (which is one person's), the stage and every option that changes the result: asking
twice for the same thing is one job.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import MinutesError, NotFound, error_from
from core.services.job_runs import JobRuns
from core.services.memory import Memory
from core.services.permission import permitted
from core.services.wanted import WritingWanted
from core.services.workflows import Workflows
from core.store import job_records, meetings, minutes
from core.store.database import Database
from core.store.job_records import LIVE
from core.store.shares import May
from core.store.tables import Job, Meeting

TRANSCRIBE = "transcribe"
MINUTES = "minutes"
CORRECT = "correct"
_NO_BASE = ("nothing_read", "transcript_changed")
"""Failures after which what the steps kept is no base to go on from."""
ENDED = job_records.ENDED


@dataclass(frozen=True)
class Jobs:
    """A person's jobs."""

    database: Database
    workflows: Workflows
    memory: Memory
    """Names what is to be listened for."""

    def transcribe(
        self,
        meeting: Meeting,
        *,
        language: str | None,
        whisper_model: str | None,
        then: WritingWanted | None = None,
        user_id: str | None = None,
    ) -> Job:
        """Have a meeting's recording made into utterances, and minutes written when `then`. Only
        the owner may: NotFound or InvalidInput("meeting_of_another") where `user_id` is another."""
        whose = self._permit(user_id, meeting, "own")
        with self.database.reading() as session:
            recording = meetings.recording_of(session, meeting=meeting)
        if recording.kind == "transcript":
            whisper_model = None  # nobody listens to it
        options = {"language": language, "whisper_model": whisper_model}
        # Fixed now, so that who hears it again after a crash hears the same.
        hotwords = self.memory.hotwords(meeting.user_id, about=meeting.title)
        if hotwords and recording.kind != "transcript":
            options["hotwords"] = hotwords
        job_id = _job_id(meeting.recording_id, TRANSCRIBE, options)
        following = then.as_json() if then else None
        wanted = Job(
            id=job_id,
            user_id=whose,
            meeting_id=meeting.id,
            stage=TRANSCRIBE,
            options={**options, "then": following},
        )
        again = meeting.transcript_job != job_id
        return self._runs.ask_for(wanted, again=again, follows=False)

    def transcription_options(self, meeting: Meeting) -> dict[str, Any]:
        """The options of the transcription whose utterances are there; empty before one."""
        with self.database.reading() as session:
            job = job_records.job(session, job_id=meeting.transcript_job or "")
        return dict(job.options) if job else {}

    def write(
        self,
        meeting: Meeting,
        *,
        wanted: WritingWanted,
        user_id: str | None = None,
        part_of: str | None = None,
        follows: bool = False,
    ) -> Job:
        """Have the next version of a person's minutes of a meeting written: its owner's, or those
        of `user_id`, with whom it is shared.

        `part_of` names what asks for them (the transcription that leads to them, a command), so
        that a step that is run again after a crash does not ask for two versions, and two
        commands do not get one. With `follows` another job asks for them: what a person asks for
        by hand goes first.
        """
        whose = self._permit(user_id, meeting, "read")
        if part_of is None:
            with self.database.reading() as session:
                count = len(minutes.versions(session, meeting=meeting, user_id=whose))
            distinction = f"version {count + 1}"
        else:
            distinction = part_of
        options = {
            **wanted.in_language_of(meeting.language).as_json(),
            "transcript": meeting.transcript_job,
            "for": distinction,
        }
        if whose != meeting.user_id:
            options["whose"] = whose
        job = Job(
            id=_job_id(meeting.recording_id, MINUTES, options),
            user_id=whose,
            meeting_id=meeting.id,
            stage=MINUTES,
            options=options,
        )
        return self._runs.ask_for(job, again=False, follows=follows)

    def correct(
        self,
        meeting: Meeting,
        *,
        llm: str,
        then: WritingWanted | None = None,
        user_id: str | None = None,
        part_of: str | None = None,
        follows: bool = False,
    ) -> Job:
        """Have a model correct the transcript, and minutes written after it when `then`. Only the
        owner may, as with `transcribe`.

        `part_of` and `follows` as in `write`; without `part_of`, what waits or runs is not asked
        for twice, and what failed or was cancelled goes on.
        """
        whose = self._permit(user_id, meeting, "own")
        before = self._corrections(meeting)
        live = [job for job in before if job.state not in ENDED]
        if live and part_of is None:
            return live[0]
        ended = sum(job.state == "finished" for job in before)
        options = {
            "llm": llm,
            "transcript": meeting.transcript_job,
            "for": part_of or f"correction {ended + 1}",
        }
        following = replace(then, correct=False).as_json() if then else None
        job = Job(
            id=_job_id(meeting.recording_id, CORRECT, options),
            user_id=whose,
            meeting_id=meeting.id,
            stage=CORRECT,
            options={**options, "then": following},
        )
        return self._runs.ask_for(job, again=False, follows=follows)

    def _corrections(self, meeting: Meeting) -> list[Job]:
        """The corrections of the transcript that is there, newest first."""
        return [
            job
            for job in self.of_meeting(meeting.user_id, meeting.id)
            if job.stage == CORRECT and job.options.get("transcript") == meeting.transcript_job
        ]

    def get(self, user_id: str, job_id: str) -> Job:
        """One job of this person; NotFound otherwise, and once its meeting is not shared with them
        any more."""
        with self.database.reading() as session:
            job = job_records.job_of(session, user_id=user_id, job_id=job_id)
        if job is None:
            raise NotFound("job_missing", job=job_id[:40])
        return job

    def of_meeting(self, user_id: str, meeting_id: str) -> list[Job]:
        """The jobs of a meeting, newest first."""
        with self.database.reading() as session:
            return job_records.jobs_of(session, user_id=user_id, meeting_id=meeting_id)

    def all(self, user_id: str) -> list[Job]:
        """A person's jobs, newest first."""
        with self.database.reading() as session:
            return job_records.jobs_of(session, user_id=user_id)

    def live(self, user_id: str) -> list[Job]:
        """A person's jobs that wait or run."""
        with self.database.reading() as session:
            return job_records.live_jobs(session, user_id=user_id)

    def cancel(self, user_id: str, job_id: str) -> None:
        """Stop a job; what it finished stays for `retry`."""
        self._runs.cancel(self.get(user_id, job_id))

    def cancel_all(self, user_id: str, meeting_id: str) -> None:
        """Stop every job of a meeting."""
        for job in self.of_meeting(user_id, meeting_id):
            if job.state not in ENDED:
                self.cancel(user_id, job.id)

    def stop_over(self, user_id: str, *, meeting_id: str | None = None) -> None:
        """Stop all jobs of a person, or those over one meeting, also where they may not read it any
        more."""
        with self.database.reading() as session:
            jobs = job_records.jobs_by(session, user_id=user_id)
        for job in jobs:
            if job.state not in ENDED and meeting_id in (None, job.meeting_id):
                self._runs.cancel(job)

    def retry(self, user_id: str, job_id: str) -> Job:
        """Run a failed or cancelled job again, from the step that did not end well. One that runs,
        or ended well meanwhile, is answered as it is: another tab was faster."""
        job = self.get(user_id, job_id)
        if job.state in ("failed", "cancelled"):
            whole = (job.error or {}).get("code") in _NO_BASE
            self._runs.again(job, whole=whole, unless=(*LIVE, "finished"))
        return self.get(user_id, job_id)

    @property
    def _runs(self) -> JobRuns:
        return JobRuns(self.database, self.workflows)

    def _permit(self, user_id: str | None, meeting: Meeting, may: May) -> str:
        """Whose job it will be: the owner's, or that of `user_id`, if they may do so much."""
        whose = user_id or meeting.user_id
        with self.database.reading() as session:
            permitted(session, user_id=whose, meeting_id=meeting.id, may=may)
        return whose


def stored_error(error: MinutesError) -> dict[str, Any]:
    """An error as jobs and turns keep it."""
    return {"kind": type(error).__name__, "code": error.code, "facts": dict(error.facts)}


def error_of(stored: Mapping[str, Any] | None) -> MinutesError | None:
    """The error that was kept."""
    if not stored:
        return None
    return error_from(stored["kind"], stored["code"], dict(stored["facts"]))


def meeting_for(database: Database, arguments: Mapping[str, Any]) -> Meeting:
    """The meeting a workflow works on; NotFound where it was deleted meanwhile."""
    with database.reading() as session:
        found = meetings.meeting(
            session, user_id=arguments["user_id"], meeting_id=arguments["meeting_id"]
        )
    if found is None:
        raise NotFound("meeting_missing", meeting=arguments["meeting_id"])
    return found


def _job_id(recording_id: str, stage: str, options: Mapping[str, Any]) -> str:
    text = json.dumps([recording_id, stage, options], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
