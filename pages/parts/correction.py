"""Correcting a transcript with the model, and the list of all that was changed in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.domain.minutes import Minutes
from core.domain.text_changes import REPLACEMENT
from core.engines.factory import AUTO, EXTRACTIVE
from core.services.jobs import ENDED
from core.services.minutes_lineage import edited_version
from core.services.text_changes import ChangeSeen
from core.store.tables import Job, Meeting
from pages.parts.failure import shown_to_user
from pages.parts.job_status import step_text
from pages.parts.minutes_view import Spoken, place
from pages.parts.popover import close, keyed_popover
from pages.parts.visitor import Visitor
from pages.parts.words import literal
from pages.parts.writing import draw_hand_left

_FIRST = 40
"""Changes shown at once: each has a button."""
_FEW, _HEIGHT = 5, 420
"""More changes than these scroll in so many pixels, so that the transcript stays near."""
_LONGEST_SHOWN = 160
_CORRECTED = "corrected"
"""The step of a correction that ended well, with its counts."""


def draw_correct(here: Visitor, meeting: Meeting) -> None:
    """The button that has the transcript corrected."""
    jobs = here.app.jobs.of_meeting(here.user_id, meeting.id)
    engine = here.app.people.choice(here.user_id, name="llm") or AUTO
    popover = f"correcting_{meeting.id}"
    with keyed_popover(
        here.text("correction.start"),
        popover,
        icon=":material/spellcheck:",
        type="tertiary",
        disabled=any(job.state not in ENDED for job in jobs),
    ):
        st.caption(here.text("correction.start_why"))
        if engine == EXTRACTIVE:
            st.caption(here.text("correction.choose_unable"))
        if st.button(
            here.text("correction.begin"),
            type="primary",
            key=f"correct_{meeting.id}",
            disabled=engine == EXTRACTIVE,
            on_click=close,
            args=(popover,),
        ):
            with shown_to_user(here.language):
                mine = here.app.meetings.get(here.user_id, meeting.id, may="own")
                here.app.jobs.correct(mine, llm=engine, user_id=here.user_id)
                st.rerun()


def draw_edited(here: Visitor, meeting: Meeting, minutes: Minutes, *, running: bool) -> None:
    """That minutes are older than a change of the transcript, and the way to have them anew, of the
    same kind and in the same language."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(here.text("correction.edited"), icon=":material/edit_note:", width="stretch")
        label = here.text("correction.write_anew")
        history = here.app.editing.history(here.user_id, meeting.id)
        mine = [one for one in history if one.user_id == here.user_id]
        by_hand = edited_version(mine) is not None
        popover = f"rewriting_{meeting.id}"
        if not by_hand:
            wanted = st.button(label, key="write_edited", disabled=running)
        else:
            with keyed_popover(label, popover, disabled=running):
                draw_hand_left(here, meeting)
                wanted = st.button(
                    here.text("correction.write_start"),
                    type="primary",
                    key="write_edited",
                    on_click=close,
                    args=(popover,),
                )
        if wanted:
            with shown_to_user(here.language):
                same = {"template": minutes.template, "language": minutes.language}
                wanted = here.app.intake.wanted(here.user_id, **same)
                here.app.jobs.write(meeting, user_id=here.user_id, wanted=wanted)
                st.rerun()


def draw_changes(here: Visitor, meeting: Meeting, spoken: Spoken) -> None:
    """What the last correction came to, and every change with its way back."""
    changes = here.app.text_changes.of(here.user_id, meeting.id)
    _draw_outcome(here, meeting, spoken, changes)
    if not changes:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        # Not an expander: a closed list costs no run of hundreds of buttons.
        wanted = st.toggle(here.text("correction.show"), key=f"changes_{meeting.id}")
        active = sum(seen.in_force for seen in changes)
        rest = len(changes) - active
        key = "correction.changes_some" if rest else "correction.changes"
        st.caption(here.text(key, count=active, rest=rest))
    if wanted:
        _draw_all(here, meeting, changes)
        shown = changes if _wants_all(here, meeting, len(changes)) else changes[:_FIRST]
        with st.container(border=True, height=_HEIGHT if len(shown) > _FEW else "content"):
            for seen in shown:
                _draw_change(here, meeting, seen, spoken)


def _draw_outcome(
    here: Visitor, meeting: Meeting, spoken: Spoken, changes: Sequence[ChangeSeen]
) -> None:
    job = _last_correction(here, meeting)
    if job is None:
        return
    st.caption(f":material/spellcheck: {literal(_outcome(here, job, changes))}")
    facts: dict[str, Any] = job.step_facts
    reasons = [
        here.text(f"correction.refused_{reason}", count=count)
        for reason, count in sorted(facts.get("refused_for", {}).items(), key=lambda one: -one[1])
    ]
    if reasons:
        st.caption(literal(here.text("correction.refused_title", reasons=", ".join(reasons))))
    gaps = [
        f"{place(first, spoken)}–{place(last, spoken)}" for first, last in facts.get("unread", [])
    ]
    if gaps:
        st.caption(here.text("correction.unread", ranges=", ".join(gaps)))


def _outcome(here: Visitor, job: Job, changes: Sequence[ChangeSeen]) -> str:
    """What a correction came to, as it stands now: its changes may have been undone since."""
    if job.step != _CORRECTED:
        return step_text(here, job)
    facts = job.step_facts
    if not facts.get("proposed"):
        return here.text("correction.nothing_found")
    mine = [seen for seen in changes if seen.change.job_id == job.id]
    active = sum(seen.in_force for seen in mine)
    if active == len(mine):
        return step_text(here, job)
    counts = {"applied": active, "rest": len(mine) - active}
    told = {"proposed": facts["proposed"], "refused": facts["refused"], **counts}
    return here.text("correction.outcome_some", **told)


def _last_correction(here: Visitor, meeting: Meeting) -> Job | None:
    for job in here.app.jobs.of_meeting(here.user_id, meeting.id):
        mine = job.stage == "correct" and job.options.get("transcript") == meeting.transcript_job
        if mine and job.state == "finished":
            return job
    return None


def _draw_all(here: Visitor, meeting: Meeting, changes: Sequence[ChangeSeen]) -> None:
    """All of the model's changes at once, those of every correction."""
    by_model = [seen.change for seen in changes if seen.change.job_id]
    jobs = dict.fromkeys(change.job_id for change in by_model if change.job_id)
    if not jobs:
        return
    service = here.app.text_changes
    with st.container(horizontal=True):
        if any(not change.undone for change in by_model) and st.button(
            here.text("correction.undo_all"), key="undo_all_changes", icon=":material/undo:"
        ):
            with shown_to_user(here.language):
                for job_id in jobs:
                    service.undo_all(here.user_id, meeting.id, job_id)
                st.rerun()
        if any(change.undone for change in by_model) and st.button(
            here.text("correction.redo_all"), key="redo_all_changes", icon=":material/redo:"
        ):
            with shown_to_user(here.language):
                for job_id in jobs:
                    service.redo_all(here.user_id, meeting.id, job_id)
                st.rerun()


def _wants_all(here: Visitor, meeting: Meeting, count: int) -> bool:
    if count <= _FIRST:
        return True
    label = here.text("meeting.show_all", count=count, shown=_FIRST)
    return st.toggle(label, key=f"all_changes_{meeting.id}")


def _draw_change(here: Visitor, meeting: Meeting, seen: ChangeSeen, spoken: Spoken) -> None:
    change = seen.change
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap="xxsmall"):
            was, becomes = _short(change.before), _short(change.after)
            st.markdown(f"{place(change.number, spoken)}  ~~{was}~~ → **{becomes}**")
            st.caption(" · ".join(_facts(here, seen)))
        service = here.app.text_changes
        name, act = ("redo", service.redo) if change.undone else ("undo", service.undo)
        if st.button(
            here.text(f"correction.{name}"),
            key=f"change_{change.change_id}",
            icon=f":material/{name}:",
            type="tertiary",
        ):
            with shown_to_user(here.language):
                act(here.user_id, meeting.id, change.change_id)
                st.rerun()


def _facts(here: Visitor, seen: ChangeSeen) -> list[str]:
    change = seen.change
    kind = "by_model" if change.kind == REPLACEMENT else "by_person"
    facts = [here.text(f"correction.{kind}")]
    if change.why:
        facts.append(literal(here.text("correction.why", why=change.why)))
    if change.undone:
        facts.append(here.text("correction.undone"))
    elif not seen.in_force:
        facts.append(here.text("correction.overwritten"))
    return facts


def _short(text: str) -> str:
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return literal(shown)
