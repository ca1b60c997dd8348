"""Sharing on the pages: the owner's button, and what those see with whom a meeting is shared."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.app import App
from core.messages import say
from core.store.tables import Job, Meeting
from tests.pages.opening import opened, press, words
from tests.pages.signing import Signing
from tests.services.two_people import answered, given, heard, written

TITLE = "주간 회의"


def text(key: str, **facts: object) -> str:
    return say(key, "en", **facts)


@pytest.fixture
def meeting(signing: Signing, tmp_path: Path) -> Meeting:
    """Ana's, with minutes."""
    signing.person("Ana", admin=True)
    signing.person("Bo")
    app, ana = signing.app, signing.people["Ana"]
    made = heard(app, tmp_path, ana, name=f"{TITLE}.txt")
    written(app, made, ana)
    return made


def page(signing: Signing, name: str, meeting: Meeting) -> AppTest:
    signing.become(name)
    at = opened("meeting", meeting=meeting.id)
    assert not at.exception
    return at


def labels(at: AppTest) -> list[str]:
    """Buttons and popovers, by what they say."""
    popovers = [one.proto.popover.label for one in at.get("popover")]
    return [*(button.label for button in at.button), *popovers]


def share(at: AppTest, name: str, *, editing: bool = False) -> AppTest:
    field = next(one for one in at.text_input if one.label == text("sharing.name"))
    field.set_value(name)
    if editing:
        at.button_group[-1].set_value(True)
    return press(at, text("sharing.add"))


def test_without_accounts_nothing_of_it_is_there(in_force: App, tmp_path: Path) -> None:
    made = heard(in_force, tmp_path, in_force.people.local_person().id)
    at = opened("meeting", meeting=made.id)
    assert text("sharing.share") not in labels(at)
    assert text("sharing.add") not in labels(at)


def test_the_owner_shares_and_takes_it_back(signing: Signing, meeting: Meeting) -> None:
    sharing, ana = signing.app.sharing, signing.people["Ana"]
    at = page(signing, "Ana", meeting)
    assert text("sharing.share") in labels(at)
    assert text("sharing.nobody") in words(at)
    at = share(at, "bo")
    assert not at.error
    [bo] = sharing.shares(ana, meeting.id)
    assert (bo.name, bo.may_edit) == ("Bo", False)
    assert text("sharing.shared_with_count", count=1) in labels(at)
    assert "**Bo**" in words(at)

    ways = next(one for one in at.selectbox if one.label == text("sharing.may", name="Bo"))
    at = ways.set_value(True).run()
    assert [one.may_edit for one in sharing.shares(ana, meeting.id)] == [True]
    at = press(at, text("sharing.remove"))
    assert sharing.shares(ana, meeting.id) == []
    assert text("sharing.share") in labels(at)


@pytest.mark.parametrize(
    ("name", "code"),
    [("Nobody", "share_name_unknown"), ("Ana", "share_with_oneself"), (" ", "share_name_empty")],
)
def test_a_name_that_cannot_be_is_said_and_stays_in_the_field(
    signing: Signing, meeting: Meeting, name: str, code: str
) -> None:
    at = share(page(signing, "Ana", meeting), name)
    assert [one.value for one in at.error] == [text(f"errors.{code}", name=name)]
    assert name in [one.value for one in at.text_input]


def test_a_reader_sees_whose_it_is_and_nothing_that_changes_it(
    signing: Signing, meeting: Meeting
) -> None:
    signing.app.sharing.share(signing.people["Ana"], meeting.id, "Bo", may_edit=False)
    at = page(signing, "Bo", meeting)
    assert text("sharing.whose_read", name="Ana") in words(at)
    assert at.title[0].value == TITLE
    shown = labels(at)
    for key in ("rename", "set_date", "delete", "hear_anew"):
        assert text(f"meeting.{key}") not in shown
    for key in ("sharing.share", "correction.start"):
        assert text(key) not in shown
    assert text("editing.mode") not in [one.label for one in at.toggle]
    for key in ("meeting.ask", "meeting.write_anew"):  # what they make is their own
        assert text(key) in shown


def test_an_editor_edits_and_does_not_own(signing: Signing, meeting: Meeting) -> None:
    signing.app.sharing.share(signing.people["Ana"], meeting.id, "Bo", may_edit=True)
    at = page(signing, "Bo", meeting)
    assert text("sharing.whose_edit", name="Ana") in words(at)
    shown = labels(at)
    assert {text("meeting.rename"), text("meeting.set_date")} <= set(shown)
    for key in ("meeting.delete", "meeting.hear_anew", "sharing.share", "correction.start"):
        assert text(key) not in shown
    assert text("editing.mode") in [one.label for one in at.toggle]


def test_each_sees_their_own_minutes_first(signing: Signing, meeting: Meeting) -> None:
    app, bo = signing.app, signing.people["Bo"]
    app.sharing.share(signing.people["Ana"], meeting.id, "Bo", may_edit=False)
    assert written(app, meeting, bo) == 2
    at = page(signing, "Bo", meeting)
    chooser = next(one for one in at.selectbox if one.label == text("meeting.version"))
    assert chooser.value == 2
    assert [one.endswith("· Ana") for one in chooser.options] == [False, True]
    assert text("editing.mode") in [one.label for one in at.toggle]  # of their own
    at = chooser.set_value(1).run()
    assert text("editing.mode") not in [one.label for one in at.toggle]
    assert text("editing.restore") not in labels(at)
    assert text("meeting.version") not in [
        one.label for one in page(signing, "Ana", meeting).selectbox
    ]  # Ana has one version, and Bo's is none of hers


def test_before_it_is_transcribed_only_the_owner_can_have_it_done(
    signing: Signing, meeting: Meeting, tmp_path: Path
) -> None:
    app, ana = signing.app, signing.people["Ana"]
    made = given(app, tmp_path, ana, "Kim: not heard yet.", name="later.txt")
    app.sharing.share(ana, made.id, "Bo", may_edit=True)
    at = page(signing, "Bo", made)
    assert text("sharing.coming", name="Ana") in words(at)
    assert text("meeting.hear") not in labels(at)
    assert text("meeting.hear") in labels(page(signing, "Ana", made))


def test_the_list_and_the_chat_hold_what_is_shared(signing: Signing, meeting: Meeting) -> None:
    app, bo = signing.app, signing.people["Bo"]
    app.sharing.share(signing.people["Ana"], meeting.id, "Bo", may_edit=False)
    with app.database.writing() as session:
        session.add(
            Job(id="a", user_id=signing.people["Ana"], meeting_id=meeting.id, stage="minutes")
        )
    signing.become("Bo")
    at = opened("meetings")
    assert TITLE in "".join(one.proto.label for one in at.get("page_link"))
    assert text("sharing.shared_by", name="Ana") in words(at)
    assert text("meetings.state_running") not in words(at)  # her jobs are hers
    answered(app, bo, meeting.id, "언제 출시하나요?")
    at = opened("chat", meeting=meeting.id)
    assert not at.error
    assert not at.exception


def test_taken_back_it_is_gone_from_an_open_page(signing: Signing, meeting: Meeting) -> None:
    app = signing.app
    app.sharing.share(signing.people["Ana"], meeting.id, "Bo", may_edit=True)
    at = page(signing, "Bo", meeting)
    app.sharing.unshare(signing.people["Ana"], meeting.id, signing.people["Bo"])
    at.run()
    assert TITLE not in words(at)
    assert [one.value for one in at.error]
    assert not at.exception
