"""Every public method of every service that takes a person, found by looking at the App, is called
by somebody with another person's ids: it finds nothing, tells nothing, and changes nothing.

A method with a parameter that is not known here fails: whoever adds one says what to fill it with.
And the owner is not refused with the same ids, or the test would show nothing.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.app import App
from core.domain.kinds import ItemKind
from core.domain.learning_cues import Cue, Told
from core.domain.memory import Kind
from core.errors import InvalidInput, MinutesError, NotFound
from core.services.arrivals import Said
from core.services.minutes_wording import Wording
from core.services.recordings import About
from core.services.wanted import WritingWanted
from tests.isolation.belongings import (
    Has,
    changed,
    copied,
    opened_on,
    secrets_of,
    seeded,
    told,
)
from tests.services.conftest import nothing

ASKERS = ("user_id", "asked_by")
PLAIN: dict[str, Any] = {
    "about": About(title="Bo's"),
    "admin": True,
    "after": "after",
    "before": "before",
    "budget": 1000,
    "check": nothing,
    "count": len,
    "days": 7,
    "focus": "",
    "follows": False,
    "gap": (1, 2),
    "heard": ("hard",),
    "held_at": datetime(2026, 1, 1, tzinfo=UTC),
    "keep": None,
    "key": "general",
    "kind": Kind.FACT,
    "language": "ko",
    "lines": 5,
    "llm": "extractive",
    "may": "read",
    "may_edit": True,
    "model": "none:1b",
    "name": "Bo's own name",
    "new": "a long enough one",
    "newest": 2,
    "note": "note",
    "number": 1,
    "numbers": [2],
    "old": "what it was",
    "ours": False,
    "part_of": "this test",
    "password": "what it was",
    "plan": {"engine": "extractive", "parts": [[1, 3]], "notices": [], "language": "ko"},
    "position": 0,
    "question": "언제 출시하나요?",
    "readings": [],
    "replaces": None,
    "said": Said(about=About(), language=None),
    "scopes": ["read"],
    "sections": [ItemKind.DECISION],
    "source": {"way": "hand"},
    "status": None,
    "subject": "https://provider/ bo",
    "synced": False,
    "text": "Bo wrote this",
    "then": None,
    "time_zone": "Asia/Seoul",
    "timeout": 5,
    "title": "Bo's title",
    "titles": {},
    "tokens_too": True,
    "told": Told(Cue.REMEMBER, "Kim leads sales"),
    "utterances": (1,),
    "value": None,
    "version": 1,
    "wanted": WritingWanted(llm="extractive", style_version=None),
    "what": "summary",
    "whisper_model": None,
    "wording": Wording(text="Bo's item"),
    "words": "회의에서 나온 말",
}
"""Parameters that name nothing of anybody."""
HERS = {
    "entry_ids": ["entry_id"],
    "style": "style_id",
}
"""Parameters that name something of Ana's under another name than `belongings` has."""
SPECIAL: dict[str, dict[str, Any]] = {
    "people.choice": {"name": "language"},
    "people.choose": {"name": "language"},
    "people.may_choose": {"name": "language"},
    "accounts.set_admin": {"user_id": "owner"},
    "leaving.remove": {"user_id": "owner"},
    "chat.retry": {"turn_id": "failed_turn_id"},
    "editing.edit_summary": {"version": 2},
    "editing.edit_item": {"version": 2},
    "editing.delete_item": {"version": 2},
    "editing.add_item": {"version": 2, "kind": ItemKind.DECISION},
    "hearing.so_far": {"job_id": "running_job_id"},
    "jobs.retry": {"job_id": "failed_job_id"},
    "meetings.delete_for_good": {"meeting_id": "binned_id"},
    "meetings.restore": {"meeting_id": "binned_id"},
    "memory.accept": {"entry_id": "proposed_id"},
    "memory.refuse": {"entry_id": "proposed_id"},
    "memory.entries": {"kind": None},
    "minutes.by_job": {"job_id": "wrote_job_id"},
    "people.style": {"version": 1},
    "recordings.keep": {"source": "a file", "name": "a.txt"},
    "intake.take_in": {"source": "a file", "name": "a.txt"},
    "memory.hotwords": {"about": "회의"},
    "intake.wanted": {"style": "style_id"},
    "styles.called": {"name": "style_name"},
    "styles.bring_back": {"style_id": "removed_style_id"},
    "styles.restore": {"version": "style_version"},
    "styles.save": {"expected": "style_version"},
    "templates.copy": {"key": "template_key"},
    "templates.choose_default": {"key": "template_key"},
    "templates.delete": {"key": "template_key"},
    "templates.get": {"key": "template_key"},
    "templates.restore": {"key": "gone_template_key"},
    "templates.save": {"key": "template_key"},
    "templates.named": {"wanted": "template_key"},
    "text_changes.edit_text": {"number": 3},
    "text_changes.redo_all": {"job_id": "corrected_job_id"},
    "text_changes.undo_all": {"job_id": "corrected_job_id"},
    "uploads.begin": {"kind": "file", "name": "b.wav"},
    "uploads.declare": {"size": 100},
}
"""Where one method needs another thing than the rest."""
NONE_OF_HERS = {
    "uploads.complete": "more is to come",
}
"""Where also the owner is refused, and why."""
OF_HIS_OWN = ("leaving.leave", "accounts.let_decide")
"""After which Bo is not who he was: each on a copy of its own."""


def methods() -> list[str]:
    """ "service.method" of all that take a person."""
    hints = typing.get_type_hints(App)
    found = []
    for one in dataclasses.fields(App):
        for name, function in inspect.getmembers(hints[one.name], inspect.isfunction):
            parameters = inspect.signature(function).parameters
            if not name.startswith("_") and any(asker in parameters for asker in ASKERS):
                found.append(f"{one.name}.{name}")
    return found


@pytest.fixture(scope="module")
def has(tmp_path_factory: pytest.TempPathFactory) -> Has:
    return seeded(tmp_path_factory.mktemp("ana"))


@pytest.fixture(scope="module")
def bos(has: Has, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An App on a copy on which only Bo acts."""
    app = copied(has, tmp_path_factory.mktemp("bo") / "data")
    yield app
    app.close()


def call(app: App, method: str, asker: str, has: Has, file: Path) -> Any:
    """Call it with everything of Ana's that its parameters name."""
    service, name = method.split(".")
    function = getattr(getattr(app, service), name)
    known = {**has.ids, "owner": has.owner, "a file": file}
    arguments: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters:
        special = SPECIAL.get(method, {})
        if parameter in special:
            wanted = special[parameter]
            arguments[parameter] = known.get(wanted, wanted) if isinstance(wanted, str) else wanted
        elif parameter in ASKERS:
            arguments[parameter] = asker
        elif parameter in HERS:
            hers = HERS[parameter]
            arguments[parameter] = [known[hers[0]]] if isinstance(hers, list) else known[hers]
        elif parameter in known:
            arguments[parameter] = known[parameter]
        elif parameter in PLAIN:
            arguments[parameter] = PLAIN[parameter]
        else:
            pytest.fail(f"{method} takes {parameter!r}: say in this file what to fill it with")
    positional = [
        arguments.pop(one.name)
        for one in inspect.signature(function).parameters.values()
        if one.kind in (one.POSITIONAL_ONLY,)
    ]
    return function(*positional, **arguments)


def answer(app: App, method: str, asker: str, has: Has, file: Path) -> str:
    """What it told; an error's own words count as well, without what was asked for."""
    try:
        given = call(app, method, asker, has, file)
        return told(given)
    except (NotFound, InvalidInput):
        return ""


@pytest.mark.parametrize("method", methods())
def test_another_persons_ids_find_tell_and_change_nothing(
    has: Has, bos: App, tmp_path: Path, method: str
) -> None:
    file = tmp_path / "bo.txt"
    file.write_text("Bo: my own file, which nobody else has.", "utf-8")
    app = copied(has, tmp_path / "data") if method in OF_HIS_OWN else bos
    said = answer(app, method, has.other, has, file)
    if method != "accounts.set_admin":  # who is not asked for
        assert [one for one in secrets_of(has) if one in said] == []
    assert changed(has, app) == {}
    if app is not bos:
        app.close()


@pytest.mark.parametrize("method", methods())
def test_the_owner_is_not_refused_with_the_same_ids(has: Has, tmp_path: Path, method: str) -> None:
    """The control: it is whose the things are that decided."""
    if method in NONE_OF_HERS:
        return
    file = tmp_path / "ana.txt"
    file.write_text("Ana: another file.", "utf-8")
    app = copied(has, tmp_path / "data")
    try:
        told(call(app, method, has.owner, has, file))
    except NotFound as error:
        pytest.fail(f"{method}: {error}")
    except MinutesError:
        pass  # it was found, and cannot be done as it is
    finally:
        app.close()


def test_every_exception_is_still_needed() -> None:
    assert {*SPECIAL, *NONE_OF_HERS, *OF_HIS_OWN} <= set(methods())
    assert opened_on  # imported for the pages' test as well
