"""What a person's messages in a chat give to remember, and the notice that says so under the turn.

A message that is nothing but something to keep is proposed at once, in the person's own words, by
code; whatever else a message holds waits for a model (services.learning).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.learning_cues import Cue, Told, told_in
from core.domain.learning_requests import nothing_but
from core.domain.learning_sentences import Worded, in_own_words
from core.domain.memory import Entry, Kind, Status
from core.domain.transcript import language_of
from core.errors import NotFound
from core.messages import say
from core.services.learning_edits import CHAT, EditLessons
from core.services.learning_proposals import Proposals
from core.store import lessons as store
from core.store import threads
from core.store.database import Database
from core.store.memory_rows import Lesson
from core.store.tables import Turn

PROPOSED, KNOWN = "memory_proposed", "memory_known_already"
NOT_LEARNED, NEEDS_MODEL = "memory_not_learned", "memory_needs_model"
"""Notices of a turn: what is proposed, or why nothing is."""


@dataclass(frozen=True)
class TurnLessons:
    """Looks at turns and proposes what they give. `edits` knows who speaks in a meeting."""

    database: Database
    proposals: Proposals
    edits: EditLessons

    def nothing_but(self, turn: Turn) -> Told | None:
        """What a turn asks to keep, where it asks for nothing else."""
        if nothing_but(turn.question) is None:
            return None
        return nothing_but(turn.question, speakers=self._speakers(turn))

    def propose_at_once(self, user_id: str, turn: Turn, told: Told) -> str:
        """Propose what a turn asks to keep, in its own words; the sentence that confirms it.
        NotFound("turn_missing") for a turn of somebody else."""
        with self.database.reading() as session:
            if threads.turn(session, user_id=user_id, turn_id=turn.id) is None:
                raise NotFound("turn_missing", turn=turn.id[:40])
        words = in_own_words(told.text)
        if told.cue is Cue.FROM_NOW_ON:
            words = Worded(Kind.PREFERENCE, words.text)
        language = language_of(turn.question)
        self.propose(user_id, turn.id, words, asked=True)
        if any(one.status is Status.PROPOSED for one in self._of(user_id, turn.id)):
            return say("chat.keep_proposed", language, text=words.text.rstrip(" .!"))
        return say("chat.keep_known", language)

    def told_in(self, user_id: str, turn: Turn) -> tuple[Turn, Told] | None:
        """A turn of this person as it is kept, and what it asks to keep; None where that is
        nothing, or is proposed already."""
        if told_in(turn.question) is None:
            return None
        with self.database.reading() as session:
            mine = threads.turn(session, user_id=user_id, turn_id=turn.id)
        if mine is None or self._told_again(user_id, mine.id):
            return None
        told = told_in(turn.question, speakers=self._speakers(turn))
        return (mine, told) if told else None  # None: a line of the meeting

    def without_model(self, user_id: str, turn: Turn, told: Told) -> None:
        """Propose what needs no model to word it; else say that it does."""
        if told.cue is Cue.REMEMBER:
            self.propose(user_id, turn.id, in_own_words(told.text), asked=True)
        else:
            self._tell(turn.id, NEEDS_MODEL)

    def queue(self, user_id: str, turn: Turn, told: Told, *, at: datetime) -> None:
        """Keep a lesson of now (`at`), for a model to word what a turn told; once a turn."""
        key = f"turn:{turn.id}"
        material = {"said": told.text, "cue": told.cue.value, "turn": turn.id, "llm": turn.engine}
        with self.database.writing() as session:
            if store.open_lesson(session, user_id=user_id, key=key) is None:
                lesson = Lesson(user_id=user_id, way=CHAT, key=key, material=material)
                lesson.meeting_id = store.meeting_of(session, thread_id=turn.thread_id)
                lesson.created_at = at
                session.add(lesson)

    def propose(self, user_id: str, turn_id: str, worded: Worded | None, *, asked: bool) -> int:
        """Propose what a message gave; who `asked` for it outright is told why nothing is. How many
        proposals came of it."""
        if worded is None:
            if asked:
                self._tell(turn_id, NOT_LEARNED)
            return 0
        source = {"way": CHAT, "turn_id": turn_id}
        entry = self.proposals.propose(
            user_id, kind=worded.kind, text=worded.text, heard=worded.heard, source=source
        )
        if entry is not None:
            self._tell_proposed(turn_id, entry)
            return 1
        if not self._told_again(user_id, turn_id) and asked:
            self._tell(turn_id, KNOWN)
        return 0

    def say_failed(self, lesson: Lesson) -> None:
        """Say under its turn that nothing came of a lesson."""
        if lesson.way == CHAT:
            self._tell(lesson.material["turn"], NOT_LEARNED)

    def _speakers(self, turn: Turn) -> frozenset[str]:
        with self.database.reading() as session:
            meeting_id = store.meeting_of(session, thread_id=turn.thread_id)
        return self.edits.speakers(meeting_id or "")

    def _told_again(self, user_id: str, turn_id: str) -> bool:
        """Whether a turn has its proposal already, which its notices then name: it was answered
        anew, or its lesson was done a second time."""
        mine = self._of(user_id, turn_id)
        for entry in mine:
            if entry.status is Status.PROPOSED:
                self._tell_proposed(turn_id, entry)
        return bool(mine)

    def _of(self, user_id: str, turn_id: str) -> list[Entry]:
        entries = self.proposals.memory.entries(user_id)
        return [entry for entry in entries if entry.source.get("turn_id") == turn_id]

    def _tell_proposed(self, turn_id: str, entry: Entry) -> None:
        self._tell(turn_id, PROPOSED, entry=entry.entry_id, text=entry.text)

    def _tell(self, turn_id: str, key: str, **facts: str) -> None:
        """Put a notice under a turn in the place of an earlier one of these."""
        notice = {"key": key, "facts": facts}
        with self.database.writing() as session:
            mine = (PROPOSED, KNOWN, NOT_LEARNED, NEEDS_MODEL)
            store.tell_turn(session, turn_id=turn_id, notice=notice, instead_of=mine)
