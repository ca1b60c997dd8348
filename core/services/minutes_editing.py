"""Changing minutes by hand. Each change is a new version, and no version ever goes away.

A change names the version it was made on: where another has come about since (a second tab, a job
that ended), it is refused, so that nothing is overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError

from core.domain import citations
from core.domain.kinds import ItemKind
from core.domain.minutes import Draft, Item, Minutes
from core.domain.rewritten import rewritten
from core.domain.transcript import Transcript
from core.domain.typed import one_line, visible
from core.engines.factory import EXTRACTIVE
from core.errors import InvalidInput, NotFound
from core.services.learning import Learning
from core.services.meetings import Meetings
from core.services.minutes_lineage import EDITED, RESTORED
from core.services.minutes_wording import Wording, checked_wording, worded, wording_of
from core.services.model_prose import FROM_ITEMS, NO_ROOM
from core.services.permission import permitted
from core.services.rendering import SUMMARY_EDITED, render_markdown
from core.services.style_size import STYLE_NO_ROOM
from core.store import minutes, minutes_history
from core.store.database import Database
from core.store.minutes_history import VersionMade
from core.store.shares import May
from core.store.tables import Meeting

SUMMARY_LIMIT = 50_000
"""Characters of a summary."""
_NO_LONGER_TRUE = (FROM_ITEMS, NO_ROOM, STYLE_NO_ROOM, "nothing_verified", SUMMARY_EDITED)
"""Notices about a summary that somebody has rewritten."""


@dataclass(frozen=True)
class MinutesEditing:
    """Every method takes the person's id, and gives the version that is the newest afterwards: a
    change that changes nothing makes none.

    All raise NotFound for a meeting or version that is not there, InvalidInput("minutes_moved_on")
    where the version is not the newest any more, and ("meeting_read_only") for the minutes of who
    shares the meeting for reading only.
    """

    database: Database
    meetings: Meetings
    learning: Learning

    def edit_item(
        self, user_id: str, meeting_id: str, *, version: int, position: int, wording: Wording
    ) -> Minutes:
        """Write the item at `position` (from 0, in the draft) anew. What it rests on stays, and the
        person vouches for it: also an item that could not be confirmed is from then on."""
        wanted = checked_wording(wording)

        def change(base: Minutes, _transcript: Transcript) -> Draft:
            item = _item(base, position)
            if item.verified and wording_of(item) == wanted:
                return base.draft
            changed = replace(worded(item, wanted), edited=True, verified=True)
            return _with_items(base.draft, position, [changed])

        return self._change(user_id, meeting_id, version, change)

    def delete_item(self, user_id: str, meeting_id: str, *, version: int, position: int) -> Minutes:
        """Leave the item at `position` out."""

        def change(base: Minutes, _transcript: Transcript) -> Draft:
            _item(base, position)
            return _with_items(base.draft, position, [])

        return self._change(user_id, meeting_id, version, change)

    def add_item(
        self,
        user_id: str,
        meeting_id: str,
        *,
        version: int,
        kind: ItemKind,
        wording: Wording,
        utterances: Sequence[int] = (),
    ) -> Minutes:
        """Add an item at the end of its section; `utterances` are the numbers it rests on."""
        if not one_line(wording.text):
            raise InvalidInput("item_text_missing")  # there is nothing yet that could be deleted
        wanted = checked_wording(wording)
        numbers = tuple(sorted(set(utterances)))

        def change(base: Minutes, transcript: Transcript) -> Draft:
            spoken = transcript.by_number()
            _refuse_unknown(numbers, spoken)
            start = spoken[numbers[0]].start if numbers else None
            made = Item(kind=kind, text="", utterances=numbers, start=start)
            added = replace(worded(made, wanted), edited=True, verified=True)
            return _with_items(base.draft, len(base.draft.items), [added])

        return self._change(user_id, meeting_id, version, change)

    def edit_summary(self, user_id: str, meeting_id: str, *, version: int, text: str) -> Minutes:
        """Write the summary anew, as Markdown in which [n] cites utterance n.

        InvalidInput("summary_too_long"), and "citation_missing" for an utterance that is not there.
        """
        cleaned = visible(text).strip()
        if len(cleaned) > SUMMARY_LIMIT:
            raise InvalidInput("summary_too_long", length=len(cleaned), limit=SUMMARY_LIMIT)

        def change(base: Minutes, transcript: Transcript) -> Draft:
            if cleaned == visible(base.draft.summary).strip():
                return base.draft
            # What stood there may cite a transcript that has been replaced since.
            known = {*transcript.by_number(), *citations.numbers_in(base.draft.summary)}
            _refuse_unknown(citations.numbers_in(cleaned), known)
            told = [one for one in base.draft.notices if one not in _NO_LONGER_TRUE]
            return replace(base.draft, summary=cleaned, notices=(*told, SUMMARY_EDITED))

        return self._change(user_id, meeting_id, version, change)

    def restore(self, user_id: str, meeting_id: str, *, version: int, newest: int) -> Minutes:
        """Bring `version` back as the newest; undoing a change is bringing back what was before.
        `newest` is the version that the person sees as the newest."""
        meeting, base = self._newest(user_id, meeting_id, newest)
        with self.database.reading() as session:
            wanted = minutes.by_version(
                session, meeting=meeting, version=version, user_id=base.user_id
            )
        if wanted is None or wanted.user_id != base.user_id:
            raise NotFound("minutes_missing", version=version)
        if _contents(base) == _contents(wanted):
            return minutes.seen_by(base, user_id)
        kept = self._keep(user_id, meeting, wanted, wanted.draft, origin=RESTORED, newest=newest)
        for what, _, after in rewritten(base.draft, wanted.draft):
            self.learning.noticed_minutes_undone(user_id, meeting_id, after=after, what=what)
        return kept

    def history(self, user_id: str, meeting_id: str) -> list[VersionMade]:
        """How each version came about that this person sees: their own, newest first, then the
        owner's."""
        meeting = self.meetings.get(user_id, meeting_id)
        with self.database.reading() as session:
            made = minutes_history.versions(
                session, meeting_id=meeting.id, user_ids={user_id, meeting.user_id}
            )
        return sorted(made, key=lambda one: one.user_id != user_id)

    def _change(
        self,
        user_id: str,
        meeting_id: str,
        version: int,
        change: Callable[[Minutes, Transcript], Draft],
    ) -> Minutes:
        meeting, base = self._newest(user_id, meeting_id, version)
        draft = change(base, self._transcript(meeting, base))
        if draft == base.draft:
            return minutes.seen_by(base, user_id)
        if draft.engine == EXTRACTIVE:  # whose notice says that every line is a quotation
            told = ["extractive_edited" if one == EXTRACTIVE else one for one in draft.notices]
            draft = replace(draft, notices=tuple(told))
        kept = self._keep(user_id, meeting, base, draft, origin=EDITED, newest=version)
        for what, before, after in rewritten(base.draft, draft):
            self.learning.noticed_minutes_edit(
                user_id, meeting_id, before=before, after=after, what=what
            )
        return kept

    def _keep(
        self,
        user_id: str,
        meeting: Meeting,
        base: Minutes,
        draft: Draft,
        *,
        origin: str,
        newest: int,
    ) -> Minutes:
        made = replace(base, draft=draft, origin=origin, based_on=base.version, markdown="")
        rendered = render_markdown(made, meeting, self._transcript(meeting, base))
        made = replace(made, markdown=rendered)
        try:
            with self.database.writing() as session:
                minutes.hold(session, meeting_id=meeting.id)
                current = permitted(
                    session, user_id=user_id, meeting_id=meeting.id, may=_needed(user_id, base)
                )
                versions = minutes_history.versions(
                    session, meeting_id=meeting.id, user_ids={base.user_id}
                )
                _refuse_old(newest, versions[0].version)
                kept = minutes.ensure_minutes(session, meeting=current, minutes=made, job_id=None)
                [source] = [one for one in versions if one.version == base.version]
                minutes_history.carry_transcript(
                    session, minutes_id=kept.minutes_id, transcript_job=source.transcript_job
                )
        except IntegrityError as error:  # PostgreSQL lets two write at once; one comes too late
            raise InvalidInput("minutes_moved_on", version=newest, newest=newest + 1) from error
        kept = replace(kept, stale=base.stale, transcript_edited=base.transcript_edited)
        return minutes.seen_by(kept, user_id)

    def _newest(self, user_id: str, meeting_id: str, version: int) -> tuple[Meeting, Minutes]:
        """The meeting, and `version`, which has to be the newest of whose it is, whole (as its
        owner has it): somebody's own minutes, or those of who shares the meeting for editing."""
        with self.database.reading() as session:
            meeting = permitted(session, user_id=user_id, meeting_id=meeting_id, may="read")
            asked = minutes.by_version(session, meeting=meeting, version=version, user_id=user_id)
            whose = asked.user_id if asked else user_id
            found = minutes.newest(session, meeting=meeting, user_id=whose)
            if found is None:
                raise NotFound("minutes_missing", version=version)
            permitted(session, user_id=user_id, meeting_id=meeting.id, may=_needed(user_id, found))
        _refuse_old(version, found.version)
        return meeting, found

    def _transcript(self, meeting: Meeting, base: Minutes) -> Transcript:
        """What the minutes count utterances by; nothing where that has been replaced since."""
        if base.stale:
            return Transcript(utterances=())
        return self.meetings.transcript(meeting.user_id, meeting.id)


def _needed(user_id: str, base: Minutes) -> May:
    """One's own minutes may be changed by whoever may read the meeting."""
    return "read" if base.user_id == user_id else "edit"


def _contents(one: Minutes) -> tuple[object, ...]:
    return one.draft, one.template, one.style_version, one.language


def _item(base: Minutes, position: int) -> Item:
    if not 0 <= position < len(base.draft.items):
        raise NotFound("item_missing", version=base.version, number=position + 1)
    return base.draft.items[position]


def _with_items(draft: Draft, position: int, items: Sequence[Item]) -> Draft:
    kept = draft.items
    return replace(draft, items=(*kept[:position], *items, *kept[position + 1 :]))


def _refuse_old(version: int, newest: int) -> None:
    if version != newest:
        raise InvalidInput("minutes_moved_on", version=version, newest=newest)


def _refuse_unknown(numbers: Sequence[int], known: Collection[int]) -> None:
    missing = [number for number in numbers if number not in known]
    if missing:
        raise InvalidInput("citation_missing", numbers=", ".join(map(str, missing[:10])))
