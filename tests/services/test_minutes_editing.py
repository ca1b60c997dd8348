"""Changing minutes by hand: each change a version, nothing lost, nothing overwritten unseen."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from core.app import App
from core.domain.kinds import ItemKind
from core.domain.minutes import Minutes
from core.errors import InvalidInput, MinutesError, NotFound
from core.services.built_ins import built_in
from core.services.minutes_lineage import edits_left_behind
from core.services.minutes_wording import Wording
from core.store import people
from core.store.tables import Meeting
from tests.services.minutes_by_hand import ITEMS, SAID, kept

Make = Callable[..., Meeting]


@pytest.fixture
def meeting(app: App, make_meeting: Make) -> Meeting:
    made = make_meeting(app, SAID)
    kept(app, made, template=built_in("standup", "ko"))
    return made


def edit(app: App, meeting: Meeting, text: str, *, version: int = 1, position: int = 0) -> Minutes:
    return app.editing.edit_item(
        meeting.user_id,
        meeting.id,
        version=version,
        position=position,
        wording=Wording(text=text),
    )


def versions(app: App, meeting: Meeting) -> list[int]:
    return app.minutes.versions(meeting.user_id, meeting.id)


def test_an_item_is_written_anew_as_a_new_version(app: App, meeting: Meeting) -> None:
    before = app.minutes.version(meeting.user_id, meeting.id, 1)
    wording = Wording(text=" 배포\n문서 ", owner="박민호", due="2026-12-04", due_text=" ")
    after = app.editing.edit_item(
        meeting.user_id, meeting.id, version=1, position=1, wording=wording
    )
    assert (after.version, after.origin, after.based_on) == (2, "edited", 1)
    item = after.draft.items[1]
    assert (item.text, item.owner, item.due, item.due_text) == (
        "배포 문서",
        "박민호",
        "2026-12-04",
        None,
    )
    assert item.edited
    assert item.verified
    assert item.utterances == ITEMS[1].utterances
    assert after.draft.items[0] == before.draft.items[0]
    for name in ("engine", "system", "coverage", "summary"):
        assert getattr(after.draft, name) == getattr(before.draft, name)
    assert (after.template, after.language) == (before.template, before.language)
    assert "| 배포 문서 (직접 고침) | 박민호 | 2026-12-04 |" in after.markdown
    assert "버전 1을 직접 고친 것입니다" in after.markdown
    assert app.minutes.version(meeting.user_id, meeting.id, 1) == before
    assert app.minutes.newest(meeting.user_id, meeting.id) == after


def test_the_evidence_of_an_item_stays(app: App, meeting: Meeting) -> None:
    item = edit(app, meeting, "12월 11일에 출시").draft.items[0]
    assert (item.quote, item.utterances, item.start) == (ITEMS[0].quote, (1,), 5.0)
    assert (item.replaces, item.replaces_at) == (ITEMS[0].replaces, (4,))


def test_a_person_vouches_for_what_they_save(app: App, meeting: Meeting) -> None:
    unconfirmed = ITEMS[2]
    assert not unconfirmed.verified
    after = edit(app, meeting, unconfirmed.text, position=2)
    assert after.draft.items[2].verified
    assert "확인되지 않은" not in after.markdown


def test_an_item_is_deleted_and_another_added(app: App, meeting: Meeting) -> None:
    user, editing = meeting.user_id, app.editing
    fewer = editing.delete_item(user, meeting.id, version=1, position=0)
    assert fewer.draft.items == ITEMS[1:]
    more = editing.add_item(
        user,
        meeting.id,
        version=2,
        kind=ItemKind.QUESTION,
        wording=Wording(text="예산은?"),
        utterances=[3, 3],
    )
    added = more.draft.items[-1]
    assert (added.kind, added.utterances, added.start) == (ItemKind.QUESTION, (3,), 62.0)
    assert "- 예산은? [01:02] (직접 고침)" in more.markdown
    with pytest.raises(InvalidInput) as refused:
        editing.add_item(
            user,
            meeting.id,
            version=3,
            kind=ItemKind.FACT,
            wording=Wording(text="x"),
            utterances=[9],
        )
    assert "9" in refused.value.sentence("ko")


def test_the_summary_is_written_anew_with_its_citations(app: App, meeting: Meeting) -> None:
    after = app.editing.edit_summary(
        meeting.user_id, meeting.id, version=1, text="**미룹니다.** [1]\r\n\r\n예산은 80%. [4]\x07"
    )
    assert after.draft.summary == "**미룹니다.** [1]\n\n예산은 80%. [4]"
    assert "**미룹니다.** [00:05]" in after.markdown
    assert "요약은 사람이 직접" in after.markdown
    assert after.draft.items == ITEMS


def test_quotations_that_somebody_rewrote_are_not_called_quotations(
    app: App, make_meeting: Make
) -> None:
    meeting = make_meeting(app, SAID)
    quoted = "- 김지수: “출시를 미루겠습니다” [1]"
    kept(app, meeting, engine="extractive", summary=quoted, notices=("extractive",))
    after = app.editing.edit_summary(
        meeting.user_id, meeting.id, version=1, text=f"{quoted}\n\n한 단락. [2]"
    )
    assert after.draft.notices == ("extractive_edited", "summary_edited")
    assert "모든 줄이 인용입니다" not in after.markdown
    assert "\n\n한 단락. [00:31]" in after.markdown


def test_a_summary_that_somebody_removed_is_said_to_be_removed(app: App, meeting: Meeting) -> None:
    after = app.editing.edit_summary(meeting.user_id, meeting.id, version=1, text=" ")
    assert "## 요약\n\n요약을 비워 두었습니다." in after.markdown


def test_a_notice_about_a_summary_goes_with_that_summary(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, SAID)
    kept(app, meeting, notices=("recording_cut", "summary_from_items"))
    after = app.editing.edit_summary(meeting.user_id, meeting.id, version=1, text="새로. [1]")
    assert after.draft.notices == ("recording_cut", "summary_edited")


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("![x](http://evil.example/x.png) [1]", "!["),
        ("<img src=x onerror=alert(1)> [1]", "<img"),
        ("  - [1]: http://evil.example", "[1]:"),
        ("[눌러](http://evil.example) [1]", "]("),
    ],
)
def test_what_a_person_writes_reaches_nothing_outside(
    app: App, meeting: Meeting, text: str, never: str
) -> None:
    after = app.editing.edit_summary(meeting.user_id, meeting.id, version=1, text=text)
    assert not re.search(rf"(?<!\\){re.escape(never)}", after.markdown)
    item = edit(app, meeting, text, version=2)
    assert not re.search(rf"(?<!\\){re.escape(never)}", item.markdown)
    assert item.draft.items[0].text == " ".join(text.split())


def test_a_citation_of_nothing_is_refused_and_nothing_is_saved(app: App, meeting: Meeting) -> None:
    with pytest.raises(InvalidInput) as refused:
        app.editing.edit_summary(meeting.user_id, meeting.id, version=1, text="그렇다. [1][77]")
    assert refused.value.code == "citation_missing"
    assert "77" in refused.value.sentence("en")
    assert versions(app, meeting) == [1]


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        (Wording(text=" \x00\n"), "item_empty"),
        (Wording(text="가" * 1001), "item_too_long"),
        (Wording(text="x", owner="가" * 201), "item_detail_too_long"),
        (Wording(text="x", due_text="가" * 201), "item_detail_too_long"),
        (Wording(text="x", due="다음 주"), "due_invalid"),
        (Wording(text="x", due="2026-02-30"), "due_invalid"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    app: App, meeting: Meeting, wording: Wording, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        app.editing.edit_item(meeting.user_id, meeting.id, version=1, position=1, wording=wording)
    assert refused.value.code == code
    assert refused.value.sentence("ko")
    assert versions(app, meeting) == [1]


def test_the_longest_that_fits_is_kept(app: App, meeting: Meeting) -> None:
    assert len(edit(app, meeting, "가" * 1000).draft.items[0].text) == 1000
    summary = app.editing.edit_summary(
        meeting.user_id, meeting.id, version=2, text="가" * 50_000
    ).draft.summary
    assert len(summary) == 50_000
    with pytest.raises(InvalidInput) as refused:
        app.editing.edit_summary(meeting.user_id, meeting.id, version=3, text="가" * 50_001)
    assert "50001" in refused.value.sentence("ko")


def test_a_change_that_changes_nothing_makes_no_version(app: App, meeting: Meeting) -> None:
    user, editing = meeting.user_id, app.editing
    was = ITEMS[1]
    same = Wording(text=was.text + " ", owner=was.owner, due=was.due, due_text=was.due_text)
    editing.edit_item(user, meeting.id, version=1, position=1, wording=same)
    editing.edit_summary(user, meeting.id, version=1, text=" 출시를 미룹니다. [1]\n")
    editing.restore(user, meeting.id, version=1, newest=1)
    assert versions(app, meeting) == [1]


def test_what_was_changed_in_another_tab_is_not_overwritten(app: App, meeting: Meeting) -> None:
    user, editing = meeting.user_id, app.editing
    edit(app, meeting, "첫째 탭")
    tries: tuple[Callable[[], Minutes], ...] = (
        lambda: edit(app, meeting, "둘째 탭"),
        lambda: editing.delete_item(user, meeting.id, version=1, position=0),
        lambda: editing.edit_summary(user, meeting.id, version=1, text="x"),
        lambda: editing.add_item(
            user, meeting.id, version=1, kind=ItemKind.FACT, wording=Wording(text="x")
        ),
        lambda: editing.restore(user, meeting.id, version=1, newest=1),
    )
    for attempt in tries:
        with pytest.raises(InvalidInput) as refused:
            attempt()
        assert refused.value.code == "minutes_moved_on"
    assert versions(app, meeting) == [2, 1]


def test_of_changes_at_the_same_moment_one_is_kept_and_the_others_refused(
    app: App, meeting: Meeting
) -> None:
    def attempt(number: int) -> str:
        try:
            edit(app, meeting, f"{number}번")
        except MinutesError as refused:
            return refused.code
        return "kept"

    with ThreadPoolExecutor(8) as pool:
        ends = sorted(pool.map(attempt, range(8)))
    assert ends == ["kept", *["minutes_moved_on"] * 7]
    assert versions(app, meeting) == [2, 1]


def test_undoing_brings_back_what_was_and_keeps_what_came_between(
    app: App, meeting: Meeting
) -> None:
    first = app.minutes.version(meeting.user_id, meeting.id, 1)
    edit(app, meeting, "틀린 말")
    back = app.editing.restore(meeting.user_id, meeting.id, version=1, newest=2)
    assert (back.version, back.origin, back.based_on) == (3, "restored", 1)
    assert back.draft == first.draft
    assert "버전 1로 되돌린 것입니다" in back.markdown
    assert app.minutes.version(meeting.user_id, meeting.id, 2).draft.items[0].text == "틀린 말"
    assert versions(app, meeting) == [3, 2, 1]


def test_changes_behind_minutes_written_anew_are_pointed_at(app: App, meeting: Meeting) -> None:
    def left() -> int | None:
        return edits_left_behind(app.editing.history(meeting.user_id, meeting.id))

    assert left() is None
    edit(app, meeting, "손으로")
    assert left() is None
    kept(app, meeting, job_id="anew")
    assert left() == 2
    kept(app, meeting, job_id="and again")
    assert left() == 2
    app.editing.restore(meeting.user_id, meeting.id, version=2, newest=4)
    assert left() is None


def test_changes_that_were_undone_are_not_pointed_at(app: App, meeting: Meeting) -> None:
    edit(app, meeting, "손으로")
    app.editing.restore(meeting.user_id, meeting.id, version=1, newest=2)
    kept(app, meeting, job_id="anew")
    assert edits_left_behind(app.editing.history(meeting.user_id, meeting.id)) is None


def test_changing_minutes_makes_them_no_younger_than_their_transcript(
    app: App, meeting: Meeting
) -> None:
    with app.database.writing() as session:
        row = session.merge(meeting)
        row.edited_at = datetime.now(UTC) + timedelta(microseconds=1)
    edit(app, meeting, "손으로")
    newest = app.minutes.newest(meeting.user_id, meeting.id)
    assert newest is not None
    assert newest.transcript_edited
    with app.database.writing() as session:
        session.merge(app.meetings.get(meeting.user_id, meeting.id)).transcript_job = "another"
    stale = edit(app, meeting, "다시", version=2)
    assert stale.stale
    assert app.minutes.version(meeting.user_id, meeting.id, 3).stale
    # Times of another transcript would be wrong; an item has kept its own.
    assert "- 다시 [00:05] (이전 내용: 12월 3일에 출시) (직접 고침)" in stale.markdown


def test_another_persons_minutes_are_not_there(app: App, meeting: Meeting) -> None:
    with app.database.writing() as session:
        other = people.ensure_user(session, name="other").id
    tries: tuple[Callable[[], object], ...] = (
        lambda: app.editing.delete_item(other, meeting.id, version=1, position=0),
        lambda: app.editing.edit_summary(other, meeting.id, version=1, text="x"),
        lambda: app.editing.restore(other, meeting.id, version=1, newest=1),
        lambda: app.editing.history(other, meeting.id),
    )
    for attempt in tries:
        with pytest.raises(NotFound) as refused:
            attempt()
        assert refused.value.code == "meeting_missing"
    assert versions(app, meeting) == [1]


@pytest.mark.parametrize("position", [-1, 3])
def test_an_item_that_is_not_there_is_said(app: App, meeting: Meeting, position: int) -> None:
    with pytest.raises(NotFound) as refused:
        edit(app, meeting, "x", position=position)
    assert refused.value.code == "item_missing"


def test_minutes_or_a_version_that_is_not_there_are_said(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, SAID)
    with pytest.raises(NotFound):
        edit(app, meeting, "x")
    kept(app, meeting)
    with pytest.raises(NotFound):
        app.editing.restore(meeting.user_id, meeting.id, version=9, newest=1)
