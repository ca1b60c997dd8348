"""What a question is answered from, within the model's context window, and what had to stay out.

Layout, for the sake of the model's cache: one system message (rules, style, meeting) that stays
byte-identical from turn to turn; then the history, append-only, trimmed in big steps; then the
question with the lines that were looked up for it. Whatever is left out is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain import citations
from core.domain.kinds import ItemKind
from core.domain.memory import Told
from core.domain.minutes import Item, Minutes
from core.domain.prose import doubtful
from core.domain.reading import transcript_line, transcript_lines
from core.domain.transcript import Transcript, Utterance, language_of
from core.engines.base import Extractor, LanguageModel, Message, ModelRequest, engine_name
from core.engines.factory import Engines
from core.errors import InvalidInput
from core.messages import say
from core.prompts import neutral, render
from core.services.chat_history import question_message, told_of
from core.services.meetings import Meetings
from core.services.minutes import MinutesService
from core.services.people import People
from core.services.remembering import Remembering, words_of
from core.services.rendering import held_words
from core.services.style_size import size_of
from core.services.system_prompt import compose_system
from core.services.writers import quotation
from core.store import threads
from core.store.database import Database
from core.store.tables import Meeting, Turn

_QUOTED = 5
_FRAME_TOKENS = 120
"""Title, date and tags around the meeting."""
_SHOWN_OF_DOUBT = 160
_LOOKED_UP = 24
_WHOLE_TRANSCRIPT = 0.5
"""Share of the room that a transcript may take in the system message."""
_MINUTES = 0.2


@dataclass(frozen=True, slots=True)
class ChatContext:
    """One question ready to be asked. `citable` are the utterances the model was shown."""

    request: ModelRequest
    system: str
    memory: dict[str, Any]
    user_message: str
    citable: frozenset[int]
    notices: list[dict[str, Any]]
    transcript: Transcript
    items: tuple[Item, ...]
    known: str
    asked: str

    def checked(self, text: str) -> tuple[citations.Cited, list[dict[str, Any]]]:
        """An answer with the citations that exist, and what its reader must know of it."""
        cited = citations.checked(text, allowed=self.citable)
        notices: list[dict[str, Any]] = []
        if cited.removed:
            notices.append({"key": "citations_removed", "facts": {"count": cited.removed}})
        doubts = doubtful(
            cited.text,
            self.transcript,
            items=self.items,
            known=self.known,
            asked=self.asked,
        )
        if doubts:
            first = citations.checked(doubts[0], allowed=()).text[:_SHOWN_OF_DOUBT]
            facts = {"count": len(doubts), "first": first}
            notices.append({"key": "answer_unconfirmed", "facts": facts})
        return cited, notices


@dataclass(frozen=True)
class ChatContexts:
    """Builds them."""

    database: Database
    meetings: Meetings
    minutes: MinutesService
    people: People
    engines: Engines
    remembering: Remembering

    def quote(self, meeting: Meeting, question: str, *, extractor: Extractor) -> citations.Cited:
        """An answer without a model: the lines that match best, quoted, introduced in the
        language of the question."""
        language = language_of(question)
        transcript = self.meetings.transcript(meeting.user_id, meeting.id)
        passages = extractor.passages(transcript.utterances, question, limit=_QUOTED)
        if not passages:
            return citations.Cited(say("notices.no_match", language), (), 0)
        found = sorted((one.utterance for one in passages), key=lambda one: one.number)
        lines = [say("notices.answered_extractive", language), ""]
        lines += [quotation(one) for one in found]
        return citations.Cited("\n".join(lines), tuple(one.number for one in found), 0)

    def build(
        self, user_id: str, meeting: Meeting, turn: Turn, *, model: LanguageModel
    ) -> ChatContext:
        """Everything that fits, in the order of the module's first lines. Raises
        InvalidInput("style_no_room_to_answer") where a style leaves none for the question."""
        transcript = self.meetings.transcript(meeting.user_id, meeting.id)
        notices: list[dict[str, Any]] = []
        answer_tokens = max(256, min(1024, model.context_window // 5))
        style = self.people.style(user_id)
        # Chosen by the meeting's words, not by the question's: the message has to stay the same.
        remembered = self.remembering.of(
            user_id, model=model, words=words_of(transcript, meeting.title)
        )
        if remembered.left_out:
            facts = {"count": remembered.left_out}
            notices.append({"key": "memory_left_out", "facts": facts})
        text = style.text if style else None
        frame = compose_system(rules=render("chat_rules"), style=text, remembered=remembered)
        # Nothing here may depend on the question: the system message has to stay the same.
        room = int(
            (model.context_window - answer_tokens) / 1.1
            - model.count((Message("system", frame),))
            - _FRAME_TOKENS
        )
        whole = _whole_transcript(transcript, model, room)
        meeting_text = self._meeting(user_id, meeting, transcript, whole, model, room, notices)
        system = compose_system(
            rules=render("chat_rules"), style=text, remembered=remembered, meeting=meeting_text
        )
        history = self._history(turn, model, room, notices)

        def request(user: str) -> ModelRequest:
            return ModelRequest(
                messages=(Message("system", system), *history, Message("user", user)),
                max_tokens=answer_tokens,
            )

        if whole:
            user_message = question_message(turn.question)
        else:
            found = self._look_up(transcript, turn, history)
            user_message, used = _with_lines(
                turn.question, found, fits=lambda user: model.fits(request(user))
            )
            notices.append({"key": "transcript_by_passages", "facts": {"lines": used}})
        finished = request(user_message)
        if text and not model.fits(finished) and not size_of(text, model).fits:
            raise InvalidInput("style_no_room_to_answer", model=engine_name(model.name))
        # Not the rules: "for example [12]" in them is no line that the model was shown.
        shown = citations.numbers_in(
            "\n".join([meeting_text, *(one.content for one in finished.messages[1:])])
        )
        return ChatContext(
            request=finished,
            system=system,
            memory=Told(remembered).as_json(),
            user_message=user_message,
            citable=frozenset(shown) & transcript.by_number().keys(),
            notices=notices,
            transcript=transcript,
            items=self._items(user_id, meeting),
            known="\n".join([meeting.title, *(held_words(meeting, one) for one in ("ko", "en"))]),
            asked=turn.question,
        )

    def _items(self, user_id: str, meeting: Meeting) -> tuple[Item, ...]:
        newest = self.minutes.newest(user_id, meeting.id)
        return newest.draft.items if newest and not newest.stale else ()

    def _meeting(
        self,
        user_id: str,
        meeting: Meeting,
        transcript: Transcript,
        whole: str,
        model: LanguageModel,
        room: int,
        notices: list[dict[str, Any]],
    ) -> str:
        """The meeting's layer of the system message: what it is, its minutes, its transcript."""
        newest = self.minutes.newest(user_id, meeting.id)
        kept = _minutes_lines(newest) if newest and not newest.stale else []
        # A short transcript leaves its room to the minutes.
        left = room * (_MINUTES + _WHOLE_TRANSCRIPT) - model.count((Message("user", whole),))
        budget = max(room * _MINUTES, left if whole else 0)
        fitting = list(kept)
        while fitting and model.count((Message("user", "\n".join(fitting)),)) > budget:
            fitting = fitting[: len(fitting) * 3 // 4]
        if len(fitting) < len(kept):
            notices.append({"key": "minutes_shortened", "facts": {}})
        language = transcript.language or "en"
        return render(
            "chat_meeting",
            title=neutral(meeting.title),
            held_at=held_words(meeting, "en"),
            language=say("prompts.language_name", language),
            minutes=neutral("\n".join(fitting)) or "(none yet)",
            transcript=whole or "(too long to give here: see the lines given with each question)",
        )

    def _history(
        self, turn: Turn, model: LanguageModel, room: int, notices: list[dict[str, Any]]
    ) -> tuple[Message, ...]:
        """Earlier turns that were answered, the oldest left out in big steps."""
        with self.database.reading() as session:
            earlier = [
                one
                for one in threads.turns(session, thread_id=turn.thread_id)
                if one.number < turn.number and one.state == "finished"
            ]
        told, omitted = told_of(earlier, model, room)
        if omitted:
            notices.append({"key": "history_omitted", "facts": {"turns": omitted}})
        return told

    def _look_up(
        self, transcript: Transcript, turn: Turn, history: Sequence[Message]
    ) -> list[Utterance]:
        """Lines for the question, best first; for a question that leans on the one before it
        ("and who does that?") also lines for that one."""
        extractor = self.engines.extractor()
        found = extractor.passages(transcript.utterances, turn.question, limit=_LOOKED_UP)
        chosen = {one.utterance.number: one.utterance for one in found}
        asked = next((one.content for one in reversed(history) if one.role == "user"), None)
        if asked and len(chosen) < _LOOKED_UP:
            for one in extractor.passages(
                transcript.utterances, asked[-500:], limit=_LOOKED_UP - len(chosen)
            ):
                chosen.setdefault(one.utterance.number, one.utterance)
        return list(chosen.values())


def _whole_transcript(transcript: Transcript, model: LanguageModel, room: int) -> str:
    """The transcript's lines where they fit, else nothing."""
    lines = neutral("\n".join(transcript_lines(transcript.utterances)))
    size = model.count((Message("user", lines),))
    return lines if size <= room * _WHOLE_TRANSCRIPT else ""


def _with_lines(
    question: str, found: Sequence[Utterance], *, fits: Callable[[str], bool]
) -> tuple[str, int]:
    """The question with as many of the lines found for it, best first, as fit; how many."""
    for count in _fewer_and_fewer(len(found)):
        user = question_message(question, lines=_in_order(found[:count]))
        if fits(user):
            return user, count
    return question_message(question), 0


def _fewer_and_fewer(count: int) -> Iterator[int]:
    while count > 0:
        yield count
        count -= 4 if count > 8 else 1


def _in_order(utterances: Sequence[Utterance]) -> list[str]:
    return [transcript_line(one) for one in sorted(utterances, key=lambda one: one.number)]


def _minutes_lines(minutes: Minutes) -> list[str]:
    """Minutes as the model reads them; what matters most stands first, because the end is cut."""
    order = (ItemKind.DECISION, ItemKind.ACTION, ItemKind.TOPIC, ItemKind.QUESTION, ItemKind.FACT)
    lines = [f"Summary: {minutes.draft.summary}"] if minutes.draft.summary else []
    for kind in order:
        for item in minutes.draft.of(kind):
            if item.verified:
                who = f"; owner: {item.owner}" if item.owner else ""
                due = f"; due: {item.due or ''} {item.due_text}" if item.due_text else ""
                cited = "".join(f"[{number}]" for number in item.utterances[:6])
                lines.append(f"{kind.value}: {item.text}{who}{due} {cited}")
    return lines
