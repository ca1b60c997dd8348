"""What one person has, by what it is called in parameters of services, routes and pages; and how to
see whether anything of it was told or changed."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, select

from core.app import App, build_app
from core.domain.memory import Kind
from core.services.recordings import About
from core.settings import Settings
from core.store.account_rows import ApiToken, Invitation, SignIn
from core.store.memory_rows import Lesson
from core.store.tables import Job, Meeting, MinutesRow, TextChange, Turn
from tests.services.backups import all_rows
from tests.services.test_leaving import everything
from tests.services.two_people import Two, heard, person

WORD = "아나만아는"
"""Stands in everything that Ana has, and nowhere else."""
SPEECH = Path("tests/data/speech")


@dataclass(frozen=True)
class Has:
    """Ana's things. `ids` by the name of a parameter; `rows` as they are when nobody has touched
    them."""

    folder: Path
    owner: str
    other: str
    ids: Mapping[str, Any]
    rows: dict[str, list[dict[str, Any]]]


def opened_on(folder: Path, **more: Any) -> App:
    """An App with accounts on, on what is in this folder."""
    return build_app(
        Settings(
            data=folder, ollama_url="http://127.0.0.1:9", llm="extractive", accounts=True, **more
        )
    )


def seeded(folder: Path) -> Has:
    """Ana with everything, Bo with nothing that is not his own."""
    app = opened_on(folder / "data")
    two = Two(app, folder, person(app, "Ana", admin=True), person(app, "Bo"))
    cy = person(app, "Cy")
    mine = everything(two, two.owner, cy, WORD)
    ids = {**_more(two, mine), "other_id": cy}
    rows = all_rows(app)
    app.close()
    return Has(folder / "data", two.owner, two.other, ids, rows)


def _more(two: Two, mine: Meeting) -> dict[str, Any]:
    app, ana = two.app, two.owner
    said = app.meetings.transcript(ana, mine.id).utterances
    app.text_changes.edit_text(ana, mine.id, 1, f"{WORD} 고친 말", expected=said[0].text)
    app.hidden_lines.hide(ana, mine.id, [2])
    sound, _ = app.recordings.keep(
        ana, source=SPEECH / "ko-15s.opus", name=f"{WORD}.opus", about=About(title=WORD)
    )
    second = heard(app, two.folder, ana, f"김지훈: {WORD} 둘째", name=f"{WORD} 2.txt")
    proposed = app.memory.propose(
        ana, kind=Kind.PREFERENCE, text=f"{WORD} 날짜는 숫자로", source={"way": "hand"}
    )
    assert proposed is not None
    removed = app.styles.make(ana, name=f"{WORD} 지운", text=WORD)
    app.styles.remove(ana, removed.style_id)
    style = app.styles.make(ana, name=f"{WORD} 문체", text=WORD)
    kept_template, gone = (
        app.templates.own(ana)[0],
        app.templates.copy(ana, "general", language="ko", name=f"{WORD} 둘째"),
    )
    app.templates.delete(ana, gone.key)
    with app.database.writing() as session:
        session.add_all(
            [
                Job(id="running", user_id=ana, meeting_id=sound.id, stage="transcribe"),
                Job(
                    id="failed",
                    user_id=ana,
                    meeting_id=mine.id,
                    stage="minutes",
                    state="failed",
                    options={"llm": "extractive", "style_version": None},
                ),
                TextChange(
                    meeting_id=mine.id,
                    transcript_job=mine.transcript_job,
                    number=3,
                    kind="replacement",
                    before="x",
                    after="y",
                    job_id="corrected",
                ),
            ]
        )
        turn = session.exec(select(Turn)).first()
        assert turn is not None
        session.add(
            Turn(thread_id=turn.thread_id, number=2, question=WORD, state="failed", answer=WORD)
        )
        for row in session.exec(select(MinutesRow)):
            row.system, row.memory = WORD, {"used": [WORD]}
            row.coverage = row.coverage | {"missing_utterances": [[1, 2]]}
    with app.database.reading() as session:
        lesson = session.exec(select(Lesson)).first()
        change = session.exec(select(TextChange)).first()
        upload = app.uploads.unfinished(ana)[0]
        binned = app.meetings.deleted(ana)[0]
        failed = session.exec(select(Turn).where(Turn.state == "failed")).first()
        sign_in = session.exec(select(SignIn)).first()
        invitation = session.exec(select(Invitation)).first()
        token = session.exec(select(ApiToken)).first()
    assert all((lesson, change, failed, sign_in, invitation, token))
    assert lesson and change and failed  # noqa: PT018 (for mypy)
    assert sign_in and invitation and token  # noqa: PT018
    return {
        "meeting_id": mine.id,
        "meeting": app.meetings.get(ana, mine.id),
        "binned_id": binned.id,
        "second_id": second.id,
        "sound_id": sound.id,
        "job_id": f"j{ana}",
        "failed_job_id": "failed",
        "running_job_id": "running",
        "wrote_job_id": f"job-{ana}-{mine.id}",
        "corrected_job_id": "corrected",
        "thread_id": turn.thread_id,
        "turn_id": turn.id,
        "turn": turn,
        "failed_turn_id": failed.id,
        "upload_id": upload.upload_id,
        "change_id": change.id,
        "entry_id": app.memory.entries(ana)[0].entry_id,
        "entry": replace(app.memory.entries(ana)[0], text="her entry, other words"),
        "proposed_id": proposed.entry_id,
        "lesson_id": lesson.id,
        "sign_in_id": sign_in.id,
        "invitation_id": invitation.id,
        "token_id": token.id,
        "style_id": style.style_id,
        "style_name": style.name,
        "style_version": style.version,
        "removed_style_id": removed.style_id,
        "template_key": kept_template.key,
        "template": kept_template,
        "gone_template_key": gone.key,
        "sha256": app.meetings.recording(ana, mine.id).sha256,
        "size": app.meetings.recording(ana, mine.id).size,
        "expected": app.meetings.transcript(ana, mine.id).utterances[1].text,
    }


def copied(has: Has, to: Path) -> App:
    """An App on a copy of all of it."""
    shutil.copytree(has.folder, to)
    return opened_on(to)


def told(value: Any) -> str:
    """All that an answer of a service holds."""
    if isinstance(value, Iterator):
        parts = list(value)
        whole = b"".join(parts) if parts and isinstance(parts[0], bytes) else None
        return _unpacked(whole) if whole else str([told(one) for one in parts])
    if isinstance(value, SQLModel):
        return str(value.model_dump())
    if isinstance(value, Path):
        return f"{value} {value.read_bytes().decode('utf-8', 'replace')}"
    if isinstance(value, (list, tuple, set)):
        return str([told(one) for one in value])
    if isinstance(value, dict):
        return str({str(name): told(one) for name, one in value.items()})
    return repr(value)


def _unpacked(whole: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return str(
            [(name, archive.read(name).decode("utf-8", "replace")) for name in archive.namelist()]
        )


def secrets_of(has: Has) -> list[str]:
    """What must not be told: the word, and every id."""
    ids = [value for name, value in has.ids.items() if name.endswith("_id")]
    long = [str(one) for one in ids if len(str(one)) > 8]
    return [WORD, json.dumps(WORD)[1:-1], has.owner, *long]


def changed(has: Has, app: App) -> dict[str, list[Any]]:
    """What of what was there is another now or gone, and what is new and has to do with Ana."""
    after = all_rows(app)
    secrets = secrets_of(has)
    found = {}
    for table, before in has.rows.items():
        lost = [row for row in before if row not in after[table] and row.get("id") != has.other]
        new = [
            row
            for row in after[table]
            if row not in before and any(secret in str(row) for secret in secrets)
        ]
        if lost or new:
            found[table] = [*lost, *new]
    return found
