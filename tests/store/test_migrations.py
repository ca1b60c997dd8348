"""From the oldest tables with rows in them to today's: nothing is lost, new columns are filled."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from core.domain.templates import GENERAL
from core.store import heard_windows, meetings, minutes, styles
from core.store.account_rows import User
from core.store.database import MIGRATIONS, connect, open_database, upgrade
from core.store.job_records import job

_THEN = datetime(2026, 11, 22, 5, tzinfo=UTC).isoformat(sep=" ")
_OLD_ROWS = f"""
insert into user values ('u', 'local', '{_THEN}');
insert into style values ('s1', 'u', 1, '길게', '{_THEN}');
insert into style values ('s2', 'u', 2, '짧게 써 주세요.', '{_THEN}');
insert into recording values ('r', 'u', 'hash', 'm.txt', 'transcript', 9, null, '{_THEN}');
insert into meeting (id, user_id, recording_id, title, held_at, held_at_guessed, time_zone,
  language, transcript_job, cut_at, sample, deleted_at, created_at)
  values ('m', 'u', 'r', '주간 회의', '{_THEN}', 1, 'UTC', 'ko', 't', null, 0, null, '{_THEN}');
insert into utterance (meeting_id, number, start, "end", speaker, text)
  values ('m', 1, null, null, null, '가격은 만 원입니다.');
insert into minutes (id, meeting_id, version, engine, language, style_version, summary, markdown,
  system, notices, coverage, transcript_job, job_id, created_at)
  values ('n', 'm', 1, 'extractive', 'ko', null, '- 요약', '# 주간 회의', null, '[]',
  '{{"utterances_read": 1, "utterances_total": 1, "missing": [], "missing_utterances": [],
  "parts": 1}}', 't', 'j', '{_THEN}');
insert into item (minutes_id, position, kind, text, owner, due, due_text, utterances, quote, start,
  verified, replaces)
  values ('n', 0, 'fact', '만 원', null, null, null, '[1]', '만 원', null, 1, null);
insert into job (id, user_id, meeting_id, stage, options, state, progress, step, step_facts, error,
  created_at, updated_at)
  values ('j', 'u', 'm', 'minutes', '{{}}', 'finished', 1.0, 'finished', '{{}}', null,
  '{_THEN}', '{_THEN}');
"""


def _fill(engine: Engine) -> None:
    with engine.begin() as connection:
        for statement in _OLD_ROWS.split(";\n"):
            if statement.strip():
                connection.execute(text(statement.replace(":", "\\:")))


def _downgrade(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()


def test_rows_of_the_first_tables_live_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/minutes.sqlite"
    old = connect(url)
    upgrade(old, "0001")
    _fill(old)
    old.dispose()

    database = open_database(url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, SQLModel.metadata) == []
    with database.reading() as session:
        meeting = meetings.meeting(session, user_id="u", meeting_id="m")
        assert meeting is not None
        assert meeting.title == "주간 회의"
        assert meeting.notices == []
        assert meeting.edited_at is None
        kept = minutes.newest(session, meeting=meeting, user_id="u")
        assert kept is not None
        assert (kept.origin, kept.based_on, kept.template) == ("written", None, GENERAL)
        assert (kept.user_id, kept.draft.memory) == ("u", {})
        person = session.get(User, "u")
        assert person is not None
        assert (person.folded, person.admin, person.password) == ("local", False, None)
        style = styles.newest_style(session, user_id="u")
        assert style is not None
        assert (style.version, style.text) == (2, "짧게 써 주세요.")
        assert kept.draft.items[0].text == "만 원"
        assert not kept.draft.items[0].edited
        assert kept.draft.items[0].replaces_at == ()
        assert not kept.stale
        assert not kept.transcript_edited
        assert meetings.utterances(session, meeting_id="m")[0].text == "가격은 만 원입니다."
        found = job(session, job_id="j")
        assert found is not None
        assert found.found == []


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_windows_can_be_heard_for_a_meeting_of_older_tables(tmp_path: Path, revision: str) -> None:
    """A transcription was half done when the release changed."""
    url = f"sqlite:///{tmp_path}/minutes.sqlite"
    old = connect(url)
    upgrade(old, "0001")
    _fill(old)
    upgrade(old, revision)
    old.dispose()

    database = open_database(url)
    segment = {"start": 3.0, "end": 4.5, "text": "시작하겠습니다."}
    with database.writing() as session:
        heard_windows.ensure_window(
            session, meeting_id="m", job_id="t", ordinal=0, span=(0.0, 170.25), segments=[segment]
        )
    with database.reading() as session:
        assert heard_windows.heard_until(session, user_id="u", job_id="t") == 170.25
        assert heard_windows.last_segments(session, user_id="u", job_id="t", count=5) == [segment]
        assert meetings.utterances(session, meeting_id="m")[0].text == "가격은 만 원입니다."
    database.dispose()
    back = connect(url)
    _downgrade(back, "0002")
    with back.connect() as connection:
        assert not inspect(connection).has_table("heard_window")
        assert connection.execute(text("select count(*) from utterance")).scalar() == 1
