"""In which of their styles minutes were written: said to whose they are, and to nobody else."""

from __future__ import annotations

from core.app import App
from core.messages import say
from core.store.account_rows import Share
from core.store.tables import Meeting, MinutesRow
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, words
from tests.services.minutes_by_hand import SAID, kept

OLD = ("내 작성 스타일 버전 2로 썼습니다.", "Written in your style, version 2.")


def in_style(app: App, meeting: Meeting, *, engine: str = "ollama:gemma3:4b") -> None:
    """Minutes of the owner's second style; its text is the second of all."""
    app.styles.make(meeting.user_id, name="mine", text="short")
    named = app.styles.make(meeting.user_id, name="*Board*", text="long")
    made = kept(app, meeting, engine=engine)
    with app.database.writing() as session:
        row = session.get_one(MinutesRow, made.minutes_id)
        row.style_version = named.version
        row.markdown = row.markdown.rstrip("\n") + "".join(f"  \n{line}" for line in OLD) + "\n"


def test_the_foot_names_ones_own_style(seeds: Seeds) -> None:
    meeting = seeds.heard(seeds.meeting(SAID, title="Launch"))
    in_style(seeds.app, meeting)
    named = say("minutes.style_version", "en", name=r"\*Board\*", version=2)
    assert named in words(opened("meeting", meeting=meeting.id))
    style = next(one for one in seeds.app.styles.all(meeting.user_id) if one.name == "*Board*")
    seeds.app.styles.remove(meeting.user_id, style.style_id)  # it was written in it all the same
    assert named in words(opened("meeting", meeting=meeting.id))


def test_what_was_only_quoted_was_written_in_no_style(seeds: Seeds) -> None:
    meeting = seeds.heard(seeds.meeting(SAID, title="Launch"))
    in_style(seeds.app, meeting, engine="extractive")
    assert "Board" not in words(opened("meeting", meeting=meeting.id))


def test_nobody_else_reads_anything_of_the_style(seeds: Seeds) -> None:
    app = seeds.app
    theirs = seeds.heard(seeds.meeting(SAID, title="Launch", owner="ana"))
    in_style(app, theirs)
    with app.database.writing() as session:
        session.add(Share(meeting_id=theirs.id, user_id=seeds.user_id))
    for name in ("mine", "my own"):  # a style of one's own of that number is not named either
        app.styles.make(seeds.user_id, name=name, text=name)
    shown = words(opened("meeting", meeting=theirs.id))
    assert "출시를 미룹니다" in shown
    assert "Board" not in shown
    assert "my own" not in shown
    seen = app.minutes.newest(seeds.user_id, theirs.id)
    own = app.minutes.newest(theirs.user_id, theirs.id)
    assert seen is not None
    assert own is not None
    assert not any(line in seen.markdown for line in OLD)
    assert all(line in own.markdown for line in OLD)
    assert seen.markdown == own.markdown.replace("".join(f"  \n{line}" for line in OLD), "")


def test_a_document_that_is_passed_on_says_nothing_of_the_style(seeds: Seeds) -> None:
    meeting = seeds.heard(seeds.meeting(SAID, title="Launch"))
    in_style(seeds.app, meeting)
    changed = seeds.app.editing.edit_summary(meeting.user_id, meeting.id, version=1, text="new")
    assert "style" not in changed.markdown
    assert "스타일" not in changed.markdown
