"""How well edits are learned from: 40 that the code was made with, and 20 that it was not."""

from collections.abc import Callable, Sequence

import pytest

from core.app import App
from core.domain.memory import Kind, Status
from core.store.tables import Meeting
from tests.services.learning_edits import FIRST, SECOND, Edit

Make = Callable[..., Meeting]
Measured = tuple[float, float, list[str]]


def proposed(app: App, make_meeting: Make, edit: Edit) -> set[tuple[str, str]]:
    """What is proposed when a person makes the edit, in a meeting of its own."""
    speakers = edit.speakers or ("하나", "둘")
    said = [edit.before, *edit.others, *("네, 알겠습니다." for _ in speakers)]
    lines = [f"{speakers[place % len(speakers)]}: {one}" for place, one in enumerate(said)]
    meeting = make_meeting(app, "\n".join(lines) + "\n")
    user_id = meeting.user_id
    if edit.way == "transcript":
        heard = app.meetings.transcript(user_id, meeting.id).by_number()[1].text
        app.text_changes.edit_text(user_id, meeting.id, 1, edit.after, expected=heard)
    else:
        app.learning.noticed_minutes_edit(
            user_id, meeting.id, before=edit.before, after=edit.after, what="summary"
        )
    found = app.memory.entries(user_id, kind=Kind.GLOSSARY, status=Status.PROPOSED)
    for entry in found:
        app.memory.forget(user_id, entry.entry_id)
    assert app.memory.entries(user_id) == []
    return {(entry.text, form) for entry in found for form in entry.heard}


def measured(app: App, make_meeting: Make, edits: Sequence[Edit]) -> Measured:
    right = given = wanted = 0
    wrong = []
    for edit in edits:
        found, learned = proposed(app, make_meeting, edit), set(edit.learned)
        right, given = right + len(found & learned), given + len(found)
        wanted += len(learned)
        if found != learned:
            wrong.append(f"{edit.after}: {sorted(found)} for {sorted(learned)}")
    return right / given, right / wanted, wrong


def test_half_of_the_edits_have_something_to_learn() -> None:
    assert (len(FIRST), len(SECOND)) == (40, 20)
    for edits in (FIRST, SECOND):
        assert sum(bool(edit.learned) for edit in edits) * 2 == len(edits)
    assert not {edit.before for edit in FIRST} & {edit.before for edit in SECOND}


@pytest.mark.parametrize(("edits", "floor"), [(FIRST, 0.9), (SECOND, 0.7)], ids=["40", "20"])
def test_nine_proposals_of_ten_are_right(
    app: App,
    make_meeting: Make,
    edits: Sequence[Edit],
    floor: float,
    record_property: Callable[[str, object], None],
) -> None:
    precision, recall, wrong = measured(app, make_meeting, edits)
    record_property("precision", round(precision, 3))
    record_property("recall", round(recall, 3))
    assert precision >= 0.9, wrong
    assert recall >= floor, wrong
